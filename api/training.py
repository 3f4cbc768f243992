"""How does the engine's own retrieval become lists to learn from? Judged queries and logged pages, with grades."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np

from api.coldstart import generated
from api.history import History
from api.layout import Layout
from api.schemas import MAX_QUERY
from api.settings import Settings
from api.systems import Bench
from api.views import Views
from engine.errors import BadInput, BadRow
from engine.search import Engine
from engine.trace import Served
from engine.types import I64, KINDS, Candidates, Intent, Kind, Query
from indexing.ingest import read_table
from indexing.judgments import Judgments
from indexing.sources import jsonl
from indexing.validate import to_items
from ranking.dataset import LOGGED, Dataset, Judgment, dataset, joined, judged, thin
from ranking.evaluate import JudgedQuery
from ranking.gate import Learnt, learn_crossed
from ranking.impressions import GAINS, Grading, Impressions, join
from ranking.logs import SHORTEST, looked_at, refuse_leaks, replayed, unaware, weighed
from ranking.model import HandWeighted
from ranking.propensity import How
from ranking.registry import Registry
from ranking.tune import tune

#: Rows of a list that learning looks at; the rest is drawn away at random (ranking.dataset.thin).
LONGEST_LIST = 100


def learn_from(
    settings: Settings,
    judgments: Path | None,
    with_events: bool,
    made: int,
    clock: Callable[[], datetime],
    say: Callable[[str], None],
    search: int = 0,
) -> Learnt:
    """Train on judgments (those made in the console too), logged pages and `made` generated questions; promote behind
    the gate. `search`: so many settings are tried first (ranking.tune).

    Raises GateRefused, BadInput.
    """
    with closing(Views(settings, clock)) as views:
        bench = Bench(views.now(settings.tenant), settings.tenant, ("poi", "note", "product"), views.store, clock())
        lists: list[Judgment] = []
        asked = [*(read_judgments(judgments) if judgments is not None else ()), *by_hand(settings, clock)]
        if asked:
            lists += judged_by(bench, asked)
            say(f"{len(lists)} judged queries")
        events = logged_events(settings, views) if with_events else []
        pages = join(events, grading(settings))
        if made:
            lists += generated(bench, made)
            say(f"{made} questions made of what the index knows")
        parts = [thin(dataset(bench.view.index, lists), LONGEST_LIST, seed=7)] if lists else []
        if pages:
            served = views.ledger.pages(settings.tenant)
            pages = [page for page in pages if page.query_id not in served or not served[page.query_id].sources]
            past = History(events, views.ledger.questions(settings.tenant))
            parts += logged_lists(bench, pages, served, say, remake=not lists, past=past, how=settings.looks)
    if not parts:
        raise BadInput("there is nothing to learn from: give --judgments FILE, ingest events, or leave --made on")
    data = joined(parts)
    refuse_leaks(data)
    registry = Registry(Layout(settings.root).models(settings.tenant))
    if not search:
        return learn_crossed(data, registry, clock)
    tuned = tune(data, search, say=say)
    return learn_crossed(data, registry, clock, tuned.settings, tuned.chosen_on)


def judged_lists(bench: Bench, queries: Iterable[JudgedQuery], made: int) -> Dataset:
    """-> a list per query: what retrieval finds for it, each candidate with its grade (0 when unjudged).

    After them up to `made` lists of questions made of what the index knows.
    """
    judgments = [*judged_by(bench, queries), *generated(bench, made)]
    return (
        thin(dataset(bench.view.index, judgments), LONGEST_LIST, seed=7)
        if made
        else dataset(bench.view.index, judgments)
    )


def judged_by(bench: Bench, queries: Iterable[JudgedQuery]) -> Iterator[Judgment]:
    """Queries for which retrieval finds nothing relevant teach nothing and are left out."""
    engine: Engine = bench.engine(HandWeighted())
    for asked in queries:
        query = bench.query(asked)
        _, intent, retrieved = engine.candidates(query)
        grades = {item_id: round(grade) for item_id, grade in asked.grades.items()}
        found = judged(bench.view.index, asked.id, intent, query, retrieved.candidates, grades)
        if len(found.found) > 1 and any(found.grades):
            yield found


def logged_lists(
    bench: Bench,
    pages: Sequence[Impressions],
    served: Mapping[str, Served],
    say: Callable[[str], None],
    *,
    remake: bool = True,
    past: History | None = None,
    how: How = "harvest",
) -> list[Dataset]:
    """Logged pages as lists: with the features of then where they were logged; else, where `remake` says so, made
    again without those that look ahead, with what the `past` knew then. A click far down, where few look, weighs more.

    What retrieval said of a page made again is not known, and beside other lists that harms: on the sample's judged
    queries nDCG@10 .903 with such pages, where hand weights have .930. So they serve where there is nothing else.
    """
    looks = looked_at(pages, served, how)
    known = replayed(pages, served)
    unseen = (page for page in pages if page.query_id not in served)
    made = [*shown(bench, unseen, past)] if remake else []
    lists = [*([] if known is None else [known])]
    if made:
        again = dataset(bench.view.index, (judgment for _, judgment, _ in made))
        places = np.array([place + 1 for *_, there in made for place in there], np.int64)
        times = np.array([page.at.timestamp() for page, *_ in made])
        lists.append(replace(unaware(again), places=places, times=times))
    say(
        f"{len(pages)} logged pages, {0 if known is None else len(known)} with the features of then, {len(made)} made "
        f"again; looks by place {np.round(looks.looks[:5], 2).tolist()} from {looks.clicks} clicks"
    )
    return [weighed(part, looks) for part in lists]


def shown(
    bench: Bench, pages: Iterable[Impressions], past: History | None = None
) -> Iterator[tuple[Impressions, Judgment, list[int]]]:
    """Logged pages as lists, with the places of their rows.

    What retrieval scored then is not known any more, so those features are missing.
    """
    kinds = dict.fromkeys(KINDS, 1.0)
    for page in pages:
        places = [
            (bench.view.index.locate(bench.tenant, item), grade, at)
            for item, grade, at in zip(page.items, page.grades, page.places, strict=True)
        ]
        known = [(KINDS.index(place[0]), place[1], grade, at) for place, grade, at in places if place is not None]
        if len(known) < SHORTEST or not any(grade for _, _, grade, _ in known):
            continue
        kind, row, grades, there = np.array(known, np.int64).T
        judgment = Judgment(
            LOGGED + page.query_id,
            Intent(
                name="browse",
                kinds=kinds,
                source="profile",
                known=None if past is None else past.known(page.query_id, page.at.timestamp()),
            ),
            Query(bench.tenant, at=page.at),
            bare(kind, row),
            grades.tolist(),
        )
        yield page, judgment, there.tolist()


def bare(kind: I64, row: I64) -> Candidates:
    """Candidates that no retriever scored."""
    missing = np.full(len(row), np.nan, np.float32)
    nothing = np.zeros(len(row), np.float32)
    return Candidates(kind.astype(np.int8), row, missing, missing, missing, nothing, np.zeros(len(row), np.int8))


def by_hand(settings: Settings, clock: Callable[[], datetime]) -> list[JudgedQuery]:
    """The questions whose answers were graded in the console."""
    return [_judged(row) for row in Judgments(Layout.of(settings).store, clock).all(settings.tenant)]


class _Point(msgspec.Struct):
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]


class _Line(msgspec.Struct):
    """What a judged query must be, so that no wrong one is found out in the midst of learning."""

    id: str
    query: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_QUERY)]
    grades: dict[str, Annotated[float, msgspec.Meta(ge=0, le=3)]]
    lang: str = "zh"
    kinds: list[Kind] | None = None
    near: _Point | None = None
    now: datetime | None = None
    filters: list[dict[str, Any]] | None = None


def _judged(row: Mapping[str, Any]) -> JudgedQuery:
    line = msgspec.convert(row, _Line)
    request = {name: row[name] for name in ("kinds", "near", "now", "filters") if row.get(name)}
    return JudgedQuery(line.id, line.query, line.lang, line.grades, request)


def read_judgments(path: Path) -> list[JudgedQuery]:
    """JSONL of {id, query, lang?, grades, kinds?, near?, now?, filters?}; BadRow names the line that is wrong."""
    out = []
    for number, row in jsonl.read(path):
        if isinstance(row, BadRow):
            raise BadRow(str(path), number, "line", f"is no judged query ({row.reason})")
        try:
            out.append(_judged(row))
        except msgspec.ValidationError as error:
            raise BadRow(str(path), number, "line", f"is no judged query ({error})") from None
    return out


def logged_pages(settings: Settings, views: Views) -> list[Impressions]:
    """The pages that were shown, graded by the gains of the settings."""
    return join(logged_events(settings, views), grading(settings))


def grading(settings: Settings) -> Grading:
    """What actions are worth."""
    return Grading({**GAINS, **settings.gains})


def logged_events(settings: Settings, views: Views) -> list[Mapping[str, Any]]:
    """Events that were ingested, then those that the live store took."""
    table = Layout(settings.root).tables(settings.tenant) / "event.parquet"
    ingested = to_items(read_table(table, "event")) if table.exists() else []
    return [*ingested, *views.store.logged(settings.tenant)]
