"""How do live changes reach the search? The changes since a snapshot, as a small segment laid over it.

An overlay is built anew from all changes since the snapshot (about 1 ms an item), so keep it small: fold the changes
into the next snapshot before they are many thousand.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.types import F32, KINDS, Kind
from indexing.centre import apply
from indexing.columns.scales import Row
from indexing.columns.words import Naming
from indexing.own_names import collect
from indexing.passages import language_of, passage
from indexing.segment import NAMED, Contents, Segment, assemble
from indexing.sentences import split
from indexing.trust import labelled, labels_by_author
from indexing.validate import to_items, to_table
from indexing.voices import Voices, distinct

Change: TypeAlias = tuple[int, str, Kind | None, Mapping[str, Any] | None]  # as Store.changes gives them


@dataclass(frozen=True)
class Changes:
    """All that changed since a snapshot: id -> kind and clean item, id -> the text that was encoded, its raw vector;
    of sentences (voices.plain) -> raw vector."""

    seq: int = 0
    items: Mapping[str, tuple[Kind, Row]] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()
    vectors: Mapping[str, tuple[str, F32]] = field(default_factory=dict)
    voices: Mapping[str, F32] = field(default_factory=dict)

    @property
    def changed(self) -> frozenset[str]:
        """The ids that are no longer what they were in the base."""
        return self.deleted | self.items.keys()

    def and_then(self, changes: Iterable[Change]) -> "Changes":
        """These changes followed by those; the last one of an id counts."""
        items, deleted, seq = dict(self.items), set(self.deleted), self.seq
        for number, item_id, kind, item in changes:
            seq = max(seq, number)
            items.pop(item_id, None)
            deleted.discard(item_id)
            if kind is None or item is None:
                deleted.add(item_id)
            else:
                items[item_id] = (kind, item)
        return replace(self, seq=seq, items=items, deleted=frozenset(deleted))

    def texts(self, naming: Naming) -> dict[str, str]:
        """id -> what the encoder reads of each changed item."""
        return {item_id: passage(kind, item, naming) for item_id, (kind, item) in self.items.items()}

    def with_vectors(self, made: Mapping[str, tuple[str, F32]], voices: Mapping[str, F32]) -> "Changes":
        """With raw vectors, each beside the text that it was made of (an item may have changed meanwhile)."""
        return replace(self, vectors={**self.vectors, **made}, voices={**self.voices, **voices})

    @cached_property
    def sentences(self) -> dict[str, str]:
        """`plain` text -> sentence, of all changed notes: asked for in every round of whoever encodes them."""
        notes = [item for kind, item in self.items.values() if kind == "note"]
        return distinct(split(to_table("note", notes)).column("text").to_pylist()) if notes else {}


def overlay(base: Segment, changes: Changes, naming: Naming) -> Segment:
    """The changed items as a segment in memory; an item without a vector of its present text has NaN."""
    rows: dict[Kind, list[Row]] = {kind: [] for kind in KINDS}
    for kind, item in changes.items.values():
        rows[kind].append(item)
    links = stated_links(rows["note"])
    if rows["note"]:
        rows["note"] = labelled(rows["note"], links, _histories(base, changes))
    texts = changes.texts(naming)
    matrices = {kind: _matrix(base, changes, texts, kind, rows[kind]) for kind in KINDS}

    def parent(item_id: str) -> Row | None:
        if item_id in changes.items:
            return changes.items[item_id][1]
        return None if item_id in changes.deleted else stored(base, item_id)

    sentences = split(to_table("note", rows["note"]))
    texts_of = sentences.column("text").to_pylist()
    voices = (
        Voices.of(texts_of, changes.voices, base.voices.means) if len(base.voices) else Voices.nothing(len(texts_of))
    )
    contents = Contents(
        rows, matrices, links, sentences, NAMED.empty_table(), parent, collect(rows), base.parts, voices
    )
    return assemble(contents, base.frame, naming, None)


def _histories(base: Segment, changes: Changes) -> dict[str, Counter[str]]:
    """Labels of what the authors of changed notes wrote before."""
    authors = {item.get("author_id") for kind, item in changes.items.values() if kind == "note"}
    table = base.parts["note"].table.select(["id", "author_id", "trust"])
    wrote = table.filter(pc.is_in(table.column("author_id"), pa.array([a for a in authors if a], pa.string())))
    return labels_by_author([row for row in wrote.to_pylist() if row["id"] not in changes.items])


def _matrix(base: Segment, changes: Changes, texts: Mapping[str, str], kind: Kind, rows: Sequence[Row]) -> F32:
    out = np.full((len(rows), base.dim), np.nan, np.float32)
    for row, item in enumerate(rows):
        text, vector = changes.vectors.get(item["id"], ("", None))
        if vector is not None and text == texts[item["id"]]:
            out[row] = apply(vector[None, :], [language_of(kind, item)], base.frame.means, "document")[0]
    return out


def stored(segment: Segment, item_id: str) -> Row | None:
    """An item of a segment by its id."""
    for part in segment.parts.values():
        if (row := part.ids.number(item_id)) >= 0:
            return to_items(part.table.slice(row, 1))[0]
    return None


def pending(changes: Changes, naming: Naming) -> list[tuple[str, str]]:
    """(id, text) of every changed item whose present text has no vector yet, in the order of the changes."""
    texts = changes.texts(naming)
    return [(i, text) for i, text in texts.items() if changes.vectors.get(i, ("", None))[0] != text]


def unvoiced(base: Segment, changes: Changes) -> list[tuple[str, str]]:
    """(`plain` text, sentence) of changed notes without a vector yet; none over a base that has no such vectors."""
    return [each for each in changes.sentences.items() if each[0] not in changes.voices] if len(base.voices) else []


def stated_links(notes: Sequence[Row]) -> list[tuple[str, Kind, str, float]]:
    """The links that notes state themselves. Links by name wait for the next build: they need all names."""
    fields: tuple[tuple[Kind, str], ...] = (("poi", "poi_ids"), ("product", "product_ids"))
    return [(n["id"], kind, item, 1.0) for n in notes for kind, field in fields for item in n.get(field) or ()]
