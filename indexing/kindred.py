"""Where in a snapshot stands what behaviour says of items? By row: a vector each, and what goes together with it.

<folder>/kindred/<kind>_vectors.npy   F32 (rows, d), NaN where too few people acted on an item
<folder>/kindred/<kind>_chosen.npy    F32 (rows,), how often an item is chosen, 1 the most; 0 where too few did
<folder>/kindred/<kind>_behind.npy    I64 (rows,), people behind an item; snapshots of before have none
<folder>/kindred/gram.npy  regularisation.npy  backing.npy   to fold a person in (engine/feed/foldin.py)
<folder>/kindred/<kind>_starts.npy    I64 (rows + 1,): where a row's neighbours begin in the next three
<folder>/kindred/<kind>_kinds.npy  <kind>_near.npy  <kind>_weights.npy

A snapshot without the folder knows nothing of it, and says so by empty answers and NaN.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.kindred import Kindred
from engine.types import F32, I8, I64, KINDS, Kind, Mask
from indexing.arrays import save, stored
from indexing.columns.lexis import Lexis

FOLDER: Final = "kindred"


@dataclass(frozen=True)
class Companions:
    """Which items the same people chose: parallel columns, best first."""

    kinds: I8  # index into KINDS
    rows: I64
    weights: F32

    def living(self, alive: Callable[[Kind], Mask]) -> tuple[I8, I64, F32]:
        """The columns without the rows that are dead; `alive(kind)`: which rows of a kind live."""
        kept = np.zeros(len(self.rows), bool)
        for code in np.unique(self.kinds):
            mine = self.kinds == code
            kept[mine] = alive(KINDS[code])[self.rows[mine]]
        return self.kinds[kept], self.rows[kept], self.weights[kept]


@dataclass(frozen=True)
class Behaviour:
    """What was learnt, by rows of a segment."""

    arrays: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def of(learnt: Kindred, ids: Mapping[Kind, Lexis]) -> "Behaviour":
        """Ids that the segment lacks are left out, as neighbours too."""
        kinds, rows = _places(learnt, ids)
        arrays: dict[str, Any] = {
            "gram": learnt.gram.astype(np.float32),
            "regularisation": np.array([learnt.regularisation], np.float64),
            "backing": np.array([learnt.backing], np.float64),
        }
        for code, kind in enumerate(KINDS):
            mine = np.flatnonzero(kinds == code)
            matrix = np.full((len(ids[kind]), len(learnt.gram)), np.nan, np.float32)
            matrix[rows[mine]] = learnt.vectors[mine]
            arrays[f"{kind}_vectors"] = matrix
            chosen = np.zeros(len(ids[kind]), np.float32)
            chosen[rows[mine]] = learnt.chosen[mine]
            arrays[f"{kind}_chosen"] = chosen
            behind = np.zeros(len(ids[kind]), np.int64)
            behind[rows[mine]] = learnt.behind[mine]
            arrays[f"{kind}_behind"] = behind
            order = mine[np.argsort(rows[mine])]
            near, weights = learnt.near[order], learnt.weights[order]
            there = (near >= 0) & (kinds[near] >= 0)
            counts = np.zeros(len(ids[kind]) + 1, np.int64)
            counts[rows[order] + 1] = there.sum(axis=1)
            arrays[f"{kind}_starts"] = np.cumsum(counts)
            arrays[f"{kind}_kinds"] = kinds[near[there]].astype(np.int8)
            arrays[f"{kind}_near"] = rows[near[there]]
            arrays[f"{kind}_weights"] = weights[there].astype(np.float32)
        return Behaviour(arrays)

    @staticmethod
    def open(folder: Path, counts: Mapping[Kind, int]) -> "Behaviour":
        """As it was written below a segment's folder, of so many rows. ValueError for arrays that do not fit them."""
        arrays = stored(folder / FOLDER)
        if arrays:
            _check(arrays, counts)
        return Behaviour(arrays)

    def save(self, folder: Path) -> None:
        """Write it below a segment's folder; nothing where nothing was learnt."""
        if self.arrays:
            save(self.arrays, folder / FOLDER)

    @property
    def dim(self) -> int:
        """Length of a vector; 0 where nothing was learnt."""
        return len(self.arrays["gram"]) if self.arrays else 0

    @property
    def backing(self) -> float:
        """People behind an item, on the average."""
        return float(self.arrays["backing"][0]) if self.arrays else 0.0

    @property
    def folding(self) -> tuple[F32, float]:
        """Gram matrix and regularisation."""
        if not self.arrays:
            return np.zeros((0, 0), np.float32), 0.0
        return self.arrays["gram"], float(self.arrays["regularisation"][0])

    def vectors(self, kind: Kind, rows: I64) -> F32:
        """-> (len(rows), d); rows beyond the segment (live changes) are NaN."""
        out = np.full((len(rows), self.dim), np.nan, np.float32)
        if self.arrays:
            matrix = self.arrays[f"{kind}_vectors"]
            known = rows < len(matrix)
            out[known] = matrix[rows[known]]
        return out

    def chosen(self, kind: Kind, rows: I64) -> F32:
        """-> (len(rows),); 0 beyond the segment."""
        out = np.zeros(len(rows), np.float32)
        if self.arrays:
            column = self.arrays[f"{kind}_chosen"]
            known = rows < len(column)
            out[known] = column[rows[known]]
        return out

    def behind(self, kind: Kind) -> I64:
        """People behind each row of the segment; of no length where that is not known."""
        column: I64 = self.arrays.get(f"{kind}_behind", np.empty(0, np.int64))
        return column

    def fitting(self, kind: Kind, person: F32, count: int) -> F32:
        """-> (count,) inner products with a person's vector (d,); 0 where nothing was learnt."""
        out = np.zeros(count, np.float32)
        if self.arrays:
            known, matrix = self._known[kind]
            out[known] = matrix @ person
        return out

    @cached_property
    def _known(self) -> Mapping[Kind, tuple[I64, F32]]:
        """The rows of which something was learnt, and their vectors in one piece: most items have none."""
        found = {}
        for kind in KINDS:
            matrix = self.arrays[f"{kind}_vectors"]
            rows = np.flatnonzero(np.isfinite(matrix[:, :1]).all(axis=1))
            found[kind] = rows, np.asarray(matrix[rows], np.float32)
        return found

    def together(self, kind: Kind, row: int) -> Companions:
        """A row's neighbours, dead ones included."""
        starts = self.arrays.get(f"{kind}_starts")
        if starts is None or row >= len(starts) - 1:
            return Companions(np.empty(0, np.int8), np.empty(0, np.int64), np.empty(0, np.float32))
        part = slice(int(starts[row]), int(starts[row + 1]))
        return Companions(*(self.arrays[f"{kind}_{name}"][part] for name in ("kinds", "near", "weights")))


