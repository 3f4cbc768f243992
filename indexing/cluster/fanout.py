"""What is one index over many shards? Each is asked about its own rows, and their answers are put together.

Filters, verdicts, evidence, vectors, links and counts are those of one index over all items (indexing/cluster/cut.py
says why), and so is BM25 of the words themselves (indexing/cluster/census.py). Which other words an unknown or a rare
one may stand for, each shard finds among its own; how rare words are for the ranker is counted with guests.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from engine.attested import Attested
from engine.coded import Coded, joined
from engine.errors import UnknownTenant
from engine.naming import Names
from engine.suggest.table import Source
from engine.types import F32, I64, KINDS, Constraint, Evidence, Found, Highlight, Judged, Kind, Links, Mask
from indexing.arrays import mapped
from indexing.cluster.grounded import grounded
from indexing.cluster.liked import Liked
from indexing.cluster.rows import Rows, of_kinds
from indexing.columns.choices import choices
from indexing.kindred import Behaviour
from indexing.names import Together
from indexing.snapshot import Snapshot
from indexing.talk import Talk
from indexing.text.census import idf

SHARDS: Final = "shards.json"
_JUDGED: Final = ("verdict", "probability", "support", "against", "age_days")  # the columns of Judged


class Sharded(Liked):
    """An immutable Index of one tenant over the snapshots of its shards. Safe for many threads."""

    def __init__(
        self, shards: Sequence[Snapshot], homes: Sequence[Mapping[Kind, Mask]], version: str, learnt: Behaviour
    ) -> None:
        """`homes`: of each shard the rows at home there. `learnt`: what behaviour says, by rows of the whole."""
        self.shards, self._version, self.behaviour = list(shards), version, learnt
        self.tenant = shards[0].tenant
        self.rows = of_kinds(shards, homes, KINDS)

    @staticmethod
    def open(folder: Path, tenant: str, version: str) -> "Sharded":
        """<folder>/shards.json, <folder>/shards/<n>/ and homes/<n>/<kind>.npy; verify the bytes first."""
        count = int(msgspec.json.decode((folder / SHARDS).read_bytes())["shards"])
        names = [f"{number:04}" for number in range(count)]
        shards = [Snapshot.open(folder / "shards" / name, tenant, version) for name in names]
        homes = [{kind: mapped(folder / "homes" / name / f"{kind}.npy") for kind in KINDS} for name in names]
        counts = {kind: sum(len(shard.base.parts[kind]) for shard in shards) for kind in KINDS}
        return Sharded(shards, homes, version, Behaviour.open(folder, counts))

    @property
    def version(self) -> str:
        return self._version

    @cached_property
    def names(self) -> Names:
        """What any shard knows."""
        return Together([shard.names for shard in self.shards])

    def count(self, tenant: str, kind: Kind) -> int:
        return len(self._of(tenant, kind))

    def center(self, vector: F32, lang: str) -> F32:
        return self.shards[0].center(vector, lang)

    def allowed(self, tenant: str, kind: Kind, constraints: Sequence[Constraint]) -> Mask:
        rows = self._of(tenant, kind)
        asked = self._grounded(constraints)
        return np.concatenate([shard.allowed(tenant, kind, asked) for shard in self.shards]) & rows.alive

    def choices(self, tenant: str, kind: Kind, facet: str, among: Mask, most: int) -> Sequence[Constraint]:
        each = self._of(tenant, kind).each(among)
        parts = [part for _, shard, mask in each for part in shard.shelves[kind].among(mask)]
        return choices(facet, parts, most, self.shards[0].words)

    def tally(self, tenant: str, kind: Kind, constraints: Sequence[Constraint], among: Mask) -> I64:
        asked, counts = self._grounded(constraints), np.zeros(len(constraints), np.int64)
        for _, shard, mask in self._of(tenant, kind).each(among):
            counts += shard.tally(tenant, kind, asked, mask)
        return counts

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
        share = within_ms / len(self.shards)  # one after the other
        return self._of(tenant, kind).best(
            allowed,
            k,
            lambda shard, mask: shard.dense(tenant, kind, vector, mask, k, within_ms=share, enough=enough),
        )

    def lexical(
        self, tenant: str, kind: Kind, text: str, allowed: Mask | None, k: int, *, exact: bool = False
    ) -> Found:
        return self._of(tenant, kind).best(
            allowed, k, lambda shard, mask: shard.lexical(tenant, kind, text, mask, k, exact=exact)
        )

    def highlight(self, tenant: str, kind: Kind, text: str, rows: I64) -> list[tuple[Highlight, ...]]:
        return self._of(tenant, kind).listed(rows, lambda shard, local: shard.highlight(tenant, kind, text, local))

    def linked(self, tenant: str, notes: I64, kind: Kind) -> Links:
        self._of(tenant, kind)
        return self.talk[kind].of_notes(notes)

    def judge(self, tenant: str, kind: Kind, constraint: Constraint, rows: I64) -> Judged:
        (asked,) = self._grounded([constraint])
        parts = [
            (at, shard.judge(tenant, kind, asked, local)) for at, shard, local in self._of(tenant, kind).split(rows)
        ]
        out = {name: np.empty(len(rows), getattr(parts[0][1], name).dtype) for name in _JUDGED}
        for at, judged in parts:
            for name, column in out.items():
                column[at] = getattr(judged, name)
        return Judged(**out)

    def prove(
        self, tenant: str, kind: Kind, constraint: Constraint, rows: I64, lang: str, number: int = 0
    ) -> list[Evidence]:
        (asked,) = self._grounded([constraint])
        return self._of(tenant, kind).listed(
            rows, lambda shard, local: shard.prove(tenant, kind, asked, local, lang, number)
        )

    def dossier(self, tenant: str, kind: Kind, row: int, lang: str) -> Sequence[Attested]:
        places = self._of(tenant, kind).split(np.array([row], np.int64))
        return next(shard.dossier(tenant, kind, int(local[0]), lang) for at, shard, local in places if len(at))

    def column(self, tenant: str, kind: Kind, name: str, rows: I64) -> Any:
        return self._of(tenant, kind).take(rows, lambda shard, local: shard.column(tenant, kind, name, local))

    def numbers(self, tenant: str, kind: Kind, names: tuple[str, ...], rows: I64) -> F32:
        found: F32 = self._of(tenant, kind).take(rows, lambda shard, local: shard.numbers(tenant, kind, names, local))
        return found

    def coded(self, tenant: str, kind: Kind, name: str, rows: I64) -> Coded:
        parts = self._of(tenant, kind).split(rows)
        return joined(len(rows), [(at, shard.coded(tenant, kind, name, local)) for at, shard, local in parts])

    def carried(self, tenant: str, kind: Kind, name: str, values: Sequence[str], rows: I64) -> F32:
        found = self._of(tenant, kind).take(
            rows, lambda shard, local: shard.carried(tenant, kind, name, values, local).T
        )
        return np.asarray(found.T, np.float32)

    def worded(self, tenant: str, kind: Kind, text: str, rows: I64) -> F32:
        found = self._of(tenant, kind).take(rows, lambda shard, local: shard.worded(tenant, kind, text, local).T)
        return np.asarray(found.T, np.float32)

    def significance(self, tenant: str, kind: Kind, text: str) -> F32:
        self._of(tenant, kind)
        parts = [shard.shelves[kind].parts[0].text.held(text) for shard in self.shards]
        known = [(held, rows) for held, rows in parts if rows]
        if not known:
            return np.empty(0, np.float32)
        held: I64 = np.sum([each for each, _ in known], axis=0)
        return np.asarray(idf(held, sum(count for _, count in known)), np.float32)

    def closing(self, tenant: str, kind: Kind, at: datetime, rows: I64) -> F32:
        found: F32 = self._of(tenant, kind).take(rows, lambda shard, local: shard.closing(tenant, kind, at, local))
        return found

    def vectors(self, tenant: str, kind: Kind, rows: I64) -> F32:
        found: F32 = self._of(tenant, kind).take(rows, lambda shard, local: shard.vectors(tenant, kind, local))
        return found

    def items(self, tenant: str, kind: Kind, rows: I64) -> list[Mapping[str, Any]]:
        return self._of(tenant, kind).listed(rows, lambda shard, local: shard.items(tenant, kind, local))

    def completions(self, tenant: str) -> Sequence[Source]:
        self._of(tenant, "poi")
        return [
            Source(source.table, partial(self._alive, number, source))
            for number, shard in enumerate(self.shards)
            for source in shard.completions(tenant)
        ]

    def _alive(self, number: int, source: Source, kind: Kind, rows: Sequence[int]) -> str | None:
        """The id of the first of a shard's rows that lives and is at home there."""
        home = self.rows[kind].homes[number]
        return source.alive(kind, [row for row in rows if home[row]])

    def locate(self, tenant: str, item_id: str) -> tuple[Kind, int] | None:
        self._of(tenant, "note")
        found = ((kind, rows.number(item_id)) for kind, rows in self.rows.items())
        return next(((kind, row) for kind, row in found if row >= 0), None)

    @cached_property
    def talk(self) -> dict[Kind, Talk]:
        """The links of all shards by rows of the whole; a note that is a guest stands for itself at home."""
        notes = self.rows["note"]
        at_home = [notes.numbers(shard.base.parts["note"].ids.strings) for shard in self.shards]
        return {kind: self._talk(kind, rows, at_home) for kind, rows in self.rows.items()}

    def _talk(self, kind: Kind, rows: Rows, at_home: Sequence[I64]) -> Talk:
        parts = []
        for number, (shard, notes) in enumerate(zip(self.shards, at_home, strict=True)):
            talk = shard.talk[kind]
            keep = rows.homes[number][talk.row]
            parts.append((notes[talk.note[keep]], talk.row[keep] + rows.starts[number], talk.confidence[keep]))
        note, row, confidence = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Talk.of(note, row, confidence, len(rows))

    def _grounded(self, constraints: Sequence[Constraint]) -> list[Constraint]:
        return [grounded(self.shards, constraint) for constraint in constraints]

    def _of(self, tenant: str, kind: Kind) -> Rows:
        if tenant != self.tenant:
            raise UnknownTenant(f"this index belongs to another tenant than '{tenant:.80}'")
        return self.rows[kind]
