"""Is a publish all or nothing at whichever operation of the disk it fails, is killed or loses power?"""

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexing.files import Disk
from indexing.publish import Publisher
from tests.fakes.disk import Crash, Fault, FaultyDisk
from tests.fakes.power import PowerCut
from tests.indexing.publishing import names, served, writes

pytestmark = pytest.mark.promise(1)


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


def assert_no_leftovers(root: Path) -> None:
    kept = Publisher(root).kept("demo")
    assert len(kept) <= 3
    wanted = [f"snapshots/{seq}/{name}" for seq in kept for name in ("MANIFEST", "b", "words/a")]
    assert names(root / "demo") == sorted(["CURRENT", "publish.lock", *wanted])
