"""Is the built TypeScript client that of its sources and of this OpenAPI, and does it do what it says, under Node?"""

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.api.world import DEMO_KEY
from tests.clients.test_generated import CLIENTS, REMEDY, loaded

HERE = CLIENTS / "typescript"
Node = Callable[..., str]


@pytest.fixture
def node(url: str, strict: str) -> Node:
    """Runs Node (20 or newer) in the client's folder; -> what it printed."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("no Node, so the TypeScript client was not run: apt-get install nodejs (20 or newer)")
    told = {"LIFESTYLE_URL": url, "LIFESTYLE_STRICT_URL": strict, "LIFESTYLE_KEY": DEMO_KEY}

    def run(*arguments: str) -> str:
        command = [program, *arguments]
        done = subprocess.run(
            command, cwd=HERE, env=os.environ | told, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_its_types_are_those_of_this_openapi(reader: TestClient) -> None:
    outline = loaded(CLIENTS / "python" / "generate.py").outline(reader.get("/openapi.json").json())
    assert (HERE / "openapi.json").read_text("utf-8") == outline, REMEDY


def test_it_is_built_from_its_sources() -> None:
    stamp = json.loads((HERE / "stamp.json").read_text("utf-8"))
    for part, folder in (("sources", "src"), ("built", "lib")):
        digests = {name: hashlib.sha256((HERE / name).read_bytes()).hexdigest() for name in stamp[part]}
        assert digests == stamp[part], REMEDY
        present = {path.relative_to(HERE).as_posix() for path in (HERE / folder).iterdir()}
        assert present == {name for name in digests if name.startswith(folder)}


def test_it_needs_nothing_but_itself() -> None:
    package = json.loads((HERE / "package.json").read_text("utf-8"))
    assert "dependencies" not in package
    imports = [re.findall(r'from "([^"]+)"', path.read_text("utf-8")) for path in (HERE / "lib").glob("*.js")]
    assert all(name.startswith("./") for names in imports for name in names)


@pytest.mark.parametrize("name", ["client", "retries"])
def test_it_speaks_with_a_server(node: Node, name: str) -> None:
    assert "# fail 0" in node("--test", "--test-reporter=tap", f"tests/{name}.test.js")


def test_its_quick_start_runs(node: Node, url: str) -> None:
    readme = (HERE / "README.md").read_text("utf-8")
    (block,) = re.findall(r"```js\n(.*?)```", readme, re.DOTALL)
    told = node("--input-type=module", "--eval", block.replace("http://127.0.0.1:8000", url))
    assert told.splitlines()[-1] == "not_found no item 'none'; it may have been deleted"
