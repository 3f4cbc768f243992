"""Does a wheel hold the whole page, and is it served from there? Built from the tree, laid out, asked."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from api.pages import WEB

ROOT = Path(__file__).parents[2]
#: Prints what the page and its files answer, by the package that lies in the folder named first, and where it lies.
ASK = """
import sys
sys.path.insert(0, sys.argv[1])
from fastapi import FastAPI
from starlette.testclient import TestClient
import api.pages
from api.settings import Settings
app = FastAPI()
api.pages.pages(app, Settings())
client = TestClient(app)
print(api.pages.__file__)
for path in ("/", "/console", *sys.argv[2:]):
    reply = client.get(path)
    print(reply.status_code, len(reply.content), path)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, without the sample's data, which makes most of its size and of the time."""
    tree = tmp_path_factory.mktemp("tree")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    for package in ("api", "engine"):
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", "out", "."],
        cwd=tree, check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (made,) = (tree / "out").glob("*.whl")
    return Path(made)


def test_the_wheel_holds_every_file_of_the_page_and_serves_it(wheel: Path, tmp_path: Path) -> None:
    files = {path.relative_to(WEB).as_posix(): path for path in WEB.rglob("*") if path.is_file()}
    with ZipFile(wheel) as packed:
        held = {name: packed.getinfo(name).file_size for name in packed.namelist()}
        packed.extractall(tmp_path)
    assert {name: held.get(f"api/web/{name}") for name in files} == {n: p.stat().st_size for n, p in files.items()}
    command = [sys.executable, "-c", ASK, str(tmp_path), *(f"/static/{name}" for name in files)]
    told = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=300,
                          env={"PATH": "", "PYTHONPATH": str(tmp_path)}).stdout.splitlines()  # fmt: skip
    assert told[0].startswith(str(tmp_path))
    size = (WEB / "index.html").stat().st_size
    assert told[1:3] == [f"200 {size} /", f"200 {size} /console"]
    assert told[3:] == [f"200 {path.stat().st_size} /static/{name}" for name, path in files.items()]
