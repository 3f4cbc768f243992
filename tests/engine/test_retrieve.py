"""Are constraints kept, wishes honoured, notes heard, and relaxations told?"""

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from engine.retrieve import VECTORS, Ask, Retrieved, retrieve
from engine.types import KINDS, Constraint, Found
from tests.engine.world import CAFE, LAWN, SUBURB, TENANT, intent, query, unit, world

VECTOR = unit(1, 0, 0, 0)[np.newaxis, :]


def ids(found: Retrieved, index: object = None) -> list[str]:
    index = index or world()
    order = np.lexsort((-found.candidates.fused, found.candidates.relax_level))
    names = [
        index.items(TENANT, KINDS[k], np.array([r]))[0]["id"]  # type: ignore[attr-defined]
        for k, r in zip(found.candidates.kind, found.candidates.row, strict=True)
    ]
    return [names[at] for at in order]


def test_hard_constraints_are_kept_and_wishes_come_first() -> None:
    found = retrieve(Ask(world(), replace(intent(CAFE, SUBURB)), query(), VECTOR))
    assert "park" not in ids(found)
    assert ids(found)[0] == "far"
    assert found.total == 4


def test_without_vectors_words_and_filters_still_answer() -> None:
    found = retrieve(Ask(world(), intent(CAFE), query(), None))
    assert set(ids(found)) == {"far", "near", "bare", "mute"}
    assert np.isnan(found.candidates.dense).all()


def test_too_few_answers_relax_in_order_with_a_receipt() -> None:
    cheap = Constraint("price", "lte", 50)
    wish = intent(CAFE, LAWN, cheap, relax_order=(2, 1))
    found = retrieve(Ask(world(), wish, query(), VECTOR))
    assert found.total == 1  # only "far" keeps everything as it was said
    assert ids(found)[0] == "far"
    assert [(r.slot, r.to) for r in found.relaxed] == [("price", None), ("amenity", None)]
    assert found.relaxed[0].gained == 1  # near: 90 a person
    levels = dict(zip(ids(found), np.sort(found.candidates.relax_level), strict=True))
    assert levels["far"] == 0 and levels["near"] > 0


def test_a_price_compared_with_somebody_unknown_gives_way_to_nothing_weaker() -> None:
    than = Constraint("price", "lte", {"ref": "nobody knows"}, hardness="soft")
    found = retrieve(Ask(world(), intent(CAFE, LAWN, than, relax_order=(2, 1)), query(), VECTOR))
    assert [r.slot for r in found.relaxed] == ["amenity"]


def test_what_may_not_be_relaxed_is_not() -> None:
    found = retrieve(Ask(world(), intent(CAFE, Constraint("price", "lte", 10), relax_order=()), query(), VECTOR))
    assert len(found.candidates) == 0 and found.relaxed == ()


def test_notes_vote_for_the_places_they_talk_about() -> None:
    found = retrieve(Ask(world(), intent(), query(), VECTOR))
    votes = dict(zip(found.candidates.row.tolist(), found.candidates.votes.tolist(), strict=True))
    assert votes[0] > votes[3]  # n1 and n2 are near the question, n3 is not
    assert np.isnan(votes[1])  # nobody wrote about "near"


def test_hidden_and_dead_items_never_come_back() -> None:
    index = world(dead=("near",))
    found = retrieve(Ask(index, intent(CAFE), query(), VECTOR, hidden=frozenset({"far", "gone"})))
    assert set(ids(found, index)) == {"bare", "mute"}


def test_an_explicit_kind_wins_over_the_parse() -> None:
    found = retrieve(Ask(world(), intent(), query(kinds=("note",)), VECTOR))
    assert set(found.candidates.kind) == {KINDS.index("note")}


def test_several_tastes_bring_neighbours_of_each() -> None:
    tastes = np.stack([unit(1, 0, 0, 0), unit(0, 1, 0, 0)])
    found = retrieve(Ask(world(), intent(kinds={"note": 1.0}, terms=""), query(), tastes))
    best = dict(zip(ids(found), np.sort(found.candidates.dense)[::-1], strict=True))
    assert {"n1", "n3"} <= set(best)
    assert found.candidates.dense.max() > 0.99


def test_searches_of_vectors_are_told_what_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    index, told = world(), list[float]()
    whole = index.dense

    def dense(*asked: Any, within_ms: float, enough: float) -> Found:
        told.append(within_ms)
        return whole(*asked, within_ms=within_ms, enough=enough)

    monkeypatch.setattr(index, "dense", dense)
    retrieve(Ask(index, intent(CAFE), query(), VECTOR, depth=1, left_ms=lambda: 3.0))
    assert told and set(told) == {VECTORS * 3.0}


def test_a_kind_of_which_there_is_nothing_becomes_the_next_wider_one_with_a_receipt() -> None:
    cats = replace(CAFE, value="cat_cafe")  # a kind of café, of which this world has none
    found = retrieve(Ask(world(), intent(cats, LAWN, relax_order=(1,)), query(), VECTOR))
    assert [(r.slot, r.origin, r.to, r.constraint) for r in found.relaxed[:1]] == [("category", "cat_cafe", "cafe", 0)]
    assert found.total == 0 and set(ids(found)[:2]) == {"far", "near"}  # cafés with a lawn first
    assert (found.candidates.relax_level > 0).all()


def test_a_kind_that_other_constraints_leave_empty_stays() -> None:
    cheap = Constraint("price", "lte", 1)
    found = retrieve(Ask(world(), intent(CAFE, cheap, relax_order=()), query(), VECTOR))
    assert len(found.candidates) == 0 and found.relaxed == ()


def test_a_kind_that_is_insisted_on_does_not_widen() -> None:
    cats = replace(CAFE, value="cat_cafe")
    found = retrieve(Ask(world(), intent(cats), query(insist=frozenset({0})), VECTOR))
    assert len(found.candidates) == 0 and found.relaxed == ()
