"""Does each feature say what its docstring says? Places, notes and products in one list, in mixed order."""

import math
from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from engine.types import F32, Candidates, Constraint, Intent, Place, Query
from ranking import among, compiled
from ranking import held as ranking_held
from ranking.batch import Batch
from ranking.features import FEATURES, NAMES, matrix, schema_hash
from ranking.held import Held
from tests.fakes.index import MemoryIndex
from tests.ranking import world
from tests.ranking.world import ALL, CAFE, CHEAP, LAWN, NAN, NO_SMOKE, SHANGHAI


def _values(wanted: Intent, found: Candidates = ALL, query: Query | None = None) -> Mapping[str, F32]:
    batch = Batch(world.index(), wanted, query or world.query(), found)
    return dict(zip(NAMES, matrix(batch).T, strict=True))


EVERYTHING = _values(world.intent(LAWN, NO_SMOKE, CAFE, CHEAP, SHANGHAI))
NOTHING = _values(world.intent(text="", terms=""))

# Order of ALL: place lawn, note n1, place plain, product tent, place bare, note n2.
BY_HAND = {
    "query_n_constraints": [5] * 6,
    "query_n_hard": [3] * 6,
    "query_has_geo": [1] * 6,
    "query_has_time": [0] * 6,
    "query_has_negation": [1] * 6,
    "query_lang": [0] * 6,
    "query_intent": [0] * 6,
    "query_term_count": [2] * 6,
    "cosine_gap_to_top": [0, 0.18, 0.36, 0.54, 0.72, 0.9],
    "bm25": [12, NAN, 8, NAN, 4, NAN],
    "bm25_to_top": [1, NAN, 2 / 3, NAN, 1 / 3, NAN],
    "rank_bm25": [1, NAN, 2, NAN, 3, NAN],
    "rank_dense": [1, 2, 3, 4, 5, 6],
    "votes_to_top": [NAN] * 6,
    "retriever_hit_count": [2, 1, 2, 1, 2, 1],
    "title_term_share": [1, 1, 0, 0, 0, 0],
    "brand_match": [1, NAN, NAN, 0, NAN, NAN],
    "n_hard_satisfied": [3, 0, 2, 0, 0, 0],
    "n_soft_satisfied": [1, 0, 0, 0, 0, 0],
    "n_unknown": [1, 4, 0, 0, 4, 4],  # amenities and districts do not apply to products
    "n_contradicted": [0, 0, 3, 2, 1, 0],
    "negation_violation": [0, 0, 1, 0, 0, 0],
    "match_category": [1, NAN, 1, 0, 0, NAN],
    "match_amenity": [1, NAN, 0, NAN, NAN, NAN],
    "match_price": [1, NAN, 0, 0, NAN, NAN],
    "match_audience": [NAN] * 6,
    "match_diet": [NAN] * 6,
    "evidence_support_log": [math.log1p(3), 0, 0, 0, 0, 0],
    "evidence_contradiction_rate": [0.25, NAN, NAN, NAN, NAN, NAN],
    "same_city": [1, NAN, 1, NAN, NAN, NAN],
    "km_from_center": [12, NAN, NAN, NAN, NAN, NAN],
    "distance_km": [NAN] * 6,
    "item_age_days": [NAN, 10, NAN, NAN, NAN, (world.NOW - world.NOTES[1]["published_at"]).days],
    "freshness": [NAN, 1 - 10 / 730, NAN, NAN, NAN, 0],
    "price": [40, NAN, 80, 300, NAN, NAN],
    "price_to_budget": [0.8, NAN, 1.6, 6, NAN, NAN],
    "price_to_median": [40 / 60 - 1, NAN, 80 / 60 - 1, 0, NAN, NAN],
    "rating": [4.5, NAN, 3.5, NAN, NAN, NAN],
    "rating_count_log": [math.log(91), NAN, math.log(11), NAN, NAN, NAN],
    "rating_bayes": [(4.5 * 90 + 40) / 100, NAN, (3.5 * 10 + 40) / 20, NAN, NAN, NAN],
    "impressions_log": [NAN, math.log(91), NAN, NAN, NAN, NAN],
    "click_rate": [NAN, 0.2, NAN, NAN, NAN, NAN],
    "save_rate": [NAN, 0.1, NAN, NAN, NAN, NAN],
    "note_count_log": [math.log(2), 0, 0, 0, 0, 0],
    "is_note": [0, 1, 0, 0, 0, 1],
    "is_product": [0, 0, 0, 1, 0, 0],
    "is_poi": [1, 0, 1, 0, 1, 0],
    "kind_weight": [1, 0.5, 1, 0, 1, 0.5],
    "sponsored_label": [NAN, 0, NAN, NAN, NAN, 1],
    "suspected_label": [NAN, 0, NAN, NAN, NAN, 0],
    "same_category_above": [0, NAN, 1, 0, 0, NAN],
    "same_author_above": [NAN] * 6,
    "taste_cosine": [NAN] * 6,
}


