"""Do replicas answer side by side while a new snapshot reaches one after the other?"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.layout import Layout
from indexing.cluster.objects import Objects
from indexing.cluster.replicate import pull, push
from indexing.publish import Publisher
from tests.api.test_live import eventually
from tests.api.world import deploy, rows, running

TENANT = "default"


def pushed(root: Path, url: str, price: int) -> None:
    """Build and push places whose price says of which snapshot they are."""
    deploy(root, {"poi": [row | {"price_per_person": price} for row in rows()["poi"][:30]]})
    push(Publisher(root), TENANT, Objects(url, TENANT))


def pulled(root: Path, url: str) -> None:
    pull(Publisher(root), TENANT, Layout(root).home(TENANT), Objects(url, TENANT))


def answer(client: TestClient) -> tuple[str, set[Any]]:
    """The version that a replica names, and the prices that it shows."""
    reply = client.post("/v1/search", json={"q": "咖啡", "kinds": ["poi"]})
    assert reply.status_code == 200, reply.text
    body = reply.json()
    return body["versions"]["snapshot"], {hit["item"]["price_per_person"] for hit in body["hits"]}


@pytest.fixture
def replicas(tmp_path: Path, url: str) -> Iterator[list[tuple[Path, TestClient]]]:
    """Two servers over what was pulled first."""
    pushed(tmp_path / "here", url, 1)
    with ExitStack() as stack:
        roots = [tmp_path / name for name in ("left", "right")]
        for root in roots:
            pulled(root, url)
        yield [(root, stack.enter_context(running(root))) for root in roots]


def test_old_and_new_answer_side_by_side(replicas: list[tuple[Path, TestClient]], tmp_path: Path, url: str) -> None:
    (left, first), (right, second) = replicas
    assert answer(first) == answer(second) == ("00000001", {1})
    pushed(tmp_path / "here", url, 2)
    pulled(left, url)
    assert eventually(lambda: answer(first) == ("00000002", {2}))
    assert answer(second) == ("00000001", {1})
    pulled(right, url)
    assert eventually(lambda: answer(second) == ("00000002", {2}))


def test_what_a_replica_writes_itself_lies_over_what_it_pulled(tmp_path: Path) -> None:
    root, url = tmp_path / "there", str(tmp_path / "pushed")
    pushed(tmp_path / "here", url, 1)
    pulled(root, url)
    with running(root) as client:
        _write_and_pull(client, root, tmp_path / "here", url)


def _write_and_pull(client: TestClient, root: Path, here: Path, url: str) -> None:
    new = {"id": "own", "name": "自己的咖啡", "category": "cafe", "price_per_person": 2.0}
    assert client.post("/v1/items:upsert", json={"items": [{"kind": "poi", "item": new}]}).status_code == 200
    assert client.get("/v1/items/own").status_code == 200
    pushed(here, url, 2)
    pulled(root, url)
    assert eventually(lambda: answer(client)[0] == "00000002")
    assert client.get("/v1/items/own").status_code == 200


def test_a_replica_whose_files_rot_away_serves_the_one_before(tmp_path: Path) -> None:
    url = str(tmp_path / "pushed")
    pushed(tmp_path / "here", url, 1)
    pulled(tmp_path / "there", url)
    pushed(tmp_path / "here", url, 2)
    pulled(tmp_path / "there", url)
    rotten = Publisher(tmp_path / "there").current(TENANT) / "poi" / "vectors.npy"
    data = rotten.read_bytes()
    rotten.unlink()
    rotten.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with running(shutil.copytree(tmp_path / "there", tmp_path / "copy")) as client:
        assert answer(client) == ("00000001", {1})