def _check(arrays: Mapping[str, Any], counts: Mapping[Kind, int]) -> None:
    """Sealed bytes may still be anybody's: no row may point outside."""
    dim, most = len(arrays["gram"]), np.array([counts[each] for each in KINDS])
    sound = arrays["gram"].shape == (dim, dim) and arrays["regularisation"].shape == arrays["backing"].shape == (1,)
    for kind, count in counts.items():
        matrix, starts, kinds, near, weights, chosen = (
            arrays[f"{kind}_{name}"] for name in ("vectors", "starts", "kinds", "near", "weights", "chosen")
        )
        sound = sound and chosen.shape == (count,) and chosen.dtype == np.float32
        behind = arrays.get(f"{kind}_behind", np.zeros(count, np.int64))
        sound = sound and behind.shape == (count,) and behind.dtype == np.int64
        sound = sound and matrix.shape == (count, dim) and matrix.dtype == weights.dtype == np.float32
        sound = sound and starts.shape == (count + 1,) and starts.dtype == near.dtype == np.int64
        sound = sound and kinds.dtype == np.int8 and near.ndim == 1 and kinds.shape == near.shape == weights.shape
        sound = sound and starts[0] == 0 and starts[-1] == len(near) and bool((np.diff(starts) >= 0).all())
        sound = sound and bool(((kinds >= 0) & (kinds < len(KINDS))).all())
        sound = sound and bool(((near >= 0) & (near < most[kinds])).all())
    if not sound:
        raise ValueError("what was learnt from behaviour does not fit the items")


def _places(learnt: Kindred, ids: Mapping[Kind, Lexis]) -> tuple[I64, I64]:
    """Kind (index into KINDS) and row of each position; -1 where the segment has no such item."""
    kinds, rows = np.full(len(learnt.ids), -1, np.int64), np.full(len(learnt.ids), -1, np.int64)
    for at, item_id in enumerate(learnt.ids):
        for code, kind in enumerate(KINDS):
            if (row := ids[kind].number(item_id)) >= 0:
                kinds[at], rows[at] = code, row
    return kinds, rows
