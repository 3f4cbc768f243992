"""Which things does the engine need from outside? Encoder, Index, Ranker, Store; and, where wanted, a Refiner.

Every implementation, fake ones included, passes the contract suite of its Protocol (tests/contracts).
Each `Index` and `Store` call takes the tenant first: it cannot be forgotten.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from math import inf
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, runtime_checkable

from engine.attested import Attested
from engine.coded import Coded
from engine.feed.ports import FeedIndex
from engine.naming import Names
from engine.suggest.table import Source
from engine.types import (
    F32,
    I64,
    Candidates,
    Constraint,
    Evidence,
    Found,
    Highlight,
    Intent,
    Judged,
    Kind,
    Links,
    Mask,
    Profile,
    Query,
)


class Encoder(Protocol):
    """Texts -> unit vectors. Deterministic; a text's vector does not depend on its batch mates."""

    @property
    def fingerprint(self) -> str:
        """Identity of weights, prefixes, pooling and normalisation; equal fingerprints give equal vectors."""
        ...

    @property
    def dim(self) -> int: ...

    def encode(self, texts: Sequence[str], role: Literal["query", "passage"]) -> F32:
        """-> (len(texts), dim) float32, each row of length 1. Raw model vectors: not centred."""
        ...


@runtime_checkable
class Reader(Protocol):
    """An encoder that can also say what parts of a query mean where they stand, at no further cost."""

    def within(self, text: str, parts: Sequence[str]) -> tuple[F32, list[F32 | None]]:
        """-> what `encode` gives of the query (dim,), and of each part a unit vector (dim,); None: not found in it."""
        ...


class Index(FeedIndex, Protocol):
    """An immutable, versioned collection of items. Rows are int64 in [0, count); a row never changes its item."""

    @property
    def version(self) -> str: ...

    @property
    def names(self) -> Names: ...

    def count(self, tenant: str, kind: Kind) -> int:
        """Rows of this kind, dead ones included."""
        ...

    def center(self, vector: F32, lang: str) -> F32:
        """A raw query vector (dim,) -> this index's space (centred per language where the manifest says so)."""
        ...

    def allowed(self, tenant: str, kind: Kind, constraints: Sequence[Constraint]) -> Mask:
        """-> bool[count]: live rows that keep every constraint given (all treated as hard).

        polarity +1: verdict LIKELY or MET. polarity -1: anything but CONTRADICTED. A slot that does not apply
        to the kind (see engine.vocabulary.APPLIES) filters nothing. `constraints` empty: all live rows.
        """
        ...

    def choices(self, tenant: str, kind: Kind, facet: str, among: Mask, most: int) -> Sequence[Constraint]:
        """What a facet (engine.vocabulary.FACETS) offers of the live rows `among` (bool[count]), at most `most`.

        Each as the constraint it would be, with its label. The commonest first (of many rows judged by a sample);
        ranges in their order.
        """
        ...

    def tally(self, tenant: str, kind: Kind, constraints: Sequence[Constraint], among: Mask) -> I64:
        """-> int64[constraints]: how many of the rows `among` (bool[count]) keep each one by itself, exactly."""
        ...

    def dense(
        self,
        tenant: str,
        kind: Kind,
        vector: F32,
        allowed: Mask | None,
        k: int,
        *,
        within_ms: float = inf,
        enough: float = 1.0,
    ) -> Found:
        """The k rows nearest to a centred unit vector (dim,) by inner product, among `allowed` (None = live).

        `within_ms`: time that it may take; an index that measured what its plans cost looks less far, and the answer's
        `recall` says how much of it is expected to be right. `enough`: so much of it will do.
        """
        ...

    def lexical(
        self, tenant: str, kind: Kind, text: str, allowed: Mask | None, k: int, *, exact: bool = False
    ) -> Found:
        """The k rows with the best BM25 for the words of `text`, among `allowed` (None = live).

        Unless `exact`, words count too that mean the same, and those that an unknown word may stand for.
        """
        ...

    def highlight(self, tenant: str, kind: Kind, text: str, rows: I64) -> list[tuple[Highlight, ...]]:
        """Where the words that `lexical` looks for stand in the items, for each row (page-sized)."""
        ...

    def linked(self, tenant: str, notes: I64, kind: Kind) -> Links:
        """Which rows of `kind` the given notes talk about."""
        ...

    def judge(self, tenant: str, kind: Kind, constraint: Constraint, rows: I64) -> Judged:
        """One constraint held against rows: arrays parallel to `rows`."""
        ...

    def prove(
        self, tenant: str, kind: Kind, constraint: Constraint, rows: I64, lang: str, number: int = 0
    ) -> list[Evidence]:
        """The evidence to show, one for each row (page-sized); `number` is what its `constraint` says."""
        ...

    def dossier(self, tenant: str, kind: Kind, row: int, lang: str) -> Sequence[Attested]:
        """All that is known of a live row's attributes, for people; what is said most of comes first."""
        ...

    def column(self, tenant: str, kind: Kind, name: str, rows: I64) -> Any:
        """A column at rows: float64 with NaN for numbers, object (None where missing) for the rest.

        Names: the schemas of indexing/items.py, and what indexing/fetch.py derives; one the kind lacks gives all NaN.
        "has": lists of the attributes and tags that are stated of the items, as `carried` knows them.
        """
        ...

    def numbers(self, tenant: str, kind: Kind, names: tuple[str, ...], rows: I64) -> F32:
        """-> (len(rows), len(names)): several numeric columns at rows, NaN where missing or where the kind has none."""
        ...

    def coded(self, tenant: str, kind: Kind, name: str, rows: I64) -> Coded:
        """A text column that many rows share (category, author_id, brand, ..) at rows; all None for one it lacks."""
        ...

    def carried(self, tenant: str, kind: Kind, name: str, values: Sequence[str], rows: I64) -> F32:
        """-> (len(values), len(rows)): 1 where the row's set called `name` has the value, NaN where nothing is kept.

        Sets: head (the thing that a product is: its noun, its category), words (what is said of it in Latin script),
        has (attributes and tags that are stated).
        """
        ...

    def worded(self, tenant: str, kind: Kind, text: str, rows: I64) -> F32:
        """-> (2, len(rows)): BM25 of the words of `text` in the title alone, and in the values of the item's
        attributes; 0 where none stands there. The commonest words may be left out."""
        ...

    def significance(self, tenant: str, kind: Kind, text: str) -> F32:
        """-> (words of `text`,): how rare each is among the items: log(1 + (items - holding + .5) / (holding + .5))."""
        ...

    def closing(self, tenant: str, kind: Kind, at: datetime, rows: I64) -> F32:
        """-> (len(rows),) minutes from `at` on that each stays open, 0 where it is closed, a week at most; NaN where no
        hours are known. By quarter hours of an ordinary week: holidays are not looked at."""
        ...

    def vectors(self, tenant: str, kind: Kind, rows: I64) -> F32:
        """-> (len(rows), dim) centred unit vectors; a row without a vector yet is all NaN."""
        ...

    def items(self, tenant: str, kind: Kind, rows: I64) -> list[Mapping[str, Any]]:
        """The items to show, as stored (None fields left out)."""
        ...

    def completions(self, tenant: str) -> Sequence[Source]:
        """What can be suggested to somebody who types (engine.suggest), with a look at which items are alive."""
        ...

    def locate(self, tenant: str, item_id: str) -> tuple[Kind, int] | None:
        """Where a live item is, or None."""
        ...


