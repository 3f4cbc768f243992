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
from random import Random
from typing import Final, Literal, TypeAlias

import numpy as np

from api.printing import progress, progress_of, say
from engine.ports import Encoder
from engine.types import F32, Kind
from indexing.columns.words import naming
from indexing.items import TITLE
from indexing.passages import passage
from indexing.sample.files import load_tables
from indexing.sample.scale import Row, scale, sentences

#: An item of the sample: its kind and its place among its kind.
Source: TypeAlias = tuple[Kind, int]
#: Item -> the sample's items that it is made of, with the share of each.
Mixed: TypeAlias = Mapping[Source, float]

#: Weight of the item whose name is used, beside one for each sentence.
_NAME: Final = 2.0
#: Length of the noise beside a vector of length one: the cosine to the sum is about 0.97.
_NOISE: Final = 0.25
#: The share of places and products whose name nothing else bears, and of what their own words are made.
_OWN: Final = 0.8
_HAN: Final = "云栖青禾林溪石桥竹里湖光松月山南北岸花田望晴风雪"
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
        self.inner, self.seed, words = inner, seed, naming()
        tables, self.start = load_tables(), dict[Kind, int]()
        texts: list[str] = []
        for kind, rows in tables.items():
            self.start[kind] = len(texts)
            texts += [passage(kind, row, words) for row in rows]
        self.base = inner.encode(texts, "passage")
        self._words, self._at = words, dict[bytes, int]()
        self._sources, self._weights, self._ends = array("l"), array("f"), array("l", [0])

    @property
    def fingerprint(self) -> str:
        """The inner encoder's: the server encodes queries with it."""
        return self.inner.fingerprint

    @property
    def dim(self) -> int:
        return self.inner.dim

    def learn(self, kind: Kind, row: Row, made_of: Mixed) -> None:
        """Know the passage of an item."""
        self._at[_key(passage(kind, row, self._words))] = len(self._ends) - 1
        for (of, at), weight in made_of.items():
            self._sources.append(self.start[of] + at)
            self._weights.append(weight)
        self._ends.append(len(self._sources))

    def encode(self, texts: Sequence[str], role: Literal["query", "passage"]) -> F32:
        """-> (len(texts), dim) float32 unit rows; a passage that nobody mixed is encoded truly."""
        keys = [_key(text) for text in texts]
        if role == "query" or any(key not in self._at for key in keys):
            return self.inner.encode(texts, role)
        return np.stack([self._sum(key) for key in keys])

    def _sum(self, key: bytes) -> F32:
        at = self._at[key]
        first, last = self._ends[at], self._ends[at + 1]
        rng = np.random.default_rng([self.seed, int.from_bytes(key[:8], "little")])
        out = np.asarray(self._weights[first:last], np.float32) @ self.base[np.asarray(self._sources[first:last])]
        out /= np.linalg.norm(out)
        out += np.float32(_NOISE / self.dim**0.5) * rng.standard_normal(self.dim, np.float32)
        unit: F32 = out / np.linalg.norm(out)
        return unit


def items(count: int, seed: int, learn: Callable[[Kind, Row, Mixed], None]) -> Iterator[tuple[Kind, Row]]:
    """`count` rows, the same for the same seed; each is told to `learn` with what it is made of."""
    mixer = Mixer(seed)
    for kind, plain in scale(count, seed):
        row, made_of = mixer.mixed(kind, plain)
        learn(kind, row, made_of)
        yield kind, row


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


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