def test_authors_above_are_counted_in_the_order_of_retrieval() -> None:
    notes = [{"id": f"n{n}", "title": "t", "body": "b", "author_id": a} for n, a in enumerate(["x", "y", "x", "x"])]
    index = MemoryIndex(notes=notes, tenant="demo", now=world.NOW)
    found = world.found(*(("note", row) for row in range(4)), fused=[0.2, 0.9, 0.8, 0.5])
    batch = Batch(index, world.intent(), world.query(), found)
    above = matrix(batch)[:, NAMES.index("same_author_above")]
    assert_allclose(above, [2, 0, 0, 1])


@pytest.mark.parametrize("name", BY_HAND)
def test_by_hand(name: str) -> None:
    assert_allclose(EVERYTHING[name], BY_HAND[name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("match_", "evidence_", "probability_"))])
def test_without_constraints_nothing_is_known_of_them(name: str) -> None:
    assert np.isnan(NOTHING[name]).all()


def test_names_are_found_in_the_query_folded() -> None:
    values = _values(world.intent(text="周末想去 PLAIN CAFE 坐坐"))
    assert_allclose(values["name_exact"], [0, 0, 1, 0, 0, 0])
    assert values["name_partial"][2] == 1
    assert values["name_partial"][3] < 1


@pytest.mark.parametrize(
    ("terms", "match", "share"),
    [
        ("peak tents", 1, 1),
        ("tent", 1, 1),
        ("tent peg bag", 0, 1 / 3),  # a bag
        ("peak", NAN, 1),  # names no thing
        ("gaming laptop", 0, 0),
        ("帐篷收纳袋", 0, NAN),
    ],
)
def test_a_product_is_the_thing_asked_for_or_another(terms: str, match: float, share: float) -> None:
    values = _values(world.intent(terms=terms))
    assert_allclose(values["head_match"], [NAN, NAN, NAN, match, NAN, NAN])
    assert_allclose(values["word_share"], [NAN, NAN, NAN, share, NAN, NAN], rtol=1e-6)


def test_distance_is_to_the_named_place_first_then_to_the_person() -> None:
    near = world.query(Place(31.2, 121.5))
    values = _values(world.intent(), query=near)
    assert_allclose(values["distance_km"], [9.51, NAN, 0, NAN, NAN, NAN], atol=0.01)
    assert_allclose(values["geo_closeness"], [1 - 9.51 / 50, NAN, 1, NAN, NAN, NAN], atol=0.001)
    bund = Constraint("place.named", "near", {"name": "外滩", "km": 2.0, "lat": 31.2, "lon": 121.4})
    assert _values(world.intent(bund), query=near)["distance_km"][0] == 0


def test_a_budget_of_nothing_or_a_lower_bound_is_no_budget() -> None:
    for op, value in (("eq", 0), ("gte", 100.0)):
        values = _values(world.intent(Constraint("price", op, value)))
        assert np.isnan(values["price_to_budget"]).all()
    ranged = _values(world.intent(Constraint("price", "between", [20, 80])))
    assert ranged["price_to_budget"][2] == 1


