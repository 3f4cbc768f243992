"""Which names of the index stand in a text, when there are a million? Hashes of all names, sorted, memory-mapped.

The beginnings of the text are looked up by their first two characters, which say how long the names are that go on
from there; what is that long is looked up by its hash, and then compared. Opening costs nothing, whatever the number.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.naming import Names
from engine.suggest.table import Strings
from engine.types import F32, I8, I64
from engine.understand.dishbook import DishBook
from engine.understand.fold import fold
from engine.understand.names import LATIN, Name, NameTable, whole_words
from indexing.arrays import save, stored
from indexing.columns.data import EAGER
from indexing.own_names import Entry
from indexing.runs import stretches

U64 = npt.NDArray[np.uint64]
#: A polynomial modulo 2**64 over code points; the factor is odd, so that it has an inverse.
_FACTOR: Final = 0x9E3779B97F4A7C15
_INVERSE: Final = pow(_FACTOR, -1, 1 << 64)
#: Bit b of a set of lengths: names of b + 1 characters; the last bit: longer ones.
_LONG: Final = 63
_HIGH: Final = np.uint64(21)  # bits of a code point
_ARRAYS: Final = ("keys", "first", "heads", "lengths", "long", "slot", "weight")
_TEXTS: Final = ("surfaces", "values", "slots")
#: Texts of which it is known which names stand in them: those of a few requests.
_LATELY: Final = 8


@dataclass(frozen=True)
class StoredNames:
    """Folded names (surfaces) in the order of their hashes, and what each one means. Immutable: a ports.Names.

    keys uint64[n]: hashes, ascending; first int64[n + 1]: the meanings of name i are first[i]..first[i + 1].
    heads uint64, ascending: beginnings of names; lengths uint64: how long these are; long int64: lengths beyond 63.
    Of each meaning: slot int8 (into `slots`), weight float32, and its value.
    """

    keys: U64
    first: I64
    heads: U64
    lengths: U64
    long: I64
    slot: I8
    weight: F32
    surfaces: Strings
    values: Strings
    slots: Strings

    @staticmethod
    def of(entries: Sequence[Entry]) -> "StoredNames":
        """Entries as indexing.own_names.collect gives them."""
        meanings: dict[str, list[int]] = {}
        for number, (surface, _, _, _) in enumerate(entries):
            if plain := " ".join(fold(surface).text.split()):
                meanings.setdefault(plain, []).append(number)
        names = list(meanings)
        ends = np.cumsum([0, *map(len, names)])
        keys = _hashed("".join(names), np.stack([ends[:-1], ends[1:]], axis=1))
        order = np.argsort(keys, kind="stable")
        names = [names[at] for at in order.tolist()]
        told = [entries[number] for name in names for number in meanings[name]]
        slots = sorted({entry[1] for entry in told})
        heads, lengths = _heads(names)
        return StoredNames(
            keys=keys[order],
            first=np.cumsum([0, *(len(meanings[name]) for name in names)], dtype=np.int64),
            heads=heads,
            lengths=lengths,
            long=np.array(sorted({len(name) for name in names if len(name) > _LONG}), np.int64),
            slot=np.array([slots.index(entry[1]) for entry in told], np.int8),
            weight=np.array([entry[3] for entry in told], np.float32),
            surfaces=Strings.of(names),
            values=Strings.of(entry[2] for entry in told),
            slots=Strings.of(slots),
        )

    def save(self, folder: Path) -> None:
        """Write <folder>/*.npy."""
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        for name in _TEXTS:
            arrays |= {f"{name}.data": getattr(self, name).data, f"{name}.starts": getattr(self, name).starts}
        save(arrays, folder)

    @staticmethod
    def open(folder: Path) -> "StoredNames":
        """As they were saved, memory-mapped."""
        files = stored(folder)
        files |= {name: Strings(files[f"{name}.data"], files[f"{name}.starts"]) for name in _TEXTS}
        return StoredNames(**{name: files[name] for name in (*_ARRAYS, *_TEXTS)})

    def entries(self) -> Iterator[Entry]:
        """What they were made of, surfaces folded."""
        for name in range(len(self)):
            for at in range(int(self.first[name]), int(self.first[name + 1])):
                yield self.surfaces[name], self.slots[int(self.slot[at])], self.values[at], float(self.weight[at])

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, folded: str) -> Sequence[Name]:
        """All spans (overlaps included) of known names in a folded text, by their start."""
        return self._lately(folded) if len(self) and folded else []

    @cached_property
    def _lately(self) -> Callable[[str], Sequence[Name]]:
        """The last few texts: a query is looked through when it is read, and again for what was meant."""
        return lru_cache(maxsize=_LATELY)(self._find)

    def _find(self, folded: str) -> Sequence[Name]:
        found = [
            Name(start, end, self.slots[int(self.slot[at])], self.values[at], float(self.weight[at]))
            for start, end, name in self._named(folded)
            for at in range(int(self.first[name]), int(self.first[name + 1]))
        ]
        if LATIN.search(folded):
            found += [Name(m.start, m.end, "dish", m.name, m.agreement) for m in self._dishes.find(folded)]
        return sorted(found, key=lambda name: (name.start, -name.end))

    def _named(self, folded: str) -> Iterator[tuple[int, int, int]]:
        """(start, end, number) of each name that stands whole in the text."""
        spans = self._candidates(folded)
        keys = _hashed(folded, spans)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self) - 1)
        for which in np.flatnonzero(self.keys[places] == keys).tolist():
            (start, end), at = spans[which].tolist(), int(places[which])
            while at < len(self) and self.keys[at] == keys[which]:
                if self.surfaces[at] == folded[start:end] and whole_words(folded, start, end):
                    yield start, end, at
                at += 1

    def _candidates(self, folded: str) -> I64:
        """(n, 2): [start, end) of what is as long as some name with this beginning: two characters, or one alone."""
        pairs = _beginnings(folded)
        both = np.concatenate([pairs, pairs[:-1] >> _HIGH << _HIGH])
        places = np.minimum(np.searchsorted(self.heads, both), len(self.heads) - 1)
        hits = np.flatnonzero(self.heads[places] == both)
        sizes, firsts = self._sizes
        first, count = firsts[places[hits]], firsts[places[hits] + 1] - firsts[places[hits]]
        starts = np.repeat(hits % len(folded), count)
        ends = starts + sizes[stretches(first, count)]
        spans: I64 = np.stack([starts, ends], axis=1)[ends <= len(folded)]
        return spans

    @cached_property
    def _sizes(self) -> tuple[I64, I64]:
        """How long names are, beginning by beginning, and where those of each beginning begin."""
        bits = np.unpackbits(self.lengths.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
        head, bit = np.nonzero(bits)
        short, long = bit < _LONG, head[bit == _LONG]
        heads = np.concatenate([head[short], np.repeat(long, len(self.long))])
        sizes = np.concatenate([bit[short] + 1, np.tile(self.long, len(long))])
        order = np.argsort(heads, kind="stable")
        return sizes[order], np.searchsorted(heads[order], np.arange(len(self.heads) + 1))

    @cached_property
    def _dishes(self) -> DishBook:
        """Chinese dishes by their English names; made when the first English text comes."""
        number = next((n for n, slot in enumerate(self.slots) if slot == "dish"), -1)
        at = np.flatnonzero(self.slot == number).tolist()
        return DishBook((self.values[each], float(self.weight[each])) for each in at)


def names_in(folder: Path) -> Names:
    """The names that were saved there: few in an automaton, which is quicker, many where they lie."""
    stored = StoredNames.open(folder)
    return NameTable(stored.entries()) if len(stored) <= EAGER else stored


@dataclass(frozen=True)
class Together:
    """The names of several segments: a ports.Names."""

    parts: Sequence[Names]

    def find(self, folded: str) -> Sequence[Any]:
        """What any of them finds, each meaning once."""
        found: Mapping[tuple[int, int, str, str], Any] = {
            (name.start, name.end, name.slot, str(name.value)): name
            for part in reversed(self.parts)
            for name in part.find(folded)
        }
        return sorted(found.values(), key=lambda name: (name.start, -name.end))


def _points(text: str) -> U64:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def _beginnings(text: str) -> U64:
    """Of each place the character there and the next one (0 at the end), in one number."""
    points = _points(text)
    return (points << _HIGH) | np.append(points[1:], np.uint64(0))


def _heads(names: Sequence[str]) -> tuple[U64, U64]:
    """The beginnings of the names, ascending, and how long the names are that begin so."""
    sizes: dict[int, int] = {}
    for name in names:
        head = (ord(name[0]) << int(_HIGH)) | (ord(name[1]) if len(name) > 1 else 0)
        sizes[head] = sizes.get(head, 0) | 1 << min(len(name) - 1, _LONG)
    heads = sorted(sizes)
    return np.array(heads, np.uint64), np.array([sizes[head] for head in heads], np.uint64)


def _hashed(text: str, spans: I64) -> U64:
    """uint64 for each stretch [start, end) of a text; the same for equal stretches of any text."""
    points, count = _points(text) + np.uint64(1), len(text)
    sums = np.zeros(count + 1, np.uint64)
    np.cumsum(points * _powers(_FACTOR, count), out=sums[1:])
    found: U64 = (sums[spans[:, 1]] - sums[spans[:, 0]]) * _powers(_INVERSE, count + 1)[spans[:, 0]]
    return found


def _powers(factor: int, count: int) -> U64:
    """factor**0, .., factor**(count - 1), modulo 2**64."""
    out = np.full(count, factor, np.uint64)
    out[:1] = 1
    return np.cumprod(out, dtype=np.uint64)
