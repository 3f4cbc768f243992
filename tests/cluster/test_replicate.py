"""Do replicas get what was pushed, whole or not at all, and only what they lack?"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput, CorruptSnapshot, LifestyleError, NoSnapshot, SnapshotError
from indexing import manifest
from indexing.cluster.objects import Objects, Pointer
from indexing.cluster.replicate import Moved, pull, push
from indexing.publish import Publisher

TENANT = "default"
FIRST = {"a.bin": b"a" * 3000, "deep/b.bin": b"b" * 2_500_000, "empty": b""}


def published(root: Path, files: Mapping[str, bytes]) -> str:
    def build(folder: Path) -> Mapping[str, Any]:
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        return {"store_seq": 7}

    return Publisher(root).publish(TENANT, build)


def pulled(root: Path, url: str) -> Moved:
    return pull(Publisher(root), TENANT, root / TENANT, Objects(url, TENANT))


def pushed(root: Path, url: str) -> Moved:
    return push(Publisher(root), TENANT, Objects(url, TENANT))


def served(root: Path) -> dict[str, bytes]:
    publisher = Publisher(root)
    publisher.verify(TENANT)
    return {name: path.read_bytes() for name, path in manifest.files_in(publisher.current(TENANT)).items()}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path / "here"


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "there"


def test_a_replica_serves_the_very_bytes_that_were_pushed(here: Path, there: Path, url: str) -> None:
    seq = published(here, FIRST)
    assert (pushed(here, url).files, pulled(there, url).files) == (3, 3)
    assert served(there) == FIRST
    mine, its = (Publisher(root).current(TENANT) for root in (here, there))
    assert (mine / manifest.NAME).read_bytes() == (its / manifest.NAME).read_bytes()
    assert Publisher(there).adopted(TENANT, seq) and not Publisher(here).adopted(TENANT, seq)
    assert not pulled(there, url).news


def test_only_what_changed_is_sent_and_fetched(here: Path, there: Path, url: str) -> None:
    published(here, FIRST)
    pushed(here, url)
    pulled(there, url)
    published(here, FIRST | {"a.bin": b"changed"})
    sent, came = pushed(here, url), pulled(there, url)
    assert (sent.files, sent.bytes, came.files, came.bytes) == (1, 7, 1, 7)
    assert served(there)["a.bin"] == b"changed" and served(there)["deep/b.bin"] == FIRST["deep/b.bin"]


def test_a_rollback_is_followed_and_fetches_nothing(here: Path, there: Path, url: str) -> None:
    first = published(here, FIRST)
    pushed(here, url)
    pulled(there, url)
    published(here, {"other": b"1"})
    pushed(here, url)
    pulled(there, url)
    Publisher(here).rollback(TENANT)
    pushed(here, url)
    assert (pulled(there, url).bytes, served(there)) == (0, FIRST)
    assert Publisher(there).current(TENANT).name == first


class _Cut(Objects):
    """A line that breaks after so many bytes of a blob."""

    left = 1_500_000

    def chunks(self, digest: str, start: int) -> Iterator[bytes]:
        for data in super().chunks(digest, start):
            self.left -= len(data)
            if self.left < 0:
                raise LifestyleError("the line broke")
            yield data


def test_a_pull_that_was_cut_short_goes_on_where_it_stopped(here: Path, there: Path, url: str) -> None:
    published(here, FIRST)
    pushed(here, url)
    with pytest.raises(LifestyleError, match="the line broke"):
        pull(Publisher(there), TENANT, there / TENANT, _Cut(url, TENANT))
    kept = sum(path.stat().st_size for path in (there / TENANT / "incoming").iterdir())
    assert kept >= 1_000_000
    assert pulled(there, url).bytes == sum(map(len, FIRST.values())) - kept
    assert served(there) == FIRST and not list((there / TENANT / "incoming").iterdir())


class _Wrong(Objects):
    """A store in which one byte of a large file is another."""

    def chunks(self, digest: str, start: int) -> Iterator[bytes]:
        for data in super().chunks(digest, start):
            yield bytes([data[0] ^ 1]) + data[1:] if data.startswith(b"bbb") else data


def test_a_wrong_byte_is_refused_and_the_old_one_goes_on_serving(here: Path, there: Path, url: str) -> None:
    published(here, {"old": b"old"})
    pushed(here, url)
    pulled(there, url)
    published(here, FIRST)
    pushed(here, url)
    with pytest.raises(CorruptSnapshot, match="SHA-256"):
        pull(Publisher(there), TENANT, there / TENANT, _Wrong(url, TENANT))
    assert served(there) == {"old": b"old"}
    pulled(there, url)
    assert served(there) == FIRST


def test_a_rotten_file_of_a_kept_snapshot_is_fetched_anew(here: Path, there: Path, url: str) -> None:
    published(here, FIRST)
    pushed(here, url)
    pulled(there, url)
    own = Publisher(there).current(TENANT) / "deep/b.bin"
    own.unlink()
    own.write_bytes(b"c" * len(FIRST["deep/b.bin"]))
    published(here, FIRST | {"a.bin": b"changed"})
    pushed(here, url)
    assert pulled(there, url).files == 2
    assert served(there) == FIRST | {"a.bin": b"changed"}


def test_what_no_kept_snapshot_needs_is_removed(here: Path, there: Path, url: str) -> None:
    for number in range(5):
        published(here, {"same": b"same", f"{number}": b"%d" % number})
        pushed(here, url)
    store = Objects(url, TENANT)
    assert len(store.sizes()) == 4 and len(store.manifests()) == 3
    pulled(there, url)
    assert served(there) == {"same": b"same", "4": b"4"}


def test_a_place_without_anything_says_so(there: Path, url: str) -> None:
    with pytest.raises(NoSnapshot, match="nothing was pushed"):
        pulled(there, url)
    assert not (there / TENANT / "snapshots").exists()


def test_a_root_that_builds_its_own_is_not_overwritten(here: Path, there: Path, tmp_path: Path) -> None:
    url = str(tmp_path / "pushed")
    published(here, FIRST)
    pushed(here, url)
    published(there, {"own": b"own"})
    with pytest.raises(BadInput, match="another snapshot has the number"):
        pulled(there, url)
    assert served(there) == {"own": b"own"}


@pytest.mark.parametrize("name", ["../out", "/etc/out", "a/../../out", "MANIFEST", "a//b", "..", "a\\b", ""])
def test_a_manifest_cannot_write_outside_of_its_folder(name: str, there: Path, tmp_path: Path) -> None:
    entry = {"size": 1, "sha256": "0" * 64}
    document = {"format": 1, "seq": "00000001", "created": "", "facts": {}, "files": {name: entry}}
    store = Objects(str(tmp_path / "pushed"), TENANT)
    digest = store.put_manifest(manifest.seal(document))
    store.point(Pointer(digest, (digest,)))
    with pytest.raises(SnapshotError):
        pull(Publisher(there), TENANT, there / TENANT, store)
    assert not (tmp_path / "out").exists() and not (there / TENANT / "out").exists()


@settings(max_examples=25)
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_changed_byte_of_pointer_or_manifest_is_refused(
    at: int, bit: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("flipped")
    published(folder / "here", {"a": b"a"})
    pushed(folder / "here", str(folder / "pushed"))
    files = [p for p in sorted((folder / "pushed").rglob("*")) if p.is_file() and "blobs" not in p.parts]
    whole = b"".join(path.read_bytes() for path in files)
    at %= len(whole)
    for path in files:
        data = bytearray(path.read_bytes())
        if at < len(data):
            data[at] ^= 1 << bit
            path.write_bytes(data)
            break
        at -= len(data)
    with pytest.raises(SnapshotError):
        pulled(folder / "there", str(folder / "pushed"))
    assert not (folder / "there" / TENANT / "snapshots").exists()
