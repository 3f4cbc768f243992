"""What is one immutable set of items, ready to be searched? Tables, columns, vectors, words, links, all kinds.

A published snapshot is a segment on disk; live upserts make a second one in memory, by the same code.

<folder>/segment.json            format, counts, encoder, means, scales, when it was built
<folder>/<kind>/items.arrow      the items as stored, ordered by city and category
<folder>/<kind>/columns/*.npy    <kind>/text/ (indexing/text)  <kind>/vectors.npy and more (indexing/vectors/files.py)
<folder>/suggest/*.npy                       what can be completed (indexing/completions.py)
<folder>/voices/*.npy                        a small vector of each sentence (indexing/voices.py), where they are made
<folder>/kindred/*.npy (indexing/kindred.py) what behaviour says of items, where enough people acted
<folder>/links.arrow  named.arrow  sentences.arrow  mentions.arrow  evidence.arrow
<folder>/names/*.npy (indexing/names.py)     <folder>/talk/*.npy (indexing/talk.py)
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from engine.errors import IncompatibleSnapshot
from engine.naming import Names
from engine.suggest.table import NOTHING, Table
from engine.types import F32, I64, KINDS, Kind
from engine.understand.names import NameTable
from indexing import completions
from indexing import vectors as vectors_
from indexing.arrays import save, stored
from indexing.centre import Means
from indexing.columns import data
from indexing.columns.build import build, enrich
from indexing.columns.data import Columns
from indexing.columns.lexis import Lexis
from indexing.columns.scales import Row, Scales
from indexing.columns.words import Naming
from indexing.evidence import mine, spelled
from indexing.kindred import Behaviour
from indexing.lowered import Said
from indexing.namebook import called
from indexing.names import StoredNames, names_in
from indexing.own_names import Entry
from indexing.passages import fields
from indexing.spent import Spent
from indexing.tables import read_arrow, table_of, write_arrow
from indexing.text.census import Census
from indexing.text.index import TextIndex
from indexing.validate import to_table
from indexing.vectors import Vectors
from indexing.voices import Voices

FORMAT: Final = 4
_TABLES: Final = ("links", "named", "sentences", "mentions")
Progress = Callable[[str, int, int], None]  # stage, done, total

_text: Final = pa.string()
#: Which sentences call an item by its name: note is a row of the segment's notes.
NAMED: Final = pa.schema([("note", pa.int64()), ("number", pa.int32()), ("kind", _text), ("item_id", _text)])
LINKS: Final = pa.schema([("note_id", _text), ("kind", _text), ("item_id", _text), ("confidence", pa.float32())])


@dataclass(frozen=True)
class Part:
    """One kind of a segment; row r is the same item everywhere."""

    kind: Kind
    table: pa.Table
    columns: Columns
    vectors: Vectors
    text: TextIndex
    ids: Lexis  # by row

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """Columns as fetch.whole and fetch.numbers made them."""
        return {}

    @cached_property
    def shown(self) -> dict[int, Mapping[str, Any]]:
        """Row -> item, as fetch.items made it."""
        return {}

    def __len__(self) -> int:
        return int(self.table.num_rows)


@dataclass(frozen=True)
class Frame:
    """Against what a snapshot's items are measured; its overlays share it. `facts` has built_at, encoder, dim."""

    scales: Scales
    means: Means
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Segment:
    """All kinds of one immutable set of items."""

    parts: Mapping[Kind, Part]
    links: pa.Table
    named: pa.Table
    sentences: pa.Table  # indexing.sentences.SENTENCES; note: row of the segment's notes
    mentions: pa.Table  # indexing.evidence.MENTIONS
    names: Names
    frame: Frame
    suggest: Table = NOTHING  # what can be completed, when it was read from disk
    evidence: pa.Table | None = None  # indexing.aggregate.EVIDENCE of the segment alone, when it is written
    talk: Mapping[str, Any] = field(default_factory=dict)  # its links by row (indexing/talk.py), when they are written
    voices: Voices = field(default_factory=Voices.nothing)
    behaviour: Behaviour = field(default_factory=Behaviour)

    @property
    def facts(self) -> Mapping[str, Any]:
        """Counts, encoder, when it was built: what the manifest says."""
        return self.frame.facts

    @cached_property
    def said(self) -> tuple[pa.Array, I64]:
        """The sentences: texts, and the row of each one's note."""
        return self.sentences.column("text").combine_chunks(), self.sentences.column("note").to_numpy()

    @cached_property
    def by_note(self) -> tuple[I64, I64]:
        """The rows of `mentions` note by note, and the note of each."""
        notes = self.mentions.column("note").to_numpy()
        order = np.argsort(notes, kind="stable")
        return order, notes[order]

    @cached_property
    def categories(self) -> list[str | None]:
        """Of each product, as its source spells it."""
        found: list[str | None] = self.parts["product"].table.column("category").to_pylist()
        return found

    @cached_property
    def linking(self) -> I64:
        """int64, parallel to `links`: the row of each one's note."""
        return self.parts["note"].ids.numbers(self.links.column("note_id").combine_chunks())

    @cached_property
    def once(self) -> Said:
        """The sentences, each different text once, to be searched."""
        return Said.once(self.said[0])

    @cached_property
    def now(self) -> datetime:
        """When the segment was built: ages are counted from here."""
        return datetime.fromisoformat(str(self.facts["built_at"]))

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.facts["dim"])

    @staticmethod
    def open(folder: Path) -> "Segment":
        """A segment as it was written; large arrays are memory-mapped. Raises IncompatibleSnapshot."""
        said = json.loads((folder / "segment.json").read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            raise IncompatibleSnapshot(
                f"{folder}: index format {said['format']}, this version reads {FORMAT}: build anew"
            )
        names = names_in(folder / "names")
        parts = {kind: _open_part(kind, folder / kind) for kind in KINDS}
        tables = {name: read_arrow(folder / f"{name}.arrow", checked=True) for name in _TABLES}
        heard = read_arrow(folder / "evidence.arrow") if (folder / "evidence.arrow").exists() else None
        frame, suggest = _open_frame(said, folder), completions.read(folder)
        voices = Voices.open(folder, tables["sentences"].num_rows)
        behaviour = Behaviour.open(folder, {kind: len(part) for kind, part in parts.items()})
        return Segment(
            parts, **tables, names=names, frame=frame, suggest=suggest, evidence=heard, talk=stored(folder / "talk"),
            voices=voices, behaviour=behaviour,
        )  # fmt: skip


def _open_frame(said: Mapping[str, Any], folder: Path) -> Frame:
    arrays = {name: np.load(folder / "means" / f"{name}.npy", allow_pickle=False) for name in said["means"]["arrays"]}
    means = Means.of(arrays, said["means"]["on"], said["means"]["check"])
    return Frame(Scales(**said["scales"]), means, said["facts"])


def _open_part(kind: Kind, folder: Path) -> Part:
    table, columns = read_arrow(folder / "items.arrow"), data.load(kind, folder / "columns")
    ids, words = Lexis.from_arrays(stored(folder / "ids")), TextIndex.open(folder / "text")
    return Part(kind, table, columns, vectors_.load(folder), words, ids)


@dataclass(frozen=True)
class Contents:
    """What a segment is made of. `rows`: clean items; `vectors`: centred, NaN rows where one is to come; they are
    taken out as they are used.

    `under`: the kinds of the segment that this one is laid over; words are as rare as there.
    """

    rows: Mapping[Kind, Sequence[Row]]
    vectors: dict[Kind, F32]
    links: Sequence[tuple[str, Kind, str, float]]  # note id, kind, item id, confidence
    sentences: pa.Table
    named: pa.Table
    parents: Callable[[str], Row | None]  # a linked item, wherever it is kept
    names: Sequence[Entry] = ()
    under: Mapping[Kind, Part] = field(default_factory=dict)
    voices: Voices = field(default_factory=Voices.nothing)
    census: Mapping[Kind, Census] = field(default_factory=dict)  # of the words of all items of which these are a part
    asked: F32 | None = None  # vectors of questions, centred: how far searches must look is measured by them


def assemble(
    contents: Contents, frame: Frame, naming: Naming, folder: Path | None, spent: Spent | None = None
) -> Segment:
    """A segment in memory, or written below `folder` (which `Segment.open` reads). `spent` is told what mining cost."""
    now, scales = datetime.fromisoformat(str(frame.facts["built_at"])), frame.scales
    enriched = {**contents.rows, "note": _enriched(contents)}
    parts = {
        kind: _part(kind, contents, build(kind, enriched.pop(kind), scales, naming, now), naming, folder)
        for kind in KINDS
    }
    links = table_of(contents.links, LINKS)
    with (spent or Spent()).on("mining"):
        mentions = mine(contents.sentences, names=_spoken_of(contents))
    names = NameTable(contents.names) if folder is None else StoredNames.of(contents.names)
    segment = Segment(parts, links, contents.named, contents.sentences, mentions, names, frame, voices=contents.voices)
    if folder is not None:
        _write(segment, folder)
    return segment


def _enriched(contents: Contents) -> list[Row]:
    talk: dict[str, list[Row]] = {}
    for note_id, _, item_id, _ in contents.links:
        parent = contents.parents(item_id)
        if parent is not None:
            talk.setdefault(note_id, []).append(parent)
    return [enrich(note, talk.get(note["id"], [])) for note in contents.rows["note"]]


def _spoken_of(contents: Contents) -> dict[int, list[str]]:
    """Note (row) -> the folded names of the items it is linked to."""
    row_of = {note["id"]: row for row, note in enumerate(contents.rows["note"])}
    known: dict[str, list[str]] = {}
    about: dict[int, list[str]] = {}
    for note_id, _, item_id, _ in contents.links:
        item = contents.parents(item_id)
        if item is not None and note_id in row_of:
            about.setdefault(row_of[note_id], []).append(item_id)
            if item_id not in known:
                known[item_id] = spelled(called(item))
    return {
        row: known[ids[0]] if len(ids) == 1 else spelled(name for each in ids for name in known[each])
        for row, ids in about.items()
    }


def _part(kind: Kind, contents: Contents, columns: Columns, naming: Naming, folder: Path | None) -> Part:
    """In memory, or written and opened again, so that a build holds no kind's arrays while it makes the next."""
    rows, home = contents.rows[kind], folder / kind if folder else None
    below = contents.under.get(kind)
    texts = (fields(kind, row, naming) for row in rows)
    words = TextIndex.build(texts, home / "text" if home else None, below.text if below else None,
                            contents.census.get(kind))  # fmt: skip
    matrix = contents.vectors.pop(kind)
    # those of all layers share lists (Shelf)
    vectors = Vectors(matrix) if below else vectors_.build(matrix, asked=contents.asked)
    if home is not None:
        words = TextIndex.open(home / "text")
    part = Part(kind, to_table(kind, rows), columns, vectors, words, Lexis.of(row["id"] for row in rows))
    if home is None:
        return part
    _write_part(part, home)
    return _open_part(kind, home)


def _write_part(part: Part, home: Path) -> None:
    write_arrow(part.table, home / "items.arrow")
    data.dump(part.columns, home / "columns")
    vectors_.save(part.vectors, home)
    save(part.ids.arrays(), home / "ids")


def _write(segment: Segment, folder: Path) -> None:
    segment.voices.save(folder)
    for name in _TABLES:
        write_arrow(getattr(segment, name), folder / f"{name}.arrow")
    if isinstance(segment.names, StoredNames):
        segment.names.save(folder / "names")
    frame, arrays = segment.frame, segment.frame.means.arrays()
    save(arrays, folder / "means")
    means = {"arrays": sorted(arrays), "on": frame.means.on, "check": dict(frame.means.check)}
    said = {"format": FORMAT, "scales": asdict(frame.scales), "means": means, "facts": dict(frame.facts)}
    (folder / "segment.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
