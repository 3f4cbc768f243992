"""Does every Index keep the promises of engine.ports.Index? One suite, every implementation."""

from typing import Any

import numpy as np
import pytest

from engine.errors import UnknownTenant
from engine.ports import Index
from engine.types import KINDS, Constraint, Kind, Verdict
from engine.vocabulary import FACETS
from tests.contracts import corpus
from tests.contracts.corpus import TENANT
from tests.contracts.indexes import ids, rows


def kept(index: Index, kind: Kind, *constraints: Constraint) -> set[str]:
    return ids(index, kind, index.allowed(TENANT, kind, constraints))


def has(slot: str, value: Any, **more: Any) -> Constraint:
    return Constraint(slot, "has", value, **more)


ALL = {str(i["id"]) for i in corpus.POIS}
POI_CASES: list[tuple[Constraint, set[str]]] = [
    (Constraint("category", "eq", "cafe"), {"p-lawn", "p-down"}),
    (Constraint("category", "in", ["bar", "park"]), {"p-bar", "p-park"}),
    (Constraint("category", "eq", "cafe", polarity=-1), {"p-park", "p-bar", "p-bare"}),
    (has("amenity", "lawn"), {"p-lawn", "p-park"}),
    (has("amenity", "lawn", polarity=-1), {"p-down", "p-bar", "p-bare"}),
    (has("dish", "肉饼"), {"p-lawn"}),
    (has("dish", "香河 提拉"), {"p-lawn"}),
    (has("cuisine", "coffee"), {"p-lawn"}),
    (Constraint("price", "lte", 60), {"p-lawn", "p-down", "p-park"}),
    (Constraint("price", "between", [38, 60]), {"p-lawn", "p-down"}),
    (Constraint("price", "eq", 0), {"p-park"}),
    (Constraint("price", "lte", 60, polarity=-1), {"p-bar", "p-bare"}),
    (Constraint("rating", "gte", 4.6), {"p-lawn", "p-park"}),
    (Constraint("place.admin", "in", {"level": "city", "name": "杭州"}), {"p-lawn", "p-down", "p-park"}),
    (Constraint("place.admin", "in", {"level": "district", "name": "西湖区"}), {"p-lawn", "p-park"}),
    (Constraint("distance", "lte", 6.0, assume={"lat": 30.25, "lon": 119.95}), {"p-lawn", "p-park"}),
    (
        Constraint("place.named", "near", {"name": "x", "km": 2.0, "lat": 31.23, "lon": 121.47}),
        {"p-bar"},
    ),
    (Constraint("brand", "eq", "nightowl"), {"p-bar"}),
    (Constraint("name", "eq", "城西公园"), {"p-park"}),
    (Constraint("trust", "eq", "organic"), {"p-lawn", "p-down", "p-park", "p-bar", "p-bare"}),  # not a place's slot
]


@pytest.mark.parametrize(("constraint", "expected"), POI_CASES, ids=lambda c: getattr(c, "slot", None))
def test_places_that_keep_a_constraint(index: Index, constraint: Constraint, expected: set[str]) -> None:
    assert kept(index, "poi", constraint) == expected


def test_products_and_notes_that_keep_a_constraint(index: Index) -> None:
    euros = Constraint("price", "lte", 200, assume={"currency": "CNY"})
    assert "g-cream" in kept(index, "product", euros)
    assert kept(index, "product", has("attr.skin", "sensitive_skin")) == {"g-cream"}
    assert kept(index, "product", Constraint("brand", "in", ["Avene", "Anessa"])) == {"g-cream", "g-sun"}
    assert kept(index, "note", Constraint("trust", "eq", "organic")) == {"n-lawn", "n-camp", "n-en"}
    assert kept(index, "note", Constraint("recency", "gte", "2026-06-01")) == {"n-lawn", "n-camp", "n-en"}


def test_constraints_are_joined_by_and(index: Index) -> None:
    cafe, lawn = Constraint("category", "eq", "cafe"), has("amenity", "lawn")
    assert kept(index, "poi", cafe, lawn) == {"p-lawn"}
    assert kept(index, "poi") == ALL


@pytest.mark.parametrize(("constraint", "expected"), POI_CASES, ids=lambda c: getattr(c, "slot", None))
def test_the_filter_and_the_judge_agree(index: Index, constraint: Constraint, expected: set[str]) -> None:
    every = np.arange(index.count(TENANT, "poi"))
    verdict = index.judge(TENANT, "poi", constraint, every).verdict
    mask = index.allowed(TENANT, "poi", [constraint])
    live = index.allowed(TENANT, "poi", [])
    if constraint.slot == "trust":
        assert (verdict == Verdict.UNKNOWN).all()
    elif constraint.polarity > 0:
        assert ((verdict >= Verdict.LIKELY)[live] == mask[live]).all()
    else:
        assert ((verdict != Verdict.CONTRADICTED)[live] == mask[live]).all()


