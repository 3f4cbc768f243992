"""From what people did to a better order: the commands that try, compare, explain, move and roll back."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.layout import Layout
from api.settings import Settings
from api.training import learn_from
from engine.errors import GateRefused
from ranking.features import schema_hash
from ranking.registry import Registry
from ranking.settings import Settings as Learning
from ranking.train import train
from tests.api.test_cli import Terminal
from tests.api.world import FLAGSHIP, clock, rows, running
from tests.ranking.synthetic import lists

PLACES = [place for place in rows()["poi"] if place["city"] == "杭州"]


@pytest.fixture
def lifestyle(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    monkeypatch.setenv("LIFESTYLE_ENCODER", "hash")
    return Terminal(monkeypatch, capsys)


def models(root: Path, count: int) -> Registry:
    """So many real models; the first serves."""
    registry = Registry(Layout(root).models("default"))
    for seed in range(count):
        trained = train(lists(12, seed=seed), Learning(few_trees=10))
        registry.add(trained.text, {"schema": schema_hash(), "base": list(trained.base), "made": "2026-11-22"})
    registry.promote(1)
    return registry


def lived(client: TestClient, people: int) -> None:
    """People ask, see pages, and click what stands third."""
    for number in range(people):
        user = f"u{number}"
        page = client.post("/v1/search", json={"q": FLAGSHIP, "kinds": ["poi"], "user_id": user}).json()
        about = {"user_id": user, "query_id": page["query_id"]}
        events = [
            {**about, "action": "impression", "object_id": hit["id"], "position": hit["position"]}
            for hit in page["hits"]
        ]
        events.append({**about, "action": "save", "object_id": page["hits"][2]["id"]})
        assert client.post("/v1/events", json={"events": events}).status_code == 200


def test_models_are_listed_promoted_and_rolled_back(lifestyle: Terminal, root: Path) -> None:
    models(root, 2)
    assert "-> 1" in lifestyle("models", "--root", str(root))
    assert [row["serves"] for row in lifestyle.json("models", "--promote", "2", "--root", str(root))] == [False, True]
    assert [row["serves"] for row in lifestyle.json("models", "--back", "--root", str(root))] == [True, False]
    lifestyle("models", "--promote", "9", "--root", str(root), code=2)
    lifestyle("models", "--back", "--root", str(root), code=1)


def test_a_trial_runs_is_compared_and_ends(lifestyle: Terminal, root: Path) -> None:
    models(root, 2)
    at = ("--root", str(root))
    lifestyle("compare", *at, code=2)
    lifestyle("trial", "interleave", "--model", "1", *at, code=2)  # it serves already
    lifestyle("trial", "interleave", "--model", "7", *at, code=2)
    lifestyle("trial", "guess", "--model", "2", *at, code=2)
    said = lifestyle.json("trial", "interleave", "--model", "2", "--share", "1", *at)
    with running(root) as client:
        lived(client, 12)
    told = lifestyle.json("compare", *at)
    assert (told["trial"], told["how"], told["pages"], told["people"]) == (said["name"], "interleave", 12, 12)
    assert told["low"] <= told["gain"] <= told["high"]
    lifestyle("trial", "end", *at)
    assert lifestyle.json("compare", said["name"], *at) == told  # what was logged stays comparable
    assert "no trial runs" in lifestyle("trial", *at)


def test_training_learns_from_pages_with_the_features_of_then(root: Path) -> None:
    with running(root) as client:
        lived(client, 12)
    told: list[str] = []
    settings = Settings(root=root, encoder="hash", gains={"save": 8.0})
    with pytest.raises(GateRefused):  # twelve pages alike teach nothing that can be shown
        learn_from(settings, None, True, 0, clock, told.append)
    assert told[0].startswith("12 logged pages, 12 with the features of then, 0 made again")


@pytest.mark.parametrize("model", [True, False], ids=["trees", "by hand"])
def test_an_explained_answer_adds_up_and_speaks_both_languages(root: Path, model: bool) -> None:
    if model:
        models(root, 1)
    with running(root) as client:
        for lang in ("zh", "en"):
            body = {"q": FLAGSHIP, "kinds": ["poi"], "explain": True, "lang": lang, "limit": 20}
            hits = client.post("/v1/search", json=body).json()["hits"]
            first, last = hits[0], hits[-1]
            apart = sum(first["contributions"].values()) - sum(last["contributions"].values())
            assert apart == pytest.approx(first["score"] - last["score"], abs=1e-3)
            assert first["because"].isascii() == (lang == "en")
            assert set(first["contributions"]) <= set(first["features"])
        plain: dict[str, Any] = client.post("/v1/search", json={"q": FLAGSHIP, "kinds": ["poi"]}).json()["hits"][0]
        assert "contributions" not in plain and "because" not in plain


def test_why_tells_of_one_item_and_compares_two(lifestyle: Terminal, root: Path) -> None:
    at = ("--root", str(root))
    first, second = (place["id"] for place in PLACES[:2])
    one = lifestyle.json("why", "杭州咖啡店", first, *at)
    both = lifestyle.json("why", "杭州咖啡店", first, second, *at)
    assert one["items"][0] == both["items"][0]
    assert both["items"][1]["id"] == second and both["features"]
    lifestyle("why", "杭州咖啡店", "nobody", *at, code=2)


def test_rules_are_put_from_a_file_and_dropped(lifestyle: Terminal, root: Path, tmp_path: Path) -> None:
    at = ("--root", str(root))
    file = tmp_path / "rules.json"
    rule = {"id": "spring", "action": "pin", "items": [PLACES[5]["id"]], "query": FLAGSHIP}
    file.write_text(json.dumps([rule]), "utf-8")
    said = lifestyle.json("rules", "--put", str(file), *at)
    assert [each["id"] for each in said["rules"]] == ["spring"] and said["log"][0]["who"] == "command"
    lifestyle("rules", "--drop", "spring", *at)
    lifestyle("rules", "--drop", "spring", *at, code=2)
    file.write_text('{"id": "x", "action": "burn"}', "utf-8")
    lifestyle("rules", "--put", str(file), *at, code=2)
