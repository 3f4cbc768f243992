"""Do several scores become one order as promised?"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.fuse import Columns, fuse, gather, normalised
from engine.types import KINDS

SCORES = arrays(np.float32, st.integers(1, 20), elements=st.floats(-5, 5, width=32) | st.just(float("nan")))


@given(SCORES)
def test_normalised_scores_lie_between_zero_and_one_and_keep_the_order(scores: np.ndarray) -> None:
    out = normalised(scores)
    assert ((out >= 0) & (out <= 1)).all()
    known = np.isfinite(scores)
    order = np.argsort(scores[known], kind="stable")
    assert (np.diff(out[known][order]) >= -1e-6).all()
    assert (out[~known] == 0).all()


def _columns(kind: str, n: int, **given_scores: np.ndarray) -> Columns:
    nothing = np.full(n, np.nan, np.float32)
    values = {"dense": nothing, "lexical": nothing, "votes": nothing} | given_scores
    return Columns(kind, np.arange(n), **values, fused=np.empty(0, np.float32), relax_level=np.zeros(n, np.int8))


def test_each_retriever_and_each_wish_moves_an_item_up() -> None:
    one = np.array([0.9, 0.1], np.float32)
    for name in ("dense", "lexical", "votes"):
        fused = fuse(_columns("poi", 2, **{name: one}), np.zeros(2, np.float32)).fused
        assert fused[0] > fused[1]
    wished = fuse(_columns("poi", 2), np.array([0.0, 1.0], np.float32)).fused
    assert wished[1] > wished[0]


def test_gather_keeps_kinds_apart_and_types_right() -> None:
    parts = [fuse(_columns(kind, 2), np.zeros(2, np.float32)) for kind in ("poi", "note")]
    together = gather(parts)
    assert list(together.kind) == [KINDS.index("poi")] * 2 + [KINDS.index("note")] * 2
    assert together.row.dtype == np.int64 and together.fused.dtype == np.float32
    assert len(gather([])) == 0