def test_dense_gives_the_nearest_first_and_only_the_allowed(index: Index) -> None:
    query = corpus.vector("p-park")
    found = index.dense(TENANT, "poi", query, None, 3)
    assert index.items(TENANT, "poi", found.rows)[0]["id"] == "p-park"
    assert found.scores[0] == pytest.approx(1.0, abs=1e-3)
    assert (np.diff(found.scores) <= 0).all() and len(found.rows) == 3 and found.plan
    cafes = index.allowed(TENANT, "poi", [Constraint("category", "eq", "cafe")])
    assert ids_of(index, index.dense(TENANT, "poi", query, cafes, 9).rows) == {"p-lawn", "p-down"}


def ids_of(index: Index, found: Any) -> set[str]:
    return {str(i["id"]) for i in index.items(TENANT, "poi", found)}


def test_an_item_without_a_vector_is_not_dense_but_has_words(index: Index) -> None:
    tent = rows(index, "g-tent")
    assert np.isnan(index.vectors(TENANT, "product", tent)).all()
    assert tent[0] not in index.dense(TENANT, "product", corpus.vector("g-tent"), None, 9).rows
    assert tent[0] in index.lexical(TENANT, "product", "露营帐篷", None, 9).rows


def test_lexical_finds_chinese_and_english_words(index: Index) -> None:
    first = index.lexical(TENANT, "poi", "露营的公园", None, 5)
    assert index.items(TENANT, "poi", first.rows)[0]["id"] == "p-park"
    english = index.lexical(TENANT, "poi", "espresso downtown", None, 5)
    assert index.items(TENANT, "poi", english.rows)[0]["id"] == "p-down"
    lawn = index.allowed(TENANT, "poi", [has("amenity", "lawn")])
    assert "p-down" not in ids_of(index, index.lexical(TENANT, "poi", "咖啡", lawn, 5).rows)
    assert len(index.lexical(TENANT, "poi", "", None, 5).rows) == 0
    assert len(index.lexical(TENANT, "poi", "咖啡", np.zeros(index.count(TENANT, "poi"), bool), 5).rows) == 0


def test_words_of_the_title_are_told_from_the_others(index: Index) -> None:
    rows = np.arange(index.count(TENANT, "poi"))[::-1]
    found = index.worded(TENANT, "poi", "espresso", rows)
    titles = [str(t or "").casefold() for t in index.column(TENANT, "poi", "title", rows)]
    assert found.shape == (2, len(rows)) and found.dtype == np.float32
    np.testing.assert_array_equal(found[0] > 0, ["espresso" in title for title in titles])
    assert not index.worded(TENANT, "poi", "zzzz", rows).any()
    assert index.worded(TENANT, "poi", "espresso", rows[:0]).shape == (2, 0)


def test_rare_words_say_more(index: Index) -> None:
    common, rare = (float(index.significance(TENANT, "poi", word).max()) for word in ("咖啡", "zzzz"))
    assert rare > common > 0
    assert len(index.significance(TENANT, "poi", "")) == 0


def test_without_hours_nobody_knows_when_it_closes(index: Index) -> None:
    rows = np.arange(index.count(TENANT, "product"))
    assert np.isnan(index.closing(TENANT, "product", corpus.NOW, rows)).all()


def test_the_words_of_a_query_are_marked_in_the_items_that_hold_them(index: Index) -> None:
    found = index.lexical(TENANT, "poi", "咖啡", None, 5).rows
    marked = index.highlight(TENANT, "poi", "咖啡", found)
    assert len(marked) == len(found) and any(marked)
    said = [shown.text[start:end] for row in marked for shown in row for start, end in shown.spans]
    assert all(said) and any("咖啡" in words for words in said)
    assert index.highlight(TENANT, "poi", "没有这样的词", found) == [()] * len(found)


def test_notes_know_what_they_talk_about(index: Index) -> None:
    note = rows(index, "n-lawn", "n-camp")
    links = index.linked(TENANT, note, "poi")
    talk = {(int(n), int(r)) for n, r in zip(links.note, links.row, strict=True)}
    place = rows(index, "p-lawn", "p-park")
    assert talk == {(int(note[0]), int(place[0])), (int(note[1]), int(place[1]))}
    assert (links.confidence > 0).all()
    assert len(index.linked(TENANT, rows(index, "n-camp"), "product").row) == 1


