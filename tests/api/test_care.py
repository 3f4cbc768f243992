"""Does the doctor find what is amiss and say what to do, and do backup, restore and key do their work?"""

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.doctor import Finding, examine
from api.guard import digest
from api.settings import Key
from tests.api.test_cli import Terminal, lifestyle
from tests.api.test_live import LAWN_CAFE, upsert
from tests.api.world import clock, running, settings

__all__ = ["lifestyle"]


def todo(root: Path, **more: object) -> dict[str, Finding]:
    return {f.what: f for f in examine(settings(root, **more), clock) if f.todo}


def test_a_sound_deployment_has_nothing_to_do(root: Path) -> None:
    assert todo(root) == {}
    with running(root) as client:
        upsert(client, ("poi", LAWN_CAFE))
        assert todo(root) == {}  # while a server runs, too


def test_each_trouble_is_found_with_what_to_do(root: Path) -> None:
    with running(root) as client:
        upsert(client, ("poi", LAWN_CAFE))
    assert "lifestyle build --publish" in todo(root, overlay_items=1)["changes of default"].todo
    assert "make room" in todo(root, spare_mb=10**9)["disk"].todo
    assert "LIFESTYLE_KEYS" in todo(root, demo_key=False)["keys"].todo
    (root / "default" / "models").mkdir(exist_ok=True)
    (root / "default" / "models" / "CURRENT").write_text("9\n")
    assert "lifestyle train" in todo(root)["model of default"].todo
    next((root / "default" / "snapshots").rglob("vectors.npy")).write_bytes(b"x")
    assert "rollback" in todo(root)["snapshot of default"].todo
    (root / "store.sqlite").write_bytes(b"no database" * 1000)
    assert "lifestyle restore" in todo(root)["store"].todo
    assert "--root" in todo(root / "nowhere")["root"].todo


def test_a_misspelt_setting_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LIFESTYLE_BUDGET_MS", "LIFESTYLE_CACHE", "LIFESTYLE_GAINS__SAVE"):
        monkeypatch.setenv(name, "150")
    assert "settings" not in todo(root)
    monkeypatch.setenv("LIFESTYLE_BUGDET_MS", "150")
    assert "LIFESTYLE_BUGDET_MS" in todo(root)["settings"].told


def test_a_key_with_an_unknown_field_is_refused(lifestyle: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "LIFESTYLE_KEYS", json.dumps([{"digest": digest("x"), "tenant": "default", "scope": ["search"]}])
    )
    lifestyle("verify", code=2)
    assert "scope" in lifestyle.err


def test_the_command_says_it_and_fails(lifestyle: Terminal, root: Path) -> None:
    assert "every byte as it was published" in lifestyle("doctor", "--root", str(root))
    (root / "store.sqlite").write_bytes(b"no database" * 1000)
    told = lifestyle("doctor", "--root", str(root), code=1)
    assert "TO DO store" in told
    assert "to do: store" in lifestyle.err


def test_a_backup_is_restored_by_command(lifestyle: Terminal, root: Path, tmp_path: Path) -> None:
    saved = str(tmp_path / "saved.sqlite")
    with running(root) as client:
        upsert(client, ("poi", LAWN_CAFE))
        assert "whole and checked" in lifestyle("backup", saved, "--root", str(root))
        client.delete("/v1/items/p-hz-078")
        upsert(client, ("poi", {**LAWN_CAFE, "rating": 1}))
        lifestyle("restore", saved, "--root", str(root), code=2)
        assert "stop it first" in lifestyle.err
    assert "changes restored" in lifestyle("restore", saved, "--root", str(root))
    with running(root) as client:
        assert "rating" not in client.get("/v1/items/p-live-1").json()
        assert client.get("/v1/items/p-hz-078").status_code == 404  # no restore undoes a deletion


def test_a_key_that_is_made_opens_what_it_says(lifestyle: Terminal, root: Path) -> None:
    made, entry = lifestyle("key", "--scope", "search").split()[0], lifestyle("key", "--scope", "write").splitlines()[1]
    assert len(made) > 40
    assert json.loads(entry)["scopes"] == ["write"]
    lifestyle("key", "--scope", "root", code=2)
    token, line = lifestyle("key").splitlines()
    given = Key.model_validate_json(line)
    assert given.digest == digest(token)
    with running(root, keys=[given]) as client:
        asked = {"headers": {"Authorization": f"Bearer {token}"}}
        assert client.get("/v1/suggest", params={"q": "咖"}, **asked).status_code == 200
        assert client.delete("/v1/items/p-hz-078", **asked).status_code == 403


def test_an_unknown_scope_is_no_setting() -> None:
    with pytest.raises(ValueError, match="scopes"):
        Key.model_validate({"digest": "0" * 64, "tenant": "default", "scopes": ["wirte"]})


def test_the_reader_is_ready_and_has_nothing_to_notice(reader: TestClient) -> None:
    assert reader.get("/readyz").json() == {"status": "ready", "tenants": {"default": "00000001"}, "notices": []}
