"""How do tables become a segment on disk? Order, link, embed, scale, assemble: the build."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.kindred import Kindred
from engine.ports import Encoder
from engine.types import F32, KINDS, Kind
from engine.understand.gazetteer import city
from indexing import completions
from indexing.arrays import save
from indexing.centre import Means, apply, fit, questions
from indexing.columns.scales import Row, Scales, centers_of, popularity_scale, price_scales
from indexing.columns.words import Naming, naming
from indexing.items import TITLE
from indexing.kindred import Behaviour
from indexing.links import link
from indexing.own_names import collect
from indexing.passages import language_of, passage
from indexing.segment import NAMED, Contents, Frame, Progress, Segment, assemble
from indexing.sentences import split
from indexing.spent import Spent
from indexing.tables import table_of, write_arrow
from indexing.testimony import first_court, hear
from indexing.trust import labelled
from indexing.validate import to_items, to_table
from indexing.voices import Voices, encoded, means_of

#: Texts of one call of the encoder.
BATCH: Final = 256
#: Items that the means are fitted to, at most.
FITTED: Final = 100_000


def write_segment(
    folder: Path,
    tables: Mapping[Kind, pa.Table],
    encoder: Encoder,
    *,
    now: datetime,
    progress: Progress | None = None,
    voices: bool = False,
    learnt: Kindred | None = None,
) -> dict[str, Any]:
    """Write a segment below `folder`; -> facts for the manifest. A kind without a table has no items.

    `learnt`: what behaviour says of the items.

    `voices`: make vectors of sentences too, so that open attributes are found by meaning (indexing/voices.py).
    Rows are laid out by city and category, so that a filtered scan reads few pages. Plain writes: who publishes
    makes them durable.
    """
    words, spent = naming(), Spent()
    tables = {kind: ordered(tables[kind]) if kind in tables else to_table(kind, []) for kind in KINDS}
    rows: dict[Kind, Sequence[Row]] = {kind: to_items(tables[kind]) for kind in KINDS}
    with spent.on("linking"):
        links, sentences, named = talk_of(tables)
    del tables
    rows["note"] = labelled(rows["note"], links)
    by_id = {row["id"]: row for kind in KINDS for row in rows[kind]}
    matrices = {kind: _embed(kind, rows[kind], encoder, words, progress) for kind in KINDS}
    langs = {kind: [language_of(kind, row) for row in rows[kind]] for kind in KINDS}
    means = means_of_items(rows, matrices, langs, encoder)
    facts = facts_of(now, encoder, langs, means)
    centred = {kind: apply(matrices.pop(kind), langs[kind], means, "document") for kind in KINDS}
    spoken = _voices(sentences, encoder, progress) if voices else Voices.nothing(sentences.num_rows)
    completions.write(rows, folder)
    contents = Contents(
        rows, centred, links, sentences, named, by_id.get, collect(rows), voices=spoken, asked=questions(encoder, means)
    )
    segment = assemble(contents, Frame(scales_of(rows), means, facts), words, folder, spent)
    del contents, rows, by_id, links, named  # what is read from here on lies on disk
    told = heard(segment, folder, spent)
    if learnt is not None:
        Behaviour.of(learnt, {kind: part.ids for kind, part in segment.parts.items()}).save(folder)
        facts["kindred"] = {"items": len(learnt.ids), "people": learnt.people}
    return facts | told


def heard(segment: Segment, folder: Path, spent: Spent) -> dict[str, Any]:
    """Write beside an assembled segment what its notes say of its items; -> facts about its vectors and its cost."""
    with spent.on("evidence"):
        court = first_court(segment)
        for kind, talk in court.talk.items():
            save(talk.arrays(kind), folder / "talk")
        write_arrow(hear(court, court.alive), folder / "evidence.arrow")
    efforts, spoken = {kind: part.vectors.table for kind, part in segment.parts.items()}, segment.voices
    return {
        "voices": {
            "sentences": segment.sentences.num_rows, "vectors": len(spoken), "bytes_each": spoken.bytes_each
        },
        "effort": {kind: msgspec.to_builtins(effort) for kind, effort in efforts.items() if effort},
        "cost": spent.facts(len(segment.parts["note"])),
    }  # fmt: skip


def facts_of(now: datetime, encoder: Encoder, langs: Mapping[Kind, Sequence[str]], means: Means) -> dict[str, Any]:
    """What a manifest says of the whole: `langs` are those of all items."""
    return {
        "built_at": now.isoformat(),
        "encoder": encoder.fingerprint,
        "dim": encoder.dim,
        "counts": {kind: len(langs[kind]) for kind in KINDS},
        "languages": {kind: dict(sorted(Counter(langs[kind]).items())) for kind in KINDS},
        "centred": means.on,
        "centring": dict(means.check),
    }


def ordered(table: pa.Table) -> pa.Table:
    """By city, category and id; what is missing comes first."""
    names = [name for name in ("city", "category", "id") if name in table.column_names]
    keys = pa.table({name: table.column(name).fill_null("") for name in names})
    return table.take(pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in names])).combine_chunks()


def means_of_items(
    rows: Mapping[Kind, Sequence[Row]], raw: Mapping[Kind, F32], langs: Mapping[Kind, Sequence[str]], encoder: Encoder
) -> Means:
    """One pair of means for all kinds: a query does not know which kind will answer it. Of many items a sample says."""
    step = max(1, -(-sum(map(len, rows.values())) // FITTED))
    titles = [str(row[TITLE[kind]]) for kind in KINDS for row in rows[kind][::step]]
    spoken = [each for kind in KINDS for each in langs[kind][::step]]
    return fit(np.concatenate([raw[kind][::step] for kind in KINDS]), spoken, titles, encoder)


def _embed(kind: Kind, rows: Sequence[Row], encoder: Encoder, words: Naming, progress: Progress | None) -> F32:
    out = np.empty((len(rows), encoder.dim), np.float32)
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        out[start : start + len(batch)] = encoder.encode([passage(kind, row, words) for row in batch], "passage")
        if progress:
            progress(f"embed {kind}", start + len(batch), len(rows))
    return out


def _voices(sentences: pa.Table, encoder: Encoder, progress: Progress | None) -> Voices:
    texts = sentences.column("text").to_pylist()
    raw = encoded(texts, encoder, progress)
    return Voices.of(texts, raw, means_of(raw)) if raw else Voices.nothing(len(texts))


def talk_of(tables: Mapping[Kind, pa.Table]) -> tuple[list[tuple[str, Kind, str, float]], pa.Table, pa.Table]:
    """Which items the notes talk about, in ids; their sentences; and which sentences name an item."""
    sentences = split(tables["note"])
    found = link(tables["note"], sentences, {kind: tables[kind] for kind in KINDS if kind != "note"})
    ids = {kind: tables[kind].column("id").to_pylist() for kind in KINDS}
    links = [
        (ids["note"][note], KINDS[kind], ids[KINDS[kind]][item], confidence)
        for note, kind, item, confidence, _ in zip(*(c.to_pylist() for c in found.links.columns), strict=True)
    ]
    named = [
        (note, number, KINDS[kind], ids[KINDS[kind]][item])
        for note, number, kind, item in zip(*(c.to_pylist() for c in found.named.columns), strict=True)
    ]
    return links, sentences, table_of(named, NAMED)


def _center(name: str) -> tuple[float, float] | None:
    known = city(name)
    return None if known is None or np.isnan(known.lat) else (known.lat, known.lon)


def scales_of(rows: Mapping[Kind, Sequence[Row]]) -> Scales:
    """City centres, price quartiles and popularity percentiles of all items."""
    return Scales(
        centers=centers_of(rows["poi"], _center),
        prices=price_scales([*rows["poi"], *rows["product"]]),
        popularity={kind: popularity_scale(kind, rows[kind]) for kind in KINDS},
    )
