"""What do all live notes, of every segment, say about all live items? Mentions and links -> claims by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa

from engine.types import KINDS, Kind, Mask
from indexing.aggregate import aggregate
from indexing.columns.mined import Claim, Mined
from indexing.links import LINKS, NAMED
from indexing.segment import Segment, table_of
from indexing.talk import Locate, Talk
from indexing.witnesses import WITNESSES, attribute

_NOTE: Final = KINDS.index("note")
_DAY: Final = 86400.0


@dataclass(frozen=True)
class Testimony:
    """Claims by kind and global row, and the sentences they rest on."""

    claims: Mapping[Kind, Mapping[str, Claim]]
    segments: Sequence[Segment]

    def of_part(self, kind: Kind, start: int, count: int) -> Mined:
        """The claims about rows [start, start + count), as rows of that part."""
        found = {name: _cut(claim, start, start + count) for name, claim in self.claims[kind].items()}
        return Mined({name: claim for name, claim in found.items() if len(claim.rows)})

    def sentence(self, row: int) -> tuple[str, str, str | None]:
        """A sentence by its global row -> its text, its note's id, and the note's day (ISO) when known."""
        for segment in self.segments:
            count = segment.sentences.num_rows
            if row < count:
                text, note = (segment.sentences.column(c)[row].as_py() for c in ("text", "note"))
                table = segment.parts["note"].table
                at = table.column("published_at")[note].as_py()
                return text, table.column("id")[note].as_py(), at.date().isoformat() if at else None
            row -= count
        raise IndexError(f"there is no sentence {row}")


def testify(
    segments: Sequence[Segment], alive: Mask, talk: Mapping[Kind, Talk], where: Locate, now: datetime
) -> Testimony:
    """`alive`: bool over all notes of all segments. Sentences of dead notes count nowhere."""
    mentions = _mentions(segments)
    mentions = mentions.filter(pa.array(alive[mentions.column("note").to_numpy()]))
    spoken = attribute(mentions, _links(talk), _named(segments, alive, where))
    fields = ["author_id", "published_at", "trust"]
    notes = pa.concat_tables([s.parts["note"].table.select(fields) for s in segments])
    evidence = aggregate(mentions, pa.concat_tables([spoken, _own(mentions)]), notes, now)
    return Testimony({kind: _claims(evidence, number) for number, kind in enumerate(KINDS)}, segments)


def _mentions(segments: Sequence[Segment]) -> pa.Table:
    """The mentions of all segments, with global rows of notes and sentences."""
    tables, notes, sentences = [], 0, 0
    for segment in segments:
        table = segment.mentions
        for name, start in (("note", notes), ("sentence", sentences)):
            at = table.column_names.index(name)
            table = table.set_column(at, name, pa.array(table.column(name).to_numpy() + start, pa.int64()))
        tables.append(table)
        notes += len(segment.parts["note"])
        sentences += segment.sentences.num_rows
    return pa.concat_tables(tables)


def _links(talk: Mapping[Kind, Talk]) -> pa.Table:
    parts = []
    for kind, links in talk.items():
        count = len(links.row)
        columns: list[Any] = [links.note, np.full(count, KINDS.index(kind), np.int8), links.row, links.confidence]
        parts.append(pa.table([*map(pa.array, columns), pa.array(["id"] * count, pa.string())], schema=LINKS))
    return pa.concat_tables(parts)


def _named(segments: Sequence[Segment], alive: Mask, where: Locate) -> pa.Table:
    rows, start = [], 0
    for segment in segments:
        for note, number, kind, item in zip(*(c.to_pylist() for c in segment.named.columns), strict=True):
            found = where.get(item)
            if alive[start + note] and found is not None and found[0] == kind:
                rows.append((start + note, number, KINDS.index(found[0]), found[1]))
        start += len(segment.parts["note"])
    return table_of(rows, NAMED)


def _own(mentions: pa.Table) -> pa.Table:
    """Every mention speaks for its own note, too: what a note is about."""
    count = mentions.num_rows
    columns: list[Any] = [np.arange(count), np.full(count, _NOTE, np.int8), mentions.column("note").to_numpy()]
    return pa.table([*map(pa.array, columns), pa.array(np.ones(count))], schema=WITNESSES)


def _claims(evidence: pa.Table, kind: int) -> dict[str, Claim]:
    table = evidence.filter(pa.array(evidence.column("kind").to_numpy() == kind))
    names, codes = np.unique(np.array(table.column("attribute").to_pylist(), object), return_inverse=True)
    item = table.column("item").to_numpy()
    order = np.lexsort((item, codes))
    ends = np.searchsorted(codes[order], np.arange(len(names) + 1))
    newest = table.column("newest").cast(pa.int64()).to_numpy().astype(np.float64) / _DAY
    columns = {c: table.column(c).to_numpy() for c in ("probability", "support", "against", "best")}
    out = {}
    for number, name in enumerate(names.tolist()):
        at = order[ends[number] : ends[number + 1]]
        support, against = columns["support"][at].astype(np.int64), columns["against"][at].astype(np.int64)
        out[name] = Claim(item[at], columns["probability"][at], support, against, newest[at], columns["best"][at])
    return out


def _cut(claim: Claim, start: int, stop: int) -> Claim:
    lo, hi = np.searchsorted(claim.rows, [start, stop])
    part = slice(int(lo), int(hi))
    return Claim(
        claim.rows[part] - start,
        claim.probability[part],
        claim.support[part],
        claim.against[part],
        claim.at[part],
        claim.best[part],
    )
