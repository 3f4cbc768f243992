"""Are live changes searchable at once, deletions gone at once, and old evidence with them?"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.types import KINDS, Constraint, Evidence, Verdict
from indexing import testimony
from indexing.snapshot import Snapshot
from tests.contracts import corpus
from tests.contracts.corpus import NEW_POI

T = "demo"
LAWN = Constraint("amenity", "has", "lawn")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder: Path = tmp_path_factory.mktemp("base")
    corpus.write(folder, corpus.POIS, corpus.PRODUCTS, corpus.NOTES)
    return Snapshot.open(folder, T, "1")


def note(item_id: str, body: str, *places: str, at: str = "2026-11-19T00:00:00+00:00") -> dict[str, Any]:
    return {
        "id": item_id,
        "title": "探店",
        "body": body,
        "poi_ids": list(places),
        "trust": "organic",
        "published_at": at,
    }


def proof(index: Snapshot, item_id: str, constraint: Constraint = LAWN) -> Evidence:
    return index.prove(T, "poi", constraint, np.array([index.where[item_id][1]]), "zh")[0]


def test_an_upsert_is_found_by_words_and_columns_before_its_vector(base: Snapshot) -> None:
    live = base.with_changes([(1, "p-new", "poi", NEW_POI)])
    row = live.where["p-new"][1]
    assert live.allowed(T, "poi", [LAWN])[row]
    assert row in live.lexical(T, "poi", "新开的咖啡", None, 5).rows
    assert row not in live.dense(T, "poi", corpus.vector("p-new"), None, 9).rows
    assert [i for i, _ in live.changes.pending()] == ["p-new"]
    assert base.locate(T, "p-new") is None and base.count(T, "poi") == 5


@pytest.mark.parametrize(
    "hardly_known",
    [
        Constraint("party_size", "gte", 4),
        Constraint("time.when", "in", {"from": "2026-11-28", "to": "2026-11-29"}),
        Constraint("duration", "eq", 120, assume={"of": "the whole trip"}),
    ],
    ids=lambda c: str(c.slot),
)
def test_what_data_can_hardly_tell_filters_no_more_after_an_upsert(base: Snapshot, hardly_known: Constraint) -> None:
    before = base.allowed(T, "poi", [hardly_known])
    after = base.with_changes([(1, "p-new", "poi", NEW_POI)]).allowed(T, "poi", [hardly_known])
    assert before.any() and after[: len(before)].tolist() == before.tolist()


def test_a_vector_of_a_text_that_has_changed_is_not_used(base: Snapshot) -> None:
    live = base.with_changes([(1, "p-new", "poi", NEW_POI)])
    text = dict(live.changes.pending())["p-new"]
    made = {"p-new": (text, corpus.vector("p-new"))}
    ready = live.with_changes([], made)
    assert not ready.changes.pending()
    assert ready.dense(T, "poi", corpus.vector("p-new"), None, 1).rows.tolist() == [ready.where["p-new"][1]]
    rewritten = live.with_changes([(2, "p-new", "poi", {**NEW_POI, "body": "换了说法"})], made)
    assert [i for i, _ in rewritten.changes.pending()] == ["p-new"]


def test_a_superseded_item_keeps_its_links_and_evidence(base: Snapshot) -> None:
    newer = {**corpus.POIS[0], "price_per_person": 1.0, "amenities": []}
    live = base.with_changes([(1, "p-lawn", "poi", newer)])
    assert live.items(T, "poi", np.array([live.where["p-lawn"][1]]))[0]["price_per_person"] == 1.0
    assert int(live.allowed(T, "poi", [Constraint("name", "eq", "草地咖啡")]).sum()) == 1
    shown = proof(live, "p-lawn")
    assert shown.verdict >= Verdict.LIKELY and shown.measured is None and shown.note_id in ("n-lawn", "n-old")
    assert live.column(T, "poi", "note_count", np.array([live.where["p-lawn"][1]]))[0] == 2


def test_without_evidence_the_merchant_alone_is_heard(base: Snapshot) -> None:
    deaf = base.without_evidence()
    shown = proof(deaf, "p-lawn")
    assert shown.note_id is None and shown.support == 0
    assert proof(base, "p-lawn").note_id is not None


def test_a_deleted_note_takes_its_sentences_along(base: Snapshot) -> None:
    assert proof(base, "p-lawn").note_id is not None
    live = base.with_changes([(1, "n-lawn", None, None), (2, "n-old", None, None)])
    shown = proof(live, "p-lawn")
    assert shown.sentence is None and shown.support == 0 and shown.measured  # the merchant still says so
    assert live.locate(T, "n-lawn") is None
    assert not len(live.lexical(T, "note", "草坪", None, 5).rows)


def test_news_changes_the_verdict_and_the_disagreement_is_told(base: Snapshot) -> None:
    said = ("草坪去年就拆了，现在没有草坪。", "跑了一趟，没有草坪，全是水泥地。", "带孩子来的，结果没有草坪可以玩。",
            "老照片别信，走到跟前没有草坪。")  # fmt: skip
    news = [note(f"n-{n}", body, "p-park") for n, body in enumerate(said)]
    live = base.with_changes([(n, each["id"], "note", each) for n, each in enumerate(news, 1)])
    before, after = proof(base, "p-park"), proof(live, "p-park")
    assert before.verdict == Verdict.MET and not before.disagrees
    assert after.verdict < Verdict.MET and after.disagrees and after.contradictions >= 1
    assert after.sentence and "没有草坪" in after.sentence and after.note_date == "2026-11-19"


def test_an_item_that_comes_back_after_its_deletion_is_alive(base: Snapshot) -> None:
    live = base.with_changes([(1, "p-bar", None, None)])
    assert live.locate(T, "p-bar") is None and not live.allowed(T, "poi", [])[base.where["p-bar"][1]]
    again = live.with_changes([(2, "p-bar", "poi", corpus.POIS[3])])
    assert again.locate(T, "p-bar") == ("poi", base.count(T, "poi"))
    assert int(again.allowed(T, "poi", []).sum()) == len(corpus.POIS)


def test_hearing_only_what_changed_equals_hearing_everyone(base: Snapshot) -> None:
    live = base.with_changes(
        [
            (1, "n-lawn", None, None),
            (2, "p-park", "poi", {**corpus.POIS[2], "tags": ["露营"]}),
            (3, "n-1", "note", note("n-1", "没有草坪，但是很安静，可以带狗。", "p-down", "p-lawn")),
            (4, "p-new", "poi", NEW_POI),
            (5, "n-2", "note", note("n-2", "草坪超大！", "p-new")),
        ]
    )
    alive = live.shelves["note"].alive
    everyone = testimony.testify(testimony.Court(live.segments, alive, live.talk, live.where, live.base.now))
    for kind in KINDS:
        heard, full = live.testimony.claims[kind], everyone.claims[kind]
        assert {n for n, c in heard.items() if len(c.rows)} == set(full)
        for name, claim in full.items():
            for column in ("rows", "probability", "support", "against", "at", "best"):
                assert np.array_equal(getattr(heard[name], column), getattr(claim, column), equal_nan=True), (
                    name,
                    column,
                )


def test_a_word_that_no_lexicon_knows_is_read_in_the_notes(base: Snapshot) -> None:
    swing = Constraint("amenity", "open", {"open": "木马雕像"})
    assert not base.allowed(T, "poi", [swing]).any()
    news = [note("n-1", "门口有木马雕像，很好拍。", "p-down"), note("n-2", "这里没有木马雕像了。", "p-park")]
    live = base.with_changes([(n, each["id"], "note", each) for n, each in enumerate(news, 1)])
    assert np.flatnonzero(live.allowed(T, "poi", [swing])).tolist() == [live.where["p-down"][1]]
    shown = proof(live, "p-down", swing)
    assert shown.verdict == Verdict.LIKELY and shown.support == 1 and shown.sentence == "门口有木马雕像，很好拍。"
    assert proof(live, "p-park", swing).contradictions == 1


BODIES = ("草坪超大！很安静。", "草坪去年就拆了，现在没有草坪。", "可以带狗，排队两小时。", "人很多，吵。停车不方便。")
PLACES = ("p-lawn", "p-park", "p-down", "p-bar", "p-new", "p-other")
WRITES = st.lists(
    st.one_of(
        st.builds(
            # labels are given: what a note is taken for depends on what was known when it came
            lambda n, body, about: (f"n-{n}", "note", {**note(f"n-{n}", body, *about), "trust": "sponsored"}),
            st.sampled_from(["lawn", "old", *range(6)]), st.sampled_from(BODIES), st.sets(st.sampled_from(PLACES)),
        ),
        st.builds(
            lambda place, price: (place, "poi", {**NEW_POI, "id": place, "price_per_person": price}),
            st.sampled_from(PLACES), st.sampled_from([20.0, 300.0]),
        ),
        st.builds(lambda i: (i, None, None), st.sampled_from([*PLACES, "n-lawn", "n-old", "n-0", "n-1"])),
    ),
    min_size=1, max_size=14,
)  # fmt: skip


def told(index: Snapshot) -> dict[Any, Any]:
    """Everything that an index says of each live item, by names in place of rows."""
    said: dict[Any, Any] = {}
    for kind in KINDS:
        alive = index.shelves[kind].alive
        ids = [i for segment in index.segments for i in segment.parts[kind].ids[:]]
        rows = np.flatnonzero(alive)
        said |= {(kind, ids[row]): dict(item) for row, item in zip(rows, index.items(T, kind, rows), strict=True)}
        for name, claim in index.testimony.claims[kind].items():
            for at, row in enumerate(claim.rows):
                assert alive[row], "what is dead is not spoken of"
                numbers = (claim.probability[at], int(claim.support[at]), int(claim.against[at]), claim.at[at])
                said[kind, ids[row], name] = (*numbers, index.testimony.sentence(int(claim.best[at])))
        talk = index.talk[kind]
        notes = [i for segment in index.segments for i in segment.parts["note"].ids[:]]
        said[kind, "links"] = sorted((notes[n], ids[r]) for n, r in zip(talk.note, talk.row, strict=True))
        said[kind, "cheap"] = {
            ids[row] for row in np.flatnonzero(index.allowed(T, kind, [Constraint("price", "lte", 100)]))
        }
        said[kind, "words"] = {ids[row] for row in index.lexical(T, kind, "草坪 咖啡", None, 50).rows}
    return said


@given(writes=WRITES)
@settings(max_examples=40, deadline=None)
def test_many_writes_come_to_the_same_as_one(base: Snapshot, writes: list[Any]) -> None:
    changes = [(seq, *write) for seq, write in enumerate(writes, 1)]
    step_by_step = base
    for change in changes:
        step_by_step = step_by_step.with_changes([change])
    assert told(step_by_step) == told(base.with_changes(changes))
    assert len(step_by_step.layers) <= 4


def test_vectors_reach_the_layer_that_waits_for_them(base: Snapshot) -> None:
    pois = {f"p-{n}": {**NEW_POI, "id": f"p-{n}", "name": f"新店{n}号"} for n in range(6)}
    live = base.with_changes([(n, i, "poi", item) for n, (i, item) in enumerate(list(pois.items())[:5], 1)])
    live = live.with_changes([(6, "p-5", "poi", pois["p-5"])])
    assert len(live.layers) == 2
    made = {i: (text, corpus.vector(i)) for i, text in live.changes.pending() if i in ("p-1", "p-5")}
    ready = live.with_changes([], made)
    for item_id in made:
        assert ready.dense(T, "poi", corpus.vector(item_id), None, 1).rows.tolist() == [ready.where[item_id][1]]
    assert [i for i, _ in ready.changes.pending()] == ["p-0", "p-2", "p-3", "p-4"]
    assert ready.shelves["note"].vectors is live.shelves["note"].vectors  # nothing changed there
