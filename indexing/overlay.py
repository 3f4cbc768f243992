"""How do live changes reach the search? The changes since a snapshot, as small segments laid over it.

A write makes a layer of what it changes, together with the layers before it that are not much larger: so there are few
layers, each write costs about what it brings, and an item is built anew some dozen times until there are 20,000
(the log-structured merge of O'Neil et al. 1996). Fold the changes into the next snapshot before they are that many.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.suggest.table import Table
from engine.types import F32, KINDS, Kind
from indexing import completions
from indexing.centre import apply
from indexing.changes import Changes
from indexing.columns.scales import Row
from indexing.columns.words import Naming
from indexing.own_names import collect
from indexing.passages import language_of
from indexing.segment import NAMED, Contents, Part, Segment, assemble
from indexing.sentences import split
from indexing.trust import labelled, labels_by_author
from indexing.validate import to_items, to_table
from indexing.vectors import Vectors
from indexing.voices import Voices, distinct
from indexing.where import Place

#: A layer of at most so many times the new items is built together with them.
ABSORBS: Final = 3
#: A layer of up to so many items is built anew when something changes that its notes are about: they say where they
#: are by their place. Notes of larger layers wait for a merge, as those of the base wait for the next build.
AGAIN: Final = 256


@dataclass(frozen=True)
class Layer:
    """Items that changed at about the same time, as a segment; some of them may have changed again since."""

    places: Mapping[str, Place]  # id -> kind and row of this layer
    about: frozenset[str]  # what its notes are about
    said: Mapping[str, str]  # `plain` text -> sentence, of its notes
    segment: Segment
    completions: Callable[[], Table]  # what can be completed of its items; made at the first question

    def encoded(self, base: Segment, changes: Changes, vectors: Iterable[str], voices: Mapping[str, F32]) -> "Layer":
        """With what was made since of its items (ids) and its sentences (`plain` texts); this one where nothing was."""
        rows: dict[Kind, list[str]] = {}
        for item_id in self.places.keys() & set(vectors) & changes.items.keys():
            rows.setdefault(changes.items[item_id][0], []).append(item_id)
        segment = self.segment
        if rows:
            segment = replace(segment, parts={**segment.parts, **dict(self._encoded(base, changes, rows))})
        if len(base.voices) and not voices.keys().isdisjoint(self.said):
            texts = segment.sentences.column("text").to_pylist()
            segment = replace(segment, voices=_voices(base, changes, texts))
        return self if segment is self.segment else replace(self, segment=segment)

    def _encoded(
        self, base: Segment, changes: Changes, rows: Mapping[Kind, Sequence[str]]
    ) -> Iterator[tuple[Kind, Part]]:
        for kind, ids in rows.items():
            part = self.segment.parts[kind]
            matrix = part.vectors.matrix.copy()
            for item_id in ids:
                matrix[self.places[item_id][1]] = _vector(base, changes, kind, changes.items[item_id][1])
            yield kind, replace(part, vectors=Vectors(matrix))


def laid(
    layers: Sequence[Layer], base: Segment, changes: Changes, fresh: Iterable[str], naming: Naming
) -> tuple[Layer, ...]:
    """The layers after a write. `changes`: all since the base, those of the write included; `fresh`: its ids.

    The layers that stay come first and are the very same, so that what was worked out of them still holds.
    """
    touched, kept = set(fresh), list(layers)
    ids = touched & changes.items.keys()

    def stale(layer: Layer) -> bool:
        return len(layer.places) <= AGAIN and not touched.isdisjoint(layer.about)

    while kept and (len(kept[-1].places) <= ABSORBS * len(ids) or any(map(stale, kept))):
        ids |= kept.pop().places.keys() & changes.items.keys()
    return (*kept, _layer(base, changes, ids, naming)) if ids else tuple(kept)


def unvoiced(base: Segment, layers: Iterable[Layer], changes: Changes) -> list[tuple[str, str]]:
    """(`plain` text, sentence) of changed notes without a vector yet; none over a base that has no such vectors."""
    if not len(base.voices):
        return []
    said = {name: text for layer in layers for name, text in layer.said.items()}
    return [each for each in said.items() if each[0] not in changes.voices]


def _layer(base: Segment, changes: Changes, ids: set[str], naming: Naming) -> Layer:
    """Some of the changed items as a segment in memory; an item without a vector of its present text has NaN."""
    rows: dict[Kind, list[Row]] = {kind: [] for kind in KINDS}
    for item_id, (kind, item) in changes.items.items():
        if item_id in ids:
            rows[kind].append(item)
    rows["note"] = _labelled(base, changes, rows["note"])
    links = stated_links(rows["note"])

    def parent(item_id: str) -> Row | None:
        if item_id in changes.items:
            return changes.items[item_id][1]
        return None if item_id in changes.deleted else stored(base, item_id)

    sentences = split(to_table("note", rows["note"]))
    texts = sentences.column("text").to_pylist()
    matrices: dict[Kind, F32] = {
        kind: np.array([_vector(base, changes, kind, item) for item in rows[kind]], np.float32).reshape(-1, base.dim)
        for kind in KINDS
    }
    contents = Contents(
        rows, matrices, links, sentences, NAMED.empty_table(), parent, collect(rows), base.parts,
        _voices(base, changes, texts),
    )  # fmt: skip
    places: dict[str, Place] = {item["id"]: (kind, row) for kind in KINDS for row, item in enumerate(rows[kind])}
    complete = cache(lambda: Table.of(completions.entries(rows)))
    segment = assemble(contents, base.frame, naming, None)
    return Layer(places, frozenset(item for _, _, item, _ in links), distinct(texts), segment, complete)


def _labelled(base: Segment, changes: Changes, notes: Sequence[Row]) -> list[Row]:
    """Notes with their labels of trust, judged beside what else changed and has their authors or subjects.

    Those others keep the labels that they have until their own layer is built anew.
    """
    if not notes:
        return []
    mine, authors = {note["id"] for note in notes}, {note.get("author_id") for note in notes} - {None}
    about = {item for _, _, item, _ in stated_links(notes)}
    beside = [
        item
        for item_id, (kind, item) in changes.items.items()
        if kind == "note" and item_id not in mine
        if item.get("author_id") in authors or any(thing in about for _, _, thing, _ in stated_links([item]))
    ]
    judged = [*notes, *beside]
    labels = labelled(judged, stated_links(judged), _histories(base, changes, judged))
    return labels[: len(notes)]


def _histories(base: Segment, changes: Changes, notes: Sequence[Row]) -> dict[str, Counter[str]]:
    """Labels of what the authors of some notes wrote before."""
    authors = {note.get("author_id") for note in notes}
    table = base.parts["note"].table.select(["id", "author_id", "trust"])
    wrote = table.filter(pc.is_in(table.column("author_id"), pa.array([a for a in authors if a], pa.string())))
    return labels_by_author([row for row in wrote.to_pylist() if row["id"] not in changes.items])


def _vector(base: Segment, changes: Changes, kind: Kind, item: Row) -> F32:
    """(dim,) of an item's present text; NaN where it was not encoded yet."""
    text, vector = changes.vectors.get(item["id"], ("", None))
    if vector is None or text != changes.texts.get(item["id"]):
        return np.full(base.dim, np.nan, np.float32)
    made: F32 = apply(vector[None, :], [language_of(kind, item)], base.frame.means, "document")[0]
    return made


def _voices(base: Segment, changes: Changes, texts: Sequence[str]) -> Voices:
    if not len(base.voices):
        return Voices.nothing(len(texts))
    known = {name: changes.voices[name] for name in distinct(texts) if name in changes.voices}
    return Voices.of(texts, known, base.voices.means)


def stored(segment: Segment, item_id: str) -> Row | None:
    """An item of a segment by its id."""
    for part in segment.parts.values():
        if (row := part.ids.number(item_id)) >= 0:
            return to_items(part.table.slice(row, 1))[0]
    return None


def stated_links(notes: Sequence[Row]) -> list[tuple[str, Kind, str, float]]:
    """The links that notes state themselves. Links by name wait for the next build: they need all names."""
    fields: tuple[tuple[Kind, str], ...] = (("poi", "poi_ids"), ("product", "product_ids"))
    return [(n["id"], kind, item, 1.0) for n in notes for kind, field in fields for item in n.get(field) or ()]