def test_the_matrix_does_not_depend_on_the_order_of_candidates() -> None:
    wanted = world.intent(LAWN, NO_SMOKE, CAFE, CHEAP)
    turned = Candidates(*(getattr(ALL, name)[::-1] for name in ALL.__slots__))
    straight = matrix(Batch(world.index(), wanted, world.query(), ALL))
    assert_allclose(matrix(Batch(world.index(), wanted, world.query(), turned))[::-1], straight)


def test_no_candidates_give_no_rows() -> None:
    empty = matrix(Batch(world.index(), world.intent(LAWN), world.query(), world.found()))
    assert empty.shape == (0, len(FEATURES))


def test_values_are_finite_or_missing() -> None:
    spoilt = world.found(("poi", 0), ("poi", 1), dense=[np.inf, -np.inf], fused=[np.nan, 1e38])
    assert not np.isinf(matrix(Batch(world.index(), world.intent(), world.query(), spoilt))).any()


def test_names_are_unique_documented_and_the_schema_knows_their_order() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(feature.function.__doc__ for feature in FEATURES)
    assert schema_hash() == schema_hash()
    assert len(schema_hash()) == 64


_ODD = st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=3), st.lists(st.integers(), max_size=2))
_VALUES = st.one_of(_ODD, st.dictionaries(st.sampled_from(["lat", "lon", "name", "level"]), _ODD))


@settings(max_examples=150)
@given(st.sampled_from(["price", "place.named", "place.admin"]), st.sampled_from(["lte", "between", "eq"]), _VALUES)
def test_values_of_an_edited_parse_never_break_a_feature(slot: str, op: str, value: object) -> None:
    batch = Batch(world.index(), world.intent(Constraint(slot, op, value)), world.query(), ALL)
    chosen = [feature for feature in FEATURES if feature.name in {"price_to_budget", "distance_km", "same_city"}]
    values = matrix(batch, chosen)
    assert values.shape == (len(ALL), 3)
    assert not np.isinf(values).any()


@settings(max_examples=60)
@given(st.data(), st.integers(1, 40), st.integers(0, 4))
def test_machine_code_says_the_same_to_the_bit(data: st.DataObject, size: int, constraints: int) -> None:
    scores = st.sampled_from([NAN, np.inf, -np.inf, 0.0, 0.25, 0.5, 1.0])
    kinds, codes = (np.array(data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))) for _ in range(2))
    columns = np.array(data.draw(st.lists(st.lists(scores, min_size=size, max_size=size), min_size=4, max_size=4)))
    row, level = np.zeros(size, np.int64), np.zeros(size, np.int8)
    found = Candidates(kinds.astype(np.int8), row, *columns.astype(np.float32), level)
    held = Held.nothing([LAWN, NO_SMOKE, CAFE, CHEAP][:constraints], size)
    rng = np.random.default_rng(size)
    held.verdict[:] = rng.integers(0, 4, held.verdict.shape)
    held.probability[:] = rng.choice(columns[0].astype(np.float32), held.probability.shape)
    held.applies[:] = rng.random(held.applies.shape) < 0.7
    with np.errstate(invalid="ignore", divide="ignore"):
        plain = _told(found, codes, held, None)
        assert _told(found, codes, held, compiled) == plain


def _told(found: Candidates, codes: np.ndarray, held: Held, code: object) -> list[bytes]:
    """What is worked out with and without machine code, as bytes."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (among, ranking_held):
            patch.setattr(module, "machine", lambda: code)
        list_, fresh = among.Among(found), Held(*(getattr(held, name.name) for name in fields(Held)))
        values = [*list_.best, list_.ranks, list_.above(codes, 2), list_.kind_share_above, *fresh.chances]
        values += [fresh.kept("all"), fresh.known("hard"), fresh.sure("soft"), fresh.share_of_known("amenity")]
        return [value.tobytes() for value in values]
