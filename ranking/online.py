"""Which of two orders do people like better? Drafted pages, buckets of people, and orders in the shadow, compared."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from engine.trace import Served
from engine.types import F64, I64
from ranking.impressions import Impressions

#: Random draws of people for an interval.
DRAWS: Final = 4000


class Compared(NamedTuple):
    """b against a. `gain` is the mean preference of a drafted page (-1 all for a, 1 all for b), or by how much the mean
    gain of a page differs between the buckets; with a 95 % interval by drawing people anew (cluster bootstrap)."""

    how: str
    gain: float
    low: float
    high: float
    pages: int
    people: int

    @property
    def winner(self) -> str:
        """ "b" the challenger, "a" what serves; "" when the interval holds 0."""
        return "b" if self.low > 0 else "a" if self.high < 0 else ""


def interleaved(
    pages: Iterable[Impressions], served: Mapping[str, Served], trial: str, seed: int = 7, draws: int = DRAWS
) -> Compared:
    """Each drafted page with a click prefers the side whose items were clicked more; people are drawn anew."""
    by_person: dict[str, list[float]] = defaultdict(list)
    for page in pages:
        known = served.get(page.query_id)
        if known is None or known.trial != trial or not known.teams:
            continue
        team = dict(zip(known.items, known.teams, strict=False))
        sides = [team.get(item) for item, hit in zip(page.items, page.clicked, strict=True) if hit]
        a, b = sides.count("a"), sides.count("b")
        if a + b:
            by_person[known.user or page.query_id].append((b - a) / (a + b))
    sums = np.array([[sum(values), len(values)] for values in by_person.values()], np.float64).reshape(-1, 2)
    low, high = _interval(sums, seed, draws)
    pages_seen = int(sums[:, 1].sum())
    gain = float(sums[:, 0].sum() / pages_seen) if pages_seen else float("nan")
    return Compared("interleave", gain, low, high, pages_seen, len(sums))


def split(
    pages: Iterable[Impressions], served: Mapping[str, Served], trial: str, seed: int = 7, draws: int = DRAWS
) -> Compared:
    """Mean graded gain of a page in each bucket; each person counts with all their pages, and is drawn as a whole."""
    sides: dict[str, dict[str, list[float]]] = {"a": defaultdict(list), "b": defaultdict(list)}
    for page in pages:
        known = served.get(page.query_id)
        if known is not None and known.trial == trial and known.arm:
            sides[known.arm][known.user].append(float(sum(page.grades)))
    sums = {
        arm: np.array([[sum(values), len(values)] for values in people.values()], np.float64).reshape(-1, 2)
        for arm, people in sides.items()
    }
    count = int(sums["a"][:, 1].sum() + sums["b"][:, 1].sum())
    people = len(sums["a"]) + len(sums["b"])
    if not len(sums["a"]) or not len(sums["b"]):
        return Compared("split", float("nan"), float("nan"), float("nan"), count, people)
    drawn = _means(sums["b"], seed, draws) - _means(sums["a"], seed + 1, draws)
    gain = sums["b"][:, 0].sum() / sums["b"][:, 1].sum() - sums["a"][:, 0].sum() / sums["a"][:, 1].sum()
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Compared("split", float(gain), float(low), float(high), count, people)


def _interval(sums: F64, seed: int, draws: int) -> tuple[float, float]:
    if not len(sums):
        return float("nan"), float("nan")
    low, high = np.quantile(_means(sums, seed, draws), (0.025, 0.975))
    return float(low), float(high)


def _means(sums: F64, seed: int, draws: int) -> F64:
    """Means of so many draws of people, (sum, count) each: (draws,). In stretches, so that memory stays small."""
    rng, out = np.random.default_rng(seed), np.empty(draws)
    for start in range(0, draws, 100):
        chosen = sums[rng.integers(0, len(sums), (100, len(sums)))].sum(axis=1)
        out[start : start + 100] = chosen[:, 0] / chosen[:, 1]
    return out


@dataclass(frozen=True, slots=True)
class Shadowed:
    """One request's two orders: how many of the first ten are the same, is the first one, how far items moved."""

    model: str
    overlap: float
    same_first: bool
    moved: float  # mean places that an item of both pages moved by
    traits: frozenset[str]


def shadowed(model: str, shown: I64, theirs: I64, traits: frozenset[str]) -> Shadowed:
    """Compare two pages of candidate positions over their first ten places."""
    a, b = shown[:10].tolist(), theirs[:10].tolist()
    both = [(a.index(at), b.index(at)) for at in a if at in b]
    moved = float(np.mean([abs(one - other) for one, other in both])) if both else 10.0
    return Shadowed(model, len(both) / max(len(a), 1), a[:1] == b[:1], moved, traits)


def told(shadows: Sequence[Shadowed]) -> dict[str, Any]:
    """What a shadow did to live requests, over all and by slice; the slices that it changes most first."""
    slices = {"all": list(shadows)} | {
        trait: [one for one in shadows if trait in one.traits]
        for trait in sorted({trait for one in shadows for trait in one.traits})
    }
    rows = {
        name: {
            "requests": len(ones),
            "overlap@10": round(float(np.mean([one.overlap for one in ones])), 4),
            "same first": round(float(np.mean([one.same_first for one in ones])), 4),
            "places moved": round(float(np.mean([one.moved for one in ones])), 4),
        }
        for name, ones in slices.items()
        if ones
    }
    return dict(sorted(rows.items(), key=lambda row: (row[0] != "all", row[1]["overlap@10"])))