def test_proof_is_parallel_and_measured(index: Index) -> None:
    here = rows(index, "p-lawn", "p-bare")
    proofs = index.prove(TENANT, "poi", Constraint("price", "lte", 100), here, "zh")
    assert [p.verdict for p in proofs] == [Verdict.MET, Verdict.UNKNOWN]
    assert proofs[0].measured and "60" in proofs[0].measured
    assert proofs[1].measured is None


def test_proof_asked_for_again_is_that_of_the_same_rows_and_words(index: Index) -> None:
    here, asked = rows(index, "p-lawn", "p-bare"), Constraint("price", "lte", 100)
    proofs = index.prove(TENANT, "poi", asked, here, "zh")
    assert index.prove(TENANT, "poi", asked, here[::-1], "zh") == proofs[::-1]
    assert index.prove(TENANT, "poi", asked, here[1:], "zh") == proofs[1:]
    dear = index.prove(TENANT, "poi", Constraint("price", "lte", 20), here, "zh", 1)
    assert (dear[0].verdict, dear[0].constraint) == (Verdict.CONTRADICTED, 1)


def test_columns_are_numbers_with_nan_or_objects_with_none(index: Index) -> None:
    here = rows(index, "p-lawn", "p-bare")
    price = index.column(TENANT, "poi", "price_per_person", here)
    assert price.dtype == np.float64 and price[0] == 60 and np.isnan(price[1])
    assert list(index.column(TENANT, "poi", "city", here)) == ["杭州", None]
    assert np.isnan(index.column(TENANT, "poi", "likes", here)).all()
    assert list(index.column(TENANT, "poi", "note_count", here)) == [2, 0]
    assert list(index.column(TENANT, "poi", "title", here)) == ["草地咖啡", "无名小店"]
    age = index.column(TENANT, "note", "age_days", rows(index, "n-camp"))
    assert age[0] == pytest.approx(19)


@pytest.mark.parametrize("name", ["category", "city", "author_id", "lang", "brand", "no such column"])
@pytest.mark.parametrize("kind", KINDS)
def test_texts_come_as_numbers_into_the_different_ones(index: Index, kind: Kind, name: str) -> None:
    every = np.flatnonzero(index.allowed(TENANT, kind, []))
    here = np.append(every[::-1], every[:1])
    codes, texts = index.coded(TENANT, kind, name, here)
    said = [value if isinstance(value, str) else None for value in index.column(TENANT, kind, name, here)]
    assert [texts[code] for code in codes] == said
    assert len(set(texts)) == len(texts) and texts[-1] is None and set(texts[:-1]) == set(said) - {None}


def test_items_come_as_stored(index: Index) -> None:
    item = index.items(TENANT, "poi", rows(index, "p-lawn"))[0]
    assert {k: item[k] for k in corpus.POIS[0]} == corpus.POIS[0]
    assert None not in item.values()


def test_rows_and_ids_belong_together(index: Index) -> None:
    for item in [*corpus.POIS, *corpus.PRODUCTS, *corpus.NOTES]:
        found = index.locate(TENANT, item["id"])
        assert found is not None
        assert index.items(TENANT, found[0], np.array([found[1]]))[0]["id"] == item["id"]
    assert index.locate(TENANT, "nobody") is None


def test_another_tenant_gets_nothing(index: Index) -> None:
    with pytest.raises(UnknownTenant):
        index.allowed("other", "poi", [])
    with pytest.raises(UnknownTenant):
        index.lexical("other", "poi", "咖啡", None, 3)
    with pytest.raises(UnknownTenant):
        index.locate("other", "p-lawn")


@pytest.mark.parametrize("facet", ["category", "amenity", "city", "price", "rating", "brand", "cuisine"])
def test_what_a_facet_offers_is_counted_as_its_filter_keeps(index: Index, facet: str) -> None:
    live = index.allowed(TENANT, "poi", [])
    offered = index.choices(TENANT, "poi", facet, live, 10)
    counts = index.tally(TENANT, "poi", offered, live)
    assert len(offered) and counts.any() and all(c.slot == FACETS[facet] for c in offered)
    assert counts.tolist() == [int(index.allowed(TENANT, "poi", [c]).sum()) for c in offered]
    assert len(index.choices(TENANT, "poi", facet, np.zeros_like(live), 10)) == 0 or facet in ("price", "rating")
    assert not index.tally(TENANT, "poi", offered, np.zeros_like(live)).any()


def test_a_facet_offers_the_commonest_first(index: Index) -> None:
    live = index.allowed(TENANT, "poi", [])
    assert [c.value for c in index.choices(TENANT, "poi", "category", live, 1)] == ["cafe"]
    assert index.choices(TENANT, "poi", "city", live, 1)[0].value == {"level": "city", "name": "杭州"}
