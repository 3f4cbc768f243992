"""What does the engine search? Snapshot: a published segment with the live changes since laid over it (an Index).

Rows are those of the base segment, then those of the overlay. A row that was deleted or superseded is dead: it keeps
its number, and nothing finds it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from engine.attested import Attested
from engine.coded import Coded, joined
from engine.errors import UnknownTenant
from engine.naming import Names
from engine.suggest.table import Source
from engine.types import F32, I64, KINDS, Constraint, Evidence, Found, Heard, Highlight, Judged, Kind, Links, Mask
from indexing import dossier as dossiers
from indexing import fetch, proofs
from indexing.behaving import Behaving
from indexing.centre import centred
from indexing.changes import Change, Changes
from indexing.columns.mined import NOBODY, Claim
from indexing.columns.words import Naming, naming
from indexing.grounding import ground
from indexing.items import TITLE
from indexing.names import Together
from indexing.openwords import listener
from indexing.overlay import Layer, laid
from indexing.segment import Segment
from indexing.shelf import Shelf, together
from indexing.testimony import Court, Testimony, again, cut, first_court, testify
from indexing.text.highlight import Marker
from indexing.turnover import Turnover, affected

#: What a snapshot remembers of its layers.
_OF_LAYERS = ("names", "_sources", "_arrived")


class Snapshot(Behaving):
    """An immutable Index of one tenant over a base segment and, maybe, an overlay. Safe for many threads."""

    def __init__(self, base: Segment, tenant: str, version: str, words: Naming | None = None) -> None:
        """Everything from the base alone; `with_changes` lays changes over it."""
        self.tenant, self._version, self.words = tenant, version, words or naming()
        self.changes, self.layers, self.segments = Changes(), tuple[Layer, ...](), [base]
        self._first = first_court(base)
        self._judge(self._first, {kind: np.ones(len(base.parts[kind]), bool) for kind in KINDS}, testify(self._first))

    def _judge(self, court: Court, alive: Mapping[Kind, Mask], testimony: Testimony) -> None:
        """What the notes that live say of the rows that live."""
        self.court, self.testimony, self._listen = court, testimony, listener(court)
        self.where, self.talk = court.where, court.talk
        before = vars(self).get("shelves", {})  # of the snapshot that this one follows
        self.shelves = {kind: self._shelf(kind, alive[kind], before.get(kind)) for kind in KINDS}

    @staticmethod
    def open(folder: Path, tenant: str, version: str) -> "Snapshot":
        """A published segment; verify its bytes first (indexing/manifest.py). Raises IncompatibleSnapshot."""
        return Snapshot(Segment.open(folder), tenant, version)

    def without_evidence(self) -> "Snapshot":
        """The same index as if no note said anything of what others are like: what evidence is worth, measured."""
        deaf = copy(self)
        deaf.testimony = Testimony({kind: {} for kind in KINDS}, self.segments)
        deaf._listen = _hear_nobody
        deaf.shelves = {kind: deaf._shelf(kind, shelf.alive, shelf) for kind, shelf in self.shelves.items()}
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
        new, fresh, made, said = copy(self), list(changes), vectors or {}, voices or {}
        for cached in _OF_LAYERS:
            vars(new).pop(cached, None)
        new.changes = self.changes.and_then(fresh, self.words).with_vectors(made, said)
        old = [each.encoded(self.base, new.changes, made, said) for each in self.layers]
        new.layers = laid(old, self.base, new.changes, [item_id for _, item_id, _, _ in fresh], self.words)
        new.segments = [self.base, *(layer.segment for layer in new.layers)]
        kept = sum(one is other for one, other in zip(old, new.layers, strict=False))
        new._turn(self, {kind: sum(len(s.parts[kind]) for s in new.segments[: kept + 1]) for kind in KINDS})
        return new

    def _turn(self, before: "Snapshot", kept: Mapping[Kind, int]) -> None:
        """What is said now that `before` has become this; the first `kept` rows of each kind are still the same.

        `turned`: the rows that are new, dead since, or of which other notes speak.
        """
        turn = Turnover.of(self.base, self._first.where, self.layers, self.changes)
        talk = turn.talk(self.base, self._first.talk, self.layers)
        was = {kind: shelf.alive for kind, shelf in before.shelves.items()}
        self.turned = anew = {kind: affected(kind, kept, (was, before.talk), (turn.alive, talk)) for kind in KINDS}
        court = Court(self.segments, turn.alive["note"], talk, turn.where, self.base.now)
        self._judge(court, turn.alive, again(court, before.testimony, anew, kept))

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
        self,
        tenant: str,
        kind: Kind,
        vector: F32,
        allowed: Mask | None,
        k: int,
        *,
        within_ms: float = np.inf,
        enough: float = 1.0,
    ) -> Found:
        return self._of(tenant, kind).nearest(vector, allowed, k, within_ms, enough)

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
            marker, names = Marker(part.text.words(text)), (TITLE[kind], "body")
            for position, item in zip(at.tolist(), fetch.items(part, local), strict=True):
                out[position] = marker.mark({name: said for name in names if (said := item.get(name))})
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

    def coded(self, tenant: str, kind: Kind, name: str, rows: I64) -> Coded:
        parts = self._of(tenant, kind).split(rows)
        return joined(len(rows), [(at, fetch.texts(part, name, local)) for at, part, local in parts])

    def carried(self, tenant: str, kind: Kind, name: str, values: Sequence[str], rows: I64) -> F32:
        found = self._of(tenant, kind).take(rows, lambda part, local: part.columns.tags[name].carried(values, local).T)
        return np.asarray(found.T, np.float32)

    def worded(self, tenant: str, kind: Kind, text: str, rows: I64) -> F32:
        found = self._of(tenant, kind).take(rows, lambda part, local: part.text.worded(text, local).T)
        return np.asarray(found.T, np.float32)

    def significance(self, tenant: str, kind: Kind, text: str) -> F32:
        return self._of(tenant, kind).parts[0].text.significance(text)

    def closing(self, tenant: str, kind: Kind, at: datetime, rows: I64) -> F32:
        found: F32 = self._of(tenant, kind).take(rows, lambda part, local: part.columns.hours.closing(local, at))
        return found

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
        """The base's table as it was written, a layer's made at the first question."""
        tables = [self.base.suggest, *(layer.completions() for layer in self.layers)]
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

    def _shelf(self, kind: Kind, alive: Mask, before: Shelf | None) -> Shelf:
        parts, start, mined = [segment.parts[kind] for segment in self.segments], 0, []
        for part in parts:
            stop = start + len(part)
            listen = partial(self._heard, kind, start, stop)
            mined.append(replace(self.testimony.of_part(kind, start, len(part)), listen=listen))
            start = stop
        return Shelf(kind, parts, alive, mined, self.words, self.today, together(parts, before))

    def _heard(self, kind: Kind, start: int, stop: int, phrase: str, heard: Heard | None) -> Claim:
        return cut(self._listen(phrase, heard)[kind], start, stop)


def _hear_nobody(phrase: str, heard: Heard | None) -> Mapping[Kind, Claim]:
    return dict.fromkeys(KINDS, NOBODY)


#: Folder, tenant, version -> a published segment, opened.
Opener: TypeAlias = Callable[[Path, str, str], Snapshot]
