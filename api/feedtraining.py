"""What is the order of feeds learnt from? Logged pages of feeds, and what people turned to after moments of the past.

At such a moment a person is asked as a server would have been: with the history, the counts and what behaviour had
taught until then; what they turned to afterwards, until the next such moment, is the grade. Counts that items state of
themselves (likes, ratings) are of today: features that read them are blanked, and the worth by hand, which reads
popularity, favours itself by that.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from api.history import History, together
from api.layout import Layout
from api.settings import Settings
from api.training import LONGEST_LIST, grading, logged_events
from api.views import Views
from engine.errors import BadInput
from engine.feed.book import MemoryBook
from engine.feed.feed import Feed
from engine.live import View
from engine.ports import Index
from engine.types import NOBODY, Profile, Query
from indexing.tastes import HIDING, TasteSettings, profile_of
from ranking.collab import train as learn_kindred
from ranking.dataset import MADE, Dataset, Judgment, dataset, joined, judged, later, thin
from ranking.feed import SETTINGS, HandWeightedFeed
from ranking.gate import Learnt, learn
from ranking.impressions import Grading, join, moment
from ranking.logs import AHEAD, looked_at, refuse_leaks, replayed, unaware, weighed
from ranking.registry import Registry

#: Moments at which people are asked: shares of the events that lie before. What follows the last is held out.
MOMENTS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
#: Newcomers are asked after so few of their own deeds, and after half of them.
REVEALED = (1, 3, 7)
#: Features of what items state of themselves, which may have come of what people did later.
OF_TODAY = (*AHEAD, "rating", "rating_bayes", "rating_count_log")
#: Cards of the pages that are asked for, and people at one moment.
CARDS, MOST_PEOPLE = 20, 400
SEED = 7


@dataclass(frozen=True)
class Asked:
    """One person at one moment: what was known of them, and the grades that followed, by item."""

    profile: Profile
    at: float
    grades: Mapping[str, int]
    trait: str


def learn_feed(settings: Settings, clock: Callable[[], datetime], say: Callable[[str], None]) -> Learnt:
    """Learn the order of feeds; it serves only when it beats, on the newest lists, what serves now.

    Raises GateRefused, BadInput.
    """
    with closing(Views(settings, clock)) as views:
        return learn_order(views, logged_events(settings, views), say)


def learn_order(views: Views, events: Sequence[Mapping[str, Any]], say: Callable[[str], None]) -> Learnt:
    """The same over views that are open. `events`: in any order."""
    tenant, marks = views.settings.tenant, grading(views.settings)
    kept, held = past_lists(views.now(tenant), tenant, events, marks, say)
    if (pages := logged_pages(views, events, marks, say)) is not None:
        newest = later(pages, SETTINGS.later)
        kept.append(pages.take(np.flatnonzero(~newest)))
        held.append(pages.take(np.flatnonzero(newest)))
    if not kept or not held:
        raise BadInput("there is nothing to learn from: feeds are learnt from events of several people over some time")
    registry = Registry(Layout(views.settings.root).models(tenant)).feeds
    return learn(
        thin(joined(kept), LONGEST_LIST, SEED), joined(held), registry, views.clock, SETTINGS, HandWeightedFeed()
    )


def logged_pages(
    views: Views, events: Sequence[Mapping[str, Any]], marks: Grading, say: Callable[[str], None]
) -> Dataset | None:
    """Pages of feeds with the features of then; a click far down weighs more, and so does a card drawn by lot."""
    served = {name: page for name, page in views.ledger.pages(views.settings.tenant).items() if page.sources}
    pages = [page for page in join(events, marks) if page.query_id in served]
    data = replayed(pages, served)
    if data is None:
        return None
    refuse_leaks(data)
    say(f"{len(data)} logged pages of feeds")
    return weighed(data, looked_at(pages, served))


def past_lists(
    view: View, tenant: str, events: Sequence[Mapping[str, Any]], marks: Grading, say: Callable[[str], None]
) -> tuple[list[Dataset], list[Dataset]]:
    """(lists of all moments but the last, those of the last)."""
    told = sorted(events, key=lambda event: moment(event["at"]))
    times = [moment(event["at"]).timestamp() for event in told]
    starts = sorted({times[int(share * len(times))] for share in MOMENTS}) if times else []
    found = []
    for start, end in zip(starts, [*starts[1:], float("inf")], strict=True):
        first, last = bisect_left(times, start), bisect_left(times, end)
        lists = [*_lists(view, tenant, told[:first], told[first:last], start, marks)]
        if lists:
            found.append(joined(lists))
        say(f"{len(lists)} lists of what people turned to after {datetime.fromtimestamp(start, UTC):%Y-%m-%d}")
    return found[:-1], found[-1:]


def _lists(
    view: View, tenant: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], start: float,
    marks: Grading,
) -> Iterator[Dataset]:  # fmt: skip
    """A list for each person and moment: what a page would have been laid from, with what followed."""
    counts = History(before).counts(start)
    index = view.index.having_learnt(learn_kindred(before))
    then = replace(view, index=index, counts=replace(counts, together=together(counts, index, tenant)))
    feed = Feed(MemoryBook(), lambda _: MemoryBook().counted)
    for number, asked in enumerate(_people(before, after, start, marks)):
        at = datetime.fromtimestamp(asked.at, UTC)
        query = Query(tenant, user=asked.profile.user, personalize=True, limit=CARDS, at=at)
        intent, found = feed.candidates(then, asked.profile, query, at)
        graded = judged(index, f"{MADE}feed-{start:.0f}-{number}", intent, query, found, asked.grades)
        if len(graded.found) > 1 and any(graded.grades):
            yield _featured(index, graded, asked.trait)


def _featured(index: Index, graded: Judgment, trait: str) -> Dataset:
    made = unaware(dataset(index, [graded]), OF_TODAY)
    return replace(made, traits=(made.traits[0] | {trait},))


def _people(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], start: float, marks: Grading
) -> Iterator[Asked]:
    """Who was there and does something later, asked at the start; who came later, asked after the first few deeds and
    after half of them."""
    past, later_ = _by_user(before), _by_user(after)
    drawn = np.random.default_rng(SEED).permutation(sorted(later_))[:MOST_PEOPLE]
    for user in map(str, drawn):
        mine = later_[user]
        cuts = {0} if user in past else {few for few in (*REVEALED, len(mine) // 2) if 0 < few < len(mine)}
        for cut in sorted(cuts):
            known, rest = [*past.get(user, ()), *mine[:cut]], mine[cut:]
            at = start if not cut else float(known[-1][2])
            graded = _grades(rest, {item for item, _, _ in known}, marks)
            if graded:
                yield Asked(_profile(user, known, at), at, graded, "known" if user in past else "newcomer")


def _by_user(events: Sequence[Mapping[str, Any]]) -> dict[str, list[tuple[str, str, int]]]:
    """(item, action, seconds since 1970), oldest first."""
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for event in events:
        found[event["user_id"]].append((event["object_id"], event["action"], int(moment(event["at"]).timestamp())))
    return found


def _grades(rest: Sequence[tuple[str, str, int]], known: set[str], marks: Grading) -> dict[str, int]:
    """What was done afterwards with items that were new to them."""
    done: dict[str, set[str]] = defaultdict(set)
    for item, action, _ in rest:
        if item not in known:
            done[item].add(action)
    return {item: grade for item, actions in done.items() if (grade := marks.grade(actions))}


def _profile(user: str, known: Sequence[tuple[str, str, int]], at: float) -> Profile:
    if not known:
        return NOBODY
    hidden = [item for item, action, _ in known if action in HIDING]
    return profile_of(user, reversed(known), hidden, (), datetime.fromtimestamp(at, UTC), TasteSettings())
