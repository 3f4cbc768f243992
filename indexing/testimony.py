"""What do all live notes, of every segment, say about all live items? Mentions and links -> claims by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.types import I64, KINDS, Kind, Links, Mask
from indexing.aggregate import aggregate, coded
from indexing.columns.mined import Claim, Mined
from indexing.fitting import fitting
from indexing.links import LINKS, NAMED
from indexing.runs import stretches
from indexing.segment import Segment
from indexing.talk import Talk, resolve
from indexing.where import Where
from indexing.witnesses import WITNESSES, attribute

_NOTE, _PRODUCT = KINDS.index("note"), KINDS.index("product")
_DAY: Final = 86400.0
#: Columns of EVIDENCE that make a Claim, in its order.
_CLAIMED: Final = ("item", "probability", "support", "against", "newest", "best")
#: What of a note decides how much its word weighs.
_WEIGHED: Final = ["author_id", "published_at", "trust", "body"]


@dataclass(frozen=True)
class Testimony:
    """Claims by kind and global row, and the sentences they rest on."""

    claims: Mapping[Kind, Mapping[str, Claim]]
    segments: Sequence[Segment]

    def of_part(self, kind: Kind, start: int, count: int) -> Mined:
        """The claims about rows [start, start + count), as rows of that part."""
        stop = start + count
        heard = {n: c for n, c in self.claims[kind].items() if len(c.rows) and c.rows[-1] >= start and c.rows[0] < stop}
        found = {name: cut(claim, start, stop) for name, claim in heard.items()}
        return Mined({name: claim for name, claim in found.items() if len(claim.rows)})

    def sentence(self, row: int) -> tuple[str, str, str | None]:
        """A sentence by its global row -> its text, its note's id, and the note's day (ISO) when known."""
        for segment in self.segments:
            count = segment.sentences.num_rows
            if row < count:
                texts, notes = segment.said
                part, note = segment.parts["note"], int(notes[row])
                day = part.columns.numbers["published"][note]
                return texts[row].as_py(), part.ids[note], None if np.isnan(day) else _date(day)
            row -= count
        raise IndexError(f"there is no sentence {row}")


@dataclass(frozen=True)
class Court:
    """Who may speak, and of whom: all segments, which of their notes live, what they talk about, and the day."""

    segments: Sequence[Segment]
    alive: Mask  # over the notes of all segments
    talk: Mapping[Kind, Talk]
    where: Where
    now: datetime


def first_court(base: Segment) -> Court:
    """Of a base alone: all its notes live."""
    where = Where({kind: part.ids for kind, part in base.parts.items()})
    counts = {kind: len(part) for kind, part in base.parts.items()}
    talk = {kind: Talk.stored(base.talk, kind) for kind in counts} if base.talk else resolve([base], where, counts)
    return Court([base], np.ones(len(base.parts["note"]), bool), talk, where, base.now)


def testify(court: Court) -> Testimony:
    """All claims. Sentences of dead notes count nowhere. A base that was heard at its build is not heard again."""
    written = court.segments[0].evidence if len(court.segments) == 1 and court.alive.all() else None
    return Testimony(_by_kind(hear(court, court.alive) if written is None else written), court.segments)


def again(court: Court, before: Testimony, affected: Mapping[Kind, Mask], kept: Mapping[Kind, int]) -> Testimony:
    """The claims of before, those about `affected` rows (bool per kind, all segments) heard anew.

    kept: the first so many rows are the rows that they were before.
    """
    speakers = court.alive & affected["note"]
    for kind, talk in court.talk.items():
        speakers[talk.note[affected[kind][talk.row]]] = True
    heard, claims = _by_kind(hear(court, speakers & court.alive)), {}
    for kind in KINDS:
        old, new = {name: cut(claim, 0, kept[kind]) for name, claim in before.claims[kind].items()}, heard[kind]
        names = sorted({*old, *new})
        claims[kind] = {name: _replaced(old.get(name), new.get(name), affected[kind]) for name in names}
    return Testimony(claims, court.segments)


def _replaced(old: Claim | None, new: Claim | None, affected: Mask) -> Claim:
    """`old` of the rows that are not affected, `new` of those that are."""
    if old is not None and new is None and not affected[old.rows].any():
        return old
    parts = [_pick(c, affected[c.rows] == want) for c, want in ((old, False), (new, True)) if c is not None]
    if len(parts) == 1:
        return parts[0]
    order = np.argsort(np.concatenate([p.rows for p in parts]), kind="stable")
    columns = {name: np.concatenate([vars(p)[name] for p in parts])[order] for name in vars(parts[0])}
    return Claim(**columns)


def _pick(claim: Claim, keep: Any) -> Claim:
    """The kept rows of a claim: a mask or a slice."""
    return Claim(**{name: column[keep] for name, column in vars(claim).items()})


def hear(court: Court, speakers: Mask) -> pa.Table:
    """What the notes that speak say, of everything they talk about (indexing.aggregate.EVIDENCE, global rows)."""
    mentions = _mentions(court.segments, speakers)
    spoken = _spoken(court, mentions, speakers)
    notes = pa.concat_tables([s.parts["note"].table.select(_WEIGHED) for s in court.segments])
    return aggregate(mentions, pa.concat_tables([spoken, _own(mentions)]), notes, court.now)


def claims(court: Court, mentions: pa.Table) -> dict[Kind, dict[str, Claim]]:
    """What a few mentions (MENTIONS, global rows) come to, weighed as all others are; of notes that live."""
    if not mentions.num_rows:
        return {kind: {} for kind in KINDS}
    notes, at = np.unique(mentions.column("note").to_numpy(), return_inverse=True)
    speakers = np.zeros(len(court.alive), bool)
    speakers[notes] = True
    links = {kind: talk.of_notes(notes) for kind, talk in court.talk.items()}
    spoken = pa.concat_tables([attribute(mentions, _links(links), _named(court, speakers)), _own(mentions)])
    place = mentions.schema.get_field_index("note")
    few = mentions.set_column(place, "note", pa.array(at.reshape(-1), pa.int64()))
    return _by_kind(aggregate(few, spoken, _notes(court, notes), court.now))


def _notes(court: Court, rows: Any) -> pa.Table:
    """What is weighed of some notes (global rows, ascending)."""
    parts, start = [], 0
    for segment in court.segments:
        table = segment.parts["note"].table
        mine = rows[(rows >= start) & (rows < start + table.num_rows)] - start
        parts.append(table.select(_WEIGHED).take(pa.array(mine)))
        start += table.num_rows
    return pa.concat_tables(parts)


def spoken_of(court: Court, kind: int, row: int) -> pa.Table:
    """The stated mentions (indexing.evidence.MENTIONS, global rows) that live notes make of one item."""
    talk = court.talk[KINDS[kind]] if kind != _NOTE else None
    notes = np.array([row], np.int64) if talk is None else np.unique(talk.note[talk.row == row])
    notes = notes[court.alive[notes]]
    mentions = _mentions_by(court.segments, notes)
    spoken = _own(mentions) if talk is None else _spoken_by(court, mentions, notes)
    mine = (spoken.column("kind").to_numpy() == kind) & (spoken.column("item").to_numpy() == row)
    spoken = spoken.filter(pa.array(mine))
    if kind == _PRODUCT:  # the one product of those that are left
        alone = spoken.set_column(2, WITNESSES.field("item"), pa.array(np.zeros(spoken.num_rows, np.int64)))
        spoken = fitting(alone, mentions, [_category(court.segments, row)])
    said = mentions.take(spoken.column("mention"))
    return said.filter(said.column("stated"))


def _spoken_by(court: Court, mentions: pa.Table, notes: I64) -> pa.Table:
    """WITNESSES of the mentions of a few notes (ascending): by the links of these alone."""
    speakers = np.zeros(len(court.alive), bool)
    speakers[notes] = True
    return attribute(mentions, _links({kind: talk.of_notes(notes) for kind, talk in court.talk.items()}),
                     _named(court, speakers))  # fmt: skip


def _mentions_by(segments: Sequence[Segment], notes: I64) -> pa.Table:
    """What a few notes (global rows, ascending) mention, with global rows of notes and sentences."""
    tables, first, sentences = [], 0, 0
    for segment in segments:
        count = len(segment.parts["note"])
        mine = notes[(notes >= first) & (notes < first + count)] - first
        order, by_note = segment.by_note
        lo, hi = (np.searchsorted(by_note, mine, side=side) for side in ("left", "right"))
        table = segment.mentions.take(pa.array(np.sort(order[stretches(lo, hi - lo)])))
        tables.append(_shifted(table, first, sentences))
        first += count
        sentences += segment.sentences.num_rows
    return pa.concat_tables(tables)


def _category(segments: Sequence[Segment], row: int) -> str | None:
    """Of a product by its global row, as its source spells it."""
    for segment in segments:
        count = len(segment.parts["product"])
        if row < count:
            found: str | None = segment.parts["product"].table.column("category")[row].as_py()
            return found
        row -= count
    raise IndexError(f"there is no product {row}")


def _spoken(court: Court, mentions: pa.Table, speakers: Mask) -> pa.Table:
    """WITNESSES: the places and products that each mention speaks of, where it can be about such a thing."""
    categories = [c for segment in court.segments for c in segment.categories]
    return fitting(attribute(mentions, _links(court.talk), _named(court, speakers)), mentions, categories)


def _date(day: float) -> str:
    """Epoch days -> ISO date, UTC."""
    return str(np.datetime64(int(day // 1), "D"))


def _by_kind(evidence: pa.Table) -> dict[Kind, dict[str, Claim]]:
    kinds = evidence.column("kind").to_numpy()
    names, codes = coded(evidence.column("attribute"))
    columns = {name: evidence.column(name).to_numpy() for name in _CLAIMED if name != "newest"}
    columns["newest"] = evidence.column("newest").cast(pa.int64()).to_numpy().astype(np.float64) / _DAY
    rows = (np.flatnonzero(kinds == number) for number in range(len(KINDS)))
    return {kind: _claims(columns, names.tolist(), codes, mine) for kind, mine in zip(KINDS, rows, strict=True)}


def _mentions(segments: Sequence[Segment], speakers: Mask) -> pa.Table:
    """What the notes that speak mention, with global rows of notes and sentences."""
    tables, notes, sentences = [], 0, 0
    for segment in segments:
        table = segment.mentions
        table = table.filter(pa.array(speakers[notes + table.column("note").to_numpy()]))
        tables.append(_shifted(table, notes, sentences))
        notes += len(segment.parts["note"])
        sentences += segment.sentences.num_rows
    return pa.concat_tables(tables)


def _shifted(mentions: pa.Table, notes: int, sentences: int) -> pa.Table:
    """A segment's mentions with global rows: its notes and sentences begin at these."""
    for name, start in (("note", notes), ("sentence", sentences)):
        at = mentions.column_names.index(name)
        mentions = mentions.set_column(at, name, pa.array(mentions.column(name).to_numpy() + start, pa.int64()))
    return mentions


