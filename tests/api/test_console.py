"""Is what the console shows true, and does it tell of nobody?"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.evaluation import FOLDS, of_the_house
from api.jobs import job, told
from api.layout import Layout
from api.minutes import EDGES, KEPT, POINTS, Minutes, percentile
from api.settings import Settings
from api.training import read_judgments
from engine.errors import BadInput, UnknownTenant
from engine.types import Degraded
from indexing.ingest import ingest
from tests.api.world import FLAGSHIP, clock, running

NOTHING = "青岛 有旋转木马的火锅店"


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@given(st.lists(st.floats(0.01, 2000), min_size=1, max_size=200), st.sampled_from([50, 95, 99]))
def test_a_percentile_is_at_most_a_sixth_above_the_true_one(times: list[float], percent: float) -> None:
    made = Minutes(Watch())
    for ms in times:
        made.answered(ms)
    shown = made.told(1)[-1][f"p{percent}"]
    made.close()
    true = sorted(times)[max(0, -int(-percent * len(times) // 100) - 1)]
    assert true <= shown * 1.001
    assert shown <= max(EDGES[0], true * 7 / 6) * 1.01
    assert percentile([0] * (len(EDGES) + 1), percent) is None


def test_minutes_become_points_and_yesterday_is_forgotten(tmp_path: Path) -> None:
    watch = Watch()
    one, other = Minutes(watch, tmp_path), Minutes(watch, tmp_path)  # two workers
    one.answered(10)
    other.answered(10)
    other.gave_up()
    other.failed()
    (*_, before, now) = one.told(1)
    assert (now["answers"], now["failed"], now["degraded"]) == (2, 1, 0.5)
    assert (before["answers"], before["p50"], before["degraded"]) == (0, None, None)
    watch.now += timedelta(minutes=5)
    points = other.told(1)
    assert len(points) == POINTS and points[-6]["answers"] == 2 and points[-1]["answers"] == 0
    assert sum(point["answers"] for point in other.told(24)) == 2
    watch.now += timedelta(minutes=KEPT - 5)  # the same place in the ring
    one.answered(10)
    assert one.told(1)[-1]["answers"] == 1 and one.told(1)[-1]["degraded"] == 0
    one.close()
    other.close()


def test_curves_count_what_was_asked(client: TestClient) -> None:
    before = client.get("/v1/house/curves").json()["points"][-1]["answers"]
    for _ in range(3):
        assert client.post("/v1/search", json={"q": "咖啡"}).status_code == 200
    assert client.post("/v1/search", json={"q": ""}).status_code == 422
    last = client.get("/v1/house/curves?hours=24").json()["points"][-1]
    assert (last["answers"], last["failed"]) == (before + 3, 0)
    assert last["p50"] <= last["p95"] <= last["p99"]
    client.app.state.parts.telemetry.page({}, [Degraded("rank", "x", "y")])  # type: ignore[attr-defined]
    assert client.get("/v1/house/curves").json()["points"][-1]["degraded"] > 0
    assert client.get("/v1/house/curves?hours=25").status_code == 422


def test_a_question_that_goes_wrong_is_told_when_five_people_met_it(client: TestClient) -> None:
    def asked() -> dict[str, list[dict[str, object]]]:
        found: dict[str, list[dict[str, object]]] = client.get("/v1/house/queries").json()
        return found

    for person in range(4):
        client.post("/v1/search", json={"q": NOTHING, "user_id": f"u{person}"})
        client.post("/v1/search", json={"q": "咖啡", "user_id": f"u{person}"})
    client.post("/v1/search", json={"q": NOTHING, "user_id": "u0"})  # the same person again
    assert asked() == {"top": [], "nothing": [], "relaxed": []}
    client.post("/v1/search", json={"q": NOTHING, "user_id": "u4"})
    client.post("/v1/search", json={"q": "咖啡", "user_id": "u4"})
    found = asked()
    assert [row["query"] for row in found["nothing"]] == [NOTHING]
    assert {row["query"]: row["people"] for row in found["top"]} == {NOTHING: 5, "咖啡": 5}
    (relaxed,) = found["relaxed"]
    assert (relaxed["query"], relaxed["people"]) == (NOTHING, 5) and "place.admin" in relaxed["slots"]  # type: ignore[operator]
    assert client.delete("/v1/users/u2").json()["deleted_rows"] >= 2
    assert asked() == {"top": [], "nothing": [], "relaxed": []}


def test_jobs_say_how_far_they_are_and_how_they_ended(tmp_path: Path) -> None:
    with pytest.raises(UnknownTenant), job(tmp_path / "none", "train", clock):
        pass
    assert told(tmp_path) == []
    with job(tmp_path, "build", clock) as doing:
        doing.stage("encode", 3, 9)
        (now,) = told(tmp_path)
        assert (now["job"], now["stage"], now["done"], now["todo"], now["state"]) == (
            "build",
            "encode",
            3,
            9,
            "running",
        )
    with pytest.raises(ValueError, match="secret"), job(tmp_path, "train", clock) as doing:
        doing.say("12 lists")
        raise ValueError("secret")
    build, train = told(tmp_path)
    assert (build["state"], train["state"], train["failed"]) == ("done", "failed", "ValueError")
    assert "secret" not in (tmp_path / "jobs" / "train.json").read_text()
    said = json.loads((tmp_path / "jobs" / "build.json").read_text())
    (tmp_path / "jobs" / "build.json").write_text(json.dumps({k: v for k, v in said.items() if k != "ended"}))
    assert told(tmp_path)[0]["state"] == "broken off"  # it says it runs, and holds no lock


def test_what_waits_and_what_was_refused_is_told(client: TestClient, root: Path, tmp_path: Path) -> None:
    found = client.get("/v1/house/jobs").json()
    assert found["waiting"]["changes"] == 0
    client.post("/v1/items:upsert", json={"items": [{"kind": "poi", "item": {"id": "p-new", "name": "草坪"}}]})
    assert client.get("/v1/house/jobs").json()["waiting"]["changes"] == 1
    assert client.get("/v1/house/rejects").json() == {"tables": []}
    file = tmp_path / "places.jsonl"
    file.write_text('{"id": "p-1", "name": "好", "rating": 9}\n{"id": "p-2", "name": "好"}\n', "utf-8")
    ingest([file], "poi", None, Layout(root).tables("default"), clock)
    (table,) = client.get("/v1/house/rejects").json()["tables"]
    assert (table["table"], table["refused"]) == ("poi", 1)
    (row,) = table["rows"]
    assert (row["file"], row["line"], row["field"]) == ("places.jsonl", 1, "rating") and '"p-1"' in row["row"]
    assert list(table["by_reason"]) == ["rating: must be within 0..5"]


def test_two_ways_of_answering_stand_beside_each_other(client: TestClient) -> None:
    question = {"q": FLAGSHIP, "kinds": ["poi"]}
    body = {**question, "left": {"model": "hand"}, "right": {"model": "retrieval", "constraints": False}}
    found = client.post("/v1/house/compare", json=body).json()
    left, right = found["sides"]
    assert left["versions"]["model"].startswith("hand") and right["versions"]["model"] == "keep-order"
    assert left["parse"]["constraints"] and not right["parse"]["constraints"]
    shared = {hit["id"] for hit in left["hits"]} & {hit["id"] for hit in right["hits"]}
    assert found["shared"] == len(shared)
    assert client.post("/v1/house/compare", json={**question, "left": {"model": 9}}).status_code == 422
    same = client.post("/v1/house/compare", json=question).json()["sides"]
    assert [hit["id"] for hit in same[0]["hits"]] == [hit["id"] for hit in same[1]["hits"]]


def test_a_rule_is_left_out_of_a_way_that_asks_so(client: TestClient) -> None:
    question = {"q": FLAGSHIP, "kinds": ["poi"]}
    first = client.post("/v1/search", json=question).json()["hits"][0]["id"]
    client.put("/v1/house/rules/away", json={"action": "hide", "items": [first], "query": FLAGSHIP})
    body = {**question, "right": {"rules": False}}
    with_rules, without = client.post("/v1/house/compare", json=body).json()["sides"]
    assert first not in [hit["id"] for hit in with_rules["hits"]]
    assert without["hits"][0]["id"] == first


def test_grades_are_kept_as_training_reads_them(client: TestClient, tmp_path: Path) -> None:
    question = {"q": FLAGSHIP, "kinds": ["poi"], "near": {"lat": 30.2, "lon": 120.1}}
    ids = [hit["id"] for hit in client.post("/v1/search", json=question).json()["hits"][:3]]
    graded = client.put("/v1/house/judgments", json={**question, "grades": dict(zip(ids, (3, 0, 2), strict=True))})
    assert graded.json() == {"grades": 3}
    assert client.put("/v1/house/judgments", json={**question, "grades": {ids[1]: None}}).json() == {"grades": 2}
    (line,) = client.get("/v1/house/judgments").json()["judgments"]
    file = tmp_path / "judged.jsonl"
    file.write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8")
    (judged,) = read_judgments(file)
    assert (judged.text, judged.lang, judged.grades) == (FLAGSHIP, "zh", {ids[0]: 3, ids[2]: 2})
    assert judged.request == {"kinds": ["poi"], "near": {"lat": 30.2, "lon": 120.1}}
    shown = client.post("/v1/house/compare", json=question).json()
    assert shown["grades"] == {ids[0]: 3, ids[2]: 2}
    for route, body in (("compare", {"q": " "}), ("compare", {**question, "near": {"lat": 91, "lon": 0}})):
        assert client.post(f"/v1/house/{route}", json=body).status_code == 422
    for grades in ({"nobody": 3}, {ids[0]: 4}, {}):
        assert client.put("/v1/house/judgments", json={**question, "grades": grades}).status_code == 422


def test_what_was_graded_is_measured_and_learnt_from(root: Path) -> None:
    told: list[str] = []
    kept = Settings(root=root, encoder="hash")
    areas = ("杭州", "上海", "成都", "北京", "广州")
    with running(root) as client:
        for number in range(2 * FOLDS):
            question = {"q": f"{areas[number % 5]} {('咖啡', '草坪')[number % 2]}", "kinds": ["poi"]}
            hits = client.post("/v1/search", json=question).json()["hits"][:6]
            grades = {hit["id"]: 3 - place // 2 for place, hit in enumerate(hits)}
            if number == 2 * FOLDS - 1:
                with pytest.raises(BadInput, match="9 questions are judged"):
                    of_the_house(kept, clock(), told.append)
            assert client.put("/v1/house/judgments", json={**question, "grades": grades}).status_code == 200
    figures = of_the_house(kept, clock(), told.append)
    systems = figures.as_data()["systems"]
    assert "ours" in str(systems) and "BM25" in str(systems)
    assert any(line.startswith("answering 10 queries") for line in told)
