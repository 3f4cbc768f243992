"""Are links counted rightly, and does the sample's linking stay as good as promised?"""

from pathlib import Path

import pyarrow as pa
import pytest

from benchmarks.quality import sample
from benchmarks.quality.linking import Linking, measure
from engine.types import Kind


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> dict[Kind, Linking]:
    folder: Path = tmp_path_factory.mktemp("linking")
    tables: dict[Kind, pa.Table] = dict(sample.load(None, folder).tables)
    return measure(tables)


def test_names_alone_find_what_the_notes_of_the_sample_are_about(linked: dict[Kind, Linking]) -> None:
    for kind in ("poi", "product"):
        assert linked[kind].told.precision >= 0.97, linked[kind].errors[:9]
        assert linked[kind].told.recall >= 0.90, linked[kind].errors[:9]


def test_each_pair_is_counted_once(linked: dict[Kind, Linking]) -> None:
    places = linked["poi"]
    assert len(places.told.hits) == sum(right for right, _ in places.how.values())
    assert len(places.told.invented) == sum(wrong for _, wrong in places.how.values())
    assert len(places.told.missed) + places.silent == sum(how in ("missing", "silent") for *_, how in places.errors)
