"""Is what no lexicon knows found in what people wrote? Thirty questions on the sample, judged by reading its notes.

`python -m benchmarks.quality.open_attributes` prints, for the questions seen while thresholds were chosen and for those
unseen, how many verdicts are right, the order of the page, and what an open attribute adds to the latency of a search
that never heard it, by words alone and with vectors. The index is built once under var/judged.
"""

import argparse
import sys
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import structs

from api.evaluation import open_bench
from api.layout import Layout
from api.printing import progress, say
from api.settings import Settings
from api.views import Views
from benchmarks import figures
from benchmarks.quality import sample
from engine.budget import Budget
from engine.hear import hear, is_open
from engine.language import main_language
from engine.live import View
from engine.ports import Store
from engine.read import read
from engine.search import Engine
from engine.types import Constraint, Intent, Query, Verdict
from engine.understand.merge import relax_order
from engine.vectors import QueryVectors
from indexing.sample import files
from indexing.snapshot import Snapshot
from indexing.voices import Voices
from ranking.metrics import ndcg_at

QUERIES: Final = Path(__file__).with_name("open_queries.toml")
NOW: Final = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
_BUDGET_MS: Final = 60_000.0
_TOP: Final = 10
#: Asked first on each fresh view: another open attribute, for what a snapshot makes once, at the first of them.
_OTHER: Final = "有风铃的咖啡店"
_KEPT: Final = (Verdict.LIKELY, Verdict.MET)


@dataclass(frozen=True)
class Asked:
    """A question and what is true of places: +1 keeps what it asks, -1 breaks it; nobody speaks of the others."""

    text: str
    part: str  # seen | unseen
    truth: Mapping[str, int]
    own: frozenset[str]  # those of which a note in the language of the question says so


@dataclass(frozen=True)
class Answered:
    """What came of a question.

    right of judged: verdicts on the places that notes speak of, and on the others of the page. true of kept: verdicts
    likely or met over all places. had: places that keep it. own: of those told of in the language of the question, how
    many were found, and how many there are. order: nDCG@10, NaN where no place has it.
    """

    right: int
    judged: int
    true: int
    kept: int
    had: int
    own: tuple[int, int]
    order: float


@dataclass(frozen=True)
class Bench:
    """A view and the tenant whose it is, fresh for each question where caches must be cold."""

    views: Callable[[], View]
    tenant: str
    store: Store

    def engine(self, view: View) -> Engine:
        """Nothing is remembered but what the view holds."""
        return Engine(lambda _: view, self.store, lambda: NOW)

    def query(self, one: Asked) -> Query:
        """Places alone, ten of them."""
        return Query(self.tenant, one.text, kinds=("poi",), limit=_TOP, at=NOW)


def questions() -> list[Asked]:
    """All of them, with their truth put together from what was judged and the true links of the notes."""
    links: dict[str, list[str]] = defaultdict(list)
    for row in files.rows("truth/links_places.jsonl"):
        links[row["note_id"]].append(row["item_id"])
    notes = [(row["id"], row.get("body") or "") for row in files.rows("notes_places.jsonl")]

    def told(parts: Iterable[str]) -> set[str]:
        spoken = [note for note, body in notes if any(part in body for part in parts)]
        return {item for note in spoken for item in links[note]}

    out = []
    for query in tomllib.loads(QUERIES.read_text("utf-8"))["query"]:
        yes, no = told(query["yes"]), told(query.get("no", ()))
        mine = [part for part in query["yes"] if main_language(part) == main_language(query["text"])]
        truth = dict.fromkeys(no - yes, -1) | dict.fromkeys(yes - no, 1)
        out.append(Asked(query["text"], query["part"], truth, frozenset(told(mine) - no)))
    return out


def answer(bench: Bench, one: Asked) -> Answered:
    """Ask for places, and hold every verdict on the open attribute against the truth."""
    view, query = bench.views(), bench.query(one)
    intent = hear(view, read(query, view.index, NOW), QueryVectors())
    page = [hit.id for hit in bench.engine(view).search(structs.replace(query, parse=intent), Budget(_BUDGET_MS)).hits]
    rows = np.arange(view.index.count(bench.tenant, "poi"))
    ids = view.index.column(bench.tenant, "poi", "id", rows).tolist()
    verdict = dict.fromkeys(ids, int(Verdict.UNKNOWN))
    for constraint in filter(is_open, intent.constraints):
        verdict = dict(zip(ids, view.index.judge(bench.tenant, "poi", constraint, rows).verdict.tolist(), strict=True))
    kept, judged = [item for item in ids if verdict[item] in _KEPT], {*one.truth, *page}
    return Answered(
        sum(_right(verdict[item], one.truth.get(item, 0)) for item in judged),
        len(judged),
        sum(one.truth.get(item, 0) > 0 for item in kept),
        len(kept),
        sum(sign > 0 for sign in one.truth.values()),
        (len(one.own.intersection(kept)), len(one.own)),
        _order(view, query, intent, one.truth, page),
    )


