"""Is the README true? Its commands run, its requests are answered, its paths exist, its figures were measured."""

import json
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from api.cli import main
from benchmarks import figures, report
from indexing.sample.files import load_tables
from tests.api.world import copied, running

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = [block.strip() for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)]
CURLS = [block.replace("\\\n", " ") for block in BLOCKS if block.startswith("curl")]
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.startswith("lifestyle")]
#: What CI runs by itself.
ELSEWHERE = {"make demo", "make test"}


def test_every_block_is_run_here_or_by_ci() -> None:
    lines = [line.split("#")[0].strip() for block in BLOCKS for line in block.splitlines()]
    makes = {line for line in lines if line.startswith("make")}
    assert makes == ELSEWHERE
    assert len(CURLS) >= 4 and len(COMMANDS) >= 5


def test_every_request_is_answered(published: Path, tmp_path: Path) -> None:
    copied(published, tmp_path / "root")
    with running(tmp_path / "root") as client:
        for curl in CURLS:
            words = shlex.split(curl)
            url = next(word for word in words if word.startswith("http"))
            headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
            body = json.loads(words[words.index("-d") + 1]) if "-d" in words else None
            parts = urlsplit(url)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            answer = client.request("GET" if body is None else "POST", target, json=body, headers=headers)
            assert answer.status_code == 200, answer.text
            told = answer.json()
            assert any(told.get(name) for name in ("hits", "suggestions", "accepted", "attributes")), told


@pytest.fixture
def lifestyle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], int]:
    """Runs one command line in a folder of its own, with the hash encoder; -> its exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIFESTYLE_ENCODER", "hash")

    def run(line: str) -> int:
        monkeypatch.setattr(sys, "argv", shlex.split(line))
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0)

    return run


def test_own_items_become_answers_and_a_model(lifestyle: Callable[[str], int], tmp_path: Path) -> None:
    tables = load_tables()
    for name, rows in (("places", tables["poi"][:60]), ("notes", tables["note"][:120])):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    grades = {"grades": {tables["poi"][0]["id"]: 3}}
    judged = [{"id": str(n), "query": row["name"], **grades} for n, row in enumerate(tables["poi"][:3])]
    (tmp_path / "judged.jsonl").write_text("\n".join(json.dumps(row) for row in judged), "utf-8")
    for line in COMMANDS:
        refusable = " train " in line  # the gate may refuse what three judgments taught: that is its work
        assert lifestyle(line) in ({0, 1} if refusable else {0}), line


def test_every_path_and_command_that_is_named_exists(capsys: pytest.CaptureFixture[str], lifestyle: object) -> None:
    named = re.findall(r"`([\w./-]+/[\w.*-]*|docs/\w+\.png)`|\]\(([\w./-]+)\)", README)
    missing = [a or b for a, b in named if not (a or b).startswith(("/", "http")) and not (ROOT / (a or b)).exists()]
    assert missing == []
    assert callable(lifestyle)
    lifestyle("lifestyle --help")
    told = capsys.readouterr().out
    commands = set(re.findall(r"(?:`|^)lifestyle ([a-z]+)", README, re.MULTILINE))
    assert [name for name in commands if name not in told] == []


def test_the_figures_are_those_that_were_measured() -> None:
    assert report.filled(README, figures.load()) == README
