"""Do kinds share a page by their weights?"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.blend import interleave
from engine.types import I64, KINDS


def _lists(sizes: list[int]) -> dict[str, I64]:
    starts = np.cumsum([0, *sizes])
    return {kind: np.arange(starts[i], starts[i + 1]) for i, kind in enumerate(KINDS)}


@given(st.lists(st.integers(0, 15), min_size=3, max_size=3), st.lists(st.floats(0.1, 1), min_size=3, max_size=3))
def test_nothing_is_lost_and_each_kind_keeps_its_order(sizes: list[int], weights: list[float]) -> None:
    lists = _lists(sizes)
    out = interleave(lists, dict(zip(KINDS, weights, strict=True)))
    assert sorted(out) == list(range(sum(sizes)))
    for rows in lists.values():
        assert [at for at in out if at in set(rows)] == list(rows)


def test_the_most_wanted_kind_leads_and_others_appear_in_proportion() -> None:
    out = interleave(_lists([30, 30, 30]), {"note": 0.4, "product": 0.2, "poi": 1.0})
    first = out[:16]
    assert first[0] >= 60  # a place
    assert (first >= 60).sum() == 10
    assert (first < 30).sum() == 4
