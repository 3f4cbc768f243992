"""Do the places half of the sample and its truth hold together, and does the generator give the same bytes again?"""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import opening_hours
import pytest

from indexing.sample.authors import authors
from indexing.sample.bank import Claim, claimed, load
from indexing.sample.generate_places import HERE, generate, write
from indexing.validate import check

_SATURDAY = datetime(2026, 11, 28, 11, 0)
FILES = [
    "pois",
    "notes_places",
    "truth/sentences_places",
    "truth/links_places",
    "truth/trust_places",
    "truth/places_world",
]


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def pois() -> dict[str, dict[str, Any]]:
    return {p["id"]: p for p in rows("pois")}


@pytest.fixture(scope="module")
def notes() -> dict[str, dict[str, Any]]:
    return {n["id"]: n for n in rows("notes_places")}


@pytest.fixture(scope="module")
def world() -> dict[str, dict[str, Any]]:
    return {w["id"]: w for w in rows("truth/places_world")}


def test_generating_again_gives_the_same_bytes(tmp_path: Path) -> None:
    write(generate(), tmp_path)
    for name in FILES:
        assert (tmp_path / f"{name}.jsonl").read_bytes() == (HERE / f"{name}.jsonl").read_bytes(), name


def test_another_seed_gives_other_notes() -> None:
    assert generate(seed=1)["notes_places"] != rows("notes_places")


def test_every_row_keeps_its_schema(pois: dict[str, Any], notes: dict[str, Any]) -> None:
    for poi in pois.values():
        assert check("poi", poi)["id"] == poi["id"]
    for note in notes.values():
        assert check("note", note)["id"] == note["id"]


def test_there_is_enough_of_everything(pois: dict[str, Any], notes: dict[str, Any]) -> None:
    assert len(pois) >= 420 and len(notes) >= 900
    assert Counter(p["city"] for p in pois.values()).keys() == {"杭州", "成都", "上海", "Munich"}
    chinese = sum(n["lang"] == "zh" for n in notes.values()) / len(notes)
    assert 0.62 <= chinese <= 0.78
    assert len({p["category"] for p in pois.values()}) >= 12
    assert len({(p["city"], p["name"]) for p in pois.values()}) == len(pois)


def test_opening_hours_can_be_read(pois: dict[str, Any]) -> None:
    for poi in pois.values():
        opening_hours.OpeningHours(poi["opening_hours"])


def test_notes_name_known_authors_and_places(pois: dict[str, Any], notes: dict[str, Any]) -> None:
    people = {a.id for a in authors()}
    links = {link["note_id"]: link for link in rows("truth/links_places")}
    assert links.keys() == notes.keys()
    for note in notes.values():
        assert note["author_id"] in people
        assert set(note["poi_ids"]) <= pois.keys()
        link = links[note["id"]]
        if not link["explicit"]:
            assert pois[link["item_id"]]["name"] in note["title"] + note["body"]


def test_truth_sentences_stand_word_for_word_in_their_notes(notes: dict[str, Any]) -> None:
    kinds: Counter[str] = Counter()
    for sentence in rows("truth/sentences_places"):
        note = notes[sentence["note_id"]]
        assert sentence["sentence"] in note["body"]
        assert note["published_at"].startswith(sentence["date"])
        assert sentence["polarity"] in (1, -1)
        kinds[sentence["kind"]] += 1
    assert kinds.keys() == {"plain", "negated", "hearsay", "question", "ended"}


def test_no_sentence_is_labelled_twice_with_one_attribute() -> None:
    told = Counter((s["note_id"], s["sentence"], s["attribute"]) for s in rows("truth/sentences_places"))
    assert max(told.values()) == 1


def test_marks_for_the_truth_alone_change_the_labels_and_not_the_claims() -> None:
    text, claims, mend = claimed(
        "坐了五个小时没人来催。 @family_with_kids+ @@good_service+ @@lawn-~ @@-family_with_kids"
    )
    assert text == "坐了五个小时没人来催。"
    assert claims == (Claim("family_with_kids", 1, "plain"),)
    assert mend.labels(claims) == (Claim("good_service", 1, "plain"), Claim("lawn", -1, "ended"))
    assert mend.labels((Claim("quiet", 1, "plain"),))[0] == Claim("quiet", 1, "plain")


def test_every_mark_of_the_banks_is_read(notes: dict[str, Any]) -> None:
    assert not any("@@" in note["title"] + note["body"] for note in notes.values())


def test_a_withdrawn_label_is_gone_and_a_further_one_is_there() -> None:
    told: dict[str, set[str]] = {}
    for sentence in rows("truth/sentences_places"):
        told.setdefault(sentence["sentence"], set()).add(sentence["attribute"])
    assert "老公加班，我一个人带俩出来，心里是打鼓的。" not in told
    assert told["坐了五个小时没人来催，中途店员还帮我续了水。"] == {"work_friendly", "good_service"}


def test_no_sentence_wears_out() -> None:
    used = Counter((s["sentence"], s["attribute"]) for s in rows("truth/sentences_places"))
    assert max(used.values()) <= 14


def test_every_label_of_trust_is_there_and_half_of_them_are_hidden(notes: dict[str, Any]) -> None:
    truth = {t["note_id"]: t["label"] for t in rows("truth/trust_places")}
    assert set(truth.values()) == {"organic", "sponsored", "merchant", "suspected"}
    seen = [n for n in notes.values() if n["trust"]]
    assert all(n["trust"] == truth[n["id"]] for n in seen)
    assert 0.3 <= len(seen) / len(notes) <= 0.6


def test_the_flagship_has_answers_and_every_trap(pois: dict[str, Any], world: dict[str, Any]) -> None:
    roles = Counter(w["role"] for w in world.values() if w["role"])
    assert roles["answer"] >= 6
    traps = {"trap_downtown", "trap_no_kids", "trap_park", "trap_removed", "trap_weekend_closed", "trap_claims"}
    assert traps <= roles.keys()
    for place in (w for w in world.values() if w["role"]):
        now = {a["id"]: a["polarity"] > 0 for a in place["attributes"] if a["until"] is None}
        open_saturday = opening_hours.OpeningHours(pois[place["id"]]["opening_hours"]).is_open(_SATURDAY)
        fits = (
            place["category"] == "cafe",
            bool(now["lawn"]),
            bool(now["family_with_kids"]),
            10 <= place["km_from_center"] <= 40,
            open_saturday,
        )
        assert all(fits) == (place["role"] == "answer"), (place["id"], place["role"], fits)


def test_places_of_the_world_are_the_places_of_the_file(pois: dict[str, Any], world: dict[str, Any]) -> None:
    assert pois.keys() == world.keys()


def test_banks_hold_no_line_twice() -> None:
    for bank in ("attributes_zh", "attributes_en", "voices_zh", "voices_en", "colour_zh", "colour_en"):
        lines = Counter((line.head, line.text) for line in load(bank))
        assert max(lines.values()) == 1, bank
