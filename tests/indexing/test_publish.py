"""Is a publish all or nothing, and is the last good snapshot served when the newest is not?"""

import itertools
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadInput, BadQuery, CorruptSnapshot, NoSnapshot
from indexing.files import Disk
from indexing.manifest import Manifest
from indexing.publish import Publisher
from tests.fakes.disk import Crash, Fault, FaultyDisk
from tests.fakes.power import PowerCut

pytestmark = pytest.mark.promise(1)


def content(folder: Path, _: Manifest | None = None) -> str:
    return (folder / "words" / "a").read_text()


def writes(text: str, disk: Disk | None = None) -> Callable[[Path], Mapping[str, Any]]:
    disk = disk or Disk()

    def build(folder: Path) -> Mapping[str, Any]:
        disk.mkdir(folder / "words")
        disk.write(folder / "words" / "a", text.encode())
        disk.write(folder / "b", b"b")
        return {"text": text}

    return build


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_what_was_published_is_served(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path / "data" / "root")
    assert publisher.publish("demo", writes("one")) == "00000001"
    assert publisher.publish("demo", writes("two")) == "00000002"
    opened = publisher.open("demo", content)
    assert (opened.value, opened.seq, opened.reason) == ("two", "00000002", None)
    assert content(publisher.current("demo")) == "two"
    assert publisher.verify("demo").facts == {"text": "two"}


