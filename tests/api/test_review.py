"""Is a blocked item gone everywhere, at once and for good, and are reports counted once and decided on?"""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.cli.review import review
from engine.errors import BadQuery
from indexing.moderation import Moderation
from indexing.publish import Publisher
from indexing.safety import LABELS, Rules
from tests.api.test_live import LAWN_CAFE, NOTE, found, ids, upsert
from tests.api.world import clock, deploy, rows, running

WHY = {"reason": "sells forged papers"}
CAFE = "p-hz-078"


def seen(client: TestClient, item: str = CAFE) -> dict[str, bool]:
    """Through which doors an item can be seen."""
    name = next((p["name"] for p in rows()["poi"] if p["id"] == item), LAWN_CAFE["name"])
    completed = client.get("/v1/suggest", params={"q": name[:4]}).json()["suggestions"]
    return {
        "search": item in ids(found(client, name)),
        "feed": item in [hit["id"] for hit in client.post("/v1/feed", json={"limit": 50}).json()["hits"]],
        "similar": client.get(f"/v1/similar/{item}").status_code == 200,
        "item": client.get(f"/v1/items/{item}").status_code == 200,
        "evidence": client.get(f"/v1/items/{item}/evidence").status_code == 200,
        "suggest": any(s.get("id") == item for s in completed),
    }


def decide(client: TestClient, what: str, item: str = CAFE) -> dict[str, Any]:
    reply = client.post(f"/v1/items/{item}:{what}", json=WHY)
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def test_a_blocked_item_is_gone_at_once_and_comes_back_as_it_was(client: TestClient) -> None:
    before, item = seen(client), client.get(f"/v1/items/{CAFE}").json()
    assert before["search"] and before["item"]
    assert decide(client, "block") == {"id": CAFE, "decision": "block", "changed": True}
    assert not any(seen(client).values())
    assert not decide(client, "block")["changed"]
    assert decide(client, "unblock")["changed"] and not decide(client, "unblock")["changed"]
    after = client.get(f"/v1/items/{CAFE}").json()
    assert {k: after[k] for k in ("id", "kind", "name", "category")} == {
        k: item[k] for k in ("id", "kind", "name", "category")
    }
    assert seen(client)["search"]


def test_what_is_written_meanwhile_stays_hidden_until_it_is_unblocked(client: TestClient) -> None:
    upsert(client, ("poi", LAWN_CAFE))
    decide(client, "block", "p-live-1")
    upsert(client, ("poi", {**LAWN_CAFE, "body": "新写的。"}))
    assert not any(seen(client, "p-live-1").values())
    decide(client, "unblock", "p-live-1")
    assert client.get("/v1/items/p-live-1").json()["body"] == "新写的。"


def test_a_blocked_note_proves_nothing(client: TestClient) -> None:
    upsert(client, ("poi", LAWN_CAFE), ("note", NOTE))

    def quotes() -> list[str]:
        reply = client.get("/v1/items/p-live-1/evidence")
        assert reply.status_code == 200, reply.text
        return [q["note_id"] for a in reply.json()["attributes"] for q in a["quotes"]]

    assert "n-live-1" in quotes()
    decide(client, "block", "n-live-1")
    assert "n-live-1" not in quotes()


def test_no_build_and_no_rollback_brings_it_back(root: Path) -> None:
    with running(root) as client:
        decide(client, "block")
    deploy(root, rows())
    with running(root) as client:
        assert not any(seen(client).values())
    Publisher(root).rollback("default")
    with running(root) as client:
        assert not any(seen(client).values())
        decide(client, "unblock")
        assert seen(client)["search"]


