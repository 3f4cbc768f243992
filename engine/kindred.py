"""What does the behaviour of many people say of items? Learnt offline; nothing in it is about a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.types import F32, I64


@dataclass(frozen=True)
class Kindred:
    """Items by position, of all kinds together: what was learnt, on its way into a snapshot.

    ids: n item ids. vectors: (n, d) of implicit ALS. gram: (d, d), the sum of v v^T over them; `regularisation`
    belongs to it (engine/feed/foldin.py). near: (n, w) positions of what the same people chose, best first, -1 where
    there are no more; weights: (n, w), higher is better, NaN where near is -1.
    """

    ids: Sequence[str]
    vectors: F32
    gram: F32
    regularisation: float
    near: I64
    weights: F32
    chosen: F32  # (n,) in [0, 1]: root of the share of the most chosen, a choice halved with each year
    backing: float  # people behind an item, on the average
    people: int  # that it was learnt from
    behind: I64  # (n,) people behind each
