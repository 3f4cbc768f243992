"""Do snapshots of every released format open, and answer as they did? And is every damage to one found?"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from engine.errors import CorruptSnapshot
from indexing import manifest
from tests.reliability.golden import FOLDER, answers, unpacked

Note = Callable[[str, object], None]
#: Bytes of the part of a real snapshot of which every single one is changed.
ROOM = 64 * 1024


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newest format's."""
    return unpacked(manifest.FORMAT, tmp_path_factory.mktemp("golden"))


@pytest.mark.promise(5)
def test_every_readable_format_has_a_golden_snapshot() -> None:
    assert {int(path.name.split(".")[0]) for path in FOLDER.glob("*.tar.xz")} == manifest.READABLE


@pytest.mark.promise(5)
@pytest.mark.parametrize("number", sorted(manifest.READABLE))
def test_it_answers_the_same_questions_alike(number: int, tmp_path: Path, record_property: Note) -> None:
    wanted = json.loads((FOLDER / f"{number}.json").read_text("utf-8"))
    assert len(wanted) == 50
    assert answers(unpacked(number, tmp_path)) == wanted
    record_property("figure", f"format {number}: {len(wanted)} of 50 questions answered alike")


@pytest.mark.promise(3)
def test_every_byte_of_a_small_snapshot_is_watched(golden: Path, tmp_path: Path, record_property: Note) -> None:
    """Real files up to 64 KiB in all, among them arrays, tables and words."""
    folder, room = tmp_path / "small", ROOM - 8 * 1024
    for path in sorted(manifest.files_in(golden).values(), key=lambda path: -path.stat().st_size):
        if 256 < path.stat().st_size <= min(room, 16 * 1024):
            target = folder / path.relative_to(golden)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            room -= path.stat().st_size
    (folder / manifest.NAME).write_bytes(manifest.seal(manifest.build(folder, "00000001", "2026-11-26T00:00:00Z", {})))
    manifest.verify(folder)
    tried = sum(_every_byte(folder, path) for path in [p for p in folder.rglob("*") if p.is_file()])
    manifest.verify(folder)
    assert 0.8 * ROOM < tried <= ROOM
    record_property("figure", f"{tried} of {tried} changed bytes found")


def _every_byte(folder: Path, path: Path) -> int:
    whole = path.read_bytes()
    with path.open("r+b", buffering=0) as file:
        for position, byte in enumerate(whole):
            file.seek(position)
            file.write(bytes([byte ^ (1 << position % 8)]))
            with pytest.raises(CorruptSnapshot, match=path.name):
                manifest.verify(folder)
            file.seek(position)
            file.write(bytes([byte]))
    return len(whole)


@pytest.mark.promise(3)
def test_every_file_of_a_whole_snapshot_is_watched(golden: Path, tmp_path: Path, record_property: Note) -> None:
    folder, rng = shutil.copytree(golden, tmp_path / "whole"), Random(5)
    files = sorted(manifest.files_in(folder).values())
    for number, path in enumerate(files):
        whole, other = path.read_bytes(), files[number - 1].read_bytes()
        at = rng.randrange(len(whole))
        wrongs = (whole[:at], whole + b"\0", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], other)
        for wrong in wrongs[number % 2 :: 2] if other != whole else wrongs[number % 2 : 3 : 2]:
            path.write_bytes(wrong)
            with pytest.raises(CorruptSnapshot, match=path.name):
                manifest.verify(folder)
        path.write_bytes(whole)
    manifest.verify(folder)
    record_property("figure", f"{len(files)} files cut, lengthened, changed or swapped: all found")


@pytest.mark.promise(3)
@pytest.mark.nightly
def test_ten_thousand_flips_in_a_large_snapshot_are_found(tmp_path: Path, record_property: Note) -> None:
    size, flips, rng = 100 * 2**20, 10_000, Random(3)
    (tmp_path / "vectors").write_bytes(rng.randbytes(size))
    made = manifest.build(tmp_path, "00000001", "2026-11-26T00:00:00Z", {})
    (tmp_path / manifest.NAME).write_bytes(manifest.seal(made))
    with (tmp_path / "vectors").open("r+b", buffering=0) as file:
        for _ in range(flips):
            at = rng.randrange(size)
            file.seek(at)
            (byte,) = file.read(1)
            for value in (byte ^ (1 << rng.randrange(8)), byte):
                file.seek(at)
                file.write(bytes([value]))
                if value != byte:
                    with pytest.raises(CorruptSnapshot, match="vectors"):
                        manifest.verify(tmp_path)
    manifest.verify(tmp_path)
    record_property("figure", f"{flips} of {flips} flipped bits in {size >> 20} MiB found")
