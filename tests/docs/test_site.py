"""Is the docs site whole: reference of everything there is, links that lead somewhere, a tutorial that works?"""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from starlette.testclient import TestClient

from api.cli import main
from indexing.items import TABLES
from tests.api.test_openapi import DOCUMENTED
from tests.api.world import listening
from tests.clients.test_generated import loaded

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text("utf-8").splitlines()
#: Done by whoever reads, or by CI.
ELSEWHERE = {"pip install ."}
Run = Callable[[str], int]


@pytest.fixture(scope="module")
def make() -> ModuleType:
    return loaded(DOCS / "make.py")


@pytest.fixture(scope="module")
def pages(make: ModuleType, reader: TestClient) -> dict[str, str]:
    found: dict[str, str] = make.pages(reader.get("/openapi.json").json())
    return found


def test_the_reference_names_everything(pages: dict[str, str], make: ModuleType) -> None:
    assert {
        f"## {method} {path}\n" for method, path in DOCUMENTED if f"## {method} {path}\n" not in pages["http"]
    } == set()
    help_of = make.get_command(make.commands.app).commands
    assert [name for name in help_of if f"## lifestyle {name}\n" not in pages["cli"]] == []
    assert [name for name in make.Settings.model_fields if f"LIFESTYLE_{name.upper()}`" not in pages["settings"]] == [
        "shared"
    ]
    assert [f.name for schema in TABLES.values() for f in schema if f"| `{f.name}` |" not in pages["tables"]] == []
    assert "### Client.search" in pages["python"] and "### Page" in pages["python"] and "Unreachable" in pages["python"]


def test_the_site_is_built_without_a_warning(make: ModuleType, tmp_path: Path) -> None:
    program = shutil.which("mkdocs") or shutil.which("mkdocs", path=ROOT / ".venv-docs" / "bin")
    if program is None:
        pytest.skip("no mkdocs, so the docs site was not built: make docs")
    make.main(tmp_path / "docs")
    told = (ROOT / "mkdocs.yml").read_text("utf-8").replace("var/docs", "docs").replace("var/site", "site")
    (tmp_path / "mkdocs.yml").write_text(told, "utf-8")
    done = subprocess.run(
        [program, "build", "--strict", "--quiet"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site" / "tutorial" / "index.html").exists()
    fetched = re.findall(
        r'(?:src|href)="(https?://[^"]+\.(?:js|css|woff2?))"', (tmp_path / "site" / "index.html").read_text("utf-8")
    )
    assert fetched == []  # nothing comes from elsewhere


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs one `lifestyle` line in a folder of its own, with the hash encoder; -> its exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIFESTYLE_ENCODER", "hash")

    def line(text: str) -> int:
        monkeypatch.setattr(sys, "argv", shlex.split(text))
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    return line


def commands(page: Path) -> Iterator[str]:
    """The commands of a page's blocks; a file that is written comes whole, with its name."""
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL)).replace("\\\n", " ")
    for heredoc, line in re.findall(r"(cat > \S+ <<'EOF'\n.*?\nEOF)|(^[^\n]+$)", blocks, re.DOTALL | re.MULTILINE):
        yield heredoc or line


def written(command: str, folder: Path) -> None:
    head, *lines, _ = command.split("\n")
    (folder / head.split()[2]).write_text("\n".join(lines) + "\n", "utf-8")


def asked(curl: str, port: int) -> httpx.Response:
    """A curl line as a request to our server."""
    words = shlex.split(curl)
    given = {flag: [words[at + 1] for at, word in enumerate(words) if word == flag] for flag in ("-H", "-d")}
    url = next(word for word in words if word.startswith("http")).replace(":8000", f":{port}")
    headers = dict(header.split(": ", 1) for header in given["-H"])
    method = "POST" if given["-d"] else "GET"
    return httpx.request(method, url, headers=headers, content=(given["-d"] or [""])[0].encode(), timeout=60)


def test_the_tutorial_does_what_it_says(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = list(commands(DOCS / "tutorial.md"))
    served = lines.index("lifestyle serve --root var/mine")
    for line in lines[:served]:
        if line.startswith("cat >"):
            written(line, tmp_path)
        elif line not in ELSEWHERE:
            capsys.readouterr()
            assert line.startswith("lifestyle ") and run(line) == 0, line
        if line == 'lifestyle search "quiet café for work" --root var/mine':
            told = capsys.readouterr().out
            assert "Silent Beans" in told.splitlines()[0] and "It is very quiet" in told
    assert "Dogs are welcome." in capsys.readouterr().out  # of lifestyle evidence, the last
    with listening(tmp_path / "var" / "mine") as port:
        answers = [asked(line, port) for line in lines[served + 1 :]]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[0].json()["hits"][0]["item"]["name"] == "Silent Beans"
    assert answers[2].json()["name"] == "Lake Espresso"
    for line in [line for page in sorted((DOCS / "guides").glob("*.md")) for line in commands(page)]:
        if line not in README:  # those are run by tests/test_readme.py
            assert run(line) == 0, line
