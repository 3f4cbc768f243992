"""Is every changed byte found, and is the file named?"""

from pathlib import Path

import pytest

from engine.errors import CorruptSnapshot, IncompatibleSnapshot
from indexing import manifest

pytestmark = pytest.mark.promise(3)

FACTS = {"encoder": "e5-abc", "count": 2}


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    folder = tmp_path / "snap"
    (folder / "words").mkdir(parents=True)
    (folder / "a.bin").write_bytes(bytes(range(64)))
    (folder / "words" / "b.txt").write_bytes("草坪".encode())
    (folder / "empty").write_bytes(b"")
    done = manifest.build(folder, "00000001", "2026-05-01T00:00:00+00:00", FACTS)
    (folder / manifest.NAME).write_bytes(manifest.seal(done))
    return folder


def test_a_sound_snapshot_is_verified(snapshot: Path) -> None:
    found = manifest.verify(snapshot)
    assert sorted(found.files) == ["a.bin", "empty", "words/b.txt"]
    assert found.facts == FACTS


def test_every_changed_byte_of_every_file_is_found(snapshot: Path) -> None:
    for path in [path for path in snapshot.rglob("*") if path.is_file()]:
        whole = path.read_bytes()
        for position in range(len(whole)):
            for flip in (0x01, 0x20):
                damaged = bytearray(whole)
                damaged[position] ^= flip
                path.write_bytes(damaged)
                with pytest.raises(CorruptSnapshot, match=path.name):
                    manifest.verify(snapshot)
        path.write_bytes(whole)
    manifest.verify(snapshot)


def test_every_length_but_the_right_one_is_found(snapshot: Path) -> None:
    for path in [path for path in snapshot.rglob("*") if path.is_file()]:
        whole = path.read_bytes()
        for wrong in [*(whole[:length] for length in range(len(whole))), whole + b"\n", whole + b"\0"]:
            path.write_bytes(wrong)
            with pytest.raises(CorruptSnapshot, match=path.name):
                manifest.verify(snapshot)
        path.write_bytes(whole)


@pytest.mark.parametrize("name", ["a.bin", "words/b.txt", "empty", manifest.NAME])
def test_a_missing_file_is_named(name: str, snapshot: Path) -> None:
    (snapshot / name).unlink()
    with pytest.raises(CorruptSnapshot, match=Path(name).name):
        manifest.verify(snapshot)


def test_swapped_extra_and_linked_files_are_found(snapshot: Path, tmp_path: Path) -> None:
    (snapshot / "extra").write_bytes(b"")
    with pytest.raises(CorruptSnapshot, match="not in the manifest"):
        manifest.verify(snapshot)
    (snapshot / "extra").unlink()
    (snapshot / "empty").rename(snapshot / "x")
    (snapshot / "a.bin").rename(snapshot / "empty")
    (snapshot / "x").rename(snapshot / "a.bin")
    with pytest.raises(CorruptSnapshot, match=r"a\.bin"):
        manifest.verify(snapshot)
    (snapshot / "a.bin").unlink()
    (snapshot / "a.bin").symlink_to(tmp_path)
    with pytest.raises(CorruptSnapshot, match="plain file"):
        manifest.verify(snapshot)


def test_lock_files_of_readers_do_not_matter(snapshot: Path) -> None:
    (snapshot / "words" / ".meta.lock").write_bytes(b"")
    manifest.verify(snapshot)


def test_a_manifest_that_names_more_than_there_is_is_refused(snapshot: Path) -> None:
    read = manifest.read(snapshot)
    more = {**read.files, "../../outside": manifest.Entry(0, "0" * 64)}
    forged = manifest.Manifest(read.format, read.seq, read.created, read.facts, more)
    (snapshot / manifest.NAME).write_bytes(manifest.seal(forged))
    with pytest.raises(CorruptSnapshot, match="outside: is missing"):
        manifest.verify(snapshot)


@pytest.mark.parametrize(("version", "said"), [(0, "older release"), (99, "newer release")])
def test_another_format_is_named(version: int, said: str, snapshot: Path) -> None:
    (snapshot / manifest.NAME).write_bytes(manifest.seal({"format": version, "anything": 1}))
    with pytest.raises(IncompatibleSnapshot, match=f"format {version} .*{said}"):
        manifest.verify(snapshot)


@pytest.mark.parametrize("document", [[], {"format": 1}, {"format": "1"}, {"format": 1, "seq": 3}])
def test_a_sealed_document_that_is_no_manifest_is_refused(document: object, snapshot: Path) -> None:
    (snapshot / manifest.NAME).write_bytes(manifest.seal(document))
    with pytest.raises(CorruptSnapshot, match="no manifest"):
        manifest.verify(snapshot)


def test_another_encoder_is_named(snapshot: Path) -> None:
    manifest.read(snapshot).expect(encoder="e5-abc")
    with pytest.raises(IncompatibleSnapshot, match=r"e5-abc.*bge-xyz"):
        manifest.read(snapshot).expect(encoder="bge-xyz")