def _right(verdict: int, sign: int) -> bool:
    return (verdict in _KEPT) if sign > 0 else verdict == (Verdict.CONTRADICTED if sign < 0 else Verdict.UNKNOWN)


def _order(view: View, query: Query, intent: Intent, truth: Mapping[str, int], page: Sequence[str]) -> float:
    """nDCG@10, where the good places are those that keep it and every hard constraint."""
    rows = np.flatnonzero(view.index.allowed(query.tenant, "poi", [c for c in _closed(intent) if c.hardness == "hard"]))
    good = {i for i in view.index.column(query.tenant, "poi", "id", rows).tolist() if truth.get(i, 0) > 0}
    return float(ndcg_at([float(item in good) for item in page], [1.0] * len(good), _TOP)) if good else float("nan")


def _closed(intent: Intent) -> tuple[Constraint, ...]:
    return tuple(c for c in intent.constraints if not is_open(c))


def added_ms(bench: Bench, one: Asked) -> float:
    """Processor milliseconds of a search that never heard the question, less those of the same without what is open."""
    spent = []
    for closed in (False, True, False, True):
        view, query = bench.views(), bench.query(one)
        engine, intent = bench.engine(view), read(query, view.index, NOW)
        engine.search(Query(bench.tenant, _OTHER, limit=_TOP, at=NOW), Budget(_BUDGET_MS))  # wakes what is lazy
        if closed:
            intent = structs.replace(intent, constraints=_closed(intent), relax_order=relax_order(_closed(intent)))
        asked = structs.replace(query, parse=intent)
        began = time.process_time()
        engine.search(asked, Budget(_BUDGET_MS))
        spent.append((time.process_time() - began) * 1000)
    return min(spent[0], spent[2]) - min(spent[1], spent[3])


def row_of(name: str, asked: Sequence[Asked], bench: Bench) -> dict[str, str | int | float | None]:
    """One line of the table: shares over all judged places, the mean of nDCG@10 over questions that have answers."""
    answers = [answer(bench, one) for one in asked]
    right, judged, true, kept, had = (
        sum(getattr(a, field) for a in answers) for field in ("right", "judged", "true", "kept", "had")
    )
    return {
        "questions": f"{len(asked)} {name}",
        "accuracy": round(right / judged, 3),
        "judged places": judged,
        "precision": round(true / max(1, kept), 3),
        "recall": round(true / max(1, had), 3),
        "own language": round(sum(a.own[0] for a in answers) / max(1, sum(a.own[1] for a in answers)), 3),
        "nDCG@10": round(float(np.nanmean([a.order for a in answers])), 3),
    }


def _fresh(view: View, tenant: str, *, vectors: bool) -> View:
    """The same snapshot without anything remembered, with or without the vectors of its sentences."""
    index = view.index
    assert isinstance(index, Snapshot)
    base = index.base if vectors else replace(index.base, voices=Voices.nothing(index.base.sentences.num_rows))
    return replace(view, index=Snapshot(base, tenant, index.version, index.words))


def main(arguments: Sequence[str] | None = None) -> int:
    """Build where needed, ask everything, print and perhaps record the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true", help="keep the table in benchmarks/figures.json")
    parser.add_argument("--each", action="store_true", help="print every question too")
    options = parser.parse_args(arguments)
    settings = Settings(root=Path("var/judged"))
    with closing(Views(settings, lambda: NOW)) as views:
        made = open_bench(sample.load(None, Layout(settings.root).tables("judged-sample")), views, NOW, progress)
        benches = {
            kind: Bench(lambda v=vectors: _fresh(made.view, made.tenant, vectors=v), made.tenant, views.store)  # type: ignore[misc]
            for kind, vectors in (("words alone", False), ("words and vectors", True))
        }
        rows = list(_table(benches, options.each))
    for row in rows:
        say("  ".join(f"{name} {value}" for name, value in row.items()))
    if options.record:
        figures.record("open-attributes", "python -m benchmarks.quality.open_attributes", rows, _NOTE)
    return 0


_NOTE: Final = (
    "Accuracy: verdicts on places of which notes speak, in either language, and on the others of the first ten; own "
    "language: recall where a note in the language of the question says so. Added: processor ms of a search that asks "
    "for it for the first time, its encoding included, less those of the same search without it."
)


def _table(benches: Mapping[str, Bench], each: bool) -> Iterable[dict[str, str | int | float | None]]:
    asked = questions()
    for part in ("seen", "unseen"):
        mine = [one for one in asked if one.part == part]
        for kind, bench in benches.items():
            if each:
                for one in mine:
                    say(f"{kind:18}{one.text}: {answer(bench, one)}")
            added = [added_ms(bench, one) for one in mine]
            p50, p95 = np.percentile(added, [50, 95])
            yield {"kind": kind, **row_of(part, mine, bench), "added p50": round(p50, 1), "p95 ms": round(p95, 1)}


if __name__ == "__main__":
    sys.exit(main())
