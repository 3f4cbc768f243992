"""Does a plan follow from what was measured, and keep the promise that it states?"""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from engine.errors import BadInput
from indexing.sizing.measured import Measured, Size, measured
from indexing.sizing.model import fit
from indexing.sizing.parts import PARTS, bytes_of, part_of
from indexing.sizing.plan import MEMORY, Need, plan

MODEL = fit(measured())


def _size(items: int, base: float = 0.0) -> Size:
    return Size(items, {"vectors": 1536 * items, "words": 100 * items + 5000}, 400 + items / 1000, items / 1000,
                [base + float(np.log(items))] * 101, 5.0)  # fmt: skip


def test_the_model_goes_through_lines_that_are_straight() -> None:
    model = fit(Measured("m", "2026-01-01", 25.0, 7.0, 4.0, [_size(1000), _size(50_000), _size(1_000_000)]))
    assert model.disk(10_000_000) == pytest.approx(1636e7 + 5000, rel=1e-6)
    assert model.resident(10_000_000) == pytest.approx(10_400)
    assert model.retrieve(10_000_000)[50] == pytest.approx(np.log(1e7))
    assert model.encode_s(100) == 4


def test_a_plan_fits_its_machines() -> None:
    for need in (Need(300_000_000, 5000), Need(2_000_000, 50, cores=2, memory_gb=8)):
        made = plan(MODEL, need)
        assert made.met and made.worst.p99 <= need.p99_ms
        assert made.shard_mb <= need.memory_gb * 1024 * MEMORY
        assert made.machines == made.shards * made.replicas + made.front
        assert sum(made.drivers.values()) == pytest.approx(1)


def test_more_questions_need_more_replicas_and_more_items_more_shards() -> None:
    small, busy, large = (plan(MODEL, need) for need in (Need(20_000_000, 100), Need(20_000_000, 20_000),
                                                         Need(200_000_000, 100)))  # fmt: skip
    assert busy.replicas > small.replicas and large.shards > small.shards


def test_a_promise_that_cannot_be_kept_is_said() -> None:
    assert not plan(MODEL, Need(1_000_000, 10, p99_ms=1)).met


@pytest.mark.parametrize("need", [Need(0, 1), Need(1, 0), Need(1, 1, cores=0), Need(1, 1, memory_gb=-1),
                                  Need(1, 1, spare=-1), Need(10**15, 1), Need(1, float("inf"))])  # fmt: skip
def test_needs_that_make_no_sense_are_refused(need: Need) -> None:
    with pytest.raises(BadInput, match="--"):
        plan(MODEL, need)


def test_a_file_of_figures_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    good = Measured("m", "2026-01-01", 25.0, 7.0, 4.0, [_size(1000), _size(50_000)])
    replace = msgspec.structs.replace
    bad = [
        (replace(good, sizes=good.sizes[:1]), "at least 2"),
        (replace(good, sizes=[_size(1), replace(_size(2), bytes={"x": 1})]), "unknown parts"),
        (replace(good, sizes=[_size(1), replace(_size(2), retrieve_ms=[1.0])]), "101"),
    ]
    file = tmp_path / "figures.json"
    for made, words in bad:
        file.write_bytes(msgspec.json.encode(made))
        with pytest.raises(BadInput, match=words):
            measured(file)


def test_every_file_of_a_snapshot_counts_once(tmp_path: Path) -> None:
    for name in ("note/vectors.npy", "note/text/terms.npy", "poi/columns/numbers.npy", "evidence.arrow", "MANIFEST"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"1234")
    found = bytes_of(tmp_path)
    assert sum(found.values()) == 20 and tuple(found) == PARTS and part_of(Path("MANIFEST")) == "other"
