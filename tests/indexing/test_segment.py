"""Is a segment that was built from tables complete, deterministic, and the same when it is opened again?"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import IncompatibleSnapshot
from engine.types import Constraint, Kind, Verdict
from indexing.hash_encoder import HashEncoder
from indexing.segment import Segment
from indexing.snapshot import Snapshot
from indexing.talk import resolve
from indexing.testimony import first_court
from indexing.validate import to_table
from indexing.write import write_segment
from tests.contracts.corpus import NOTES, NOW, POIS, PRODUCTS

T = "demo"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("segment")
    write(home)
    return home


def write(home: Path) -> dict[str, Any]:
    tables: dict[Kind, Any] = {
        "poi": to_table("poi", POIS),
        "product": to_table("product", PRODUCTS),
        "note": to_table("note", NOTES),
    }
    return write_segment(home, tables, HashEncoder(32), now=NOW)


def test_the_facts_say_what_was_built(tmp_path: Path) -> None:
    facts = write(tmp_path)
    assert facts["counts"] == {"note": 4, "product": 3, "poi": 5}
    assert facts["encoder"] == "hash-1-32" and facts["languages"]["note"] == {"en": 1, "zh": 3}
    assert json.loads(json.dumps(facts)) == facts


def test_a_note_brings_its_sentence_as_evidence(folder: Path) -> None:
    index = Snapshot.open(folder, T, "1")
    found = index.locate(T, "p-lawn")
    assert found is not None
    proof = index.prove(T, "poi", Constraint("amenity", "has", "lawn"), np.array([found[1]]), "zh")[0]
    assert proof.verdict == Verdict.MET and proof.support >= 1
    assert proof.sentence and "草" in proof.sentence and proof.note_id in ("n-lawn", "n-old") and proof.note_date
    assert proof.measured and "商家" in proof.measured


def test_notes_stand_where_their_places_stand(folder: Path) -> None:
    index = Snapshot.open(folder, T, "1")
    note = np.array([index.where["n-en"][1]])
    assert index.column(T, "note", "city", note)[0] == "杭州"
    assert index.column(T, "note", "lat", note)[0] == pytest.approx(30.2461)
    cafes = index.allowed(T, "note", [Constraint("category", "eq", "cafe")])
    assert cafes[note[0]] and not cafes[index.where["n-camp"][1]]


def test_a_query_in_its_words_finds_its_item(folder: Path) -> None:
    index, encoder = Snapshot.open(folder, T, "1"), HashEncoder(32)
    raw = encoder.encode(["露营帐篷 两人帐篷，防雨"], "query")[0]
    found = index.dense(T, "product", index.center(raw, "zh"), None, 1)
    assert index.items(T, "product", found.rows)[0]["id"] == "g-tent"


def test_the_names_of_the_items_are_known(folder: Path) -> None:
    spans = {(s.slot, s.value) for s in Snapshot.open(folder, T, "1").names.find("城西公园附近的香河肉饼,nightowl")}
    assert {("name", "城西公园"), ("dish", "香河肉饼"), ("brand", "NightOwl")} <= spans


def test_proofs_are_measured_in_both_languages(folder: Path) -> None:
    index = Snapshot.open(folder, T, "1")
    row = np.array([index.where["p-lawn"][1]])
    cases = [
        (Constraint("place.zone", "in", "suburb_near"), "km from the centre"),
        (Constraint("price", "lte", 100), "¥60 per person"),
        (Constraint("time.open", "open_during", {"days": ["SA"]}), "open Mo-Su 09:00-18:00"),
        (Constraint("dish", "has", "肉饼"), "dishes: 香河肉饼"),
        (Constraint("rating", "gte", 4), "rated 4.6"),
        (Constraint("place.named", "near", {"name": "城西公园", "km": 9}), "km from 城西公园"),
        (Constraint("duration", "eq", 90), "a visit takes 1-2 hours"),
    ]
    for constraint, said in cases:
        proof = index.prove(T, "poi", constraint, row, "en")[0]
        assert proof.measured and said in proof.measured, constraint.slot


def test_links_that_were_written_are_those_that_the_notes_make(folder: Path) -> None:
    base = Segment.open(folder)
    assert base.talk
    court = first_court(base)
    made = resolve([base], court.where, {kind: len(part) for kind, part in base.parts.items()})
    for kind, talk in court.talk.items():
        assert {name: array.tolist() for name, array in talk.arrays(kind).items()} == {
            name: array.tolist() for name, array in made[kind].arrays(kind).items()
        }
    assert len(court.talk["poi"].row)


def test_two_builds_are_the_same_index(folder: Path, tmp_path: Path) -> None:
    write(tmp_path)
    for name in ("poi/items.arrow", "poi/vectors.npy", "evidence.arrow", "names/keys.npy", "poi/columns/name.data.npy"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_another_format_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    said = json.loads((tmp_path / "segment.json").read_text())
    (tmp_path / "segment.json").write_text(json.dumps({**said, "format": 99}))
    with pytest.raises(IncompatibleSnapshot, match="99"):
        Segment.open(tmp_path)


def test_an_index_without_items_answers_nothing(tmp_path: Path) -> None:
    write_segment(tmp_path, {}, HashEncoder(32), now=NOW)
    index = Snapshot.open(tmp_path, T, "1")
    assert index.count(T, "poi") == 0 and not len(index.allowed(T, "poi", [Constraint("rating", "gte", 4)]))
    assert not len(index.lexical(T, "poi", "咖啡", None, 3).rows)
