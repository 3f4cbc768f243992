"""What keeps one voice from filling a page? Caps on authors, near-copies and advertisements."""

import numpy as np

from engine.ports import Index
from engine.types import F32, I64, Candidates, Kind, Mask

WINDOW = 10  # caps hold over each run of ten places of a kind
PER_AUTHOR = 2
PAID = frozenset({"sponsored", "merchant"})
PAID_SHARE = 0.2  # of the window, where no setting says otherwise
#: How what is paid for is marked, for people to see.
MARKED = {"zh": "广告", "en": "Sponsored"}
SUSPECTED = 1
COPY_AT = 0.985  # cosine above which two notes say the same
#: Places looked at; beyond them the order stays as it is, unless they hold too few voices for a window.
REACH = 60


def paid_label(lang: str, trust: str | None) -> str | None:
    """The mark of what is paid for; None for all else."""
    return MARKED["en" if lang == "en" else "zh"] if trust in PAID else None


def cap(
    index: Index,
    tenant: str,
    kind: Kind,
    candidates: Candidates,
    order: I64,
    paid_share: float = PAID_SHARE,
    most: int | None = None,
) -> I64:
    """Put last what a cap forbids; nothing is lost, it only waits. Places and products have no such caps yet.

    `paid_share`: the most of each window that may be paid for, in [0, 1]. `most`: places that anybody asks about; those
    behind them come in any order. None: all.
    """
    if kind != "note" or len(order) < 2:
        return order
    paid, most = int(paid_share * WINDOW + 1e-9), len(order) if most is None else most
    reach = min(REACH, len(order))
    taken, waiting = _taken(index, tenant, candidates, order[:reach], paid, most)
    if len(taken) < min(WINDOW, most) and reach < len(order):
        reach = len(order)
        taken, waiting = _taken(index, tenant, candidates, order, paid, most)
    seen = len(taken) + len(waiting)
    return np.concatenate([order[taken], order[seen:], order[waiting]]).astype(np.int64)


def _taken(
    index: Index, tenant: str, candidates: Candidates, head: I64, paid_most: int, most: int
) -> tuple[list[int], list[int]]:
    """Positions in `head` that the caps allow, and those that must wait, both in order, until `most` are allowed.

    `paid_most`: paid ones a window.
    """
    rows = candidates.row[head]
    author = index.column(tenant, "note", "author_id", rows).tolist()
    trust = index.column(tenant, "note", "trust", rows).tolist()
    paid, doubtful = [label in PAID for label in trust], [label == "suspected" for label in trust]
    vectors = index.vectors(tenant, "note", rows)
    copied = np.zeros(len(head), np.bool_)  # says what one that was taken says
    taken: list[int] = []
    waiting: list[int] = []
    for at in range(len(head)):
        recent = taken[-(WINDOW - 1) :]
        said = sum(author[at] is not None and author[at] == author[other] for other in recent)
        paid_for = paid[at] and sum(paid[other] for other in recent) >= paid_most
        paid_for |= doubtful[at] and sum(doubtful[other] for other in recent) >= SUSPECTED
        if said >= PER_AUTHOR or paid_for or copied[at]:
            waiting.append(at)
        else:
            taken.append(at)
            if len(taken) == most:  # nobody asks who comes after them
                break
            copied |= _copies(vectors, at)
    return taken, waiting


def _copies(vectors: F32, at: int) -> Mask:
    """Which say what one of them says; notes without a vector yet (NaN) copy nobody."""
    return np.asarray(np.nan_to_num(vectors @ vectors[at], nan=0.0) > COPY_AT, np.bool_)
