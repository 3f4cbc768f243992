"""A little content to publish, and what lies in a folder then."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.errors import NoSnapshot
from indexing.files import Disk
from indexing.manifest import Manifest
from indexing.publish import Publisher


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


def served(root: Path) -> str | None:
    try:
        opened = Publisher(root).open("demo", content)
    except NoSnapshot:
        return None
    assert opened.reason is None
    return opened.value
