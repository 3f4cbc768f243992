"""python -m benchmarks.feed.click: what does one click on a new topic change on the next page of twenty?

People of the bundled sample, topics that they never turned to: the share of the topic's cards on their page before a
click on one of its items and right after, and how many of the twenty cards are others.
"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from api.printing import progress, say
from api.settings import Settings
from benchmarks import figures
from benchmarks.feed import samples
from benchmarks.feed.cases import Deed, by_user
from benchmarks.feed.ours import UNHURRIED_MS, Ours, iso
from engine.budget import Budget
from engine.types import Hit, Query
from indexing.validate import check

CARDS: Final = 20
#: Who did less has no page of their own yet.
LEAST: Final = 5
#: A topic has so many items.
COMMON: Final = 10


def main() -> None:
    """Ask before and after; print, and record when asked."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path("var/judged"))
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--topics", type=int, default=5)
    parser.add_argument("--record", help="the name of the figure to keep in figures.json")
    given = parser.parse_args()
    rows = measured(Settings(root=given.root), given.people, given.topics)
    say("\n".join("\t".join(str(value) for value in row.values()) for row in rows))
    if given.record:
        note = f"{given.people} people of the sample, each on topics that they never turned to; pages of {CARDS}."
        figures.record(given.record, "python -m benchmarks.feed.click", rows, note, figures.PATH)


def measured(settings: Settings, people: int, topics: int) -> list[dict[str, Any]]:
    """A row for each topic, and the mean of all pages."""
    rows, deeds = samples.rows(), samples.deeds()
    of = {str(row["id"]): str(row["category"]) for kind in rows.values() for row in kind if row.get("category")}
    end = max(deed.at for deed in deeds) + 3600
    common = [topic for topic, count in Counter(of.values()).most_common() if count >= COMMON]
    done = by_user(deed for deed in deeds if deed.action != "impression")
    users = [user for user, own in sorted(done.items()) if len(own) >= LEAST][:people]
    asked = [
        (topic, user)
        for user in users
        for topic in [t for t in common if t not in {of.get(deed.item) for deed in done[user]}][:topics]
    ]
    ours = Ours.open(settings, "click", rows, deeds, end, say=progress)
    try:
        found = [(topic, *_once(ours, deeds, of, user, topic, end)) for topic, user in asked]
    finally:
        ours.views.close()
    topics_ = dict.fromkeys(topic for topic, _ in asked)
    return [_row(topic, [page for page in found if page[0] == topic]) for topic in topics_] + [_row("mean", found)]


def _once(ours: Ours, deeds: Sequence[Deed], of: dict[str, str], user: str, topic: str, at: int) -> tuple[Any, ...]:
    """(share before, share after, other cards) of a person with this history who clicks the topic's best liked item."""
    who, store = f"{user} {topic}", ours.views.store
    told = [deed._replace(user=who) for deed in deeds if deed.user == user]
    store.record(ours.tenant, [check("event", _event(deed)) for deed in told])
    liked = Counter(deed.item for deed in deeds if of.get(deed.item) == topic)
    item = liked.most_common(1)[0][0] if liked else next(name for name, own in of.items() if own == topic)
    before = _page(ours, who, at)
    store.record(ours.tenant, [check("event", _event(Deed(who, item, "click", at)))])
    after = _page(ours, who, at + 60)
    store.forget_user(ours.tenant, who)
    share = [sum(of.get(hit.id) == topic for hit in hits) / CARDS for hits in (before, after)]
    return (*share, len({hit.id for hit in after} - {hit.id for hit in before}))


def _event(deed: Deed) -> dict[str, Any]:
    return {"user_id": deed.user, "object_id": deed.item, "action": deed.action, "at": iso(deed.at)}


def _page(ours: Ours, user: str, at: int) -> Sequence[Hit]:
    ours.clock.at = at
    query = Query(ours.tenant, user=user, personalize=True, limit=CARDS, at=ours.clock())
    return ours.engine.feed(query, Budget(UNHURRIED_MS)).hits


def _row(topic: str, pages: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    means = np.array([page[1:] for page in pages], np.float64).reshape(-1, 3)
    before, after, others = means.mean(axis=0).tolist() if len(means) else [float("nan")] * 3
    least = int(means[:, 2].min()) if len(means) else 0
    return {"topic": topic, "pages": len(pages), "share before": round(before, 3), "share after": round(after, 3),
            "other cards of 20": round(others, 1), "fewest": least}  # fmt: skip


if __name__ == "__main__":
    main()