class Ranker(Protocol):
    """Candidates -> scores."""

    @property
    def version(self) -> str: ...

    def score(self, index: Index, intent: Intent, query: Query, found: Candidates) -> F32:
        """-> (len(found),) float32, higher is better."""
        ...

    def explain(self, index: Index, intent: Intent, query: Query, found: Candidates) -> Mapping[str, F32]:
        """Every feature's values, by name (parallel to `found`)."""
        ...


class Receipt(NamedTuple):
    """A request that may be sent again: the key that its sender gave it, and a digest of all that it asks for."""

    key: str
    digest: str


#: What the store holds of an item (kind and item; both None: it was deleted; None: nothing is held) -> the new one.
Change: TypeAlias = Callable[[tuple[Kind | None, Mapping[str, Any] | None] | None], tuple[Kind, Mapping[str, Any]]]


class Store(Protocol):
    """What changes between snapshots: items, deletions, events, people. Acknowledged = committed to disk.

    A write with a receipt that was given before does nothing and returns what it returned then. Raises BadQuery when
    the receipt's key was given to something else.
    """

    def upsert(
        self, tenant: str, items: Sequence[tuple[Kind, Mapping[str, Any]]], receipt: Receipt | None = None
    ) -> int:
        """Store validated items, all or none; -> the change sequence number of the last."""
        ...

    def amend(self, tenant: str, item_id: str, change: Change, receipt: Receipt | None = None) -> int:
        """Store what `change` makes of an item, with no other write between; -> its sequence number.

        Raises what `change` raises; then nothing is stored.
        """
        ...

    def delete(self, tenant: str, item_id: str) -> int:
        """Record a deletion (also of an id that only the snapshot has); -> its sequence number."""
        ...

    def changes(self, tenant: str, after: int) -> Iterable[tuple[int, str, Kind | None, Mapping[str, Any] | None]]:
        """(seq, id, kind, item) in order; kind and item None = deleted."""
        ...

    def record(self, tenant: str, events: Sequence[Mapping[str, Any]], receipt: Receipt | None = None) -> int:
        """Store validated events, all or none; -> how many were new."""
        ...

    def profile(self, tenant: str, user: str) -> Profile: ...

    def remember(
        self, tenant: str, user: str, query: str, found: int | None = None, gave_way: Sequence[str] = ()
    ) -> None:
        """Keep, for a limited time, that a person asked a query."""
        ...

    def popular(self, tenant: str) -> list[tuple[str, int]]:
        """(query, people) of the queries that enough different people asked to be shown; the commonest first."""
        ...

    def forget_user(self, tenant: str, user: str) -> int:
        """Delete all that is kept of a person; -> rows deleted."""
        ...


class Refiner(Protocol):
    """A second reader of queries, such as a language model: slow, fallible, never needed (engine/refine.py)."""

    @property
    def timeout_ms(self) -> float:
        """The longest it is waited for."""
        ...

    def refine(self, text: str, parse: Mapping[str, Any], timeout_ms: float) -> Any:
        """-> what it makes of a query and its parse ({intent, constraints, sort, limit}), as JSON values.

        Raises within `timeout_ms` when it has no answer by then, or any other trouble.
        """
        ...
