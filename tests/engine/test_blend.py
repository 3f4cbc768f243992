"""Does the page show evidence for every constraint, reasons, and nobody twice too often?"""

import numpy as np
import pytest

from engine.blend import cut, language_of, show
from engine.live import View
from engine.proof import prove
from engine.retrieve import Ask, retrieve
from engine.spread import PAID_SHARE, SUSPECTED, WINDOW, cap
from engine.types import Constraint, Intent, Query, Results, Verdict
from tests.engine.world import CAFE, LAWN, SUBURB, TENANT, intent, query, unit, world
from tests.fakes.index import MemoryIndex


class Order:
    """Scores as given by retrieval."""

    version = "order"

    def score(self, index, intent, query, found):  # type: ignore[no-untyped-def]
        return found.fused

    def explain(self, index, intent, query, found):  # type: ignore[no-untyped-def]
        return {"fused": found.fused}


class Letters:
    """A fake encoder with a fingerprint."""

    fingerprint, dim = "f" * 64, 4


def page(wish: Intent, asked: Query, index: MemoryIndex | None = None) -> Results:
    index = index or world()
    found = retrieve(Ask(index, wish, asked, unit(1, 0, 0, 0)[np.newaxis, :]))
    view, scores = View(index, Letters(), Order()), found.candidates.fused  # type: ignore[arg-type]
    shown = cut(view, wish, asked, found, scores)
    proofs = prove(index, TENANT, wish, found.candidates, shown, language_of(wish, asked))
    return show(view, wish, asked, found, scores, shown, proofs)


def test_every_hit_answers_every_constraint_in_order() -> None:
    results = page(intent(CAFE, LAWN, SUBURB), query())
    assert results.hits[0].id == "far"
    for hit in results.hits:
        assert [e.constraint for e in hit.evidence] == [0, 1, 2]
    assert [e.verdict for e in results.hits[0].evidence] == [Verdict.MET] * 3
    assert any("草坪" in sentence for sentence in results.hits[0].why)


def test_a_constraint_of_another_kind_is_unknown_not_broken() -> None:
    results = page(intent(Constraint("time.open", "open_at", "now"), kinds={"note": 1.0}), query())
    assert {e.verdict for hit in results.hits for e in hit.evidence} == {Verdict.UNKNOWN}


def test_reasons_follow_the_language_of_the_request() -> None:
    english = page(intent(LAWN), query(lang="en")).hits[0].why
    assert any(sentence.startswith("lawn") for sentence in english)


def test_pages_follow_each_other_without_repeats() -> None:
    wish = intent(kinds={"poi": 1.0, "note": 0.5})
    whole = [hit.id for hit in page(wish, query()).hits]
    first, second = page(wish, query(limit=3)), page(wish, query(limit=5, offset=3))
    assert first.next_offset == 3
    assert [h.id for h in first.hits] + [h.id for h in second.hits] == whole
    assert second.next_offset is None


def test_sort_by_price_puts_the_unknown_last() -> None:
    hits = page(intent(sort="price"), query(kinds=("poi",))).hits
    prices = [hit.item.get("price_per_person") for hit in hits]
    assert prices == [40.0, 90.0, 200.0, None, None]


def test_explain_shows_features() -> None:
    assert page(intent(), query(explain=True)).hits[0].features is not None
    assert page(intent(), query()).hits[0].features is None


def test_one_author_waits_after_two_of_ten() -> None:
    notes = [
        {"id": f"n{i}", "title": f"t{i}", "body": "b", "author_id": "loud" if i < 5 else f"a{i}"} for i in range(12)
    ]
    random = np.random.default_rng(3)
    vectors = {f"n{i}": unit(*random.normal(size=4)) for i in range(12)}
    index = MemoryIndex(notes=notes, vectors=vectors, tenant=TENANT)
    top = [hit.item["author_id"] for hit in page(intent(kinds={"note": 1.0}, terms=""), query(), index).hits[:9]]
    assert top.count("loud") == 2


def test_a_sort_caps_loud_authors_too() -> None:
    notes = [
        {"id": f"n{i}", "title": f"t{i}", "body": "b", "saves": 100.0 - i, "author_id": "loud" if i < 5 else f"a{i}"}
        for i in range(12)
    ]
    random = np.random.default_rng(3)
    vectors = {f"n{i}": unit(*random.normal(size=4)) for i in range(12)}
    index = MemoryIndex(notes=notes, vectors=vectors, tenant=TENANT)
    hits = page(intent(kinds={"note": 1.0}, terms="", sort="saves"), query(), index).hits
    assert [hit.item["author_id"] for hit in hits[:9]].count("loud") == 2
    assert len(hits) == 12


def test_browsing_widely_lifts_no_advertisement_that_must_wait() -> None:
    trust = ["sponsored"] * 4 + ["suspected"] * 4 + ["organic"] * 12
    random = np.random.default_rng(5)
    # advertisements are nearest to the query, and unlike each other: likeness alone would let all of them in
    vectors = {f"n{i}": unit(3.0 if i < 8 else 1.0, *random.normal(size=3)) for i in range(20)}
    notes = [
        {"id": f"n{i}", "title": f"t{i}", "body": "b", "author_id": f"a{i}", "trust": label, "category": None}
        for i, label in enumerate(trust)
    ]
    index = MemoryIndex(notes=notes, vectors=vectors, tenant=TENANT)
    wish = intent(name="browse", kinds={"note": 1.0}, terms="")
    top = [hit.item["trust"] for hit in page(wish, query(), index).hits[:10]]
    assert top.count("sponsored") <= PAID_SHARE * WINDOW and top.count("suspected") <= SUSPECTED


@pytest.mark.parametrize("seed", range(8))
def test_the_first_places_of_a_cap_are_the_same_however_many_are_asked_for(seed: int) -> None:
    random, count = np.random.default_rng(seed), 90
    voices = random.integers(1, 6)
    notes = [
        {"id": f"n{i:02}", "title": f"t{i}", "body": "b", "author_id": f"a{random.integers(voices)}",
         "trust": str(random.choice(["organic", "sponsored", "suspected"]))}
        for i in range(count)
    ]  # fmt: skip
    copied = [unit(*random.normal(size=4)) for _ in range(30)]
    vectors = {f"n{i:02}": copied[random.integers(30)] for i in range(count)}
    index = MemoryIndex(notes=notes, vectors=vectors, tenant=TENANT)
    found = retrieve(Ask(index, intent(kinds={"note": 1.0}, terms=""), query(), None)).candidates
    places = random.permutation(len(found))
    whole = cap(index, TENANT, "note", found, places)
    assert sorted(whole.tolist()) == sorted(places.tolist())
    for most in (1, 5, 20, 60):
        some = cap(index, TENANT, "note", found, places, most=most)
        assert some[:most].tolist() == whole[:most].tolist()
        assert sorted(some.tolist()) == sorted(places.tolist())
