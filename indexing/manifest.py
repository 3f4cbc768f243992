"""Are these the bytes that were published? A manifest names every file with its size and SHA-256, and itself.

A manifest, like each of our sealed files, is two lines: a JSON document, and the SHA-256 of that line.
Every byte of it counts: white space, and the last newline too.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from engine.errors import CorruptSnapshot, IncompatibleSnapshot

NAME: Final = "MANIFEST"
FORMAT: Final = 2  # written; raised whenever an older reader could not read what we write
READABLE: Final = frozenset({1, 2})
_LARGEST: Final = 16 * 1024 * 1024  # bytes of a manifest
_PART: Final = 1 << 16  # bytes read at once


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: its size in bytes and the hexadecimal SHA-256 of its content."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a snapshot is: format version, number, facts (fingerprints, counts, settings), files by relative path."""

    format: int
    seq: str
    created: str  # ISO time, UTC
    facts: dict[str, Any]
    files: dict[str, Entry]

    def expect(self, **facts: Any) -> None:
        """Raises IncompatibleSnapshot unless the snapshot was made with these facts (encoder="...", lexicon=...)."""
        for name, wanted in facts.items():
            if self.facts.get(name) != wanted:
                raise IncompatibleSnapshot(
                    f"snapshot {self.seq} was built with {name} {self.facts.get(name)!r}, this process has {wanted!r}: "
                    "build a new snapshot, or start with the old settings"
                )


def seal(document: Any) -> bytes:
    """A JSON-able document -> the two lines of a sealed file."""
    line = msgspec.json.encode(document, order="deterministic")
    return line + b"\n" + hashlib.sha256(line).hexdigest().encode() + b"\n"


def unseal(path: Path) -> Any:
    """The document of a sealed file; raises CorruptSnapshot when it is missing or a byte differs."""
    try:
        if path.stat().st_size > _LARGEST:
            raise CorruptSnapshot(f"{path}: is larger than {_LARGEST} bytes")
        raw = path.read_bytes()
    except OSError as error:
        raise CorruptSnapshot(f"{path}: cannot be read: {error.strerror}") from None
    return unsealed(raw, str(path))


def unsealed(raw: bytes, where: str) -> Any:
    """The same of bytes that lie somewhere else: `where` is for the error."""
    line, _, rest = raw.partition(b"\n")
    if rest != hashlib.sha256(line).hexdigest().encode() + b"\n":
        raise CorruptSnapshot(f"{where}: its content differs from its own digest")
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        raise CorruptSnapshot(f"{where}: is no JSON document") from None


def build(folder: Path, seq: str, created: str, facts: Mapping[str, Any]) -> Manifest:
    """Hash all files of a finished folder."""
    files = {name: Entry(path.stat().st_size, digest(path)) for name, path in sorted(files_in(folder).items())}
    return Manifest(FORMAT, seq, created, dict(facts), files)


def read(folder: Path) -> Manifest:
    """The manifest alone; raises CorruptSnapshot or IncompatibleSnapshot. The files are not looked at."""
    return described(unseal(folder / NAME), str(folder / NAME))


def described(document: Any, where: str) -> Manifest:
    """The manifest of an unsealed document; raises CorruptSnapshot or IncompatibleSnapshot."""
    version = document.get("format") if isinstance(document, dict) else None
    if isinstance(version, int) and version not in READABLE:
        age = "a newer" if version > FORMAT else "an older"
        raise IncompatibleSnapshot(
            f"{where}: format {version} was written by {age} release; this one reads {_list(READABLE)}"
        )
    try:
        return msgspec.convert(document, Manifest)
    except msgspec.ValidationError as error:
        raise CorruptSnapshot(f"{where}: is no manifest: {error}") from None


def verify(folder: Path) -> Manifest:
    """Every byte of a snapshot is checked when this returns; call it before native code reads any of them.

    Names and sizes first, then digests. Raises CorruptSnapshot that names the file, or IncompatibleSnapshot.
    """
    manifest = read(folder)
    check(folder, manifest)
    return manifest


def check(folder: Path, manifest: Manifest) -> None:
    """Does a folder hold the files of a manifest and nothing else? Raises CorruptSnapshot that names the file."""
    present = files_in(folder)
    for name in sorted(manifest.files.keys() | present.keys()):
        if name not in manifest.files:
            raise CorruptSnapshot(f"{folder / name}: is not in the manifest")
        if name not in present:
            raise CorruptSnapshot(f"{folder / name}: is missing")
        if (size := present[name].stat().st_size) != manifest.files[name].size:
            raise CorruptSnapshot(f"{folder / name}: has {size} bytes, should have {manifest.files[name].size}")
    for name, entry in manifest.files.items():
        if digest(present[name]) != entry.sha256:
            raise CorruptSnapshot(f"{folder / name}: its SHA-256 differs from the manifest's")


def files_in(folder: Path) -> dict[str, Path]:
    """All files below a folder by relative path, but the manifest and lock files. Raises CorruptSnapshot for a link.

    Native readers leave hidden lock files (".name.lock") behind; they hold nothing and are nobody's content.
    """
    found, waiting = {}, [""]
    while waiting:
        with os.scandir(folder / (home := waiting.pop())) as entries:
            for entry in entries:
                name = f"{home}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{name}/")
                elif not entry.is_file(follow_symlinks=False):
                    raise CorruptSnapshot(f"{entry.path}: is neither a plain file nor a folder")
                elif name != NAME and not (entry.name.startswith(".") and entry.name.endswith(".lock")):
                    found[name] = folder / name
    return found


def digest(path: Path) -> str:
    """The hexadecimal SHA-256 of a file."""
    found = hashlib.sha256()
    with open(path, "rb", buffering=0) as stream:  # a snapshot has hundreds of small files: no buffers for each
        while part := stream.read(_PART):
            found.update(part)
    return found.hexdigest()


def _list(versions: frozenset[int]) -> str:
    return ", ".join(str(each) for each in sorted(versions))
