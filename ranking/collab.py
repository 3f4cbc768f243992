"""What does the behaviour of many people say of items? Vectors by implicit ALS, and what goes together (item-kNN).

Offline, with `implicit` (the extra `collab`); one thread and a seed, so that the same events give the same numbers.
Nothing about a person is kept: vectors of items, and pairs of items, each learnt from at least `least` people.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.util import find_spec
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

from engine.kindred import Kindred
from engine.types import F32, F64, I64
from ranking.impressions import REFUSALS

#: Gain of the strongest thing that a person did with an item; as those of a profile, which is folded in by them.
GAINS: Final[Mapping[str, float]] = {
    "click": 1.0, "comment": 2.0, "like": 3.0, "follow": 3.0, "share": 4.0, "save": 5.0, "book": 6.0, "purchase": 6.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CollabSettings:
    """How is learnt."""

    gains: Mapping[str, float] = field(default_factory=lambda: GAINS)
    dim: int = 64
    regularisation: float = 10.0
    rounds: int = 15
    seed: int = 7
    neighbours: int = 50
    shrink: float = 10.0  # people that a pair must have beyond chance before its cosine is believed half
    half_days: float = 365.0  # after which a choice counts half in how often an item is chosen
    least: int = 2  # people behind each vector and each pair
    people: int = 20  # fewer teach nothing
    pairs: int = 200  # of a person and an item, likewise


@dataclass(frozen=True)
class Interactions:
    """Who did what, as parallel columns: numbers of people and items, gain of the strongest action, when (seconds
    since 1970, 0 where it is not said)."""

    people: I64
    items: I64
    gains: F32
    times: F64
    ids: tuple[str, ...]  # of the items
    crowd: int  # people

    def matrix(self, values: F32) -> Any:
        """-> scipy CSR (people, items) float32."""
        from scipy.sparse import csr_matrix  # noqa: PLC0415  half a second that nobody else waits for

        return csr_matrix((values, (self.people, self.items)), (self.crowd, len(self.ids)), np.float32)


def train(
    events: Iterable[Mapping[str, Any]],
    settings: CollabSettings | None = None,
    say: Callable[[str], None] = lambda _: None,
    without: Callable[[str], bool] = lambda _: False,
) -> Kindred | None:
    """Events -> what they say of items; None, and said aloud, where they are too few or `implicit` is missing.

    `without`: people (ids) who were forgotten; none of their events is looked at.
    """
    chosen = settings or CollabSettings()
    told = interactions((event for event in events if not without(event["user_id"])), chosen.gains)
    if told.crowd < chosen.people or len(told.items) < chosen.pairs:
        say(f"too few events to learn from behaviour: {told.crowd} people, {len(told.items)} choices")
        return None
    if not find_spec("implicit"):
        say("nothing is learnt from behaviour without the package implicit: pip install 'lifestyle-search[collab]'")
        return None
    known = known_by(told, chosen.least)
    vectors = als(told, chosen)[known]
    near, weights = neighbours(told, chosen)
    ids = [told.ids[at] for at in known.tolist()]
    say(f"learnt from {told.crowd} people and {len(told.items)} choices: {len(ids)} items with vectors")
    gram = vectors.T @ vectors
    near, weights = _renumbered(near[known], weights[known], known)
    often = chosen_of(told, chosen.half_days)[known]
    behind = np.bincount(told.items, minlength=len(told.ids))[known]
    backing = float(behind.mean()) if len(known) else 0.0
    return Kindred(ids, vectors, gram, chosen.regularisation, near, weights, often, backing, told.crowd, behind)


def interactions(events: Iterable[Mapping[str, Any]], gains: Mapping[str, float] = GAINS) -> Interactions:
    """The strongest gain of each person and item; what a person hid or reported is not among it. Sorted by ids."""
    best: dict[tuple[str, str], float] = {}
    times: dict[tuple[str, str], float] = {}
    refused: set[tuple[str, str]] = set()
    for event in events:
        pair = (event["user_id"], event["object_id"])
        if event["action"] in REFUSALS:
            refused.add(pair)
        elif (gain := gains.get(event["action"], 0.0)) > 0:
            best[pair] = max(gain, best.get(pair, 0.0))
            times[pair] = max(_seconds(event.get("at")), times.get(pair, 0.0))
    pairs = sorted(best.keys() - refused)
    people = {name: at for at, name in enumerate(sorted({person for person, _ in pairs}))}
    items = {name: at for at, name in enumerate(sorted({item for _, item in pairs}))}
    return Interactions(
        np.array([people[person] for person, _ in pairs], np.int64),
        np.array([items[item] for _, item in pairs], np.int64),
        np.array([best[pair] for pair in pairs], np.float32),
        np.array([times[pair] for pair in pairs], np.float64),
        tuple(items),
        len(people),
    )


def chosen_of(told: Interactions, half_days: float) -> F32:
    """-> (items,) in [0, 1]: the root of each one's share of the most chosen, a choice halved with age."""
    ages = (told.times.max(initial=0.0) - told.times) / 86_400
    sums = np.bincount(told.items, 0.5 ** (ages / half_days), minlength=len(told.ids))
    return np.asarray(np.sqrt(sums / max(1e-12, float(sums.max(initial=0.0)))), np.float32)


