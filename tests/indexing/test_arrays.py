"""Is an array read as it was stored, by a map that keeps no descriptor?"""

import gc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from indexing.arrays import SMALL, mapped
from tests.reliability.watch import held


@given(
    arrays.arrays(st.sampled_from([np.float32, np.int64, np.bool_, "S7"]), arrays.array_shapes(max_dims=3, min_side=0)),
    st.booleans(),
    st.sampled_from([0, SMALL]),
)
@settings(max_examples=60)
def test_it_is_what_was_stored(tmp_path_factory: pytest.TempPathFactory, array: np.ndarray, f: bool, more: int) -> None:
    path = tmp_path_factory.mktemp("a") / "a.npy"
    whole = np.concatenate([array.ravel(), np.zeros(more, array.dtype)]) if more else array
    np.save(path, np.asfortranarray(whole) if f else whole)
    found = mapped(path)
    assert found.dtype == whole.dtype and type(found) is np.ndarray
    np.testing.assert_array_equal(found, whole)


def test_a_map_holds_no_descriptor_and_ends_with_its_last_view(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(100_000))
    with (tmp_path / "a.npy").open("rb"):
        assert held(tmp_path / "a.npy") == 1  # it would be seen
    view = mapped(tmp_path / "a.npy")[5:10]
    assert held(tmp_path / "a.npy") == 0
    (tmp_path / "a.npy").unlink()
    assert view.tolist() == [5, 6, 7, 8, 9]
    assert not view.flags.writeable
    del view
    gc.collect()
    assert str(tmp_path) not in Path("/proc/self/maps").read_text()


def test_objects_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{}] * 20_000, object), allow_pickle=True)
    for size in (None, SMALL // 2):
        if size:
            np.save(tmp_path / "a.npy", np.array([{}], object), allow_pickle=True)
        with pytest.raises(ValueError, match=r"[Oo]bject"):
            mapped(tmp_path / "a.npy")
