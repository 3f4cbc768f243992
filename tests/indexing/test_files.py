"""Is a file replaced wholly or not at all?"""

from pathlib import Path

import pytest

from indexing.files import Disk, replace_file
from tests.fakes.disk import Crash, FaultyDisk


@pytest.mark.parametrize("fault", ["crash", "EIO", "ENOSPC"])
def test_every_failing_operation_leaves_the_old_or_the_new_file(fault: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    for at in range(1, 5):
        path.write_bytes(b"old old")
        disk = FaultyDisk(at, fault)  # type: ignore[arg-type]
        with pytest.raises((Crash, OSError)):
            replace_file(disk, path, b"new new")
        assert path.read_bytes() == (b"new new" if at == 4 else b"old old"), disk.log


def test_content_is_synced_before_the_name_and_the_name_after() -> None:
    disk = Recorder()
    replace_file(disk, Path("f"), b"x")
    assert disk.log == ["write f.tmp", "fsync f.tmp", "rename f", "fsync_dir "]


class Recorder(FaultyDisk):
    def write(self, path: Path, data: bytes) -> None:
        self._step("write", path)

    def fsync(self, path: Path) -> None:
        self._step("fsync", path)

    def rename(self, source: Path, target: Path) -> None:
        self._step("rename", target)

    def fsync_dir(self, folder: Path) -> None:
        self._step("fsync_dir", folder)


def test_remove_takes_files_folders_and_what_is_not_there(tmp_path: Path) -> None:
    disk = Disk()
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    (tmp_path / "folder" / "inner" / "file").write_bytes(b"x")
    (tmp_path / "outside").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "outside")
    for name in ("folder", "link", "missing"):
        disk.remove(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["outside"]
