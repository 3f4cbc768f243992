"""Can people read the whole file on an item: verdicts, the merchant's word, sentences for and against?"""

import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.cli import main
from indexing.sample.files import rows
from tests.api.world import FLAGSHIP


def _cafe(reader: TestClient) -> str:
    found = reader.post("/v1/search", json={"q": FLAGSHIP, "kinds": ["poi"], "limit": 1}).json()
    item: str = found["hits"][0]["id"]
    return item


def test_a_file_holds_verdicts_with_the_sentences_behind_them(reader: TestClient) -> None:
    item = _cafe(reader)
    file = reader.get(f"/v1/items/{item}/evidence").json()
    assert (file["id"], file["kind"]) == (item, "poi")
    assert file["notes"] > 0
    lawn = next(a for a in file["attributes"] if a["attribute"] == "lawn")
    assert lawn["verdict"] in ("met", "likely")
    assert lawn["label"]["en"] == "Lawn"
    assert any("草" in q["sentence"] or "lawn" in q["sentence"] for q in lawn["quotes"])
    about = {link["note_id"] for link in rows("truth/links_places.jsonl") if link["item_id"] == item}
    assert {q["note_id"] for a in file["attributes"] for q in a["quotes"]} <= about
    dates = [q["date"] or "" for q in lawn["quotes"]]
    assert dates == sorted(dates, reverse=True)


def test_a_notes_file_says_whom_it_comes_from(reader: TestClient) -> None:
    note = rows("truth/links_places.jsonl")[0]["note_id"]
    found = reader.get(f"/v1/items/{note}/evidence")
    if found.status_code == 404:  # the little deployment may leave this note out
        note = reader.post("/v1/search", json={"q": "草坪", "kinds": ["note"], "limit": 1}).json()["hits"][0]["id"]
        found = reader.get(f"/v1/items/{note}/evidence")
    assert found.json()["trust"] in ("organic", "sponsored", "merchant", "suspected", "ai_assisted")
    assert found.json()["trust_why"]


def test_an_unknown_item_is_a_404(reader: TestClient) -> None:
    reply = reader.get("/v1/items/nobody/evidence")
    assert reply.status_code == 404
    assert "nobody" in reply.text


def test_the_command_prints_the_same_file(
    root: Path, reader: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["lifestyle", "evidence", _cafe(reader), "--root", str(root), "--en"])
    monkeypatch.setenv("LIFESTYLE_ENCODER", "hash")
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code
    assert "\nLawn: " in capsys.readouterr().out
