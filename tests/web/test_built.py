"""Is the page that is handed out built from the sources that lie beside it, small, and allowed nothing but its own?"""

import hashlib
import json
import re
from pathlib import Path

from starlette.testclient import TestClient

from api.pages import WEB
from api.settings import Settings
from tests.api.world import running

SOURCES = Path(__file__).parents[2] / "clients" / "web"
STAMP = json.loads((WEB / "build.json").read_text())
#: Without the map, which is fetched when it is shown.
MOST_BYTES = 200 * 1024


def digests(root: Path, names: list[str]) -> dict[str, str]:
    return {name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in names}


def test_the_built_page_is_that_of_the_sources() -> None:
    made = digests(SOURCES, list(STAMP["sources"]))
    assert made == STAMP["sources"], "clients/web was changed: run `make page` and commit api/web"
    present = {path.relative_to(SOURCES).as_posix() for path in (SOURCES / "src").rglob("*") if path.is_file()}
    assert present == {name for name in made if name.startswith("src/")}


def test_the_built_files_are_those_that_were_built() -> None:
    present = [path.relative_to(WEB).as_posix() for path in WEB.rglob("*") if path.is_file()]
    assert digests(WEB, sorted(set(present) - {"build.json"})) == STAMP["built"]


def first_files() -> set[Path]:
    """What a browser fetches before anybody does anything: the page, and what it names."""
    html = (WEB / "index.html").read_text()
    return {WEB / "index.html", *(WEB / name for name in re.findall(r'(?:src|href)="/static/([^"]+)"', html))}


def test_the_page_without_the_map_is_under_200_kib() -> None:
    files = first_files()
    assert len(files) >= 4
    assert sum(path.stat().st_size for path in files) < MOST_BYTES  # even before it is compressed


def test_the_policy_allows_nothing_inline_and_nobody_else(reader: TestClient) -> None:
    reply = reader.get("/")
    policy = reply.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style| style=| on\w+=|https?://", reply.text)


def test_assets_are_kept_and_pages_asked_for_anew(reader: TestClient) -> None:
    asset = next(path for path in first_files() if path.suffix == ".js").relative_to(WEB).as_posix()
    assert "immutable" in reader.get(f"/static/{asset}").headers["Cache-Control"]
    assert reader.get("/").headers["Cache-Control"] == "no-cache"
    assert "immutable" not in reader.get("/static/assets/none.js").headers.get("Cache-Control", "")


def test_tiles_are_told_and_allowed_when_they_are_set(root: Path) -> None:
    tiles = {"tiles_url": "https://{s}.tiles.example.org/{z}/{x}/{y}.png", "tiles_credit": "© Example"}
    with running(root, **tiles) as client:
        assert "https://*.tiles.example.org" in client.get("/").headers["Content-Security-Policy"]
        assert (
            client.get("/static/page.json").json().items()
            >= {"tiles": tiles["tiles_url"], "credit": "© Example"}.items()
        )
    assert Settings().tiles_url is None