def test_reports_count_once_a_person_and_leave_the_queue_when_decided(client: TestClient) -> None:
    def report(user: str, reason: str = "advertising") -> bool:
        reply = client.post(f"/v1/items/{CAFE}:report", json={"user_id": user, "reason": reason})
        assert reply.status_code == 200, reply.text
        new: bool = reply.json()["new"]
        return new

    assert [report("u1"), report("u1", "other"), report("u2", "false")] == [True, False, True]
    (row,) = client.get("/v1/review").json()["waiting"]
    assert (row["id"], row["reports"], row["reasons"]) == (CAFE, 2, {"advertising": 1, "false": 1})
    assert 0 < row["report_rate"] <= 2 / 20
    kept = client.post(f"/v1/review/{CAFE}", json={"decision": "keep", "reason": "it is true"})
    assert kept.json() == {"id": CAFE, "decision": "keep", "changed": False}
    after = client.get("/v1/review").json()
    assert after["waiting"] == [] and after["log"][0]["what"] == "keep" and after["log"][0]["why"] == "it is true"
    assert client.delete("/v1/users/u1").json()["deleted_rows"] == 1  # a person's reports are forgotten with them
    assert client.post("/v1/items/nowhere:report", json={"user_id": "u", "reason": "other"}).status_code == 404
    assert client.post("/v1/items/nowhere:block", json=WHY).status_code == 404


def test_what_is_written_is_looked_at(client: TestClient) -> None:
    upsert(client, ("note", {**NOTE, "id": "n-bad", "body": "专业办假证，诚信可靠。"}), ("poi", LAWN_CAFE))
    (row,) = client.get("/v1/review").json()["waiting"]
    assert (row["id"], row["label"], row["words"]) == ("n-bad", "illegal", ["办假证"])
    upsert(client, ("note", {**NOTE, "id": "n-bad", "body": "草坪很大。"}))
    assert client.get("/v1/review").json()["waiting"] == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("出售大麻，加我微信", "illegal"), ("Fake ID for sale!", "illegal"), ("稳赚不赔的项目", "unsafe"),
        ("加我微信先付款", "unsafe"), ("老板是傻逼", "vulgar"), ("What a piece of shit", "vulgar"),
        ("禁毒宣传：k粉摇头丸害人", None), ("刷单返利都是骗局", None), ("加我微信看更多照片", None),
        ("草坪很大，带娃来跑", None), ("A quiet café", None), ("assholes", None),
    ],
)  # fmt: skip
def test_the_rules_tell_what_to_look_at(text: str, label: str | None) -> None:
    (flag,) = Rules().judge([text])
    assert (flag.label if flag else None) == label


def test_the_sample_is_clean() -> None:
    texts = [f"{r.get('title') or r.get('name')}\n{r.get('body') or ''}" for kind in rows().values() for r in kind]
    assert not any(Rules().judge(texts)) and LABELS == ("illegal", "unsafe", "vulgar")


def test_a_rate_is_of_those_who_saw_it(root: Path, client: TestClient) -> None:
    events = [{"user_id": f"u{n}", "action": "impression", "object_id": CAFE} for n in range(20)]
    assert client.post("/v1/events", json={"events": events}).status_code == 200
    for n in range(4):
        client.post(f"/v1/items/{CAFE}:report", json={"user_id": f"u{n}", "reason": "other"})
    assert Moderation(root / "store.sqlite", clock).report_rates("default") == {CAFE: pytest.approx(0.1)}


def test_the_command_lists_scans_and_decides(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadQuery, match="go together"):
        review(item=CAFE)
    with running(root) as client:
        upsert(client, ("note", {**NOTE, "body": "草坪很大。"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIFESTYLE_ENCODER", "hash")
        review(scan=True, root=root)
        review(item=CAFE, decide="block", why="x", root=root)
    assert capsys.readouterr().out.splitlines() == ["nothing waits", f"{CAFE}: block"]
    with running(root) as client:
        assert not any(seen(client).values())


def test_what_a_change_makes_of_an_item_is_screened_too(client: TestClient) -> None:
    upsert(client, ("poi", LAWN_CAFE))

    def waiting() -> list[str]:
        return [row["id"] for row in client.get("/v1/review").json()["waiting"]]

    assert LAWN_CAFE["id"] not in waiting()
    assert client.patch(f"/v1/items/{LAWN_CAFE['id']}", json={"body": "代开发票，加微信"}).status_code == 200
    assert LAWN_CAFE["id"] in waiting()
    assert client.patch(f"/v1/items/{LAWN_CAFE['id']}", json={"body": "草坪很大"}).status_code == 200
    assert LAWN_CAFE["id"] not in waiting()
