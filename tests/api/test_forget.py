"""Is what was deleted erased from every file, and never brought back? Items and people, snapshots and backups."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api import forgetting
from api.forgetting import erase
from api.layout import Layout
from indexing.backup import backup, restore
from indexing.erasure import erased
from indexing.ingest import read_table
from indexing.publish import Publisher
from indexing.tenants import fingerprint
from indexing.validate import to_items
from tests.api.test_live import LAWN_CAFE, NOTE, found, ids, upsert
from tests.api.world import clock, deploy, running, settings

pytestmark = pytest.mark.promise(23)

SECRET = {**NOTE, "id": "n-to-be-erased", "body": "这句话谁也不该再看见。草坪很大。", "author_id": "a-erased"}
CAFE = {**LAWN_CAFE, "id": "p-to-be-erased", "name": "将被抹去的咖啡"}
EVENT = {"user_id": "u-to-be-erased", "action": "save", "object_id": "p-hz-001"}


def written_and_deleted(root: Path) -> bytes:
    """A note and a place that came live, were built in, are shown, and are deleted; -> the note's vector."""
    with running(root) as client:
        upsert(client, ("poi", CAFE), ("note", {**SECRET, "poi_ids": [CAFE["id"]]}))
        client.post("/v1/events", json={"events": [EVENT, {**EVENT, "user_id": "u-other", "object_id": CAFE["id"]}]})
    deploy(root, {}, fresh=False)
    with running(root) as client:
        assert CAFE["id"] in ids(found(client, CAFE["name"]))
        index = client.app.state.parts.views.now("default").index  # type: ignore[attr-defined]
        kind, row = index.locate("default", SECRET["id"])
        vector: bytes = index.vectors("default", kind, np.array([row])).tobytes()
        for name in (SECRET["id"], CAFE["id"]):
            assert client.delete(f"/v1/items/{name}").status_code == 200
        assert client.delete(f"/v1/users/{EVENT['user_id']}").status_code == 200
    return vector


def holding(root: Path, traces: list[bytes]) -> list[str]:
    """The files below a root in which any of these bytes stand."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return [str(path.relative_to(root)) for path in files if any(trace in path.read_bytes() for trace in traces)]


def test_nothing_of_it_is_in_any_file(root: Path, record_property: Callable[[str, object], None]) -> None:
    vector = written_and_deleted(root)
    texts = [SECRET["id"], SECRET["body"], SECRET["author_id"], CAFE["id"], CAFE["name"], EVENT["user_id"]]
    traces = [*(text.encode() for text in texts), vector]
    (root / "incoming").exists() and [path.unlink() for path in (root / "incoming").iterdir()]
    assert holding(root, traces)
    done = erase(settings(root), clock)
    assert holding(root, traces) == []
    for kind in ("poi", "note"):  # compressed, so bytes alone prove nothing
        names = {row["id"] for row in to_items(read_table(Layout(root).tables("default") / f"{kind}.parquet", kind))}
        assert not names & {SECRET["id"], CAFE["id"]} and len(names) > 10
    assert done.dropped_snapshots == ("00000001", "00000002")
    assert Publisher(root).kept("default") == (done.snapshot,)
    with running(root) as client:
        assert client.get(f"/v1/items/{CAFE['id']}").status_code == 404
        hits = [hit for q in (CAFE["name"], SECRET["body"], "有草坪的咖啡店") for hit in found(client, q)]
        assert hits and not {CAFE["id"], SECRET["id"]} & set(ids(hits))
        upsert(client, ("poi", LAWN_CAFE))  # and life goes on
        assert LAWN_CAFE["id"] in ids(found(client, LAWN_CAFE["name"]))
    record_property("figure", f"byte scan of every file for {len(traces)} traces after forget: 0")


def test_what_is_blocked_comes_back_when_it_is_unblocked(root: Path) -> None:
    with running(root) as client:
        upsert(client, ("poi", CAFE))
        for name in (CAFE["id"], "p-hz-078"):
            assert client.post(f"/v1/items/{name}:block", json={"reason": "to be looked at"}).status_code == 200
    erase(settings(root), clock)
    with running(root) as client:
        for name in (CAFE["id"], "p-hz-078"):
            assert client.get(f"/v1/items/{name}").status_code == 404
            assert client.post(f"/v1/items/{name}:unblock", json={"reason": "nothing wrong"}).status_code == 200
            assert client.get(f"/v1/items/{name}").status_code == 200


def test_an_older_backup_brings_nothing_back(root: Path, tmp_path: Path) -> None:
    with running(root) as client:
        upsert(client, ("poi", CAFE), ("poi", LAWN_CAFE))
        client.post("/v1/events", json={"events": [EVENT]})
    backup(Layout(root).store, tmp_path / "before.sqlite")
    with running(root) as client:
        client.delete(f"/v1/items/{CAFE['id']}")
        client.delete(f"/v1/users/{EVENT['user_id']}")
    erase(settings(root), clock)
    restore(tmp_path / "before.sqlite", Layout(root).store, {"default": 100})
    with running(root) as client:
        assert client.get(f"/v1/items/{CAFE['id']}").status_code == 404
        assert client.get(f"/v1/items/{LAWN_CAFE['id']}").status_code == 200
        store = client.app.state.parts.views.store  # type: ignore[attr-defined]
        assert not [event for event in store.logged("default") if event["user_id"] == EVENT["user_id"]]
    assert fingerprint(EVENT["user_id"]) in erased(Layout(root).store, "default", "user")


@pytest.mark.parametrize("step", ["settle_tables", "build", "publish", "settle"])
def test_a_forget_that_is_killed_loses_nothing_and_the_next_one_ends_it(
    root: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vector = written_and_deleted(root)
    with running(root) as client:
        upsert(client, ("poi", LAWN_CAFE))
    original = getattr(forgetting, step)

    def dies(*args: Any, **more: Any) -> Any:
        if step in {"settle_tables", "publish"}:
            original(*args, **more)
        raise KeyboardInterrupt

    monkeypatch.setattr(forgetting, step, dies)
    with pytest.raises(KeyboardInterrupt):
        erase(settings(root), clock)
    with running(root) as client:
        assert client.get(f"/v1/items/{LAWN_CAFE['id']}").status_code == 200
        assert client.get(f"/v1/items/{CAFE['id']}").status_code == 404
    monkeypatch.setattr(forgetting, step, original)
    erase(settings(root), clock)
    assert not [path for path in holding(root, [SECRET["body"].encode(), vector]) if "incoming" not in path]
    with running(root) as client:
        assert client.get(f"/v1/items/{LAWN_CAFE['id']}").status_code == 200
