"""Which items does the server carry in load tests, at any size? Seeded, recombined from the sample; nothing is real.

Rows come from indexing/sample/scale.py (the sample's mix of kinds, places moved, prices jittered); names are put
together from two names of the same category, most with a word that no other has; bodies from sentences of several items
of the same category and language.
A vector is the sum of the real embeddings of the items whose words were used, weighted by how much, and a little noise:
synthetic, but near what its words say. Everything else is made by the normal build.
`python -m benchmarks.corpora.items 100000` builds a published root and says where it is.
"""

import argparse
import hashlib
import sys
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pyarrow as pa

from api.printing import progress, progress_of, say
from engine.ports import Encoder
from engine.types import F32, I64, KINDS, Kind
from indexing.columns.words import naming
from indexing.items import TITLE
from indexing.passages import passage
from indexing.runs import stretches
from indexing.sample.files import load_tables
from indexing.sample.scale import Row, scale, sentences
from indexing.tables import read_arrow, write_arrow
from indexing.validate import validate

#: An item of the sample: its kind and its place among its kind.
Source: TypeAlias = tuple[Kind, int]
#: Item -> the sample's items that it is made of, with the share of each.
Mixed: TypeAlias = Mapping[Source, float]

#: Raised with whatever changes the rows: they are kept.
VERSION: Final = 1
#: Weight of the item whose name is used, beside one for each sentence.
_NAME: Final = 2.0
#: Length of the noise beside a vector of length one: the cosine to the sum is about 0.97.
_NOISE: Final = 0.25
#: Drawn once; each item has its own stretch of them.
_POOL: Final = 1 << 20
#: Rows of a kind that are objects at once.
_STRETCH: Final = 20_000
#: The share of places and products whose name nothing else bears, and of what their own words are made.
_OWN: Final = 0.8
_HAN: Final = "云栖青禾林溪石桥竹里湖光松月山南北岸花田望晴风雪"
_LEARNT: Final = ("keys", "sources", "weights", "ends")
_LATIN: Final = tuple(consonant + vowel for consonant in "bcdfglmn" for vowel in "aeo")


