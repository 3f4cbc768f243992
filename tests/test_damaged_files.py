"""What does a damaged snapshot or model get? It is named, and the last good one serves on."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from api.layout import Layout
from indexing import manifest
from tests.api.world import deploy, rows, running
from tests.test_bad_input import Q, run

pytestmark = [pytest.mark.promise(3), pytest.mark.promise(4)]


def flip(folder: Path) -> None:
    path = folder / "poi" / "vectors.npy"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()  # a hard link of the build: never change bytes in place
    path.write_bytes(data)


def cut(folder: Path) -> None:
    path = folder / "poi" / "items.arrow"
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[:-100])


def from_the_future(folder: Path) -> None:
    said = manifest.unseal(folder / manifest.NAME)
    (folder / manifest.NAME).write_bytes(manifest.seal(said | {"format": manifest.FORMAT + 1}))


def of_another_encoder(folder: Path) -> None:
    said = manifest.unseal(folder / manifest.NAME)
    said["facts"]["encoder"] = "another"
    (folder / manifest.NAME).write_bytes(manifest.seal(said))


#: kind: how a published snapshot is damaged, a part of what is said of it.
DAMAGES: Final[dict[str, tuple[Callable[[Path], object], str]]] = {
    "one bit of a file flipped": (flip, "poi/vectors.npy: its SHA-256 differs"),
    "file cut short": (cut, "poi/items.arrow: has"),
    "file missing": (lambda folder: (folder / "links.arrow").unlink(), "links.arrow: is missing"),
    "file added": (lambda folder: (folder / "more.npy").write_bytes(b"x"), "more.npy: is not in the manifest"),
    "manifest missing": (lambda folder: (folder / "MANIFEST").unlink(), "MANIFEST: cannot be read"),
    "manifest changed": (lambda folder: (folder / "MANIFEST").write_bytes(b"{}\n"), "differs from its own digest"),
    "format of a newer release": (from_the_future, f"format {manifest.FORMAT + 1} was written by a newer release"),
    "made for another encoder": (of_another_encoder, "was built with encoder 'another'"),
    "CURRENT damaged": (lambda folder: (folder.parents[1] / "CURRENT").write_bytes(b"2"), "CURRENT"),
}


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment with two snapshots."""
    root = tmp_path_factory.mktemp("twice")
    deploy(root, {"poi": rows()["poi"][:8]})
    deploy(root, {"poi": rows()["poi"][:9]})
    return root


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_snapshot_is_named_and_the_one_before_serves(
    twice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    damage, part = DAMAGES[kind]
    root = copy(twice, tmp_path)
    damage(root / "default" / "snapshots" / "00000002")
    if kind != "made for another encoder":  # sound bytes: only who serves it can tell
        code, _, err = run(monkeypatch, capsys, "verify", "--root", str(root))
        assert (code, err.count("\n")) == (1, 1)
        assert part in err
    with running(root) as client:
        answer = client.post("/v1/search", json={"q": "咖啡店"}).json()
        assert answer["hits"]
        assert any(part in given_up["reason"] for given_up in answer["degraded"])
        if kind != "CURRENT damaged":
            assert answer["versions"]["snapshot"] == "00000001"


def test_when_no_snapshot_is_sound_the_answer_says_why(twice: Path, tmp_path: Path) -> None:
    root = copy(twice, tmp_path)
    for folder in (root / "default" / "snapshots").iterdir():
        flip(folder)
    with running(root) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        reply = client.post("/v1/search", json=Q)
        assert reply.status_code == 503
        assert "SHA-256 differs" in reply.json()["error"]["message"]


#: kind: what CURRENT or model.txt holds. The hand weights serve instead.
MODELS: Final = {
    "CURRENT names nothing": ("CURRENT", "7\n"),
    "CURRENT is no number": ("CURRENT", "../../etc"),
    "model is no model": ("1/model.txt", "tree\nversion=v9\n"),
    "model is missing": ("1/other.txt", ""),
}


@pytest.mark.parametrize("kind", MODELS)
def test_a_damaged_model_costs_only_its_order(twice: Path, tmp_path: Path, kind: str) -> None:
    root = copy(twice, tmp_path)
    models = Layout(root).models("default")
    (models / "1").mkdir(parents=True)
    (models / "CURRENT").write_text("1\n")
    name, content = MODELS[kind]
    (models / name).write_text(content)
    with running(root) as client:
        answer = client.post("/v1/search", json={"q": "咖啡店"}).json()
        assert answer["hits"]
        assert answer["versions"]["model"] == "hand-weighted-2"


def copy(root: Path, to: Path) -> Path:
    return Path(shutil.copytree(root, to / "root"))
