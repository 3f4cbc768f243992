"""What has changed since a snapshot was built? The last state of each item, and the vectors made of them meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from engine.types import F32, Kind
from indexing.columns.scales import Row
from indexing.columns.words import Naming
from indexing.passages import passage

Change: TypeAlias = tuple[int, str, Kind | None, Mapping[str, Any] | None]  # as Store.changes gives them


@dataclass(frozen=True)
class Changes:
    """All that changed since a snapshot: id -> kind and clean item, id -> what the encoder reads of it, id -> the text
    that was encoded and its raw vector; of sentences (voices.plain) -> raw vector."""

    seq: int = 0
    items: Mapping[str, tuple[Kind, Row]] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)
    vectors: Mapping[str, tuple[str, F32]] = field(default_factory=dict)
    voices: Mapping[str, F32] = field(default_factory=dict)

    @property
    def changed(self) -> frozenset[str]:
        """The ids that are no longer what they were in the base."""
        return self.deleted | self.items.keys()

    def and_then(self, changes: Iterable[Change], naming: Naming) -> "Changes":
        """These changes followed by those; the last one of an id counts."""
        items, deleted, texts, seq = dict(self.items), set(self.deleted), dict(self.texts), self.seq
        for number, item_id, kind, item in changes:
            seq = max(seq, number)
            items.pop(item_id, None)
            texts.pop(item_id, None)
            deleted.discard(item_id)
            if kind is None or item is None:
                deleted.add(item_id)
            else:
                items[item_id], texts[item_id] = (kind, item), passage(kind, item, naming)
        return replace(self, seq=seq, items=items, deleted=frozenset(deleted), texts=texts)

    def with_vectors(self, made: Mapping[str, tuple[str, F32]], voices: Mapping[str, F32]) -> "Changes":
        """With raw vectors, each beside the text that it was made of (an item may have changed meanwhile)."""
        if not made and not voices:
            return self
        return replace(self, vectors={**self.vectors, **made}, voices={**self.voices, **voices})

    def pending(self) -> list[tuple[str, str]]:
        """(id, text) of every changed item whose present text has no vector yet, in the order of the changes."""
        return [(i, text) for i, text in self.texts.items() if self.vectors.get(i, ("", None))[0] != text]
