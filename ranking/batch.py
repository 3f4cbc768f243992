"""What may a feature look at? One request's candidates as parallel columns, fetched lazily and once."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.coded import Coded, joined
from engine.counts import Counts
from engine.geo import distance_km
from engine.known import NOTHING, Known
from engine.ports import Index
from engine.types import F32, F64, I64, KINDS, NOBODY, Candidates, Intent, Kind, Query
from engine.vocabulary import APPLIES
from ranking.among import Among
from ranking.held import Held, below
from ranking.person import Person
from ranking.question import anchor, digest, folded
from ranking.titles import Titles

#: The numbers that features read, fetched together: a row of them is a cache line or two, one column each a miss.
NUMBERS: Final = (
    "age_days", "author_note_count", "clicks", "image_count", "impressions", "km_from_center", "note_count",
    "popularity", "price", "price_level", "price_per_person", "rating", "rating_count", "saves", "text_length",
)  # fmt: skip

#: Those of which features take the logarithm.
COUNTS: Final = ("author_note_count", "impressions", "note_count", "rating_count", "text_length")
_PLACE: Final = {name: place for place, name in enumerate(NUMBERS)}
_COUNT: Final = {name: place for place, name in enumerate(COUNTS)}
_COUNTED: Final = [_PLACE[name] for name in COUNTS]
#: Trust labels as numbers, and one for those that no feature asks for.
TRUST: Final = {None: 0, "": 0, "sponsored": 1, "merchant": 2, "ai_assisted": 3, "suspected": 4}
UNASKED: Final = 5
#: [label asked for, label found] -> 1 or 0, NaN for none found.
_LABELS: Final = np.eye(UNASKED + 1, dtype=np.float32)
_LABELS[:, 0] = np.nan
_CODES: Final = np.arange(len(KINDS), dtype=np.int8)[:, np.newaxis]
NAN: Final = float("nan")


class Batch:
    """The candidates of one request with all that features may ask about them. Not thread-safe: one per request."""

    def __init__(self, index: Index, intent: Intent, query: Query, found: Candidates) -> None:
        self.index, self.intent, self.query, self.found = index, intent, query, found
        self._columns: dict[str, Any] = {}
        self._codes: dict[str, Coded] = {}

    def __len__(self) -> int:
        return len(self.found)

    @cached_property
    def parts(self) -> tuple[tuple[Kind, I64 | slice, I64], ...]:
        """(kind, positions in the batch, rows of the index) for each kind present.

        Retrieval hands on one kind after the other: then positions are a slice, which is copied in one piece.
        """
        places = ((kind, np.flatnonzero(self.found.kind == code)) for code, kind in enumerate(KINDS))
        return tuple((kind, _stretch(where), self.found.row[where]) for kind, where in places if len(where))

    @cached_property
    def known(self) -> Known:
        """What is known of people."""
        known: Known = self.intent.known or NOTHING
        return known

    @property
    def counts(self) -> Counts:
        """What people did until the hour before; asked for only where `has("counts")`."""
        assert self.known.counts is not None
        return self.known.counts

    @cached_property
    def person(self) -> Person:
        """The history of who asks; asked for only where `has("person")`."""
        return Person(self.index, self.query.tenant, self.known)

    def has(self, source: str) -> bool:
        """Is there anything to compute features of a source from ("" always, "counts", "person")?"""
        if source == "person":
            return self.known.person is not NOBODY
        return not source or self.known.counts is not None

    @cached_property
    def ids(self) -> list[str | None]:
        """(n,) ids of the items."""
        return self.texts("id")

    @cached_property
    def question(self) -> str:
        """The digest of what is asked."""
        return digest(self.intent, self.query)

    @cached_property
    def crowd(self) -> F32:
        """(columns of engine.counts, n)."""
        return self.counts.of(self.ids)

    @cached_property
    def pairs(self) -> F64:
        """(2, n): how often it was shown, and opened, on pages of this very question."""
        out = np.zeros((2, len(self)))
        if known := self.counts.pairs.get(self.question):
            never = (0, 0)
            out[:] = np.array([known.get(item or "", never) for item in self.ids]).T
        return out

    @cached_property
    def worded(self) -> F32:
        """(2, n): BM25 of the query's words in the title, and in the values of attributes."""
        out = np.zeros((2, len(self)), np.float32)
        for kind, where, rows in self.parts:
            out[:, where] = self.index.worded(self.query.tenant, kind, self.intent.terms, rows)
        return out

    @cached_property
    def significance(self) -> F32:
        """(2, n): how rare the query's words are among the items of the same kind: the rarest, and on the mean."""
        out = np.full((2, len(self)), np.nan, np.float32)
        for kind, where, _ in self.parts:
            rare = self.index.significance(self.query.tenant, kind, self.intent.terms)
            if len(rare):
                out[0, where], out[1, where] = rare.max(), rare.mean()
        return out

    @cached_property
    def vectors(self) -> F32:
        """(n, dim) of the items; NaN for one that waits for its vector."""
        parts = [(where, self.index.vectors(self.query.tenant, kind, rows)) for kind, where, rows in self.parts]
        if len(parts) == 1:
            return parts[0][1]
        dim = parts[0][1].shape[1] if parts else 0
        out = np.empty((len(self), dim), np.float32)
        for where, vectors in parts:
            out[where] = vectors
        return out

    def number(self, name: str) -> F32:
        """One of NUMBERS of all kinds: (n,), NaN where missing."""
        number: F32 = self._numbers[_PLACE[name]]
        return number

    def numbers(self, name: str) -> F64:
        """The same to reckon with: float64."""
        return self.number(name).astype(np.float64)

    def logged(self, name: str) -> F32:
        """log(1 + x) of one of COUNTS; negative counts, which are errors of the source, become NaN."""
        logged: F32 = self._logged[_COUNT[name]]
        return logged

    @cached_property
    def _logged(self) -> F32:
        """(COUNTS, n)."""
        counts = self._numbers[_COUNTED].astype(np.float64)
        counts[counts < 0] = np.nan
        return np.log1p(counts, out=counts).astype(np.float32)

    @cached_property
    def _numbers(self) -> F32:
        """(NUMBERS, n)."""
        if len(self.parts) == 1:
            (kind, _, rows), *_ = self.parts
            found = self.index.numbers(self.query.tenant, kind, NUMBERS, rows)
        else:
            found = np.empty((len(self), len(NUMBERS)), np.float32)
            for kind, where, rows in self.parts:
                found[where] = self.index.numbers(self.query.tenant, kind, NUMBERS, rows)
        return np.ascontiguousarray(found.T)

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

    def coded(self, name: str) -> Coded:
        """A text column that many share, of all kinds."""
        found = self._codes.get(name)
        if found is None:
            parts = [(where, self.index.coded(self.query.tenant, kind, name, rows)) for kind, where, rows in self.parts]
            found = self._codes[name] = joined(len(self), parts)
        return found

    def valued(self, name: str, value: Callable[[str | None], float]) -> F32:
        """What a text of the column `name` is worth, worked out once for equal texts: (n,)."""
        codes, texts = self.coded(name)
        return np.fromiter(map(value, texts), np.float32, len(texts)).take(codes)

    def above(self, name: str) -> F32:
        """How many that stand above it by the fused score, of its own kind, have the same text as it in a column; NaN
        for one without a text. (n,)"""
        codes, texts = self.coded(name)
        if len(texts) == 1:
            return np.full(len(self), np.nan, np.float32)
        return self.among.above(codes, len(texts) - 1)

    @cached_property
    def among(self) -> Among:
        """Each beside the others."""
        return Among(self.found)

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
            applies = APPLIES.get(constraint.slot, ())
            for kind, where, rows in self.parts:
                if kind in applies:
                    held.put(number, where, self.index.judge(self.query.tenant, kind, constraint, rows))
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
    def labels(self) -> F32:
        """(numbers of TRUST, n): 1 where it has the label, 0 where it has another, NaN where it has none."""
        codes, texts = self.coded("trust")
        labels: F32 = _LABELS[:, [TRUST.get(text, UNASKED) for text in texts]].take(codes, axis=1)
        return labels

    @cached_property
    def is_kind(self) -> F32:
        """(KINDS, n): 1 where it is of the kind."""
        return f32(self.found.kind == _CODES)

    @cached_property
    def distance(self) -> F32 | None:
        """(n,) kilometres to where the question is asked from, or about; None without such a place."""
        place = anchor(self.intent, self.query)
        if place is None:
            return None
        return f32(distance_km(self.exactly("lat"), self.exactly("lon"), place.lat, place.lon))

    @cached_property
    def price(self) -> F64:
        """What it costs: a product's price, what one person pays at a place; NaN for notes."""
        product, place = self.numbers("price"), self.numbers("price_per_person")
        return np.where(np.isnan(product), place, product)


def f32(values: npt.ArrayLike) -> F32:
    """As a float32 array."""
    return np.asarray(values, dtype=np.float32)


def _stretch(where: I64) -> I64 | slice:
    """Ascending positions, as a slice where none is left out."""
    first, last = int(where[0]), int(where[-1]) + 1
    return slice(first, last) if last - first == len(where) else where
