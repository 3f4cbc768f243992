"""Does an index over Qdrant answer as the snapshot itself, live, between versions, and when nobody is there?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.types import KINDS, Constraint, Found, Kind
from indexing.changes import Change
from indexing.qdrant import feeding
from indexing.qdrant.index import QdrantIndex
from indexing.qdrant.port import Ask, Unreachable
from indexing.snapshot import Snapshot
from tests.contracts import corpus
from tests.contracts.corpus import TENANT
from tests.indexing.qdrant.engines import EACH

#: Sums of the same float32 numbers in another order.
NEAR = 1e-5
VECTOR = corpus.vector("p-park")
ASKED: list[list[Constraint]] = [
    [],
    [Constraint("city", "eq", "x")],
    [Constraint("category", "eq", "cafe")],
    [Constraint("amenity", "has", "lawn", polarity=-1)],
    [Constraint("price", "lte", 60), Constraint("dish", "has", "肉饼")],
]


@pytest.fixture(params=EACH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    made = request.param(tmp_path / "qdrant")
    yield made
    made.close()


def written(folder: Path) -> Path:
    corpus.write(folder, corpus.POIS, corpus.PRODUCTS, corpus.NOTES)
    return folder


def alike(one: Found, other: Found) -> None:
    assert one.rows.tolist() == other.rows.tolist()
    np.testing.assert_allclose(one.scores, other.scores, rtol=NEAR, atol=NEAR)


def held_together(index: Snapshot, local: Snapshot) -> None:
    for kind in KINDS:
        for constraints in ASKED:
            mine, theirs = (each.allowed(TENANT, kind, constraints) for each in (index, local))
            assert mine.tolist() == theirs.tolist()
            for text in ("咖啡", "espresso downtown", "露营 帐篷", "sunscrean"):
                alike(index.lexical(TENANT, kind, text, mine, 3), local.lexical(TENANT, kind, text, theirs, 3))
            for name in ("p-park", "n-en", "g-tent"):
                asked = (TENANT, kind, corpus.vector(name))
                alike(index.dense(*asked, mine, 3), local.dense(*asked, theirs, 3))
                alike(index.dense(*asked, mine.copy(), 3), local.dense(*asked, theirs, 3))  # a mask that nobody gave
                alike(index.dense(*asked, None, 9), local.dense(*asked, None, 9))


CHANGES: list[list[Change]] = [
    [(1, "p-new", "poi", corpus.NEW_POI)],
    [(2, "p-bar", None, None), (3, "n-lawn", None, None)],
    [(4, "p-down", "poi", {**corpus.POIS[1], "category": "park", "body": "手冲 露营"})],
    [
        (
            5,
            "n-x",
            "note",
            {"id": "n-x", "title": "草地咖啡没有草坪", "body": "没有草坪，白跑一趟。", "poi_ids": ["p-lawn"]},
        )
    ],
    [(6, "p-new", None, None), (7, "p-bar", "poi", corpus.POIS[3])],
]


def test_live_changes_answer_as_the_snapshot_does(engine: Any, tmp_path: Path) -> None:
    folder = written(tmp_path / "snapshot")
    index: Snapshot = QdrantIndex.over(engine, folder, TENANT, "00000001")
    local = Snapshot.open(folder, TENANT, "00000001")
    held_together(index, local)
    for changes in CHANGES:
        index, local = index.with_changes(changes), local.with_changes(changes)
        held_together(index, local)
        made = {i: (text, corpus.vector(i)) for i, text in local.changes.pending()}
        index, local = index.with_changes([], made), local.with_changes([], made)
        held_together(index, local)
    for kind in KINDS:
        alive = int(local.allowed(TENANT, kind, []).sum())
        assert engine.count(feeding.collection(index, kind), None) == alive  # what was deleted is gone there too


def test_equal_scores_are_cut_by_row(engine: Any, tmp_path: Path) -> None:
    same = [{**corpus.POIS[4], "id": f"p-{n:02}"} for n in range(60)]
    corpus.write(tmp_path / "snapshot", same, corpus.PRODUCTS, corpus.NOTES)
    index = QdrantIndex.over(engine, tmp_path / "snapshot", TENANT, "00000001")
    assert index.lexical(TENANT, "poi", "小店", None, 7).rows.tolist() == list(range(7))
    odd = np.arange(60) % 2 == 1
    assert index.lexical(TENANT, "poi", "小店", odd, 7).rows.tolist() == list(range(1, 15, 2))


def test_a_new_version_is_loaded_beside_the_one_that_serves(engine: Any, tmp_path: Path) -> None:
    folder = written(tmp_path / "snapshot")
    first = QdrantIndex.over(engine, folder, TENANT, "00000001")
    before = first.lexical(TENANT, "poi", "咖啡", None, 5)
    versions = [QdrantIndex.over(engine, folder, TENANT, f"0000000{n}") for n in (2, 3)]
    alike(first.lexical(TENANT, "poi", "咖啡", None, 5), before)
    for kind in KINDS:
        newest = feeding.collection(versions[-1], kind)
        assert engine.aliases()[f"{TENANT}.{kind}"] == newest
    last = QdrantIndex.over(engine, folder, TENANT, "00000004")
    assert feeding.collection(first, "poi") not in engine.names()
    assert feeding.collection(versions[0], "poi") in engine.names()  # to roll back to
    alike(last.lexical(TENANT, "poi", "咖啡", None, 5), before)


class Cut:
    """An engine whose wire is cut."""

    def __init__(self, engine: Any) -> None:
        self._engine, self.cut = engine, False
        self.loads = 0

    def __getattr__(self, name: str) -> Any:
        if self.cut and name not in ("sharded", "close"):
            raise Unreachable("Qdrant cannot be asked: cut")
        self.loads += name == "create"
        return getattr(self._engine, name)


def test_without_qdrant_the_files_answer_and_it_is_told_later(engine: Any, tmp_path: Path) -> None:
    folder, wire = written(tmp_path / "snapshot"), Cut(engine)
    index: Snapshot = QdrantIndex.over(wire, folder, TENANT, "00000001")
    local = Snapshot.open(folder, TENANT, "00000001")
    wire.cut = True
    held_together(index, local)
    assert "here" in index.lexical(TENANT, "poi", "咖啡", None, 5).plan
    for changes in CHANGES[:3]:
        index, local = index.with_changes(changes), local.with_changes(changes)
        held_together(index, local)
    wire.cut = False
    index, local = index.with_changes(CHANGES[3]), local.with_changes(CHANGES[3])
    held_together(index, local)
    assert "here" not in index.lexical(TENANT, "poi", "咖啡", None, 5).plan
    assert engine.count(feeding.collection(index, "poi"), None) == int(local.allowed(TENANT, "poi", []).sum())


def test_what_is_loaded_is_not_loaded_again(engine: Any, tmp_path: Path) -> None:
    folder, wire = written(tmp_path / "snapshot"), Cut(engine)
    QdrantIndex.over(wire, folder, TENANT, "00000001")
    again = QdrantIndex.over(wire, folder, TENANT, "00000001")
    assert wire.loads == len(KINDS)
    held_together(again, Snapshot.open(folder, TENANT, "00000001"))
    kinds: tuple[Kind, ...] = KINDS
    assert [engine.count(feeding.collection(again, kind), None) for kind in kinds] == [4, 3, 5]


class Keyed:
    """An engine whose shards have keys; it notes which of them each search asks, and asks all."""

    sharded = True

    def __init__(self, engine: Any) -> None:
        self._engine, self.asked = engine, list[list[str]]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def search(self, name: str, ask: Ask) -> Any:
        self.asked.append(list(ask.shards))
        return self._engine.search(name, ask)


def test_a_question_about_one_city_asks_the_shard_of_that_city(
    engine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "CITY", 2)
    keyed, folder = Keyed(engine), written(tmp_path / "snapshot")
    index = QdrantIndex.over(keyed, folder, TENANT, "00000001")
    assert feeding.keys(index.shelves["poi"]) == ["杭州", "elsewhere"]
    local = Snapshot.open(folder, TENANT, "00000001")
    for city, shard in (("杭州", "杭州"), ("上海", "elsewhere")):
        asked = [Constraint("place.admin", "in", {"level": "city", "name": city})]
        mine, theirs = (each.allowed(TENANT, "poi", asked) for each in (index, local))
        alike(index.dense(TENANT, "poi", VECTOR, mine, 3), local.dense(TENANT, "poi", VECTOR, theirs, 3))
        assert keyed.asked.pop() == [shard]
    index.dense(TENANT, "poi", VECTOR, None, 3)
    assert keyed.asked.pop() == []
