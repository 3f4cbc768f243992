"""What of the parser is compiled once and kept between starts? Tables that code and data of this very version made."""

import hashlib
import sys
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from engine.cache import kept

_ENDINGS: Final = frozenset({".py", ".toml", ".tsv", ".txt"})
_LIBRARIES: Final = ("opencc", "pypinyin", "symspellpy")


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Changes with every file of this package, the vocabulary, and the libraries whose data end up in tables."""
    digest = hashlib.sha256(" ".join((sys.version, *map(version, _LIBRARIES))).encode())
    home = Path(__file__).parent
    files = sorted(file for file in home.rglob("*") if file.suffix in _ENDINGS)
    for file in (home.parent / "vocabulary.py", *files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:24]


def table(name: str, make: Callable[[], Any], given: str = "") -> Any:
    """What `make` gives from this package's own data and what is `given`, as JSON values; kept for the next start."""
    key = fingerprint() if not given else hashlib.sha256((fingerprint() + given).encode()).hexdigest()[:24]
    return kept(name, key, make)
