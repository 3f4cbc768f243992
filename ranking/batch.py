"""What may a feature look at? One request's candidates as parallel columns, fetched lazily and once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.ports import Index
from engine.types import F32, F64, I8, I64, KINDS, Candidates, Intent, Kind, Mask, Query, Verdict
from engine.understand.fold import fold
from engine.vocabulary import APPLIES


@dataclass(frozen=True)
class Held:
    """Every constraint held against every candidate: (constraints, n) matrices. `known` = judged, not UNKNOWN."""

    verdict: I8
    probability: F32  # NaN where nothing is known
    support: I64
    against: I64
    age_days: F32  # of the newest sentence; NaN when there is none
    applies: Mask  # does the slot apply to the candidate's kind?

    @cached_property
    def known(self) -> Mask:
        return np.asarray(self.verdict != Verdict.UNKNOWN)

    @cached_property
    def kept(self) -> Mask:
        return np.asarray(self.verdict >= Verdict.LIKELY)

    @cached_property
    def broken(self) -> Mask:
        return np.asarray(self.verdict == Verdict.CONTRADICTED)


class Batch:
    """The candidates of one request with all that features may ask about them. Not thread-safe: one per request."""

    def __init__(self, index: Index, intent: Intent, query: Query, found: Candidates) -> None:
        self.index, self.intent, self.query, self.found = index, intent, query, found
        self._columns: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self.found)

    @cached_property
    def parts(self) -> tuple[tuple[Kind, I64, I64], ...]:
        """(kind, positions in the batch, rows of the index) for each kind present."""
        places = ((kind, np.flatnonzero(self.found.kind == code)) for code, kind in enumerate(KINDS))
        return tuple((kind, where, self.found.row[where]) for kind, where in places if len(where))

    def numbers(self, name: str) -> F64:
        """A numeric column of all kinds: (n,) float64, NaN where missing."""
        values: F64 | None = self._columns.get(name)
        if values is None:
            values = self._columns[name] = np.full(len(self), np.nan)
            for kind, where, rows in self.parts:
                values[where] = self.index.column(self.query.tenant, kind, name, rows)
        return values

    def texts(self, name: str) -> list[str | None]:
        """A text column of all kinds, None where missing (a kind without the column included)."""
        values: list[str | None] | None = self._columns.get(name)
        if values is None:
            values = self._columns[name] = [None] * len(self)
            for kind, where, rows in self.parts:
                column = self.index.column(self.query.tenant, kind, name, rows).tolist()
                for position, value in zip(where.tolist(), column, strict=True):
                    if isinstance(value, str):
                        values[position] = value
        return values

    def constant(self, value: float) -> F32:
        """The same number for each candidate: (n,) float32."""
        return np.full(len(self), value, dtype=np.float32)

    @cached_property
    def held(self) -> Held:
        """All constraints of the intent held against all candidates; slots that do not apply stay UNKNOWN."""
        shape = (len(self.intent.constraints), len(self))
        held = Held(
            np.zeros(shape, np.int8),
            np.full(shape, np.nan, np.float32),
            np.zeros(shape, np.int64),
            np.zeros(shape, np.int64),
            np.full(shape, np.nan, np.float32),
            np.zeros(shape, np.bool_),
        )
        for (i, constraint), (kind, where, rows) in self._pairs():
            if kind not in APPLIES.get(constraint.slot, ()):
                continue
            judged = self.index.judge(self.query.tenant, kind, constraint, rows)
            held.verdict[i, where], held.probability[i, where] = judged.verdict, judged.probability
            held.support[i, where], held.against[i, where] = judged.support, judged.against
            held.age_days[i, where], held.applies[i, where] = judged.age_days, True
        return held

    def _pairs(self) -> Iterator[tuple[Any, tuple[Kind, I64, I64]]]:
        return ((numbered, part) for numbered in enumerate(self.intent.constraints) for part in self.parts)

    @cached_property
    def hard(self) -> Mask:
        """(constraints,) True where the constraint is hard."""
        return np.array([c.hardness == "hard" for c in self.intent.constraints], dtype=np.bool_)

    @cached_property
    def unwanted(self) -> Mask:
        """(constraints,) True where the person said no."""
        return np.array([c.polarity < 0 for c in self.intent.constraints], dtype=np.bool_)

    def of_slots(self, *slots: str) -> Mask:
        """(constraints,) True where the slot is one of these or lies below one ("place" covers "place.zone")."""
        return np.array(
            [any(c.slot == slot or c.slot.startswith(f"{slot}.") for slot in slots) for c in self.intent.constraints],
            dtype=np.bool_,
        )

    @cached_property
    def words(self) -> str:
        """The query as it is matched against names: folded."""
        return folded(self.intent.normalized or self.intent.query or self.query.text)

    @cached_property
    def trust(self) -> npt.NDArray[np.str_]:
        """Trust labels, empty where there is none."""
        return np.array([label or "" for label in self.texts("trust")], dtype=np.str_)

    @cached_property
    def price(self) -> F64:
        """What it costs: a product's price, what one person pays at a place; NaN for notes."""
        product, place = self.numbers("price"), self.numbers("price_per_person")
        return np.where(np.isnan(product), place, product)


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """A short text in the plain form of engine.understand.fold; titles come again and again, so they are kept."""
    return fold(text).text


def f32(values: npt.ArrayLike) -> F32:
    """As a float32 array."""
    return np.asarray(values, dtype=np.float32)


def mean_where(values: Any, mask: Mask) -> F32:
    """Mean over axis 0 of the entries where mask is True; NaN for a column without any."""
    count = mask.sum(axis=0)
    total = np.where(mask, values, 0).sum(axis=0, dtype=np.float64)
    return f32(np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0))


def log1p(values: F64) -> F32:
    """log(1 + x) of counts; negative counts, which are errors of the source, become NaN."""
    return f32(np.log1p(np.where(values >= 0, values, np.nan)))
