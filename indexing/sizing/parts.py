"""What does each part of a published snapshot weigh? Bytes on disk by what they are for."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Final

#: File name, or folder, -> part; the first that a path holds decides.
_PARTS: Final[Mapping[str, str]] = {
    "vectors.npy": "vectors",
    "lists.faiss": "vector codes",
    "text": "words",
    "columns": "filters",
    "items.arrow": "items",
    "evidence.arrow": "evidence",
    "sentences.arrow": "evidence",
    "mentions.arrow": "evidence",
    "named.arrow": "evidence",
    "talk": "evidence",
    "links.arrow": "evidence",
    "suggest": "names",
    "names": "names",
    "ids": "names",
}
PARTS: Final = (*dict.fromkeys(_PARTS.values()), "other")


def part_of(path: PurePath) -> str:
    """The part that a file of a snapshot belongs to, by its path within the snapshot."""
    return next((part for name, part in _PARTS.items() if name in path.parts), "other")


def bytes_of(snapshot: Path) -> dict[str, int]:
    """Bytes of every part of one published snapshot, in the order of PARTS."""
    found: Counter[str] = Counter()
    for file in snapshot.rglob("*"):
        if file.is_file():
            found[part_of(file.relative_to(snapshot))] += file.stat().st_size
    return {part: found[part] for part in PARTS}
