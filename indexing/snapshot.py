"""What does the engine search? Snapshot: a published segment with the live changes since laid over it (an Index).

Rows are those of the base segment, then those of the overlay. A row that was deleted or superseded is dead: it keeps
its number, and nothing finds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import UnknownTenant
from engine.ports import Names
from engine.types import F32, I64, KINDS, Constraint, Evidence, Found, Judged, Kind, Links, Mask
from engine.understand.names import NameTable
from indexing import fetch, proofs
from indexing.centre import apply
from indexing.columns.words import Naming, naming
from indexing.grounding import ground
from indexing.overlay import Change, Changes, overlay
from indexing.segment import Segment
from indexing.shelf import Shelf
from indexing.talk import Talk, resolve
from indexing.testimony import testify
from indexing.validate import to_items


class Snapshot:
    """An immutable Index of one tenant over a base segment and, maybe, an overlay. Safe for many threads."""

    def __init__(
        self,
        base: Segment,
        tenant: str,
        version: str,
        changes: Changes | None = None,
        words: Naming | None = None,
    ) -> None:
        """`changes`: what happened since the base was built; an item among them supersedes the base's."""
        self.tenant, self._version = tenant, version
        self.words, self.changes = words or naming(), changes or Changes()
        self.segments = [base, overlay(base, self.changes, self.words)] if self.changes.items else [base]
        self.dead = self.changes.deleted
        later = [{i for k in KINDS for i in s.parts[k].ids} for s in self.segments[1:]]
        self.gone = self.dead.union(*later)
        alive = {kind: self._alive(kind) for kind in KINDS}
        self.where = self._locations(alive)
        self.talk: Mapping[Kind, Talk] = resolve(self.segments, self.where, {k: len(alive[k]) for k in KINDS})
        self.testimony = testify(self.segments, alive["note"], self.talk, self.where, base.now)
        self.shelves = {kind: self._shelf(kind, alive[kind]) for kind in KINDS}

    @staticmethod
    def open(folder: Path, tenant: str, version: str) -> "Snapshot":
        """A published segment; verify its bytes first (indexing/manifest.py). Raises IncompatibleSnapshot."""
        return Snapshot(Segment.open(folder), tenant, version)

    def with_changes(
        self, changes: Iterable[Change], vectors: Mapping[str, tuple[str, F32]] | None = None
    ) -> "Snapshot":
        """A snapshot over the same base that also knows these changes (as Store.changes gives them).

        `vectors`: id -> the text that was encoded (`pending` gave it) and its raw passage vector; one made of a text
        that has changed since is not used. An item without a vector is found by its words and columns.
        """
        known = self.changes.and_then(changes).with_vectors(vectors or {})
        return Snapshot(self.base, self.tenant, self._version, known, self.words)

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
        return NameTable(entry for segment in self.segments for entry in segment.names)

    @property
    def today(self) -> float:
        """When the base was built, in epoch days."""
        return self.base.now.timestamp() / 86400

    def count(self, tenant: str, kind: Kind) -> int:
        return len(self._of(tenant, kind).alive)

    def center(self, vector: F32, lang: str) -> F32:
        centred: F32 = apply(vector[None, :], ["en" if lang == "en" else "zh"], self.base.frame.means, "query")[0]
        return centred

    def allowed(self, tenant: str, kind: Kind, constraints: Sequence[Constraint]) -> Mask:
        shelf = self._of(tenant, kind)
        return shelf.allowed([ground(self, c) for c in constraints], self.words)

    def dense(self, tenant: str, kind: Kind, vector: F32, allowed: Mask | None, k: int) -> Found:
        return self._of(tenant, kind).search(allowed, k, lambda part, mask: part.vectors.search(vector, mask, k))

    def lexical(self, tenant: str, kind: Kind, text: str, allowed: Mask | None, k: int) -> Found:
        return self._of(tenant, kind).search(allowed, k, lambda part, mask: part.text.search(text, mask, k))

    def linked(self, tenant: str, notes: I64, kind: Kind) -> Links:
        self._of(tenant, kind)
        return self.talk[kind].of_notes(notes)

    def judge(self, tenant: str, kind: Kind, constraint: Constraint, rows: I64) -> Judged:
        ruling = self._of(tenant, kind).rule(ground(self, constraint), rows, self.words)
        return ruling.judged(constraint.polarity, self.today)

    def prove(self, tenant: str, kind: Kind, constraint: Constraint, rows: I64, lang: str) -> list[Evidence]:
        self._of(tenant, kind)
        return proofs.prove(self, kind, ground(self, constraint), rows, lang)

    def column(self, tenant: str, kind: Kind, name: str, rows: I64) -> Any:
        shelf = self._of(tenant, kind)
        if name == "note_count":
            return self.talk[kind].counts[rows].astype(np.float64)
        return shelf.take(rows, lambda part, local: fetch.column(part, name, local, self.today))

    def vectors(self, tenant: str, kind: Kind, rows: I64) -> F32:
        found: F32 = self._of(tenant, kind).take(rows, lambda part, local: np.asarray(part.vectors.matrix[local]))
        return found

    def items(self, tenant: str, kind: Kind, rows: I64) -> list[Mapping[str, Any]]:
        shelf = self._of(tenant, kind)
        out: list[Mapping[str, Any]] = [{}] * len(rows)
        for at, part, local in shelf.split(rows):
            for position, item in zip(at.tolist(), to_items(part.table.take(local)), strict=True):
                out[position] = item
        return out

    def locate(self, tenant: str, item_id: str) -> tuple[Kind, int] | None:
        self._of(tenant, "note")
        return self.where.get(item_id)

    def _of(self, tenant: str, kind: Kind) -> Shelf:
        if tenant != self.tenant:
            raise UnknownTenant(f"this index belongs to another tenant than '{tenant:.80}'")
        return self.shelves[kind]

    def _alive(self, kind: Kind) -> Mask:
        """bool over the rows of all segments: neither deleted nor superseded."""
        alive = []
        for number, segment in enumerate(self.segments):
            part = segment.parts[kind]
            live = np.ones(len(part), bool)
            for item_id in self.gone if number == 0 else self.dead:
                if item_id in part.row_of:
                    live[part.row_of[item_id]] = False
            alive.append(live)
        return np.concatenate(alive)

    def _locations(self, alive: Mapping[Kind, Mask]) -> dict[str, tuple[Kind, int]]:
        """Live id -> kind and global row."""
        found: dict[str, tuple[Kind, int]] = {}
        for kind in KINDS:
            ids = [item_id for segment in self.segments for item_id in segment.parts[kind].ids]
            found |= {item_id: (kind, row) for row, item_id in enumerate(ids) if alive[kind][row]}
        return found

    def _shelf(self, kind: Kind, alive: Mask) -> Shelf:
        parts, start, mined = [segment.parts[kind] for segment in self.segments], 0, []
        for part in parts:
            mined.append(self.testimony.of_part(kind, start, len(part)))
            start += len(part)
        return Shelf(kind, parts, alive, mined)
