"""What may a feature look at? One request's candidates as parallel columns, fetched lazily and once."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.counts import Counts
from engine.known import NOTHING, Known
from engine.ports import Index
from engine.types import F32, F64, I8, I64, KINDS, NOBODY, Candidates, Intent, Kind, Mask, Query
from engine.vocabulary import APPLIES
from ranking.held import Held, below
from ranking.person import Person
from ranking.question import digest, folded
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
        self._codes: dict[str, tuple[I64, list[str | None]]] = {}

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

    def numbers(self, name: str) -> F64:
        """One of NUMBERS of all kinds: (n,) float64, NaN where missing."""
        numbers: F64 = self._numbers[NUMBERS.index(name)]
        return numbers

    def logged(self, name: str) -> F32:
        """log(1 + x) of one of COUNTS; negative counts, which are errors of the source, become NaN."""
        logged: F32 = self._logged[COUNTS.index(name)]
        return logged

    @cached_property
    def ranks(self) -> F32:
        """(3, n) place in the list by cosine, BM25 and the fused score: 1 = best; equal scores share the better place;
        NaN where a retriever missed it."""
        ranks = np.empty((3, len(self)), np.float32)
        for row, scores in enumerate((self.found.dense, self.found.lexical, self.found.fused)):
            below = -scores  # NaN sorts behind all numbers
            ranks[row] = np.sort(below).searchsorted(below)
            ranks[row, np.isnan(scores)] = np.nan
        ranks += 1
        return ranks

    @cached_property
    def _logged(self) -> F32:
        """(COUNTS, n)."""
        counts = self._numbers[[NUMBERS.index(name) for name in COUNTS]]
        return f32(np.log1p(np.where(counts >= 0, counts, np.nan)))

    @cached_property
    def _numbers(self) -> F64:
        """(NUMBERS, n)."""
        if len(self.parts) == 1:
            (kind, _, rows), *_ = self.parts
            found = self.index.numbers(self.query.tenant, kind, NUMBERS, rows)
        else:
            found = np.empty((len(self), len(NUMBERS)), np.float32)
            for kind, where, rows in self.parts:
                found[where] = self.index.numbers(self.query.tenant, kind, NUMBERS, rows)
        return found.T.astype(np.float64, order="C")

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

    def coded(self, name: str) -> tuple[I64, list[str | None]]:
        """A text column as numbers (n,) into its different texts; None comes last, whether there is one or not."""
        found: tuple[I64, list[str | None]] | None = self._codes.get(name)
        if found is None:
            texts = self.texts(name)
            different: list[str | None] = [*(set(texts) - {None}), None]
            number = {text: at for at, text in enumerate(different)}
            codes = np.fromiter(map(number.__getitem__, texts), np.int64, len(texts))
            found = self._codes[name] = codes, different
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
        groups = (codes * len(KINDS) + self.found.kind)[self._best_first].astype(np.int16)  # sorted in one pass
        together = groups.argsort(kind="stable")  # the members of a group adjoin, the best one first
        grouped, at = groups[together], np.arange(len(groups))
        first = np.append(True, grouped[1:] != grouped[:-1])
        counted = np.empty(len(self), np.float32)
        counted[self._best_first[together]] = at - np.maximum.accumulate(np.where(first, at, 0))
        counted[codes == len(texts) - 1] = np.nan
        return counted

    @property
    def kind_share_above(self) -> F32:
        """Share of those above it by the fused score that are of its kind; NaN for the first: (n,)."""
        order, at = self._best_first, np.arange(len(self))
        same, kinds = np.zeros(len(self)), self.found.kind[order]
        for kind, _, _ in self.parts:
            mine = kinds == KINDS.index(kind)
            same[mine] = at[: np.count_nonzero(mine)]
        out = np.full(len(self), np.nan, np.float32)
        out[order[1:]] = same[1:] / at[1:]
        return out

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
    def trust(self) -> I8:
        """Trust labels by their numbers in TRUST, 0 where there is none: (n,)."""
        return np.asarray(self.valued("trust", lambda label: TRUST.get(label, UNASKED)), np.int8)

    @cached_property
    def price(self) -> F64:
        """What it costs: a product's price, what one person pays at a place; NaN for notes."""
        product, place = self.numbers("price"), self.numbers("price_per_person")
        return np.where(np.isnan(product), place, product)


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
