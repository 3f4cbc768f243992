"""What does a golden query mean, and how near does the parser come? Rows that people wrote, judged, and their figures.

A file holds a JSON object a line:

    {"id", "lines": [..], "lang", "query", "intent", "constraints": [{"slot", "op", "value", "hardness", "polarity"}],
     "sort", "limit", "previous"?, "near"?}

at NOW; `lines` are the slot lines of the query vocabulary that the row is about, `previous` is the text of the query
before it. Slot F1 is micro F1 over (slot, op, value, polarity), one spelling for each meaning
(benchmarks/quality/meaning.py). Hardness and polarity are judged where slot, op and value are right.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import msgspec

from benchmarks.quality import meaning, slot_f1
from engine.errors import BadInput
from engine.naming import Names
from engine.types import Hardness, Intent, Place, Query
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand
from engine.vocabulary import INTENTS, SLOTS, SORTS

NOW: Final = datetime.fromisoformat("2026-11-22T10:00:00+08:00")
HERE: Final = Place(31.2304, 121.4737)


class Meant(msgspec.Struct, forbid_unknown_fields=True):
    """A constraint as a person wrote it down."""

    slot: str
    op: str
    value: Any
    hardness: Hardness = "hard"
    polarity: Literal[1, -1] = 1
    assume: dict[str, Any] | None = None  # informative; not compared


class Golden(msgspec.Struct):
    """A query and what it means."""

    id: str
    query: str
    intent: str
    constraints: list[Meant]
    lang: str = "zh"
    lines: list[int | str] = []
    sort: str | None = None
    limit: int | None = None
    previous: str | None = None
    near: bool | None = None  # is the person's position known


class Said(NamedTuple):
    """One constraint, comparable."""

    triple: slot_f1.Triple
    hardness: Hardness


@dataclass(frozen=True)
class Judged:
    """A golden query beside its parse."""

    row: Golden
    intent: Intent
    meant: tuple[Said, ...]
    read: tuple[Said, ...]

    @property
    def missed(self) -> list[slot_f1.Triple]:
        """Meant and not read."""
        return list((Counter(s.triple for s in self.meant) - Counter(s.triple for s in self.read)).elements())

    @property
    def invented(self) -> list[slot_f1.Triple]:
        """Read and not meant."""
        return list((Counter(s.triple for s in self.read) - Counter(s.triple for s in self.meant)).elements())

    @property
    def right(self) -> bool:
        """Is everything as meant: intent, constraints, sort and limit?"""
        whole = (self.intent.name, self.intent.sort, self.intent.limit)
        return whole == (self.row.intent, self.row.sort, self.row.limit) and not (self.missed or self.invented)


@dataclass(frozen=True)
class Marks:
    """Figures over some rows; shares in [0, 1]."""

    queries: int
    intent: float
    f1: float  # slot, op, value, polarity
    slot_f1: float  # slots alone
    hardness: float  # of constraints whose slot, op and value are right
    polarity: float  # likewise
    sort: float  # of queries where either side says one
    limit: float


def load(file: Path) -> list[Golden]:
    """The rows of a file. BadInput names the line and the field that is wrong."""
    rows = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line, type=Golden)
        except msgspec.DecodeError as error:
            raise BadInput(f"{file.name}:{number}: {error}") from error
        row.intent = meaning.intent(row.intent)
        _check(row, f"{file.name}:{number}")
        rows.append(row)
    return rows


def _check(row: Golden, where: str) -> None:
    if row.intent not in INTENTS:
        raise BadInput(f"{where}: intent '{row.intent}' is not one of {', '.join(INTENTS)}")
    if row.sort is not None and row.sort not in SORTS:
        raise BadInput(f"{where}: sort '{row.sort}' is not one of {', '.join(SORTS)}")
    for each in row.constraints:
        if each.slot not in SLOTS:
            raise BadInput(f"{where}: slot '{each.slot}' is none of engine/vocabulary.py")


def judge(row: Golden, names: Names = NO_NAMES) -> Judged:
    """Read one query and put both meanings side by side."""
    query = Query("default", row.query, previous=row.previous, near=HERE if row.near else None)
    intent = understand(query, names, NOW)
    meant = tuple(Said(meaning.triple(c.slot, c.op, c.value, c.polarity), c.hardness) for c in row.constraints)
    read = tuple(Said(meaning.triple(c.slot, c.op, c.value, c.polarity), c.hardness) for c in intent.constraints)
    return Judged(row, intent, meant, read)


def marks(judged: Sequence[Judged]) -> Marks:
    """The figures over these rows."""
    score = slot_f1.compare(_pairs(judged))
    slots = slot_f1.compare(
        ([(t[0], "", "", 1) for t in meant], [(t[0], "", "", 1) for t in read]) for meant, read in _pairs(judged)
    )
    hardness, polarity = _matched(judged)
    return Marks(
        queries=len(judged),
        intent=slot_f1.accuracy([j.row.intent for j in judged], [j.intent.name for j in judged]),
        f1=score.f1,
        slot_f1=slots.f1,
        hardness=_share(hardness),
        polarity=_share(polarity),
        sort=_share([j.row.sort == j.intent.sort for j in judged if j.row.sort or j.intent.sort]),
        limit=_share([j.row.limit == j.intent.limit for j in judged if j.row.limit or j.intent.limit]),
    )


def by_slot(judged: Sequence[Judged]) -> dict[str, slot_f1.Score]:
    """Hits, misses and inventions of each slot."""
    return slot_f1.compare(_pairs(judged)).by_slot


def _pairs(judged: Iterable[Judged]) -> list[tuple[list[slot_f1.Triple], list[slot_f1.Triple]]]:
    return [([s.triple for s in j.meant], [s.triple for s in j.read]) for j in judged]


def _matched(judged: Iterable[Judged]) -> tuple[list[bool], list[bool]]:
    """Are hardness and polarity right, for each constraint whose slot, op and value are?"""
    hardness, polarity = [], []
    for each in judged:
        read = {said.triple[:3]: said for said in each.read}
        for said in each.meant:
            if found := read.get(said.triple[:3]):
                hardness.append(found.hardness == said.hardness)
                polarity.append(found.triple[3] == said.triple[3])
    return hardness, polarity


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 1.0