class Mixer:
    """Gives the rows of the sample new names and bodies, and remembers of what they are made."""

    def __init__(self, seed: int) -> None:
        self.rng, self.made = Random(seed), 0
        self.tables = load_tables()
        self.alike: dict[tuple[Kind, str | None, str], list[int]] = defaultdict(list)
        self.said: dict[Source, list[str]] = {}
        self.origin: dict[tuple[Kind, str], int] = {}
        for kind, rows in self.tables.items():
            for at, row in enumerate(rows):
                self.alike[kind, row.get("category"), row["lang"]].append(at)
                self.said[kind, at] = sentences(row.get("body") or "", row["lang"])
        self.origin = {
            (kind, row[TITLE[kind]]): at for kind, rows in self.tables.items() for at, row in enumerate(rows)
        }

    def mixed(self, kind: Kind, row: Row) -> tuple[Row, Mixed]:
        """A row of `scale` -> the same row with another name and body, and what it is made of."""
        first = self.origin[kind, row[TITLE[kind]]]
        others = self.alike[kind, row.get("category"), row["lang"]]
        second = self.rng.choice(others)
        used = defaultdict[Source, float](float, {(kind, first): _NAME})
        used[kind, second] += _NAME / 2
        name = self._named(str(row[TITLE[kind]]), str(self.tables[kind][second][TITLE[kind]]), row["lang"])
        if kind != "note" and self.rng.random() < _OWN:
            name += self._told_apart(row["lang"])
        told = []
        for own in self.said[kind, first]:
            at = self.rng.choice(others)
            said = self.said[kind, at]
            told.append(self.rng.choice(said) if said else own)
            used[kind, at if said else first] += 1.0
        body = ("" if row["lang"] == "zh" else " ").join(told)
        return {**row, TITLE[kind]: name, "body": body}, used

    def _named(self, first: str, second: str, lang: str) -> str:
        """The beginning of one name and the end of another, cut between words where there are any."""
        if lang == "zh" and " " not in first + second:
            cut = max(1, len(first) // 2)
            return first[:cut] + second[max(1, len(second) // 2) :]
        left, right = first.split(), second.split()
        return " ".join([*left[: max(1, len(left) // 2)], *right[len(right) // 2 :]])

    def _told_apart(self, lang: str) -> str:
        """A word that no other name has, as a branch or a model of its own."""
        self.made += 1
        digits = [self.made // base % 24 for base in (1, 24, 576, 13_824)]
        if lang == "zh":
            return "·" + "".join(_HAN[digit] for digit in digits)
        return " " + "".join(_LATIN[digit] for digit in digits).capitalize()


class Summed:
    """An Encoder for passages of mixed items alone: sums of the sample's own embeddings. Queries are encoded truly."""

    def __init__(self, inner: Encoder, seed: int) -> None:
        self.inner, words = inner, naming()
        tables, self.start = load_tables(), dict[Kind, int]()
        texts: list[str] = []
        for kind, rows in tables.items():
            self.start[kind] = len(texts)
            texts += [passage(kind, row, words) for row in rows]
        self.base = inner.encode(texts, "passage")
        self._words = words
        noise = np.random.default_rng(seed).standard_normal(_POOL + inner.dim, np.float32)
        self._noise = np.lib.stride_tricks.sliding_window_view(noise * np.float32(_NOISE / inner.dim**0.5), inner.dim)
        self._keys, self._sources, self._weights, self._ends = array("Q"), array("l"), array("f"), array("l", [0])
        self._sorted: tuple[Any, I64] | None = None  # uint64 keys, and whose each is

    @property
    def fingerprint(self) -> str:
        """The inner encoder's: the server encodes queries with it."""
        return self.inner.fingerprint

    @property
    def dim(self) -> int:
        return self.inner.dim

    def learn(self, kind: Kind, row: Row, made_of: Mixed) -> None:
        """Know the passage of an item."""
        self._sorted = None
        self._keys.append(_key(passage(kind, row, self._words)))
        for (of, at), weight in made_of.items():
            self._sources.append(self.start[of] + at)
            self._weights.append(weight)
        self._ends.append(len(self._sources))

    def save(self, path: Path) -> None:
        """What was learnt, for `read` of another process."""
        kept: Any = {name: np.asarray(getattr(self, f"_{name}")) for name in _LEARNT}
        np.savez(path, **kept)

    def read(self, path: Path) -> None:
        """Know what another process has learnt."""
        self._sorted = None
        with np.load(path) as kept:
            for name in _LEARNT:
                known = getattr(self, f"_{name}")
                setattr(self, f"_{name}", array(known.typecode, kept[name].tobytes()))

    def encode(self, texts: Sequence[str], role: Literal["query", "passage"]) -> F32:
        """-> (len(texts), dim) float32 unit rows; a passage that nobody mixed is encoded truly."""
        if role == "query" or not len(self._keys):
            return self.inner.encode(texts, role)
        keys = np.array([_key(text) for text in texts], np.uint64)
        known, order = self._by_key()
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return self._sums(keys, order[at]) if (known[at] == keys).all() else self.inner.encode(texts, role)

    def _by_key(self) -> tuple[Any, I64]:
        if self._sorted is None:
            keys = np.asarray(self._keys, np.uint64)
            order: I64 = np.argsort(keys, kind="stable")
            self._sorted = keys[order], order
        return self._sorted

    def _sums(self, keys: Any, items: I64) -> F32:
        """The vectors of items, by their places in the order of learning."""
        ends = np.asarray(self._ends)
        sizes = ends[items + 1] - ends[items]
        starts = np.cumsum(sizes) - sizes
        flat = stretches(ends[items], sizes)
        parts = self.base[np.asarray(self._sources)[flat]] * np.asarray(self._weights, np.float32)[flat, None]
        out = _unit(np.add.reduceat(parts, starts))
        return _unit(out + self._noise[(keys % np.uint64(_POOL)).astype(np.int64)])


def items(count: int, seed: int, learn: Callable[[Kind, Row, Mixed], None]) -> Iterator[tuple[Kind, Row]]:
    """`count` rows, the same for the same seed; each is told to `learn` with what it is made of."""
    mixer = Mixer(seed)
    for kind, plain in scale(count, seed):
        row, made_of = mixer.mixed(kind, plain)
        learn(kind, row, made_of)
        yield kind, row


def rows_in(folder: Path, count: int, seed: int, vectors: Summed) -> dict[Kind, pa.Table]:
    """`count` items as tables, and `vectors` knowing them; kept in the folder, so that it is done once."""
    learnt = folder / "learnt.npz"
    if learnt.is_file():
        vectors.read(learnt)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, table in _tables(items(count, seed, vectors.learn)).items():
            write_arrow(table, folder / f"{kind}.arrow")
        vectors.save(learnt)
    return {kind: read_arrow(folder / f"{kind}.arrow") for kind in KINDS}


def _tables(rows: Iterator[tuple[Kind, Row]]) -> dict[Kind, pa.Table]:
    """Held against the schemas, a stretch at a time: no more rows than those are in memory as objects."""
    waiting: dict[Kind, list[Row]] = {kind: [] for kind in KINDS}
    done: dict[Kind, list[pa.Table]] = {kind: [validate(kind, [])[0]] for kind in KINDS}
    for kind, row in rows:
        waiting[kind].append(row)
        if len(waiting[kind]) == _STRETCH:
            done[kind].append(validate(kind, waiting[kind])[0])
            waiting[kind] = []
    return {kind: pa.concat_tables([*done[kind], validate(kind, waiting[kind])[0]]) for kind in KINDS}


def _unit(rows: F32) -> F32:
    out: F32 = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return out


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def main() -> int:
    """Build and publish; prints the root."""
    from benchmarks.roots import recombined  # noqa: PLC0415  # which imports this module

    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpora.items", description=__doc__)
    parser.add_argument("count", type=int)
    chosen = parser.parse_args()
    progress(f"building {chosen.count} items")
    say(str(recombined(chosen.count, progress_of).root))
    return 0


if __name__ == "__main__":
    sys.exit(main())
