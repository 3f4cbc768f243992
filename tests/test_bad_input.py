"""What does each kind of bad input get? Requests, rows and commands, and their clear errors."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from api.cli import main
from tests.api.world import running

pytestmark = pytest.mark.promise(13)

Q: Final = {"q": "有草坪的咖啡店"}
CAFE: Final = {"id": "p-1", "name": "一家店", "category": "cafe"}


def filtered(**constraint: Any) -> dict[str, Any]:
    return Q | {"filters": [constraint]}


def item(**fields: Any) -> dict[str, Any]:
    return {"items": [{"kind": "poi", "item": CAFE | fields}]}


def event(**fields: Any) -> dict[str, Any]:
    return {"events": [{"user_id": "u", "action": "click", "object_id": "x"} | fields]}


#: kind: method and path, body (text is sent as it is), status, a part of the message.
REQUESTS: Final[dict[str, tuple[str, Any, int, str]]] = {
    "body is no JSON": ("POST /v1/search", '{"q": "a",}', 400, "the body is not JSON"),
    "body is not UTF-8": ("POST /v1/search", b'{"q": "\xff"}', 400, "the body is not JSON in UTF-8"),
    "body holds NaN": ("POST /v1/search", '{"q": "a", "limit": NaN}', 400, "invalid character"),
    "half of a surrogate pair": ("POST /v1/search", '{"q": "\\ud800"}', 400, "the body is not JSON"),
    "nested too deep": ("POST /v1/search", '{"parse":' + "[" * 5000 + "]" * 5000 + "}", 400, "recursion"),
    "body over 64 KiB": ("POST /v1/search", {"q": "a" * 70_000}, 413, "larger than 65536 bytes"),
    "batch over 1 MiB": ("POST /v1/items:upsert", item(body="a" * 1_100_000), 413, "larger than 1048576 bytes"),
    "body is a list": ("POST /v1/search", [Q], 422, "body: "),
    "unknown field": ("POST /v1/search", Q | {"limt": 5}, 422, "limt: is not a known field"),
    "unknown parameter": ("GET /v1/search?q=a&limt=5", None, 422, "limt: is not a known field"),
    "no query": ("POST /v1/search", {}, 422, "q: is empty; say what you look for"),
    "query too long": ("POST /v1/search", {"q": "草" * 513}, 422, "q: String should have at most 512"),
    "too many filters": ("POST /v1/search", Q | {"filters": [{"slot": "price", "op": "lte", "value": 1}] * 33}, 422,
                         "filters: List should have at most 32"),
    "filter without a value": ("POST /v1/search", filtered(slot="price", op="lte"), 422, "filters.0.value: "),
    "unknown slot": ("POST /v1/search", filtered(slot="colour", op="eq", value=1), 422,
                     "filters.0.slot: 'colour' is unknown"),
    "unknown operation": ("POST /v1/search", filtered(slot="price", op="<", value=1), 422, "filters.0.op: '<'"),
    "number too large": ("POST /v1/search", filtered(slot="price", op="lte", value=10**40), 422, "filters.0.value"),
    "parse with an unknown slot": ("POST /v1/search", {"parse": {"constraints": [
        {"slot": "mood", "op": "eq", "value": "x"}]}}, 422, "parse.constraints[0].slot: 'mood' is unknown"),
    "parse with an unknown field": ("POST /v1/search", {"parse": {"quary": "x"}}, 422, "parse.quary: is no field"),
    "bad cursor": ("POST /v1/search", Q | {"cursor": "next please"}, 422, "cursor: is not a cursor of this API"),
    "limit 0": ("POST /v1/search", Q | {"limit": 0}, 422, "limit: Input should be greater than or equal to 1"),
    "limit over 100": ("POST /v1/feed", {"limit": 101}, 422, "limit: Input should be less than or equal to 100"),
    "budget too small": ("POST /v1/search", Q | {"budget_ms": 1}, 422, "budget_ms: "),
    "time without offset": ("POST /v1/search", Q | {"at": "2026-11-22T10:00:00"}, 422, "at: "),
    "time out of range": ("POST /v1/search", Q | {"at": "9999-12-31T23:59:59-12:00"}, 422, "between 1970 and 2200"),
    "unknown kind": ("POST /v1/search", Q | {"kinds": ["hotel"]}, 422, "kinds.0: Input should be 'note'"),
    "unknown sort": ("POST /v1/search", Q | {"sort": "best"}, 422, "sort: is not one of rating"),
    "latitude of no place": ("POST /v1/search", Q | {"near": {"lat": 91, "lon": 0}}, 422, "near.lat: "),
    "unknown item": ("GET /v1/items/no-such", None, 404, "no item 'no-such'"),
    "similar to an unknown item": ("GET /v1/similar/no-such", None, 404, "no item 'no-such'"),
    "delete of an unknown item": ("DELETE /v1/items/no-such", None, 404, "may have been deleted already"),
    "unknown path": ("GET /v1/serach", None, 404, "Not Found"),
    "wrong method": ("PUT /v1/search", None, 405, "Method Not Allowed"),
    "upsert with a bad rating": ("POST /v1/items:upsert", item(rating=9), 422, "items.0.item.rating: must be within"),
    "upsert with an unknown field": ("POST /v1/items:upsert", item(tone="red"), 422, "items.0.item.tone: is no field"),
    "upsert with a bad latitude": ("POST /v1/items:upsert", item(lat=95, lon=0), 422, "items.0.item.lat: "),
    "upsert of the same id twice": ("POST /v1/items:upsert", {"items": item()["items"] * 2}, 422, "comes twice"),
    "patch of an unknown field": ("PATCH /v1/items/p-hz-078", {"tone": "red"}, 422, "tone: is no field of poi"),
    "patch of an unknown item": ("PATCH /v1/items/no-such", {"rating": 4}, 404, "no item 'no-such'"),
    "patch that is no object": ("PATCH /v1/items/p-hz-078", [1], 422, "body: Input should be a valid dictionary"),
    "upsert of nothing": ("POST /v1/items:upsert", {"items": []}, 422, "items: List should have at least 1"),
    "event of an unknown action": ("POST /v1/events", event(action="stare"), 422, "events.0.action: "),
    "event without a time zone": ("POST /v1/events", event(at="2026-11-22T10:00:00"), 422, "events.0.at: "),
    "event with control characters": ("POST /v1/events", event(object_id="a\nb"), 422, "events.0.object_id: "),
}  # fmt: skip


@pytest.fixture(scope="module")
def door(published: Path) -> Iterator[TestClient]:
    with running(published) as client:
        yield client


@pytest.mark.parametrize("kind", REQUESTS)
def test_a_bad_request_is_told_what_is_wrong(door: TestClient, kind: str) -> None:
    what, body, status, part = REQUESTS[kind]
    method, path = what.split()
    sent = body if isinstance(body, str | bytes) or body is None else json.dumps(body)
    reply = door.request(method, path, content=sent, headers={"Content-Type": "application/json"})
    error = reply.json()["error"]
    assert (reply.status_code, part in error["message"]) == (status, True), reply.text
    assert "Traceback" not in reply.text
    if status == 422:
        assert error["message"].startswith(error["field"])
    assert door.post("/v1/search", json=Q).json()["hits"]  # nothing good is lost


GOOD: Final = json.dumps(CAFE)

#: kind: a file's name and content, which table; what the report says of it. The good row beside it is always taken.
ROWS: Final[dict[str, tuple[str, str, str]]] = {
    "row is no object": ("a.jsonl", f"[1, 2]\n{GOOD}\n", "must be an object"),
    "row is no JSON": ("a.jsonl", f'{{"id": "x"\n{GOOD}\n', "is no JSON"),
    "id is missing": ("a.jsonl", f'{{"name": "x"}}\n{GOOD}\n', "id: is needed"),
    "rating of 9": ("a.jsonl", f'{{"id": "x", "name": "x", "rating": 9}}\n{GOOD}\n', "rating: must be within"),
    "bad opening hours": ("a.jsonl", f'{{"id": "x", "name": "x", "opening_hours": "when I like"}}\n{GOOD}\n',
                          "opening_hours: is no OSM opening_hours"),
    "unknown field": ("a.jsonl", f'{{"id": "x", "name": "x", "colour": 1}}\n{GOOD}\n', "colour: is no field of poi"),
    "the same id twice": ("a.jsonl", f"{GOOD}\n{GOOD}\n", "id: was given before"),
    "latitude alone": ("a.jsonl", f'{{"id": "x", "name": "x", "lat": 3}}\n{GOOD}\n', "lon: is missing"),
    "price is text": ("a.csv", "id,name,rating\nx,x,good\np-1,一家店,5\n", "rating: must be a number"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ROWS)
def test_a_bad_row_is_refused_and_the_good_one_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    name, content, part = ROWS[kind]
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    code, out, err = run(monkeypatch, capsys, "ingest", str(file), "--table", "poi", "--root", str(tmp_path / "root"))
    assert (code, err) == (0, "")
    assert "1 rows read" in out
    assert "1 rows refused" in out
    assert part in out, out
    rejected = json.loads((tmp_path / "root/default/tables/poi.rejects.jsonl").read_text())
    assert rejected["file"] == name
    assert rejected["line"] in {1, 2}


#: kind: the command, its exit code, a part of the one sentence on standard error. ROOT: a published deployment;
#: EMPTY: a folder with nothing; FILES: a folder with the files below.
COMMANDS: Final[dict[str, tuple[str, int, str]]] = {
    "missing file": ("ingest FILES/none.jsonl --table poi --root EMPTY", 2, "there is no file"),
    "file of no known format": ("ingest FILES/photo.png --table poi --root EMPTY", 2, "format 'png' is none of"),
    "a folder for a file": ("ingest FILES/folder.jsonl --table poi --root EMPTY", 2, "is a folder"),
    "no such table": ("ingest FILES/good.jsonl --table hotel --root EMPTY", 2, "--table: 'hotel' is not one of"),
    "not Parquet": ("ingest FILES/bad.parquet --table poi --root EMPTY", 2, "bad.parquet"),
    "not gzip": ("ingest FILES/bad.jsonl.gz --table poi --root EMPTY", 2, "no whole gzip file"),
    "broken mapping": ("ingest FILES/good.jsonl --table poi --root EMPTY --mapping FILES/broken.toml", 2, "broken"),
    "mapping of other fields": ("ingest FILES/good.jsonl --table poi --mapping FILES/odd.toml --root EMPTY", 2, "odd"),
    "missing mapping": ("ingest FILES/good.jsonl --table poi --mapping FILES/none.toml --root EMPTY", 2, "none.toml"),
    "empty build": ("build --root EMPTY", 2, "there is nothing to build from"),
    "publish without a build": ("publish --root EMPTY", 2, "holds no finished build"),
    "rollback of the only snapshot": ("rollback --root ROOT", 2, "there is no snapshot before 00000001"),
    "rollback to a stranger": ("rollback --to 00000009 --root ROOT", 2, "there is no snapshot '00000009'"),
    "verify of nothing": ("verify --root EMPTY", 1, "nothing is published"),
    "search of nothing": ("search cafe --root EMPTY", 2, "nothing is published"),
    "search without words": ("search   --root ROOT '  '", 2, "text: is empty"),
    "search for an unknown kind": ("search cafe --kind hotel --root ROOT", 2, "--kind: 'hotel' is not one of"),
    "position that is none": ("search cafe --near 91,0 --root ROOT", 2, "--near: '91,0' is no position"),
    "position of words": ("search cafe --near here --root ROOT", 2, "--near: 'here' is not LAT,LON"),
    "time that is none": ("search cafe --at tomorrow --root ROOT", 2, "--at: 'tomorrow' is no ISO time"),
    "query too long": ("understand " + "a" * 600 + " --root EMPTY", 2, "text: is longer than 512"),
    "missing queries": ("understand --jsonl FILES/none.jsonl --root EMPTY", 2, "none.jsonl"),
    "queries that are no JSON": ("understand --jsonl FILES/broken.jsonl --root EMPTY", 2, "broken.jsonl:1"),
    "queries that are not UTF-8": ("understand --jsonl FILES/photo.png --root EMPTY", 2, "not UTF-8"),
    "nothing to learn from": ("train --no-events --made 0 --root ROOT", 2, "there is nothing to learn from"),
    "judgments that are none": ("train --judgments FILES/good.jsonl --no-events --root ROOT", 2, "is no judged query"),
    "judgments that are a list": ("train --judgments FILES/list.jsonl --no-events --root ROOT", 2, "must be an object"),
    "judgments nested too deep": ("train --judgments FILES/deep.jsonl --no-events --root ROOT", 2, "deep.jsonl:1"),
    "grades that are none": ("train --judgments FILES/grades.jsonl --no-events --root ROOT", 2, "grades.jsonl:2"),
    "rules nested too deep": ("rules --put FILES/deep.jsonl --root ROOT", 2, "nested too deep"),
    "a rule's name of loose bytes": ("rules --drop BYTES --root ROOT", 2, "an argument is not UTF-8"),
    "a backup that cannot be read": ("restore /proc/self/mem --root EMPTY", 1, "a store cannot be used"),
    "a root in a loop of links": ("verify --root FILES/loop", 1, "nothing is published"),
    "ingest into a loop of links": ("ingest FILES/good.jsonl --table poi --root FILES/loop", 1, "loop"),
    "table of people": ("ingest FILES/good.jsonl --table user --root EMPTY", 2, "one of note, product, poi, event"),
    "unknown judged set": ("evaluate paris --root EMPTY", 2, "'paris' is not a judged set; there are"),
    "judged set that is a path": ("evaluate ../../paris --root EMPTY", 2, "'../../paris' is not a judged set"),
    "demo key on a network": ("serve --host 0.0.0.0 --root ROOT", 2, "--host: 0.0.0.0 is open to a network"),
    "tenant that is a path": ("verify --tenant ../x --root ROOT", 2, "setting 'tenant'"),
}  # fmt: skip

FILES: Final = {
    "good.jsonl": GOOD + "\n",
    "photo.png": b"\x89PNG\r\n\x1a\n\xff\xfe",
    "bad.parquet": "PAR0",
    "bad.jsonl.gz": "plain",
    "broken.toml": "table = [",
    "odd.toml": 'table = "poi"\nformat = "jsonl"\n[fields]\ncolour = "x"\n',
    "broken.jsonl": '{"query": \n',
    "list.jsonl": "[1, 2]\n",
    "deep.jsonl": "[" * 5000 + "\n",
    "grades.jsonl": '{"id": "1", "query": "a", "grades": {"x": 3}}\n{"id": "2", "query": "a", "grades": {"x": 9}}\n',
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    for name, content in FILES.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / "folder.jsonl").mkdir()
    (folder / "loop").symlink_to("loop")
    return folder


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """The console entry, in this process; -> exit code, standard output, standard error."""
    monkeypatch.setenv("LIFESTYLE_ENCODER", "hash")
    monkeypatch.setattr(sys, "argv", ["lifestyle", *args])
    with pytest.raises(SystemExit) as end:
        main()
    out, err = capsys.readouterr()
    return int(end.value.code or 0), out, err


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_bad_command_ends_with_one_sentence(
    published: Path, files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, kind: str,
) -> None:  # fmt: skip
    command, code, part = COMMANDS[kind]
    words = [word.replace("ROOT", str(published)).replace("EMPTY", str(tmp_path)).replace("FILES", str(files))
             for word in command.replace("'  '", "BLANK").split()]  # fmt: skip
    words = [{"BLANK": "  ", "BYTES": "\udcff"}.get(word, word) for word in words]
    ended, out, err = run(monkeypatch, capsys, *words)
    assert (ended, out) == (code, ""), err
    last = err.splitlines()[-1]
    assert last.startswith("lifestyle: ")
    assert part in last
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("name", "value"), [("WORKERS", "many"), ("KEYS", "{"), ("BUDGET_MS", "1"), ("TENANT", "Über")]
)
def test_a_bad_environment_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"LIFESTYLE_{name}", value)
    code, out, err = run(monkeypatch, capsys, "verify")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert name.lower() in err
