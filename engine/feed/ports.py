"""What must an index tell for feeds beside what search asks of it? A part of the Index Protocol (engine/ports.py)."""

from typing import Protocol

from engine.types import F32, I8, I64, Kind


class FeedIndex(Protocol):
    """What behaviour says of items, what notes talk about, and what is new."""

    def kindred(self, tenant: str, vector: F32, kind: Kind, k: int) -> tuple[I64, F32]:
        """-> rows and scores of the k live items whose vectors learnt from behaviour fit a person's best (inner
        product; engine/feed/foldin.py makes a person's). Empty where nothing was learnt.
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
