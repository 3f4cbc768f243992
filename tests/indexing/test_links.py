"""Is the right place or product meant, and by the right sentence?"""

from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from engine.types import KINDS
from indexing.evidence import mine
from indexing.items import NOTES, POIS, PRODUCTS
from indexing.links import Linked, link
from indexing.namebook import LIKENESS, VARIANTS, _Near
from indexing.sentences import split
from indexing.witnesses import attribute

POI, PRODUCT = KINDS.index("poi"), KINDS.index("product")

PLACES: list[dict[str, Any]] = [
    {"id": "p0", "name": "青禾咖啡（西溪店）", "city": "杭州", "district": "西湖区", "lat": 30.27, "lon": 120.06},
    {"id": "p1", "name": "青禾咖啡（滨江店）", "city": "杭州", "district": "滨江区", "lat": 30.20, "lon": 120.21},
    {"id": "p2", "name": "青禾咖啡（静安店）", "city": "上海", "district": "静安区", "lat": 31.23, "lon": 121.45},
    {"id": "p3", "name": "山丘面包", "city": "杭州", "aliases": ["Hill Bakery"], "lat": 30.25, "lon": 120.16},
    {"id": "p4", "name": "公园", "city": "杭州", "lat": 30.30, "lon": 120.30},
]
PRODUCTS_ROWS: list[dict[str, Any]] = [
    {"id": "q0", "title": "澄露舒缓面霜"},
    {"id": "q1", "title": "极泊 磁吸充电宝 白 5000mAh 超薄"},
    {"id": "q2", "title": "Hop Compact Stroller Sand 7 kg, cabin size"},
]


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist([{**dict.fromkeys(schema.names), **row} for row in rows], schema=schema)


def _link(*notes: dict[str, Any]) -> tuple[Linked, pa.Table, pa.Table]:
    table = _table([{"id": f"n{i}", "title": "", "body": "", **n} for i, n in enumerate(notes)], NOTES)
    pieces = split(table)
    items = {"poi": _table(PLACES, POIS), "product": _table(PRODUCTS_ROWS, PRODUCTS)}
    return link(table, pieces, items), pieces, table  # type: ignore[arg-type]


def _items(linked: Linked, note: int = 0) -> set[tuple[int, int, str]]:
    return {(r["kind"], r["item"], r["how"]) for r in linked.links.to_pylist() if r["note"] == note}


def test_ids_come_first_and_unknown_ones_are_counted() -> None:
    linked, _, _ = _link({"body": "青禾咖啡（滨江店）也去过", "poi_ids": ["p3", "p99"]})
    assert _items(linked) == {(POI, 3, "id")}
    assert linked.counts["unknown poi id"] == 1


def test_full_names_short_names_and_aliases() -> None:
    linked, _, _ = _link(
        {"body": "青禾咖啡（滨江店）的拿铁"}, {"body": "今天去了hill bakery"}, {"body": "澄露舒缓面霜用完了"}
    )
    assert _items(linked, 0) == {(POI, 1, "name")}
    assert _items(linked, 1) == {(POI, 3, "name")}
    assert _items(linked, 2) == {(PRODUCT, 0, "name")}


def test_a_product_by_brand_and_noun() -> None:
    linked, _, _ = _link(
        {"body": "极泊磁吸充电宝很轻"}, {"body": "Our Hop Compact Stroller folds."}, {"body": "充电宝很轻"}
    )
    assert _items(linked, 0) == {(PRODUCT, 1, "name")}
    assert _items(linked, 1) == {(PRODUCT, 2, "name")}
    assert _items(linked, 2) == set()


def test_the_city_then_the_branch_or_district_decides() -> None:
    linked, _, _ = _link(
        {"body": "青禾咖啡真不错", "city": "上海"},
        {"body": "滨江的青禾咖啡真不错", "city": "杭州"},
        {"body": "杭州的青禾咖啡，在西湖区"},
        {"body": "青禾咖啡真不错", "city": "成都"},
    )
    assert _items(linked, 0) == {(POI, 2, "name")}
    assert _items(linked, 1) == {(POI, 1, "name")}
    assert _items(linked, 2) == {(POI, 0, "name")}
    assert _items(linked, 3) == set()
    assert linked.counts["notes without a link"] == 1


def test_an_undecided_chain_shares_its_confidence() -> None:
    linked, _, _ = _link({"body": "青禾咖啡真不错", "city": "杭州"})
    assert {r["item"] for r in linked.links.to_pylist()} == {0, 1}
    assert all(r["confidence"] < 0.5 for r in linked.links.to_pylist())


def test_common_words_are_no_names() -> None:
    linked, _, _ = _link({"body": "旁边就是公园"})
    assert _items(linked) == set()


def test_marked_names_may_be_misspelt() -> None:
    linked, _, _ = _link({"body": "📍青禾珈啡（滨江店）", "city": "杭州"})
    assert (POI, 1, "fuzzy") in _items(linked)


def test_coordinates_are_the_last_resort() -> None:
    linked, _, _ = _link(
        {"body": "随便拍拍", "lat": 30.2501, "lon": 120.1601}, {"body": "随便拍拍", "lat": 29.0, "lon": 120.0}
    )
    assert _items(linked, 0) == {(POI, 3, "geo")}
    assert linked.counts["no single place near"] == 1


def test_a_mention_goes_to_the_place_named_last() -> None:
    linked, pieces, _ = _link(
        {
            "city": "杭州",
            "poi_ids": ["p1", "p3"],
            "body": "周末逛了两家。停车方便。先去山丘面包。有草坪。再去青禾咖啡（滨江店）。很吵。",
        }
    )
    mentions = mine(pieces)
    names = mentions.column("attribute").to_pylist()
    got: dict[str, dict[int, float]] = {}
    for row in attribute(mentions, linked.links, linked.named).to_pylist():
        got.setdefault(names[row["mention"]], {})[row["item"]] = row["weight"]
    assert got["lawn"] == {3: 1.0}
    assert got["quiet"] == {1: 1.0}
    assert got["parking"].keys() == {1, 3} and max(got["parking"].values()) < 0.5


@given(st.lists(st.text(alphabet="abcd咖啡", min_size=2, max_size=12), unique=True, max_size=25), st.data())
def test_the_likest_name_is_the_one_that_comparing_with_all_finds(names: list[str], data: Any) -> None:
    base = data.draw(st.sampled_from(names)) if names else "abcd"
    cut = data.draw(st.integers(0, len(base)))
    phrase = base[:cut] + data.draw(st.sampled_from(["", "a", "咖"])) + base[cut + data.draw(st.integers(0, 1)) :]
    found = _Near(names).best(phrase, None)
    every = process.extractOne(phrase, names, scorer=fuzz.ratio, score_cutoff=LIKENESS)
    assert (None if found is None else names[found[0]]) == (None if every is None else every[0]) or len(phrase) < 2


def test_a_line_of_very_many_products_names_none_of_them() -> None:
    note = _table([{"id": "n", "title": "", "body": "极泊磁吸充电宝很好用"}], NOTES)
    rows = [{"id": f"q{n}", "title": f"极泊 磁吸充电宝 {n}号"} for n in range(VARIANTS + 1)]
    for count, meant in ((VARIANTS, VARIANTS), (VARIANTS + 1, 0)):
        assert link(note, split(note), {"product": _table(rows[:count], PRODUCTS)}).links.num_rows == meant
