"""How does one shard become a segment of its own? Its rows of every part, assembled as any other segment."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.types import F32, I64, KINDS, Kind
from indexing import completions
from indexing.centre import apply
from indexing.cluster.census import census_of
from indexing.cluster.cut import members
from indexing.cluster.steps import embedded, frame_of, labelled_table, langs_of, links_of, spoken, talk_in
from indexing.cluster.work import spec_of
from indexing.columns.scales import Row
from indexing.columns.words import naming
from indexing.own_names import collect
from indexing.segment import Contents, Frame, assemble
from indexing.spent import Spent
from indexing.validate import to_items
from indexing.voices import Voices, distinct
from indexing.write import heard


def segment(folder: Path, out: Path, shard: int) -> None:
    """<out>/segment/: what indexing/segment.py opens; <out>/facts.json: what it cost, and what its vectors do."""
    spent, home = Spent(), out / "segment"
    frame, beside = frame_of(folder)
    at = {kind: members(folder, shard, kind)[0] for kind in KINDS}
    rows: dict[Kind, Sequence[Row]] = {
        kind: to_items(labelled_table(folder, kind).take(pa.array(at[kind]))) for kind in KINDS
    }
    by_id = {row["id"]: row for kind in KINDS for row in rows[kind]}
    home.mkdir(parents=True)
    completions.write(rows, home)
    sentences, named = (_of_notes(talk_in(folder, name), at["note"]) for name in ("sentences", "named"))
    contents = Contents(
        rows,
        {kind: _centred(folder, kind, at[kind], frame) for kind in KINDS},
        links_of(_links(folder, rows["note"])),
        sentences,
        named,
        by_id.get,
        collect(rows),
        voices=_voices(folder, sentences, beside["voices"]),
        census=census_of(folder),
        asked=beside["asked"],
    )
    made = assemble(contents, frame, naming(), home, spent)
    del contents, rows, by_id
    (out / "facts.json").write_bytes(msgspec.json.encode(heard(made, home, spent)))


def _of_notes(table: pa.Table, notes: I64) -> pa.Table:
    """What is said in some notes (rows, ascending), by their rows among these."""
    note = table.column("note").to_numpy()
    place = np.minimum(np.searchsorted(notes, note), max(0, len(notes) - 1))
    mine = np.flatnonzero(notes[place] == note) if len(notes) else np.empty(0, np.int64)
    at = table.schema.get_field_index("note")
    kept = table.take(pa.array(mine))
    return kept.set_column(at, table.schema.field(at), pa.array(place[mine], pa.int64())).combine_chunks()


def _links(folder: Path, notes: Sequence[Row]) -> pa.Table:
    links = talk_in(folder, "links")
    return links.filter(pc.is_in(links.column("note_id"), pa.array([note["id"] for note in notes], pa.string())))


def _centred(folder: Path, kind: Kind, rows: I64, frame: Frame) -> F32:
    if not len(rows):
        return np.empty((0, int(frame.facts["dim"])), np.float32)
    langs = langs_of(folder, kind)
    return apply(
        embedded(folder, kind, "vectors")[rows], [langs[row] for row in rows.tolist()], frame.means, "document"
    )


def _voices(folder: Path, sentences: pa.Table, means: Any) -> Voices:
    texts = sentences.column("text").to_pylist()
    if not spec_of(folder).voices or not len(means):
        return Voices.nothing(len(texts))
    raw = spoken(folder)
    return Voices.of(texts, {name: raw[name] for name in distinct(texts)}, means)
