"""Where do the texts to suggest lie? Sorted keys and parallel arrays: memory-mapped, so that loading costs nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.suggest.keys import BYTES, WORTH, keys
from engine.types import F32, I8, I64, Kind

TYPES: Final = ("name", "category", "brand", "dish", "place", "attribute", "query")
BLOCK: Final = 256  # keys whose best one is known without looking at each
Bytes = npt.NDArray[np.bytes_]
I32 = npt.NDArray[np.int32]


def standing(weight: Any) -> Any:
    """What popularity adds to the worth of a match: a rare name that fits better still comes first."""
    return 0.4 + 0.6 * weight


class Entry(NamedTuple):
    """A text to suggest. `weight`: how popular, (0, 1]. `rows`: items of `kind` (index into KINDS; -1: none) that
    bear it; without any it stands for itself. `group`: the lexicon's id; of one group only the best is shown."""

    text: str
    type: str
    weight: float
    group: str = ""
    kind: int = -1
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Strings(Sequence[str]):
    """Texts end to end: data uint8, starts int64 (one more than there are texts)."""

    data: npt.NDArray[np.uint8]
    starts: I64

    @staticmethod
    def of(texts: Iterable[str]) -> "Strings":
        """Encode texts as UTF-8."""
        parts = [text.encode() for text in texts]
        starts = np.cumsum([0, *map(len, parts)], dtype=np.int64)
        return Strings(np.frombuffer(b"".join(parts), np.uint8), starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, at: Any) -> Any:
        return self.data[self.starts[at] : self.starts[at + 1]].tobytes().decode()


@dataclass(frozen=True)
class Table:
    """All that one segment can suggest. Immutable, safe to share between threads.

    Of each key: key S32 (sorted bytewise), owner int32 (entry), form int8, lead float32 (worth of the best match).
    Of each entry: text, group, type int8, kind int8, weight float32, and its rows row[first[e] : first[e + 1]] int32.
    """

    key: Bytes
    owner: I32
    form: I8
    lead: F32
    texts: Strings
    groups: Strings
    type: I8
    kind: I8
    weight: F32
    first: I64
    row: I32

    @staticmethod
    def of(entries: Sequence[Entry]) -> "Table":
        """Sort the keys of the entries (about 0.1 ms an entry: pinyin)."""
        found = {
            (key.encode()[:BYTES].rstrip(b"\0"), owner, form)
            for owner, entry in enumerate(entries)
            for key, form in keys(entry.text)
        }
        laid = sorted(found)
        weight = np.array([e.weight for e in entries], np.float32)
        owner = np.array([o for _, o, _ in laid], np.int32)
        form = np.array([f for _, _, f in laid], np.int8)
        return Table(
            key=np.array([k for k, _, _ in laid], f"S{BYTES}"),
            owner=owner,
            form=form,
            lead=(np.array(WORTH, np.float32)[form] * standing(weight[owner])).astype(np.float32),
            texts=Strings.of(e.text for e in entries),
            groups=Strings.of(e.group for e in entries),
            type=np.array([TYPES.index(e.type) for e in entries], np.int8),
            kind=np.array([e.kind for e in entries], np.int8),
            weight=weight,
            first=np.cumsum([0, *(len(e.rows) for e in entries)], dtype=np.int64),
            row=np.array([row for e in entries for row in e.rows], np.int32),
        )

    def __len__(self) -> int:
        return len(self.type)

    @cached_property
    def peaks(self) -> F32:
        """The best lead of each BLOCK keys."""
        if not len(self.lead):
            return self.lead
        return np.maximum.reduceat(self.lead, np.arange(0, len(self.lead), BLOCK)).astype(np.float32)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything as named arrays, as `from_arrays` takes them."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        strings = {"texts": self.texts, "groups": self.groups}
        return plain | {f"{n}_{part}": getattr(s, part) for n, s in strings.items() for part in ("data", "starts")}

    @staticmethod
    def from_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> "Table":
        """The table that `arrays` came from; raises KeyError for one that is missing."""
        texts = Strings(arrays["texts_data"], arrays["texts_starts"])
        groups = Strings(arrays["groups_data"], arrays["groups_starts"])
        return Table(texts=texts, groups=groups, **{name: arrays[name] for name in _PLAIN})


class Source(NamedTuple):
    """A table, and whether its items are still there.

    `alive`: a kind and rows -> the id of the first row that is alive, None when all are gone.
    """

    table: Table
    alive: Callable[[Kind, Sequence[int]], str | None]


_PLAIN: Final = ("key", "owner", "form", "lead", "type", "kind", "weight", "first", "row")
NOTHING: Final = Table.of(())
