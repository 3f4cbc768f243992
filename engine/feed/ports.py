"""What must an index tell for feeds beside what search asks of it? A part of the Index Protocol (engine/ports.py)."""

from collections.abc import Sequence
from typing import Protocol, Self

from engine.kindred import Kindred
from engine.types import F32, I8, I64, Found, Kind, Mask


class FeedIndex(Protocol):
    """What behaviour says of items, what notes talk about, and what is new."""

    def having_learnt(self, learnt: Kindred | None) -> Self:
        """The same index as if just this had been learnt from behaviour (None: nothing): as at another moment."""
        ...

    def dense_each(
        self, tenant: str, kind: Kind, vectors: F32, allowed: Mask, k: int, *, within_ms: float, enough: float
    ) -> Sequence[Found]:
        """`Index.dense` for each of several vectors (n, dim) under one filter, for less than so many searches."""
        ...

    def fitting(self, tenant: str, kind: Kind, person: F32) -> F32:
        """-> (count,): inner products of every row's vector learnt from behaviour with a person's (d,), which
        engine/feed/foldin.py makes; 0 where nothing was learnt of a row.
        """
        ...

    def tasted(self, tenant: str, kind: Kind, rows: I64) -> F32:
        """-> (len(rows), d): vectors learnt from behaviour; NaN where too few people acted on an item, or since the
        snapshot. d is 0 where nothing was learnt.
        """
        ...

    def chosen(self, tenant: str, kind: Kind, rows: I64) -> F32:
        """-> (len(rows),): how often each is chosen, in [0, 1]: the root of its share of the most chosen one, a choice
        halved with each year; 0 where too few people did."""
        ...

    def behind(self, tenant: str, kind: Kind) -> I64:
        """How many people stand behind each of the first rows, those of the snapshot; 0 where too few to be told of.
        Of no length where nothing was learnt, or it was not kept.
        """
        ...

    def backing(self, tenant: str) -> float:
        """-> how many people stand behind an item, on the average of those of which something was learnt; else 0."""
        ...

    def folding(self, tenant: str) -> tuple[F32, float]:
        """-> the (d, d) gram matrix of those vectors and the regularisation: what fold_in needs. d may be 0."""
        ...

    def together(self, tenant: str, kind: Kind, row: int) -> tuple[I8, I64, F32]:
        """-> kinds (index into KINDS), rows and weights of the live items that the same people chose, best first."""
        ...

    def about(self, tenant: str, kind: Kind, row: int) -> I64:
        """The live notes that talk about a place or a product; of a note none."""
        ...

    def arrived(self, tenant: str, kind: Kind) -> I64:
        """Live rows that came after the snapshot was made and are no newer forms of what it had."""
        ...
