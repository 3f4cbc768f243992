"""Can two hundred bought notes lift a place, or bury what people really said of it?"""

import random
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.test_live import found, ids, upsert

pytestmark = pytest.mark.promise(19)

QUERY = "杭州有草坪的咖啡店"
_OPEN = ("姐妹们", "家人们", "天哪", "真的", "听我说", "不夸张")
_PRAISE = ("草坪超大超好拍", "大草坪绝绝子", "后面的草坪封神", "这片草坪天花板", "草坪美到爆棚")
_MORE = ("咖啡超好喝", "店员超热情", "环境一流", "出片率无敌", "甜品满分")
_END = ("闭眼冲", "赶紧打卡吧", "一定要来", "五星好评", "强烈推荐")


def _bought(place: dict[str, Any], number: int, rng: random.Random) -> tuple[str, dict[str, Any]]:
    parts = [rng.choice(words) for words in (_OPEN, _PRAISE, _MORE, _END)]
    day = 15 + number % 4
    return "note", {
        "id": f"n-bought-{number}", "title": f"{place['name']}的草坪", "body": "，".join(parts) + "！", "lang": "zh",
        "author_id": f"bought-{number}", "poi_ids": [place["id"]], "published_at": f"2026-11-{day}T10:00:00Z",
    }  # fmt: skip


def _lawn(client: TestClient, item: str) -> dict[str, Any] | None:
    file = client.get(f"/v1/items/{item}/evidence").json()
    return next((a for a in file["attributes"] if a["attribute"] == "lawn"), None)


def _target(client: TestClient) -> dict[str, Any]:
    """A café in Hangzhou that people write about, and of whose lawn nobody has said a good word."""
    for hit in found(client, "杭州的咖啡店", kinds=["poi"]):
        lawn = _lawn(client, hit["id"])
        file = client.get(f"/v1/items/{hit['id']}/evidence").json()
        if hit["item"]["city"] == "杭州" and file["notes"] >= 3 and (lawn is None or not lawn["support"]):
            place: dict[str, Any] = hit["item"]
            return place
    pytest.fail("the sample has no such café")


def test_a_campaign_neither_lifts_a_place_nor_buries_its_notes(client: TestClient) -> None:
    place = _target(client)
    before = ids(found(client, QUERY, kinds=["poi"]))[:5]
    real = ids(found(client, place["name"], kinds=["note"]))[:3]
    rng = random.Random(7)
    for start in range(0, 200, 50):
        upsert(client, *(_bought(place, n, rng) for n in range(start, start + 50)))
    lawn = _lawn(client, place["id"])
    assert lawn is not None
    assert lawn["support"] >= 100  # they are counted
    assert lawn["verdict"] not in ("met", "likely"), lawn
    assert not [quote for quote in lawn["quotes"] if quote["note_id"].startswith("n-bought")]  # and quoted nowhere
    assert {client.get(f"/v1/items/n-bought-{n}").json()["trust"] for n in range(0, 200, 40)} == {"suspected"}
    after = found(client, QUERY, kinds=["poi"])
    assert place["id"] not in ids(after)[:10]
    assert ids(after)[:5] == before
    shown = ids(found(client, place["name"], kinds=["note"]))[:10]
    assert set(real) <= set(shown)
