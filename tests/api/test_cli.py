"""Does every command do its work, say it in text and in JSON, help with an example, and end with the right code?"""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.cli import main
from api.judged import GROUP, JudgedSet
from indexing.validate import validate
from ranking.evaluate import JudgedQuery
from tests.api.test_live import eventually
from tests.api.world import FLAGSHIP, KEY, free_port, ready, rows

COMMANDS = ("ingest", "build", "publish", "rollback", "verify", "train", "evaluate", "understand", "search", "serve",
            "sample", "demo", "suggest", "doctor", "backup", "restore", "key",
            "models", "trial", "compare", "why", "rules", "review", "mentions", "push", "pull")  # fmt: skip


class Terminal:
    """Runs `lifestyle` in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capsys = monkeypatch, capsys
        self.err = ""

    def __call__(self, *args: str, code: int = 0) -> str:
        self._patch.setattr(sys, "argv", ["lifestyle", *args])
        with pytest.raises(SystemExit) as end:
            main()
        out, self.err = self._capsys.readouterr()
        assert (end.value.code or 0) == code, self.err
        return out

    def json(self, *args: str) -> Any:
        return json.loads(self(*args, "--json"))


@pytest.fixture
def lifestyle(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    monkeypatch.setenv("LIFESTYLE_ENCODER", "hash")
    monkeypatch.setenv("COLUMNS", "200")
    return Terminal(monkeypatch, capsys)


def test_without_a_command_it_lists_them_all(lifestyle: Terminal) -> None:
    out = lifestyle("--help")
    assert all(f" {command} " in out for command in COMMANDS)
    assert "Exit codes: 0 done" in out
    lifestyle(code=2)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(lifestyle: Terminal, command: str) -> None:
    out = lifestyle(command, "--help")
    assert f"lifestyle {command}" in out
    assert "Example" in out


def test_an_unknown_command_or_option_is_bad_input(lifestyle: Terminal) -> None:
    lifestyle("serach", code=2)
    assert "No such command 'serach'" in lifestyle.err
    lifestyle("search", "x", "--limt", "3", code=2)
    assert "--limt" in lifestyle.err


def test_from_files_to_an_answer_and_back(lifestyle: Terminal, tmp_path: Path) -> None:
    root = ("--root", str(tmp_path / "root"))
    file = tmp_path / "places.jsonl"
    places = [row for row in rows()["poi"] if row["city"] == "杭州"][:12]
    file.write_text("".join(json.dumps(row) + "\n" for row in [*places, {"id": "bad"}]), encoding="utf-8")
    report = lifestyle.json("ingest", str(file), "--table", "poi", *root)
    assert (report["rows"], report["refused"], report["by_reason"]) == (
        12,
        1,
        {"name: is needed, but missing or empty": 1},
    )
    assert "12 rows read" in lifestyle("ingest", str(file), "--table", "poi", *root)
    assert lifestyle.json("build", *root)["counts"]["poi"] == 12
    assert lifestyle.json("publish", *root) == {"snapshot": "00000001"}
    assert "snapshot 00000002 is published" in lifestyle("build", "--publish", *root)
    checked = lifestyle.json("verify", *root)
    assert checked["snapshot"] == "00000002"
    assert checked["files"] > 10
    found = lifestyle.json("search", "咖啡店", "--kind", "poi", "--limit", "3", *root)
    assert len(found["hits"]) == 3
    assert lifestyle.json("rollback", *root) == {"snapshot": "00000001"}
    assert "snapshot 00000002 is served again" in lifestyle("rollback", "--to", "00000002", *root)
    assert "snapshot 00000001 is sound" in lifestyle("verify", "--snapshot", "00000001", *root)


def test_search_tells_people_why(lifestyle: Terminal, published: Path) -> None:
    out = lifestyle("search", FLAGSHIP, "--kind", "poi", "--at", "2026-11-22T10:00:00+08:00",
                    "--near", "30.25,120.15", "--root", str(published))  # fmt: skip
    assert out.startswith("1. [poi] ")
    assert "met" in out
    assert "草" in out
    assert "timings: understand" in out


def test_understand_knows_the_names_of_the_index(lifestyle: Terminal, published: Path) -> None:
    parse = lifestyle.json("understand", "青禾咖啡小院附近的公园", "--root", str(published))
    assert "青禾咖啡小院" in json.dumps(parse["constraints"], ensure_ascii=False)
    assert lifestyle.err == ""


def test_understand_without_a_snapshot_reads_on_and_hints(lifestyle: Terminal, tmp_path: Path) -> None:
    empty = ("--root", str(tmp_path / "none"))
    out = lifestyle("understand", FLAGSHIP, *empty)
    assert out.startswith("find_place  (zh)")
    assert "amenity" in out
    assert lifestyle.err.startswith("hint: nothing is published yet")
    assert not (tmp_path / "none").exists()  # asking makes nothing


def test_understand_reads_a_query_a_line(lifestyle: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_text('{"query": "有草坪的咖啡店", "id": 7}\n\n"café with wifi"\n人均50以内的火锅\n', encoding="utf-8")
    parses = [json.loads(line) for line in lifestyle("understand", "--jsonl", str(file)).splitlines()]
    assert [parse["query"] for parse in parses] == ["有草坪的咖啡店", "café with wifi", "人均50以内的火锅"]
    assert all(parse["constraints"] for parse in parses)


def test_sample_makes_any_number_of_items(lifestyle: Terminal, tmp_path: Path) -> None:
    made = lifestyle.json("sample", "--items", "500", "--root", str(tmp_path))
    assert sum(made.values()) == 500
    assert min(made.values()) > 0
    again = lifestyle("sample", "--items", "500", "--root", str(tmp_path))
    assert f"{made['poi']} pois" in again


def test_train_learns_or_is_refused_by_the_gate(lifestyle: Terminal, root: Path, tmp_path: Path) -> None:
    names = [row["name"] for row in rows()["poi"][:40]]
    judged = tmp_path / "judged.jsonl"
    lines = [{"id": str(n), "query": name, "grades": {row["id"]: 3}} for n, (name, row) in
             enumerate(zip(names, rows()["poi"], strict=False))]  # fmt: skip
    judged.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    command = ("train", "--judgments", str(judged), "--no-events", "--made", "0", "--root", str(root), "--json")
    # Names are found as well without learning: there is nothing to win, so the gate must refuse.
    lifestyle(*command, code=1)
    assert "judged queries" in lifestyle.err
    assert lifestyle.err.splitlines()[-1].startswith("lifestyle: ")
    assert not (root / "default" / "models" / "CURRENT").exists()


class Entry:
    """A judged set as another distribution would announce it."""

    name = "tiny"

    @staticmethod
    def load() -> Any:
        places = [{**row, "body": row["body"] or ""} for row in rows()["poi"][:12]]
        asked = [JudgedQuery(row["id"], row["name"], "zh", {row["id"]: 1}, {}) for row in places[:4]]
        table = validate("poi", places)[0]
        return lambda queries, cache: JudgedSet("tiny", {"poi": table}, asked, ("poi",), True, learns=False)


def test_evaluate_compares_systems(lifestyle: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.judged.entry_points", lambda group: [Entry] if group == GROUP else [])
    command = ("evaluate", "tiny", "--root", str(tmp_path))
    text = lifestyle(*command)
    assert all(system in text for system in ("BM25", "dense", "hybrid", "ours, constraints off", "ours, hand-weighted"))
    assert "building the index of tiny: 12 pois" in lifestyle.err
    report = lifestyle.json(*command)
    assert "building" not in lifestyle.err  # the items are the same
    assert "BM25" in json.dumps(report)


def serving(root: Path, port: int, *options: str, **more: str) -> subprocess.Popen[str]:
    """`lifestyle serve` as a process of its own; `more`: settings for its environment."""
    code = "from api.cli import main; main()"
    command = [sys.executable, "-X", "dev", "-c", code, "serve", "--port", str(port), "--root", str(root), *options]
    env = {
        "LIFESTYLE_ENCODER": "hash",
        "PYTHONPATH": str(Path.cwd()),
        "OMP_NUM_THREADS": "1",
        "LIFESTYLE_SPARE_MB": "0",
        **more,
    }
    return subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)


def refuses(port: int) -> bool:
    """Does nobody take new connections any more?"""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return True
    return False


def test_a_write_under_way_is_finished_before_the_server_ends(root: Path) -> None:
    port = free_port()
    server = serving(root, port)
    stopping: list[bool] = []

    def lines() -> Iterator[bytes]:
        yield b'{"kind": "poi", "item": {"id": "g-1", "name": "one"}}\n'
        server.send_signal(signal.SIGTERM)
        stopping.append(eventually(lambda: refuses(port)))
        yield b'{"kind": "poi", "item": {"id": "g-2", "name": "two"}}\n'

    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=KEY, timeout=60) as client:
            assert eventually(lambda: ready(client), 60)
            reply = client.post("/v1/items:stream", content=lines())
        _, err = server.communicate(timeout=30)
    finally:
        server.kill()
        server.wait()
    assert stopping == [True]
    assert (reply.status_code, reply.json()["accepted"]) == (200, 2)
    assert server.returncode == 0, err


def test_serve_answers_and_ends_cleanly(root: Path) -> None:
    port = free_port()
    server = serving(root, port)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=KEY) as client:
            assert eventually(lambda: ready(client), 60)
            reply = client.post("/v1/search", json={"q": "咖啡店", "budget_ms": 2000})
            assert reply.json()["hits"]
            server.send_signal(signal.SIGTERM)
            _, err = server.communicate(timeout=30)
    finally:
        server.kill()
        server.wait()
    assert server.returncode == 0, err
    assert "Traceback" not in err
