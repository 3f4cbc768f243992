"""What may a feature look at? One request's candidates as parallel columns, fetched lazily and once."""

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.ports import Index
from engine.types import F32, F64, I8, I64, KINDS, Candidates, Intent, Kind, Mask, Query
from engine.understand.fold import fold
from engine.vocabulary import APPLIES
from ranking.held import Held, below
from ranking.titles import Titles

#: The numbers that features read, fetched together: a row of them is a cache line or two, one column each a miss.
NUMBERS: Final = (
    "age_days", "author_note_count", "clicks", "image_count", "impressions", "km_from_center", "note_count",
    "popularity", "price", "price_level", "price_per_person", "rating", "rating_count", "saves", "text_length",
)  # fmt: skip

#: Those of which features take the logarithm.
COUNTS: Final = ("author_note_count", "impressions", "note_count", "rating_count", "text_length")
#: Trust labels as numbers, and one for those that no feature asks for.
TRUST: Final = {None: 0, "": 0, "sponsored": 1, "merchant": 2, "ai_assisted": 3, "suspected": 4}
UNASKED: Final = 5
NAN: Final = float("nan")


class Batch:
    """The candidates of one request with all that features may ask about them. Not thread-safe: one per request."""

    def __init__(self, index: Index, intent: Intent, query: Query, found: Candidates) -> None:
        self.index, self.intent, self.query, self.found = index, intent, query, found
        self._columns: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self.found)

    @cached_property
    def parts(self) -> tuple[tuple[Kind, I64 | slice, I64], ...]:
        """(kind, positions in the batch, rows of the index) for each kind present.

        Retrieval hands on one kind after the other: then positions are a slice, which is copied in one piece.
        """
        places = ((kind, np.flatnonzero(self.found.kind == code)) for code, kind in enumerate(KINDS))
        return tuple((kind, _stretch(where), self.found.row[where]) for kind, where in places if len(where))

    def numbers(self, name: str) -> F64:
        """One of NUMBERS of all kinds: (n,) float64, NaN where missing."""
        numbers: F64 = self._numbers[NUMBERS.index(name)]
        return numbers

    def logged(self, name: str) -> F32:
        """log(1 + x) of one of COUNTS; negative counts, which are errors of the source, become NaN."""
        logged: F32 = self._logged[COUNTS.index(name)]
        return logged

    @cached_property
    def _logged(self) -> F32:
        """(COUNTS, n)."""
        counts = self._numbers[[NUMBERS.index(name) for name in COUNTS]]
        return f32(np.log1p(np.where(counts >= 0, counts, np.nan)))

    @cached_property
    def _numbers(self) -> F64:
        """(NUMBERS, n)."""
        values = np.empty((len(NUMBERS), len(self)))
        for kind, where, rows in self.parts:
            values[:, where] = self.index.numbers(self.query.tenant, kind, NUMBERS, rows).T
        return values

    def exactly(self, name: str) -> F64:
        """A numeric column to the last bit, positions of places above all: (n,) float64, NaN where missing."""
        values = np.full(len(self), np.nan)
        for kind, where, rows in self.parts:
            values[where] = self.index.column(self.query.tenant, kind, name, rows)
        return values

    def texts(self, name: str) -> list[str | None]:
        """A text column of all kinds, None where missing (a kind without the column included)."""
        values: list[str | None] | None = self._columns.get(name)
        if values is None:
            values = self._columns[name] = [None] * len(self)
            for kind, where, rows in self.parts:
                found = self.index.column(self.query.tenant, kind, name, rows)
                if found.dtype != object:
                    continue
                if isinstance(where, slice):
                    values[where] = found.tolist()
                else:
                    for at, value in zip(where.tolist(), found.tolist(), strict=True):
                        values[at] = value
        return values

    def valued(self, name: str, value: Callable[[str | None], float]) -> F32:
        """What a text of the column `name` is worth, worked out once for equal texts: (n,)."""
        texts = self.texts(name)
        worth = {text: value(text) for text in set(texts)}
        if len(worth) == 1:
            return np.full(len(self), next(iter(worth.values())), np.float32)
        return np.fromiter(map(worth.__getitem__, texts), np.float32, len(self))

    def above(self, name: str) -> F32:
        """How many that stand above it by the fused score, of its own kind, have the same text as it in a column; NaN
        for one without a text. (n,)"""
        texts, counted = self.texts(name), np.full(len(self), np.nan, np.float32)
        numbers = {text: len(KINDS) * number for number, text in enumerate(set(texts) - {None})}
        if not numbers:
            return counted
        numbers[None] = -len(KINDS)
        codes = np.fromiter(map(numbers.__getitem__, texts), np.int64, len(texts)) + self.found.kind
        best = self._best_first[codes[self._best_first] >= 0]
        together = best[np.argsort(codes[best], kind="stable")]  # the members of a group adjoin, the best one first
        grouped = codes[together]
        counted[together] = np.arange(len(together)) - np.searchsorted(grouped, grouped)
        return counted

    @cached_property
    def _best_first(self) -> I64:
        """Positions by the fused score."""
        return np.argsort(-self.found.fused, kind="stable")

    def carried(self, name: str, values: list[str]) -> F32:
        """Which rows carry which of some values (ports.Index.carried): (values, n); NaN for kinds that have no such."""
        out = np.full((len(values), len(self)), np.nan, np.float32)
        for kind, where, rows in self.parts:
            out[:, where] = self.index.carried(self.query.tenant, kind, name, values, rows)
        return out

    @cached_property
    def held(self) -> Held:
        """All constraints of the intent held against all candidates; slots that do not apply stay UNKNOWN."""
        held = Held.nothing(self.intent.constraints, len(self))
        for number, constraint in enumerate(self.intent.constraints):
            for kind, where, rows in self.parts:
                if kind not in APPLIES.get(constraint.slot, ()):
                    continue
                judged = self.index.judge(self.query.tenant, kind, constraint, rows)
                held.verdict[number, where], held.probability[number, where] = judged.verdict, judged.probability
                held.support[number, where], held.against[number, where] = judged.support, judged.against
                held.age_days[number, where], held.applies[number, where] = judged.age_days, True
        return held

    def asks(self, *slots: str) -> bool:
        """Does any constraint stand on one of these slots, or below one ("place" covers "place.zone")?"""
        return any(below(c.slot, *slots) for c in self.intent.constraints)

    @cached_property
    def words(self) -> str:
        """The query as it is matched against names: folded."""
        return folded(self.intent.normalized or self.intent.query or self.query.text)

    @cached_property
    def titles(self) -> Titles:
        """The titles beside the query's words."""
        return Titles([title or "" for title in self.texts("folded_title")], self.words)

    @cached_property
    def trust(self) -> I8:
        """Trust labels by their numbers in TRUST, 0 where there is none: (n,)."""
        return np.asarray(self.valued("trust", lambda label: TRUST.get(label, UNASKED)), np.int8)

    @cached_property
    def price(self) -> F64:
        """What it costs: a product's price, what one person pays at a place; NaN for notes."""
        product, place = self.numbers("price"), self.numbers("price_per_person")
        return np.where(np.isnan(product), place, product)


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """A short text in the plain form of engine.understand.fold; names come again and again, so they are kept."""
    return fold(text).text


def f32(values: npt.ArrayLike) -> F32:
    """As a float32 array."""
    return np.asarray(values, dtype=np.float32)


def mean_where(values: Any, mask: Mask) -> F32:
    """Mean over axis 0 of the entries where mask is True; NaN for a column without any."""
    count = mask.sum(axis=0)
    total = np.where(mask, values, 0).sum(axis=0, dtype=np.float64)
    return f32(np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0))


def _stretch(where: I64) -> I64 | slice:
    """Ascending positions, as a slice where none is left out."""
    first, last = int(where[0]), int(where[-1]) + 1
    return slice(first, last) if last - first == len(where) else where
