"""Can whoever runs it see what is kept, and serve another snapshot?"""

import time
from pathlib import Path

from starlette.testclient import TestClient

from tests.api import world


def serving(client: TestClient) -> str:
    snapshot: str = client.post("/v1/search", json={"q": "咖啡"}).json()["versions"]["snapshot"]
    return snapshot


def test_what_is_kept_and_serves_is_told(reader: TestClient) -> None:
    told = reader.get("/v1/house/versions").json()
    assert (told["snapshots"], told["snapshot"]) == (["00000001"], "00000001")
    assert (told["models"], told["model"]) == ([], None)


def test_an_older_snapshot_is_served_again(root: Path) -> None:
    world.deploy(root, world.rows(), fresh=False)
    with world.running(root) as client:
        assert client.get("/v1/house/versions").json()["snapshot"] == "00000002"
        served = client.post("/v1/house/versions", json={"snapshot": "00000001"})
        assert served.json()["snapshot"] == "00000001"
        for _ in range(200):  # servers follow what is published, within a moment
            if serving(client) == "00000001":
                break
            time.sleep(0.05)
        assert serving(client) == "00000001"


def test_what_is_not_kept_is_refused(reader: TestClient) -> None:
    for body, field in (({"model": 7}, "model"), ({}, ""), ({"snapshot": "../../etc"}, "snapshot")):
        reply = reader.post("/v1/house/versions", json=body)
        assert reply.status_code == 422
        assert reply.json()["error"]["field"] in {field, "body"}
    assert reader.post("/v1/house/versions", json={"snapshot": "00000009"}).status_code == 422
