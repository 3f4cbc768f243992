"""Which names do notes give that lead to nothing? Marked names of notes that talk about no item, for an operator."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from engine.understand.fold import fold
from indexing.namebook import MARKED
from indexing.own_names import own_names
from indexing.segment import Segment
from indexing.snapshot import Snapshot
from indexing.validate import to_items

#: Example notes of one name, and the likeness (0..100) from which on a known name is offered for it.
EXAMPLES: Final = 3
LIKE: Final = 50
_BRACKETS: Final = " \"'「」『』《》【】"


class Unresolved(NamedTuple):
    """A name as notes write it, in how many notes, some of them, and the id of the place whose name is most like it."""

    name: str
    notes: int
    examples: tuple[str, ...]
    like: str | None


def unresolved(index: Snapshot) -> list[Unresolved]:
    """Of live notes without a link to any item; what most notes say comes first."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name, note in _marked(index):
        found[name][note] = None
    known = {fold(form).text: str(row["id"]) for s in index.segments for row in to_items(s.parts["poi"].table)
             for form in own_names(row) if index.where.get(str(row["id"])) is not None}  # fmt: skip
    rows = [Unresolved(name, len(notes), tuple(notes)[:EXAMPLES], _like(name, known)) for name, notes in found.items()]
    return sorted(rows, key=lambda row: (-row.notes, row.name))


def _marked(index: Snapshot) -> Iterator[tuple[str, str]]:
    """(name, note id), once for each place where a note marks a name."""
    about = np.zeros(len(index.court.alive), bool)
    for talk in index.court.talk.values():
        about[talk.note] = True
    start = 0
    for segment in index.segments:
        stop = start + len(segment.parts["note"])
        silent = index.court.alive[start:stop] & ~about[start:stop]
        yield from _of(segment, np.flatnonzero(silent))
        start = stop


def _of(segment: Segment, notes: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Iterator[tuple[str, str]]:
    texts, of = segment.said
    for row in np.flatnonzero(np.isin(of, notes)).tolist():
        yield from ((name, segment.parts["note"].ids[int(of[row])]) for name in _names(texts[row].as_py()))


def _names(text: str) -> set[str]:
    """Folded; corner brackets are looked for before folding makes quotation marks of them."""
    found = [match[1] for match in MARKED.finditer(fold(text).text) if match[1]]
    found += [match[2] for match in MARKED.finditer(text) if match[2]]
    return {fold(name).text.strip(_BRACKETS) for name in found} - {""}


def _like(name: str, known: Mapping[str, str]) -> str | None:
    best = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=LIKE)
    return None if best is None else known[best[0]]
