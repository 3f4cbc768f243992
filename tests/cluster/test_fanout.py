"""Does an index over shards answer as one index over all items does?"""

from typing import Any

import msgspec
import numpy as np
import pytest

from engine.types import KINDS, Constraint, Kind
from engine.vocabulary import FACETS
from indexing.cluster.build import build_by_steps
from indexing.cluster.cut import home_of
from indexing.cluster.engines import Local
from indexing.cluster.fanout import Sharded
from indexing.encode import HashEncoder
from indexing.jobs import build
from indexing.snapshot import Snapshot
from indexing.validate import to_table
from tests.api.world import NOW, rows
from tests.cluster.test_steps import SPEC, TENANT

SHARDS = 3
ASKED: list[Constraint] = [
    Constraint("category", "eq", "cafe"),
    Constraint("amenity", "has", "lawn"),
    Constraint("amenity", "has", "lawn", polarity=-1),
    Constraint("amenity", "has", "kid_friendly"),
    Constraint("amenity", "has", "quiet"),
    Constraint("price", "lte", 60),
    Constraint("rating", "gte", 4.5),
    Constraint("place.admin", "in", {"level": "city", "name": "杭州"}),
    Constraint("recency", "gte", "2026-06-01"),
    Constraint("trust", "eq", "organic"),
    Constraint("attr.skin", "has", "sensitive_skin"),
]
TEXTS = ("咖啡", "有草坪", "quiet café", "敏感肌 防晒", "带娃 周末", "露营")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Sharded]:
    """The same tables as one index, and cut into three."""
    folder, found = tmp_path_factory.mktemp("both"), rows()
    tables: dict[Kind, Any] = {kind: to_table(kind, found[kind]) for kind in found}
    build(tables, TENANT, None, HashEncoder(), folder / "one", now=NOW, voices=True)
    spec = msgspec.structs.replace(SPEC, shards=SHARDS)
    build_by_steps(tables, None, spec, folder / "work", folder / "many", Local())
    return Snapshot.open(folder / "one", TENANT, "1"), Sharded.open(folder / "many", TENANT, "1")


def ids(index: Snapshot | Sharded, kind: Kind, at: Any) -> list[str]:
    return [str(item["id"]) for item in index.items(TENANT, kind, np.asarray(at, np.int64))]


def place(index: Snapshot | Sharded, kind: Kind, names: list[str]) -> Any:
    found = [index.locate(TENANT, name) for name in names]
    assert all(each is not None and each[0] == kind for each in found)
    return np.array([each[1] for each in found if each], np.int64)


def everything(index: Snapshot | Sharded, kind: Kind) -> list[str]:
    return sorted(ids(index, kind, np.flatnonzero(index.allowed(TENANT, kind, []))))


def test_each_item_is_at_home_once_and_where_its_id_says(both: tuple[Snapshot, Sharded]) -> None:
    one, many = both
    for kind in KINDS:
        assert everything(many, kind) == everything(one, kind)
    for kind in ("poi", "product"):
        for number, (shard, home) in enumerate(zip(many.shards, many.rows[kind].homes, strict=True)):
            names = ids(shard, kind, np.flatnonzero(home))
            assert names and {home_of(name, SHARDS) for name in names} == {number}
    assert sum(len(rows) for rows in many.rows.values()) > sum(len(everything(one, kind)) for kind in KINDS)  # guests


@pytest.mark.parametrize("asked", ASKED, ids=lambda c: f"{c.slot}{c.polarity:+d}")
@pytest.mark.parametrize("kind", KINDS)
def test_filters_verdicts_and_proofs_are_the_same(
    both: tuple[Snapshot, Sharded], kind: Kind, asked: Constraint
) -> None:
    one, many = both
    assert sorted(ids(one, kind, np.flatnonzero(one.allowed(TENANT, kind, [asked])))) == sorted(
        ids(many, kind, np.flatnonzero(many.allowed(TENANT, kind, [asked])))
    )
    names = everything(one, kind)
    mine, theirs = place(one, kind, names), place(many, kind, names)
    a, b = one.judge(TENANT, kind, asked, mine), many.judge(TENANT, kind, asked, theirs)
    for name in ("verdict", "probability", "support", "against", "age_days"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    assert one.prove(TENANT, kind, asked, mine, "zh") == many.prove(TENANT, kind, asked, theirs, "zh")


@pytest.mark.parametrize("kind", KINDS)
def test_vectors_find_the_same_in_the_same_order(both: tuple[Snapshot, Sharded], kind: Kind) -> None:
    one, many = both
    for text in TEXTS:
        vector = one.center(HashEncoder().encode([text], "query")[0], "zh")
        np.testing.assert_array_equal(vector, many.center(HashEncoder().encode([text], "query")[0], "zh"))
        a, b = (index.dense(TENANT, kind, vector, None, 20) for index in both)
        np.testing.assert_allclose(a.scores, b.scores, atol=1e-6)
        clear = a.scores > a.scores[-1] + 1e-6  # of those that are as near as the last anyone may come
        assert set(ids(one, kind, a.rows[clear])) <= set(ids(many, kind, b.rows))


@pytest.mark.parametrize("kind", ["poi", "product"])
def test_notes_talk_about_the_same(both: tuple[Snapshot, Sharded], kind: Kind) -> None:
    def told(index: Snapshot | Sharded) -> dict[tuple[str, str], float]:
        notes = place(index, "note", everything(index, "note"))
        links = index.linked(TENANT, notes, kind)
        pairs = zip(ids(index, "note", links.note), ids(index, kind, links.row), strict=True)
        return dict(zip(pairs, links.confidence.tolist(), strict=True))

    one, many = both
    assert told(one) and told(one) == told(many)
    names = everything(one, kind)
    counts = [index.column(TENANT, kind, "note_count", place(index, kind, names)) for index in both]
    np.testing.assert_array_equal(*counts)


@pytest.mark.parametrize("facet", sorted(FACETS))
def test_facets_offer_and_count_the_same(both: tuple[Snapshot, Sharded], facet: str) -> None:
    def offered(index: Snapshot | Sharded) -> list[tuple[Any, int]]:
        live = index.allowed(TENANT, "poi", [])
        found = index.choices(TENANT, "poi", facet, live, 10)
        return [(c.value, int(n)) for c, n in zip(found, index.tally(TENANT, "poi", found, live), strict=True)]

    one, many = both
    assert offered(one) == offered(many)


@pytest.mark.parametrize("kind", KINDS)
def test_words_score_the_same(both: tuple[Snapshot, Sharded], kind: Kind) -> None:
    one, many = both
    for text in TEXTS:
        a, b = (index.lexical(TENANT, kind, text, None, 50, exact=True) for index in both)
        np.testing.assert_allclose(a.scores, b.scores, rtol=1e-4)
        clear = a.scores > a.scores[-1:] * (1 + 1e-4) if len(a.rows) == 50 else np.ones(len(a.rows), bool)
        assert set(ids(one, kind, a.rows[clear])) <= set(ids(many, kind, b.rows))


@pytest.mark.parametrize("name", ["price_level", "popularity", "km_from_center", "rating"])
def test_items_are_measured_against_all_items(both: tuple[Snapshot, Sharded], name: str) -> None:
    names = everything(both[0], "poi")
    columns = [index.column(TENANT, "poi", name, place(index, "poi", names)) for index in both]
    np.testing.assert_array_equal(*columns)
