"""What are the steps of a build? Pure functions from files to files: link, label, embed, measure; then the segments.

Each reads the tables and the parts of earlier steps and writes one part (indexing/cluster/work.py). Together they make
byte for byte what indexing/write.py makes in one process, but for the times that an index measures of itself.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import numpy as np
import pyarrow as pa

from engine.types import F32, KINDS, Kind
from indexing.arrays import mapped, save
from indexing.centre import Means, fit, questions
from indexing.cluster.work import NOTES, TEXTS, encoder_of, slices, spec_of, table
from indexing.columns.scales import Scales
from indexing.columns.words import naming
from indexing.items import TITLE
from indexing.passages import language_of, passage
from indexing.segment import LINKS, Frame
from indexing.tables import read_arrow, table_of, write_arrow
from indexing.trust import labelled
from indexing.validate import to_items, to_table
from indexing.voices import distinct, means_of
from indexing.write import FITTED, facts_of, scales_of, talk_of

Link: TypeAlias = tuple[str, Kind, str, float]  # note id, kind, item id, confidence


def talk(folder: Path, out: Path, start: int, stop: int) -> None:
    """What notes [start, stop) are about, their sentences, and which of these name an item."""
    tables = {kind: table(folder, kind) for kind in KINDS}
    links, sentences, named = talk_of({**tables, "note": tables["note"].slice(start, stop - start)})
    out.mkdir()
    write_arrow(table_of(links, LINKS), out / "links.arrow")
    write_arrow(_moved(named, start), out / "named.arrow")
    write_arrow(_moved(sentences, start), out / "sentences.arrow")


def _moved(rows: pa.Table, start: int) -> pa.Table:
    """With the rows of all notes in place of a part's."""
    at = rows.schema.get_field_index("note")
    return rows.set_column(at, rows.schema.field(at), pa.array(rows.column("note").to_numpy() + start, pa.int64()))


def talk_in(folder: Path, name: str) -> pa.Table:
    """Links, named or sentences of all notes."""
    notes = max(1, spec_of(folder).counts["note"])  # without notes there is one empty part
    parts = [read_arrow(folder / "talk" / f"{n:05}" / f"{name}.arrow") for n, _, _ in slices(notes, NOTES)]
    return pa.concat_tables(parts).combine_chunks()


def links_of(table: pa.Table) -> list[Link]:
    """LINKS as rows."""
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def label(folder: Path, out: Path) -> None:
    """The notes, each with its label of trust: it depends on all the others."""
    notes = labelled(to_items(table(folder, "note")), links_of(talk_in(folder, "links")))
    write_arrow(to_table("note", notes), out)


def labelled_table(folder: Path, kind: Kind) -> pa.Table:
    """The items of a kind as they go into the snapshot."""
    return read_arrow(folder / "labelled.arrow") if kind == "note" else table(folder, kind)


def embed(folder: Path, out: Path, kind: Kind, start: int, stop: int, workers: int | None) -> None:
    """Raw vectors of items [start, stop), and the language of each."""
    rows, words = to_items(table(folder, kind).slice(start, stop - start)), naming()
    encoder = encoder_of(spec_of(folder), workers)
    made = encoder.encode([passage(kind, row, words) for row in rows], "passage")
    save({"vectors": made, "langs": np.array([language_of(kind, row) for row in rows], "S2")}, out)


def embedded(folder: Path, kind: Kind, name: str) -> Any:
    """Of all items of a kind: their vectors (n, dim), or their langs (n,) as bytes. Read part by part."""
    count = spec_of(folder).counts[kind]
    parts = [mapped(folder / "embed" / f"{kind}-{n:05}" / f"{name}.npy") for n, _, _ in slices(count, TEXTS)]
    return np.concatenate(parts) if parts else None


def utter(folder: Path, out: Path) -> None:
    """The different sentences of all notes, in their order: as the index tells them apart, and the first of each."""
    first = distinct(talk_in(folder, "sentences").column("text").to_pylist())
    columns = {"name": list(first.keys()), "text": list(first.values())}
    write_arrow(pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()}), out)


def speak(folder: Path, out: Path, start: int, stop: int, workers: int | None) -> None:
    """Raw vectors of different sentences [start, stop)."""
    texts = read_arrow(folder / "uttered.arrow").column("text").slice(start, stop - start).to_pylist()
    save({"vectors": encoder_of(spec_of(folder), workers).encode(texts, "passage")}, out)


def spoken(folder: Path) -> dict[str, F32]:
    """Sentence, as the index tells them apart -> its raw vector."""
    names = read_arrow(folder / "uttered.arrow").column("name").to_pylist()
    parts = [mapped(folder / "speak" / f"{n:05}" / "vectors.npy") for n, _, _ in slices(len(names), TEXTS)]
    return dict(zip(names, np.concatenate(parts), strict=True)) if parts else {}


def measure(folder: Path, out: Path) -> None:
    """Against what all items are measured: means of vectors, scales, facts, and what questions look like."""
    spec = spec_of(folder)
    encoder = encoder_of(spec)
    langs = {kind: langs_of(folder, kind) for kind in KINDS}
    step = max(1, -(-sum(spec.counts.values()) // FITTED))
    titles = [str(t) for kind in KINDS for t in table(folder, kind).column(TITLE[kind]).to_pylist()[::step]]
    raw = [embedded(folder, kind, "vectors")[::step] for kind in KINDS if spec.counts[kind]]
    means = fit(np.concatenate(raw), [each for kind in KINDS for each in langs[kind][::step]], titles, encoder)
    facts = facts_of(datetime.fromisoformat(spec.now), encoder, langs, means)
    scales = scales_of({kind: to_items(table(folder, kind)) for kind in KINDS})
    voices = means_of(said) if spec.voices and (said := spoken(folder)) else np.zeros((0, 0), np.float32)
    save(means.arrays(), out / "means")
    save({"asked": questions(encoder, means), "voices": voices}, out)
    told = {"on": means.on, "check": dict(means.check), "arrays": sorted(means.arrays()), "facts": facts}
    (out / "frame.json").write_bytes(msgspec.json.encode({**told, "scales": asdict(scales)}))


def langs_of(folder: Path, kind: Kind) -> list[str]:
    """The language of each item."""
    found = embedded(folder, kind, "langs")
    return [] if found is None else [each.decode() for each in found.tolist()]


def frame_of(folder: Path) -> tuple[Frame, Mapping[str, Any]]:
    """What `measure` found, and its arrays asked and voices."""
    said = msgspec.json.decode((folder / "measured" / "frame.json").read_bytes())
    arrays = {name: mapped(folder / "measured" / "means" / f"{name}.npy") for name in said["arrays"]}
    means = Means.of(arrays, said["on"], said["check"])
    beside = {name: mapped(folder / "measured" / f"{name}.npy") for name in ("asked", "voices")}
    return Frame(Scales(**said["scales"]), means, said["facts"]), beside
