"""What does the engine search? Snapshot: a published segment with the live changes since laid over it (an Index).

Rows are those of the base segment, then those of the overlay. A row that was deleted or superseded is dead: it keeps
its number, and nothing finds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from engine.attested import Attested
from engine.errors import UnknownTenant
from engine.ports import Names
from engine.suggest.table import Source, Table
from engine.types import F32, I64, KINDS, Constraint, Evidence, Found, Heard, Highlight, Judged, Kind, Links, Mask
from indexing import completions, fetch, proofs
from indexing import dossier as dossiers
from indexing.centre import centred
from indexing.columns.mined import NOBODY, Claim
from indexing.columns.words import Naming, naming
from indexing.grounding import ground
from indexing.items import TITLE
from indexing.names import Together
from indexing.openwords import listener
from indexing.overlay import Change, Changes, overlay
from indexing.segment import Segment
from indexing.shelf import Shelf
from indexing.talk import Talk, carry, resolve
from indexing.testimony import Court, Testimony, again, cut, first_court, testify
from indexing.text.highlight import Marker
from indexing.validate import to_items
from indexing.where import Place, Where


class Snapshot:
    """An immutable Index of one tenant over a base segment and, maybe, an overlay. Safe for many threads."""

    def __init__(
        self,
        base: Segment,
        tenant: str,
        version: str,
        changes: Changes | None = None,
        words: Naming | None = None,
        origin: "Snapshot | None" = None,
    ) -> None:
        """`changes`: what happened since the base was built; an item among them supersedes the base's.

        `origin`: the snapshot of the base alone, whose work is used again.
        """
        self.tenant, self._version = tenant, version
        self.words, self.changes = words or naming(), changes or Changes()
        self.segments: list[Segment] = [base]
        if not self.changes.changed:
            self._read_base()
            return
        self.origin = origin or Snapshot(base, tenant, version, None, self.words)
        if self.changes.items:
            self.segments.append(overlay(base, self.changes, self.words))
        self._read_changes()

    def _read_base(self) -> None:
        """Everything from the base alone."""
        self.origin = self
        alive = {kind: np.ones(len(self.base.parts[kind]), bool) for kind in KINDS}
        self.court = first_court(self.base)
        self.where, self.talk = self.court.where, self.court.talk
        self.testimony, self._listen = testify(self.court), listener(self.court)
        self.shelves = {kind: self._shelf(kind, alive[kind]) for kind in KINDS}

    def _read_changes(self) -> None:
        """What the changes leave of the base, and what they add."""
        changed: dict[str, Place | None] = dict.fromkeys(self.changes.changed)
        moved = {kind: np.arange(len(self.base.parts[kind])) for kind in KINDS}
        alive = {kind: np.ones(sum(len(s.parts[kind]) for s in self.segments), bool) for kind in KINDS}
        gone = [found for i in changed if (found := self.origin.where.get(i)) is not None]
        for segment in self.segments[1:]:
            for kind in KINDS:
                start = len(self.base.parts[kind])
                changed |= {i: (kind, start + row) for row, i in enumerate(segment.parts[kind].ids)}
        self.where = Where(self.origin.where.ids, changed)
        for kind, row in gone:
            alive[kind][row] = False
            newer = self.where.get(self.base.parts[kind].ids[row])
            moved[kind][row] = newer[1] if newer is not None and newer[0] == kind else -1
        live = resolve(self.segments[1:], self.where, {kind: len(alive[kind]) for kind in KINDS}, len(moved["note"]))
        self.talk = carry(self.origin.talk, moved, live)
        affected = {kind: _affected(self.talk[kind], self.origin.talk[kind], alive, kind, moved) for kind in KINDS}
        self.court = Court(self.segments, alive["note"], self.talk, self.where, self.base.now)
        self.testimony, self._listen = again(self.court, self.origin.testimony, affected), listener(self.court)
        self.shelves = {kind: self._shelf(kind, alive[kind]) for kind in KINDS}

    @staticmethod
    def open(folder: Path, tenant: str, version: str) -> "Snapshot":
        """A published segment; verify its bytes first (indexing/manifest.py). Raises IncompatibleSnapshot."""
        return Snapshot(Segment.open(folder), tenant, version)

    def without_evidence(self) -> "Snapshot":
        """The same index as if no note said anything of what others are like: what evidence is worth, measured."""
        deaf = copy(self)
        deaf.testimony = Testimony({kind: {} for kind in KINDS}, self.segments)
        deaf._listen = _hear_nobody
        deaf.shelves = {kind: deaf._shelf(kind, shelf.alive) for kind, shelf in self.shelves.items()}
        return deaf

    def with_changes(
        self,
        changes: Iterable[Change],
        vectors: Mapping[str, tuple[str, F32]] | None = None,
        voices: Mapping[str, F32] | None = None,
    ) -> "Snapshot":
        """A snapshot over the same base that also knows these changes (as Store.changes gives them).

        `vectors`: id -> the text that was encoded (`pending` gave it) and its raw passage vector; one made of a text
        that has changed since is not used. An item without a vector is found by its words and columns.
        `voices`: raw vectors of sentences (`unvoiced` told which).
        """
        known = self.changes.and_then(changes).with_vectors(vectors or {}, voices or {})
        return Snapshot(self.base, self.tenant, self._version, known, self.words, self.origin)

    @property
    def version(self) -> str:
        return self._version

    @property
    def base(self) -> Segment:
        """The published segment."""
        return self.segments[0]

    @cached_property
    def names(self) -> Names:
        """The vocabulary of the base and of the overlay."""
        return Together([segment.names for segment in self.segments]) if len(self.segments) > 1 else self.base.names

    @cached_property
    def today(self) -> float:
        """When the base was built, in epoch days."""
        return self.base.now.timestamp() / 86400

    def count(self, tenant: str, kind: Kind) -> int:
        return len(self._of(tenant, kind).alive)

    def center(self, vector: F32, lang: str) -> F32:
        return centred(vector, "en" if lang == "en" else "zh", self.base.frame.means)

    def allowed(self, tenant: str, kind: Kind, constraints: Sequence[Constraint]) -> Mask:
        shelf = self._of(tenant, kind)
        return shelf.allowed([ground(self, c) for c in constraints])

    def choices(self, tenant: str, kind: Kind, facet: str, among: Mask, most: int) -> Sequence[Constraint]:
        return self._of(tenant, kind).choices(facet, among, most)

    def tally(self, tenant: str, kind: Kind, constraints: Sequence[Constraint], among: Mask) -> I64:
        shelf = self._of(tenant, kind)
        return shelf.tally([ground(self, c) for c in constraints], among)

    def dense(
        self, tenant: str, kind: Kind, vector: F32, allowed: Mask | None, k: int, *, within_ms: float = np.inf
    ) -> Found:
        return self._of(tenant, kind).nearest(vector, allowed, k, within_ms)

    def lexical(
        self, tenant: str, kind: Kind, text: str, allowed: Mask | None, k: int, *, exact: bool = False
    ) -> Found:
        return self._of(tenant, kind).search(
            allowed, k, lambda part, mask: part.text.search(text, mask, k, exact=exact)
        )

    def highlight(self, tenant: str, kind: Kind, text: str, rows: I64) -> list[tuple[Highlight, ...]]:
        shelf = self._of(tenant, kind)
        out: list[tuple[Highlight, ...]] = [()] * len(rows)
        for at, part, local in shelf.split(rows):
            marker = Marker(part.text.words(text))
            for position, item in zip(at.tolist(), fetch.items(part, local), strict=True):
                out[position] = marker.mark({name: item.get(name) or "" for name in (TITLE[kind], "body")})
        return out

    def linked(self, tenant: str, notes: I64, kind: Kind) -> Links:
        self._of(tenant, kind)
        return self.talk[kind].of_notes(notes)

    def judge(self, tenant: str, kind: Kind, constraint: Constraint, rows: I64) -> Judged:
        return self._of(tenant, kind).judge(ground(self, constraint), rows)

    def prove(
        self, tenant: str, kind: Kind, constraint: Constraint, rows: I64, lang: str, number: int = 0
    ) -> list[Evidence]:
        self._of(tenant, kind)
        return proofs.prove(self, kind, ground(self, constraint), rows, lang, number)

    def dossier(self, tenant: str, kind: Kind, row: int, lang: str) -> Sequence[Attested]:
        self._of(tenant, kind)
        return dossiers.dossier(self, kind, row, lang)

    def column(self, tenant: str, kind: Kind, name: str, rows: I64) -> Any:
        shelf = self._of(tenant, kind)
        if name == "note_count":
            return self.talk[kind].counts[rows].astype(np.float64)
        return shelf.take(rows, lambda part, local: fetch.column(part, name, local, self.today))

    def numbers(self, tenant: str, kind: Kind, names: tuple[str, ...], rows: I64) -> F32:
        shelf = self._of(tenant, kind)
        found: F32 = shelf.take(rows, lambda part, local: fetch.numbers(part, names, self.today)[local])
        if "note_count" in names:
            found[:, names.index("note_count")] = self.talk[kind].counts[rows]
        return found

    def carried(self, tenant: str, kind: Kind, name: str, values: Sequence[str], rows: I64) -> F32:
        found = self._of(tenant, kind).take(rows, lambda part, local: part.columns.tags[name].carried(values, local).T)
        return np.asarray(found.T, np.float32)

    def vectors(self, tenant: str, kind: Kind, rows: I64) -> F32:
        found: F32 = self._of(tenant, kind).take(rows, lambda part, local: np.asarray(part.vectors.matrix[local]))
        return found

    def items(self, tenant: str, kind: Kind, rows: I64) -> list[Mapping[str, Any]]:
        shelf = self._of(tenant, kind)
        out: list[Mapping[str, Any]] = [{}] * len(rows)
        for at, part, local in shelf.split(rows):
            for position, item in zip(at.tolist(), fetch.items(part, local), strict=True):
                out[position] = item
        return out

    def completions(self, tenant: str) -> Sequence[Source]:
        self._of(tenant, "poi")
        return self._sources

    @cached_property
    def _sources(self) -> list[Source]:
        """The base's table as it was written, the overlay's made at the first question."""
        tables = [self.base.suggest]
        for segment in self.segments[1:]:
            rows = {kind: to_items(part.table) for kind, part in segment.parts.items()}
            tables.append(Table.of(completions.entries(rows)))
        return [Source(table, partial(self._alive, number)) for number, table in enumerate(tables)]

    def _alive(self, number: int, kind: Kind, rows: Sequence[int]) -> str | None:
        """The id of the first of a segment's rows that nothing has deleted or superseded."""
        alive, start = self.shelves[kind].alive, self.shelves[kind].starts[number]
        row = next((row for row in rows if alive[start + row]), None)
        return None if row is None else self.segments[number].parts[kind].ids[row]

    def locate(self, tenant: str, item_id: str) -> tuple[Kind, int] | None:
        self._of(tenant, "note")
        return self.where.get(item_id)

    def _of(self, tenant: str, kind: Kind) -> Shelf:
        if tenant != self.tenant:
            raise UnknownTenant(f"this index belongs to another tenant than '{tenant:.80}'")
        return self.shelves[kind]

    def _shelf(self, kind: Kind, alive: Mask) -> Shelf:
        parts, start, mined = [segment.parts[kind] for segment in self.segments], 0, []
        for part in parts:
            stop = start + len(part)
            listen = partial(self._heard, kind, start, stop)
            mined.append(replace(self.testimony.of_part(kind, start, len(part)), listen=listen))
            start = stop
        return Shelf(kind, parts, alive, mined, self.words, self.today)

    def _heard(self, kind: Kind, start: int, stop: int, phrase: str, heard: Heard | None) -> Claim:
        return cut(self._listen(phrase, heard)[kind], start, stop)


def _hear_nobody(phrase: str, heard: Heard | None) -> Mapping[Kind, Claim]:
    return dict.fromkeys(KINDS, NOBODY)


def _affected(talk: Talk, before: Talk, alive: Mapping[Kind, Mask], kind: Kind, moved: Mapping[Kind, I64]) -> Mask:
    """bool over the rows of a kind: dead, new, or talked about by a note that died or is new."""
    mask = ~alive[kind]
    mask[len(moved[kind]) :] = True
    notes = ~alive["note"]
    notes[len(moved["note"]) :] = True
    mask[talk.row[notes[talk.note]]] = True
    mask[before.row[notes[before.note]]] = True
    return mask
