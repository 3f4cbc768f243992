"""Does the collector come back after a load, and is what was frozen let go?"""

import gc
from collections.abc import Iterator

import pytest

from api import heap


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    yield
    gc.enable()
    heap.release()


def test_no_collection_while_loading() -> None:
    with heap.settled():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_is_loaded_is_frozen_until_released() -> None:
    heap.release()
    with heap.settled():
        kept = [[number] for number in range(1000)]
    assert gc.get_freeze_count() > len(kept)
    heap.release()
    assert gc.get_freeze_count() == 0


def test_a_failed_load_leaves_the_collector_on() -> None:
    with pytest.raises(OSError), heap.settled():
        raise OSError("no snapshot")
    assert gc.isenabled()
