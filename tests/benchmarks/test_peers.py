"""Is the comparison of engines fair: same filters, knobs tuned on other queries, absent engines named?"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.corpora.filters import SHARES, Filter
from benchmarks.corpora.vectors import Corpus, K, corpus
from benchmarks.peers import built, port
from benchmarks.peers.__main__ import rows
from benchmarks.peers.asked import Asked, split
from benchmarks.peers.bits import Bits, box, circled
from benchmarks.peers.exact import best
from benchmarks.peers.port import Knob, made
from benchmarks.peers.run import run
from benchmarks.peers.tuning import RECALL, tuned
from engine.errors import BadInput, LifestyleError
from engine.types import F32, I64

ROWS = 3_000


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return corpus("clustered", ROWS, 7, tmp_path_factory.mktemp("corpora"))


def beside(made: Corpus, folder: Path) -> Corpus:
    """The same corpus, with no engine built."""
    for name in ("vectors.npy", "attributes.npz", "queries.npy", "filters.json", "truth.npz"):
        (folder / name).symlink_to(made.folder / name)
    return Corpus(folder)


def test_postings_keep_what_a_scan_keeps(small: Corpus) -> None:
    bits = Bits(small.items)
    for share in SHARES:
        for wanted in small.filters[share]:
            expected = np.flatnonzero(small.items.keeps(wanted))
            np.testing.assert_array_equal(bits.rows(wanted), expected)
            packed = np.unpackbits(bits.packed(wanted), bitorder="little")[:ROWS]
            np.testing.assert_array_equal(np.flatnonzero(packed), expected)


@given(st.floats(-60, 60), st.floats(-170, 170), st.floats(1, 50_000), st.floats(0, 360))
def test_a_circle_lies_in_its_box(lat: float, lon: float, radius: float, bearing: float) -> None:
    low, high, west, east = box((lat, lon, radius))
    angle, reach = np.radians(bearing), radius / 6_371_008.8
    there = np.arcsin(np.sin(np.radians(lat)) * np.cos(reach) + np.cos(np.radians(lat)) * np.sin(reach) * np.cos(angle))
    turn = np.arctan2(
        np.sin(angle) * np.sin(reach) * np.cos(np.radians(lat)), np.cos(reach) - np.sin(np.radians(lat)) * np.sin(there)
    )
    assert low <= np.degrees(there) <= high
    assert west <= lon + np.degrees(turn) <= east


def test_answers_outside_the_circle_are_dropped(small: Corpus) -> None:
    near = next(each for each in small.filters["0.1%"] if each.near is not None).near
    assert near is not None
    kept = circled(small.items, np.arange(ROWS), Filter(near=near), ROWS)
    np.testing.assert_array_equal(kept, np.flatnonzero(small.items.keeps(Filter(near=near))))


@pytest.mark.parametrize("name", list(port.SYSTEMS))
def test_an_engine_keeps_the_filter_and_finds_the_nearest(small: Corpus, name: str) -> None:
    try:
        made(name)
    except ImportError as error:
        pytest.skip(f"{name} is not installed: {error}")
    if not (built.home(small, name) / "built.json").exists():
        built.build(small, name)
    system = built.opened(small, name)
    for share in SHARES:
        asked, _ = split(small, share)
        recalls = []
        for at in range(8):
            found = system.search(asked.queries[at], asked.filters[at], K, system.knobs[-1])
            assert len(found) <= K
            assert len(set(found.tolist())) == len(found)
            assert small.items.keeps(asked.filters[at])[found].all()
            recalls.append(asked.recall(at, found))
        assert np.mean(recalls) > 0.75  # usearch, which cannot filter, is the least
    system.close()


def test_tuning_and_measuring_share_no_query(small: Corpus) -> None:
    for share in SHARES:
        tuning, asked = split(small, share)
        assert len(tuning) + len(asked) == len(small.queries)
        assert not {q.tobytes() for q in tuning.queries} & {q.tobytes() for q in asked.queries}


class Sloppy:
    """Gives the first `share` of the right answers."""

    name, version = "sloppy", "1"
    knobs: Sequence[Knob] = ({"share": 0.5}, {"share": 1.0}, {"share": 1.0, "again": 1}, {"share": 1.0, "never": 1})

    def __init__(self, asked: Asked) -> None:
        self.asked, self.seen = asked, list[Knob]()

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        self.seen.append(knob)
        at = next(i for i, each in enumerate(self.asked.queries) if np.array_equal(each, query))
        return self.asked.truth[at][: int(k * knob["share"])]

    def build(self, *_: object) -> None: ...

    def open(self, *_: object) -> None: ...

    def close(self) -> None: ...


def test_a_knob_without_recall_is_not_chosen_and_dear_ones_are_not_tried(small: Corpus) -> None:
    asked, _ = split(small, "100%")
    sloppy = Sloppy(asked)
    chosen = tuned(sloppy, asked, K)
    assert chosen.recall >= RECALL
    assert chosen.knob["share"] == 1.0
    assert not any("never" in knob for knob in sloppy.seen)
    sloppy.knobs = ({"share": 0.1}, {"share": 0.5})
    assert tuned(sloppy, asked, K).knob == {"share": 0.5}  # the nearest, where none is good


def test_a_run_tells_of_each_engine_and_names_the_absent(small: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(port.SYSTEMS, "gone", "benchmarks.peers.no_such_engine:Gone")  # type: ignore[arg-type]
    for name in ("ours", "exact"):
        built.build(small, name)
    done = run(small, ["ours", "exact", "gone"])
    assert [each.name for each in done.engines] == ["ours", "exact"]
    assert "no_such_engine" in done.absent["gone"]
    for each in done.engines:
        assert set(each.cells) == set(SHARES)
        assert all(cell.recall > 0.99 and cell.queries > 100 for cell in each.cells.values())
    assert all(cell.ratios == (1.0, 1.0) for cell in done.engines[0].cells.values())
    table = rows(done)
    assert len({tuple(row) for row in table}) == 1  # as a figure wants it
    assert [row["engine"] for row in table] == ["ours", "exact", "reading the kept rows", "what ours must read", "gone"]
    assert done.reads["100%"] == ROWS * 4 * 384  # so few have no lists: every vector is read


def test_an_engine_that_takes_too_long_to_build_is_absent(small: Corpus, tmp_path: Path) -> None:
    moved = beside(small, tmp_path)
    built.build(moved, "exact")
    done = run(moved, ["exact", "faiss-hnsw"], 0)
    assert [each.name for each in done.engines] == ["exact"]
    assert rows(done)[-1]["version"] == "absent: faiss-hnsw was not built within 0 s of processor time"
    with pytest.raises(LifestyleError, match="faiss-hnsw was not built within 0 s"):
        run(moved, ["faiss-hnsw", "exact"], 0)


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(BadInput, match="no engine is called 'nope'; there are ours"):
        made("nope")


def test_the_best_come_first() -> None:
    scores = np.array([0.1, 0.9, 0.5, 0.7], np.float32)
    assert best(scores, None, 2).tolist() == [1, 3]
    assert best(scores, np.array([10, 11, 12, 13]), 9).tolist() == [11, 13, 12, 10]


def test_built_once_and_again_when_the_engine_changed(small: Corpus, tmp_path: Path) -> None:
    moved = beside(small, tmp_path)
    first = built.build(moved, "exact")
    assert built.need(moved, "exact") == first
    kept = built.home(moved, "exact") / "built.json"
    kept.write_text('{"version": "older", "seconds": 9999, "disk_mb": 0}', "utf-8")
    assert built.need(moved, "exact").version == first.version
