"""Is what was deleted found by no question, its own words among them, and is it said what cannot be erased?"""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from api.forgetting import erase
from tests.api.test_live import ids
from tests.api.world import clock, running, settings

GONE: Final = ("p-hz-078", "p-hz-001", "n-p-0044")
ASKED: Final = 1000


def texts(client: TestClient) -> list[str]:
    """What the items say of themselves, whole: their own vectors too are asked with."""
    items: list[dict[str, Any]] = [client.get(f"/v1/items/{name}").json() for name in GONE]
    said = [str(item.get(field) or "") for item in items for field in ("name", "title", "body")]
    return [text[:512] for text in said if text]


def shown(answer: dict[str, Any]) -> set[str]:
    """The items of a page and the notes that it quotes; that a note still names a place is the note's own text."""
    hits = answer.get("hits", [])
    return {hit["id"] for hit in hits} | {e["note_id"] for hit in hits for e in hit["evidence"] if "note_id" in e}


@pytest.mark.promise(23)
def test_a_thousand_questions_find_nothing_of_what_was_deleted(
    client: TestClient, record_property: Callable[[str, object], None]
) -> None:
    whole, dice = texts(client), Random(23)
    assert len(whole) > len(GONE)
    before = [ids(client.post("/v1/search", json={"q": text}).json()["hits"]) for text in whole]
    assert {name for found in before for name in found} & set(GONE)
    for name in GONE:
        assert client.delete(f"/v1/items/{name}").status_code == 200
    for number in range(ASKED):
        text = dice.choice(whole)
        start = dice.randrange(len(text))
        part = text if number % 4 == 0 else text[start : start + dice.randrange(2, 30)]
        reply = client.post("/v1/search", json={"q": part, "limit": 100})
        assert reply.status_code in (200, 422), reply.text  # 422: nothing but spaces
        assert not shown(reply.json()) & set(GONE), part
    record_property("figure", f"{ASKED} questions in the deleted items' own words: 0 shown or quoted")


@pytest.mark.promise(24)
def test_the_receipt_names_what_was_learnt_from_it_before(root: Path) -> None:
    (root / "default" / "models" / "3").mkdir(parents=True)
    (root / "default" / "students" / "1").mkdir(parents=True)
    with running(root) as client:
        assert client.delete(f"/v1/items/{GONE[0]}").status_code == 200
    assert erase(settings(root), clock).left == ("models/3", "students/1")


@pytest.mark.promise(24)
def test_the_readme_says_what_cannot_be_erased() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    _, _, unsaid = readme.partition("## Not promised")
    assert "cannot forget what it learnt" in unsaid and "Backups are yours to" in unsaid
