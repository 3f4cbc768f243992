"""Where is kept what is slow to make and can be made again, and is it still what was written?

A file holds the digest of what follows, then plain JSON: nothing in it can run. A file that is absent, damaged, half
written or made by other code is never used: it is made again. Where nothing can be written, everything works, slower.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

#: Of one thing so many versions stay: installations side by side share a folder.
_VERSIONS: Final = 8


def default_cache() -> Path:
    """LIFESTYLE_CACHE, else lifestyle-search in the XDG cache directory."""
    if chosen := os.environ.get("LIFESTYLE_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lifestyle-search"


def kept(name: str, key: str, make: Callable[[], Any], folder: Path | None = None) -> Any:
    """What `make` gives (JSON values), from the file of this name and key when it is there and whole.

    `key` must change with everything that `make` reads. Tuples come back as lists, both times.
    """
    path = (folder or default_cache() / "compiled") / f"{name}-{key}.json"
    found = _read(path)
    if found is None:
        body = json.dumps(make(), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        _write(path, body)
        found = json.loads(body)
    return found


def _read(path: Path) -> Any:
    try:
        digest, _, body = path.read_bytes().partition(b"\n")
        return _decoded(body) if hashlib.sha256(body).hexdigest().encode() == digest else None
    except (OSError, ValueError):
        return None


def _decoded(body: bytes) -> Any:
    """Twice as fast as the standard library, which alone takes lone surrogates and the like."""
    try:
        return msgspec.json.decode(body)
    except ValueError:
        return json.loads(body)


def _write(path: Path, body: bytes) -> None:
    """At once or not at all; not at all where the folder takes no file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, half = tempfile.mkstemp(dir=path.parent, prefix=path.stem)
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        Path(half).replace(path)
        _forget(path)
    except OSError:
        Path(half).unlink(missing_ok=True)


def _forget(path: Path) -> None:
    """Drop versions of the same thing beyond the newest few."""
    name = path.name.rpartition("-")[0]
    versions = sorted(path.parent.glob(f"{name}-*.json"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in versions[_VERSIONS:]:
        old.unlink(missing_ok=True)
