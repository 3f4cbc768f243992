"""Where do a tenant's students live, and which one answers? students/1, students/2, ... and CURRENT names one.

A student appears as a whole or not at all, and CURRENT changes at once. The two newest are kept.
"""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from engine.errors import ModelError
from indexing import manifest
from indexing.files import Disk, replace_file
from indexing.student.encoder import StudentEncoder

CURRENT: Final = "CURRENT"
_KEPT: Final = 2


class Students:
    """The students below one folder. One writer at a time; readers need no lock."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def numbers(self) -> list[int]:
        """Those that are kept, oldest first."""
        found = self.root.iterdir() if self.root.is_dir() else ()
        return sorted(int(path.name) for path in found if path.name.isdecimal())

    def current(self) -> int | None:
        """The number of the one that answers; None before the first. Raises ModelError when CURRENT is damaged."""
        try:
            text = (self.root / CURRENT).read_text("ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{self.root / CURRENT} cannot be read ({error}); run 'lifestyle distill' again"
            ) from error
        if not text.isdecimal() or int(text) not in self.numbers():
            raise ModelError(f"{self.root / CURRENT} names {text[:20]!r}, which is not there; distill again")
        return int(text)

    def load(self) -> StudentEncoder | None:
        """The one that answers, checked byte by byte; None before the first. Raises ModelError."""
        number = self.current()
        return None if number is None else StudentEncoder(self.root / str(number))

    def add(
        self,
        write: Callable[[Path], Mapping[str, Any]],
        created: str,
        examine: Callable[[StudentEncoder], Mapping[str, Any]],
    ) -> StudentEncoder:
        """`write(folder)` writes the files and gives the card; what `examine` finds is added to it; then it answers."""
        disk, number = Disk(), max(self.numbers(), default=0) + 1
        building = self.root / f".tmp-{number}"
        shutil.rmtree(building, ignore_errors=True)  # what a crash left
        building.mkdir(parents=True)
        card = write(building)
        _seal(building, number, created, card)
        found = examine(StudentEncoder(building))
        _seal(building, number, created, {**card, **found})
        for path in building.iterdir():
            disk.fsync(path)
        disk.fsync_dir(building)
        disk.rename(building, self.root / str(number))
        disk.fsync_dir(self.root)
        replace_file(disk, self.root / CURRENT, f"{number}\n".encode())
        for old in self.numbers()[:-_KEPT]:
            shutil.rmtree(self.root / str(old), ignore_errors=True)
        return StudentEncoder(self.root / str(number))


def _seal(folder: Path, number: int, created: str, card: Mapping[str, Any]) -> None:
    sealed = manifest.build(folder, str(number), created, card)
    (folder / manifest.NAME).write_bytes(manifest.seal(sealed))
