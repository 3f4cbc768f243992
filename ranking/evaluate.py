"""How do several systems compare on the same judged queries? Data to print, compare and keep."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np

from engine.types import F64
from ranking.metrics import (
    judged_share_at,
    mean_known,
    ndcg_at,
    precision_at,
    reciprocal_rank,
    satisfaction_at,
)
from ranking.significance import Difference, paired

K: Final = 10
METRICS: Final = ("ndcg@10", "p@10", "mrr", "cs@10", "judged@10")


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query with grades: item id -> grade (0 = judged and not relevant; not listed = unjudged, counts as 0)."""

    id: str
    text: str
    lang: str
    grades: Mapping[str, float]
    request: Mapping[str, Any] = field(default_factory=dict)  # further fields of the search request
    triples: tuple[tuple[Any, ...], ...] = ()  # (slot, op, value, polarity) that the parse should hold


System: TypeAlias = Callable[[JudgedQuery], list[str]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One system on all queries. `values`: metric -> (queries,) float64, NaN where it is not defined."""

    name: str
    values: Mapping[str, F64]
    latency_ms: F64
    answers: tuple[tuple[str, ...], ...]
    against: Difference | None = None  # nDCG@10 against the baseline; None for the baseline itself

    def mean(self, metric: str, chosen: np.ndarray[Any, Any] | None = None) -> float:
        """Mean over all queries, or over the chosen ones, where the metric is defined."""
        values = self.values[metric]
        return mean_known(values if chosen is None else values[chosen])

    def percentile_ms(self, percent: float) -> float:
        """Latency percentile in milliseconds; NaN without queries."""
        return float(np.percentile(self.latency_ms, percent)) if len(self.latency_ms) else float("nan")


@dataclass(frozen=True, slots=True)
class Report:
    """All systems, in the order given, over the same queries."""

    queries: tuple[JudgedQuery, ...]
    baseline: str
    systems: tuple[Measured, ...]

    def slices(self) -> dict[str, np.ndarray[Any, Any]]:
        """language -> which queries."""
        langs = np.array([query.lang for query in self.queries])
        return {str(lang): langs == lang for lang in np.unique(langs)}

    def slots(self) -> dict[str, np.ndarray[Any, Any]]:
        """slot -> which queries ask for it; from the triples."""
        asked = [{str(triple[0]) for triple in query.triples} for query in self.queries]
        return {slot: np.array([slot in one for one in asked]) for slot in sorted(set().union(*asked))}


def compare(
    systems: Mapping[str, System],
    queries: Iterable[JudgedQuery],
    baseline: str | None = None,
    clock: Callable[[], float] = time.perf_counter,
    relevant_from: float = 1.0,
) -> Report:
    """Run every system on every query. nDCG has the gain 2^grade - 1; for the rest an item is relevant from
    `relevant_from` on. `baseline`: a name in `systems`, the first by default."""
    asked = tuple(queries)
    measured = {name: _measure(name, system, asked, clock, relevant_from) for name, system in systems.items()}
    base = measured[baseline or next(iter(systems))]
    tested = (_against(system, base) for system in measured.values())
    return Report(asked, base.name, tuple(tested))


def _measure(
    name: str, system: System, queries: Sequence[JudgedQuery], clock: Callable[[], float], relevant_from: float
) -> Measured:
    answers, latency, values = [], [], []
    for query in queries:
        began = clock()
        found = system(query)
        latency.append((clock() - began) * 1000)
        unique = tuple(dict.fromkeys(found))  # an answer given twice counts once
        answers.append(unique)
        values.append(_score(query, unique, relevant_from))
    table = np.array(values, dtype=np.float64).reshape(len(values), len(METRICS))
    return Measured(name, dict(zip(METRICS, table.T, strict=True)), np.array(latency), tuple(answers))


def _score(query: JudgedQuery, answers: Sequence[str], relevant_from: float) -> tuple[float, ...]:
    grades = [query.grades.get(answer, 0.0) for answer in answers]
    gold = {item for item, grade in query.grades.items() if grade >= relevant_from}
    hits = [answer in gold for answer in answers]
    undefined = float("nan")
    return (
        ndcg_at(grades, list(query.grades.values()), K),
        precision_at(hits, K) if gold else undefined,
        reciprocal_rank(hits) if gold else undefined,
        satisfaction_at(answers, gold, K),
        judged_share_at(answers, query.grades, K),
    )


def _against(system: Measured, base: Measured) -> Measured:
    if system is base:
        return system
    difference = paired(system.values["ndcg@10"], base.values["ndcg@10"])
    return Measured(system.name, system.values, system.latency_ms, system.answers, difference)