def _seconds(at: Any) -> float:
    if at is None:
        return 0.0
    return (datetime.fromisoformat(at) if isinstance(at, str) else at).timestamp()


def known_by(told: Interactions, least: int) -> I64:
    """The items with at least so many people behind them."""
    return np.flatnonzero(np.bincount(told.items, minlength=len(told.ids)) >= least)


def als(told: Interactions, settings: CollabSettings) -> F32:
    """-> (items, d) float32: vectors of items by alternating least squares; confidence 1 + gain."""
    from implicit.als import AlternatingLeastSquares  # noqa: PLC0415  the extra `collab`
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors=settings.dim,
            regularization=settings.regularisation,
            iterations=settings.rounds,
            random_state=settings.seed,
            num_threads=1,
            use_gpu=False,
            calculate_training_loss=False,
        )
        model.fit(told.matrix(1.0 + told.gains), show_progress=False)
    return np.asarray(model.item_factors, np.float32)


def neighbours(told: Interactions, settings: CollabSettings) -> tuple[I64, F32]:
    """-> near (items, w), weights (items, w): cosine of the sets of people, shrunk where few; -1, NaN: none."""
    matrix = told.matrix(np.ones(len(told.items), np.float32))
    both, counts = (matrix.T @ matrix).tocsr(), np.bincount(told.items, minlength=len(told.ids)).astype(np.float32)
    width = settings.neighbours
    near = np.full((len(told.ids), width), -1, np.int64)
    weights = np.full((len(told.ids), width), np.nan, np.float32)
    for row in range(len(told.ids)):
        part = slice(both.indptr[row], both.indptr[row + 1])
        others, shared = both.indices[part].astype(np.int64), both.data[part]
        kept = (others != row) & (shared >= settings.least)
        others, shared = others[kept], shared[kept]
        cosine = shared / np.sqrt(counts[row] * counts[others]) * shared / (shared + settings.shrink)
        best = np.lexsort((others, -cosine))[:width]
        near[row, : len(best)], weights[row, : len(best)] = others[best], cosine[best]
    return near, weights


def _renumbered(near: I64, weights: F32, known: I64) -> tuple[I64, F32]:
    """Neighbours by their places among the known; those that are not known go."""
    places = np.full(int(max(near.max(initial=-1), known.max(initial=-1))) + 2, -1, np.int64)
    places[known] = np.arange(len(known))
    moved = places[near]  # -1 reads the last, which is -1
    return moved, cast("npt.NDArray[np.float32]", np.where(moved >= 0, weights, np.nan).astype(np.float32))