def test_three_are_kept_and_rollback_serves_them(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    for text in "abcd":
        publisher.publish("demo", writes(text))
    assert publisher.kept("demo") == ("00000002", "00000003", "00000004")
    assert publisher.rollback("demo") == "00000003"
    assert publisher.rollback("demo") == "00000002"
    with pytest.raises(BadInput, match="no snapshot before"):
        publisher.rollback("demo")
    assert publisher.rollback("demo", "00000004") == "00000004"
    with pytest.raises(BadInput, match="no snapshot '00000001'"):
        publisher.rollback("demo", "00000001")
    publisher.rollback("demo", "00000002")
    assert publisher.publish("demo", writes("e")) == "00000005"
    assert publisher.kept("demo") == ("00000003", "00000004", "00000005")
    assert sorted(path.name for path in (tmp_path / "demo" / "snapshots").iterdir()) == list(publisher.kept("demo"))


def test_a_rollback_to_damaged_bytes_is_refused(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    for text in "ab":
        publisher.publish("demo", writes(text))
    (tmp_path / "demo" / "snapshots" / "00000001" / "b").write_bytes(b"x")
    with pytest.raises(CorruptSnapshot):
        publisher.rollback("demo")
    assert content(publisher.current("demo")) == "b"


def operations(tmp_path: Path, first: bool) -> int:
    disk = FaultyDisk()
    publisher = Publisher(tmp_path, disk)
    if not first:
        for text in ("w", "x", "y", "old"):
            Publisher(tmp_path).publish("demo", writes(text))
    publisher.publish("demo", writes("new", disk))
    return disk.count


FAULTS: list[tuple[Fault, bool]] = [
    ("crash", True),
    ("EIO", False),
    ("EIO", True),
    ("ENOSPC", False),
    ("ENOSPC", True),
]


@pytest.mark.parametrize("first", [True, False], ids=["first", "later"])
@pytest.mark.parametrize(("fault", "sticky"), FAULTS)
def test_every_failing_operation_leaves_the_old_or_the_new(
    fault: Fault, sticky: bool, first: bool, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    count = operations(tmp_path / "dry", first)
    assert count > 15
    before = tmp_path / "before"
    for text in () if first else ("x", "y", "z", "old"):
        Publisher(before).publish("demo", writes(text))
    outcomes = set()
    for at in range(1, count + 1):
        root = tmp_path / str(at)
        if not first:
            shutil.copytree(before, root)
        disk = FaultyDisk(at, fault, sticky=sticky)
        done = attempt(Publisher(root, disk), disk)
        seen = served(root)
        outcomes.add(seen)
        assert seen in ({None, "new"} if first else {"old", "new"}), disk.log[-1]
        assert seen == "new" or not done, disk.log
        Publisher(root, FaultyDisk()).publish("demo", writes("next"))  # the restarted process
        assert served(root) == "next"
        assert_no_leftovers(root)
    assert len(outcomes) == 2
    lasting = "lasting" if sticky else "once"
    record_property("figure", f"{fault} {lasting} at each of {count} operations: the old or the new, whole")


@pytest.mark.nightly
def test_a_second_crash_amid_the_mending_of_the_first_leaves_one_that_is_whole(tmp_path: Path) -> None:
    count = operations(tmp_path / "dry", first=False)
    before = tmp_path / "before"
    for text in ("x", "y", "old"):
        Publisher(before).publish("demo", writes(text))
    for first, second in itertools.product(range(1, count + 1), repeat=2):
        root = Path(shutil.copytree(before, tmp_path / f"{first}-{second}"))
        for at in (first, second):
            disk = FaultyDisk(at, "crash", sticky=True)
            attempt(Publisher(root, disk), disk)
            assert served(root) in {"old", "new"}, (first, second)
        Publisher(root, FaultyDisk()).publish("demo", writes("next"))
        assert served(root) == "next"
        assert_no_leftovers(root)
        shutil.rmtree(root)


@pytest.mark.parametrize(
    ("chance", "seed"),
    [(1.0, 0), *(pytest.param(0.5, n, marks=[] if n < 3 else pytest.mark.nightly) for n in range(1, 21))],
)
def test_a_power_cut_after_any_operation_leaves_the_old_or_the_new(chance: float, seed: int, tmp_path: Path) -> None:
    before = tmp_path / "before"
    for text in ("x", "y", "old"):
        Publisher(before, FaultyDisk()).publish("demo", writes(text))
    outcomes = []
    for at in itertools.count(1):
        root = tmp_path / str(at)
        shutil.copytree(before, root)
        disk = PowerCut(at, chance, seed)
        done = attempt(Publisher(root, disk), disk)
        disk.cut()
        outcomes.append(served(root))
        assert outcomes[-1] in {"old", "new"}, disk.log
        assert outcomes[-1] == "new" or not done, disk.log  # what was acknowledged lasts
        Publisher(root, FaultyDisk()).publish("demo", writes("next"))
        assert_no_leftovers(root)
        if done:
            break
    assert set(outcomes) == {"old", "new"}


def attempt(publisher: Publisher, disk: Disk) -> bool:
    try:
        publisher.publish("demo", writes("new", disk))
    except (Crash, OSError):
        return False
    return True


def served(root: Path) -> str | None:
    try:
        opened = Publisher(root).open("demo", content)
    except NoSnapshot:
        return None
    assert opened.reason is None
    return opened.value


def assert_no_leftovers(root: Path) -> None:
    kept = Publisher(root).kept("demo")
    assert len(kept) <= 3
    wanted = [f"snapshots/{seq}/{name}" for seq in kept for name in ("MANIFEST", "b", "words/a")]
    assert names(root / "demo") == sorted(["CURRENT", "publish.lock", *wanted])


def test_a_build_that_fails_changes_nothing(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    publisher.publish("demo", writes("old"))
    before = names(tmp_path)

    def broken(folder: Path) -> Mapping[str, Any]:
        (folder / "half").write_bytes(b"x")
        raise ValueError("no encoder")

    with pytest.raises(ValueError, match="no encoder"):
        publisher.publish("demo", broken)
    assert names(tmp_path) == before
    assert served(tmp_path) == "old"


@pytest.mark.promise(4)
def test_every_changed_byte_of_the_newest_falls_back_to_the_one_before(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    for text in ("older", "old", "new"):
        publisher.publish("demo", writes(text))
    folder = publisher.current("demo")
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        whole = path.read_bytes()
        for position in range(len(whole)):
            path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
            opened = publisher.open("demo", content)
            assert (opened.value, opened.seq) == ("old", "00000002")
            assert opened.reason is not None and path.name in opened.reason
        path.write_bytes(whole)
    assert publisher.open("demo", content).value == "new"


@pytest.mark.promise(4)
def test_every_changed_byte_of_current_is_noticed(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    for text in ("old", "new"):
        publisher.publish("demo", writes(text))
    path = tmp_path / "demo" / "CURRENT"
    whole = path.read_bytes()
    for damaged in itertools.chain(
        (whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1 :] for n in range(len(whole))),
        (whole[:n] for n in range(len(whole))),
    ):
        path.write_bytes(damaged)
        opened = publisher.open("demo", content)
        assert opened.value == "new"
        assert opened.reason is not None and "CURRENT" in opened.reason
    path.unlink()
    with pytest.raises(CorruptSnapshot, match="CURRENT: is missing"):
        publisher.current("demo")
    assert publisher.publish("demo", writes("next")) == "00000003"
    assert publisher.kept("demo") == ("00000001", "00000002", "00000003")


def test_when_nothing_is_sound_the_newest_is_named(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    for text in ("old", "new"):
        publisher.publish("demo", writes(text))
    for path in (tmp_path / "demo" / "snapshots").glob("*/b"):
        path.unlink()
    with pytest.raises(CorruptSnapshot, match=r"00000002.b: is missing"):
        publisher.open("demo", content)


def test_tenants_are_apart_and_nothing_published_is_said(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    publisher.publish("one", writes("one"))
    with pytest.raises(NoSnapshot, match="two"):
        publisher.open("two", content)
    with pytest.raises(NoSnapshot):
        publisher.rollback("two")
    assert not (tmp_path / "two").exists()


BAD_NAMES = ["", ".", "..", "a/b", "../a", "A", "1a", "a\n", "a\0", "a" * 64, "%2e%2e", "ä", "a b", "a\\b", "-a"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_is_no_path(name: str, tmp_path: Path) -> None:
    publisher = Publisher(tmp_path / "root")
    for call in (publisher.kept, publisher.current, publisher.rollback, lambda n: publisher.publish(n, writes("x"))):
        with pytest.raises(BadQuery, match="tenant"):
            call(name)
    assert list(tmp_path.iterdir()) == []


def test_a_tenant_folder_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "demo").symlink_to(tmp_path / "outside")
    with pytest.raises(BadQuery, match="leads out"):
        Publisher(tmp_path / "root").publish("demo", writes("x"))
    assert list((tmp_path / "outside").iterdir()) == []


def test_one_publisher_at_a_time(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)

    def nested(folder: Path) -> Mapping[str, Any]:
        with pytest.raises(BadInput, match="another process publishes"):
            Publisher(tmp_path).publish("demo", writes("inner"))
        return writes("outer")(folder)

    publisher.publish("demo", nested)
    assert served(tmp_path) == "outer"


def test_a_snapshot_that_cannot_be_loaded_falls_back_too(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    for text in ("old", "new"):
        publisher.publish("demo", writes(text))

    def load(folder: Path, _: Manifest) -> str:
        if content(folder) == "new":
            raise IndexError("an array is shorter than it says")
        return content(folder)

    opened = publisher.open("demo", load)
    assert (opened.value, opened.seq) == ("old", "00000001")
    assert opened.reason is not None and "IndexError: an array is shorter" in opened.reason