def _links(talk: Mapping[Kind, Talk | Links]) -> pa.Table:
    parts = []
    for kind, links in talk.items():
        count = len(links.row)
        columns: list[Any] = [links.note, np.full(count, KINDS.index(kind), np.int8), links.row, links.confidence]
        parts.append(pa.table([*map(pa.array, columns), pa.array(["id"] * count, pa.string())], schema=LINKS))
    return pa.concat_tables(parts)


def _named(court: Court, speakers: Mask) -> pa.Table:
    parts, start = [], 0
    for segment in court.segments:
        count = len(segment.parts["note"])
        note = segment.named.column("note").to_numpy()
        mine = np.flatnonzero(speakers[start : start + count][note])
        named = segment.named.select(["number", "kind", "item_id"]).take(pa.array(mine))
        said = pc.index_in(named.column("kind"), pa.array(KINDS, pa.string())).to_numpy()
        kinds, rows = court.where.places(named.column("item_id").combine_chunks())
        keep = (kinds >= 0) & (kinds == said)
        columns = [note[mine][keep] + start, named.column("number").to_numpy()[keep]]
        parts.append(pa.table([*map(pa.array, (*columns, kinds[keep], rows[keep]))], schema=NAMED))
        start += count
    return pa.concat_tables(parts)


def _own(mentions: pa.Table) -> pa.Table:
    """Every mention speaks for its own note, too: what a note is about."""
    count = mentions.num_rows
    columns: list[Any] = [np.arange(count), np.full(count, _NOTE, np.int8), mentions.column("note").to_numpy()]
    return pa.table([*map(pa.array, columns), pa.array(np.ones(count))], schema=WITNESSES)


def _claims(columns: Mapping[str, Any], names: Sequence[str], codes: I64, mine: I64) -> dict[str, Claim]:
    """Of the rows of one kind: attribute -> its claim. names[codes]: the attribute of each row."""
    order = mine[np.lexsort((columns["item"][mine], codes[mine]))]
    ends = np.searchsorted(codes[order], np.arange(len(names) + 1))
    out = {}
    for number, name in enumerate(names):
        if ends[number] < ends[number + 1]:
            at = order[ends[number] : ends[number + 1]]
            item, probability, support, against, newest, best = (columns[c][at] for c in _CLAIMED)
            out[name] = Claim(item, probability, support.astype(np.int64), against.astype(np.int64), newest, best)
    return out


def cut(claim: Claim, start: int, stop: int) -> Claim:
    """The part of a claim about rows [start, stop), counted from start."""
    if start == 0 and len(claim.rows) and claim.rows[-1] < stop:
        return claim
    lo, hi = np.searchsorted(claim.rows, [start, stop])
    part = _pick(claim, slice(int(lo), int(hi)))
    return replace(part, rows=part.rows - start)
