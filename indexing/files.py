"""Who writes the files of a snapshot? Only `Disk`, so that tests can make any operation fail.

What native libraries write inside a build folder is made durable here afterwards (`fsync`).
"""

import os
import shutil
from pathlib import Path


class Disk:
    """The real disk. Each method is one operation; a file counts as written only after fsync of it and its folder."""

    def mkdir(self, folder: Path) -> None:
        """Make a folder whose parent exists; it may exist itself."""
        folder.mkdir(exist_ok=True)

    def write(self, path: Path, data: bytes) -> None:
        """Write a whole file; not yet durable."""
        path.write_bytes(data)

    def fsync(self, path: Path) -> None:
        """The bytes of a file are on the device when this returns."""
        _fsync(path, os.O_RDONLY)

    def fsync_dir(self, folder: Path) -> None:
        """The names in a folder are on the device when this returns."""
        _fsync(folder, os.O_RDONLY | os.O_DIRECTORY)

    def rename(self, source: Path, target: Path) -> None:
        """Atomic on one file system; an existing file `target` is replaced."""
        os.replace(source, target)

    def remove(self, path: Path) -> None:
        """Remove a file, a link, or a folder with all that is in it; nothing there is fine."""
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _fsync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(disk: Disk, path: Path, data: bytes) -> None:
    """Afterwards, crash or not, `path` holds the old or the new bytes; when this returns, durably the new ones."""
    draft = path.with_name(f"{path.name}.tmp")
    disk.write(draft, data)
    disk.fsync(draft)
    disk.rename(draft, path)
    disk.fsync_dir(path.parent)
