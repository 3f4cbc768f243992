"""What does a person like? Several interests, each a vector of its own, instead of one mean that is like nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from engine.feed.placed import Placed
from engine.types import F32, I64
from engine.understand import lexicon

#: Rounds after which the groups stand still, or nearly.
ROUNDS = 5
#: Of an interest's gain, so much must lie with one category for it to be called so.
NAMED = 0.4


@dataclass(frozen=True, slots=True)
class Interest:
    """Things that a person likes which are like each other."""

    vector: F32  # (dim,), unit length
    weight: float  # its share of what they like, (0, 1]
    source: str  # session | interest | declared
    topic: str | None = None  # the category that most of it belongs to
    words: Mapping[str, str] | None = None  # the topic in both languages
    title: str | None = None  # of the item that counts most

    @property
    def key(self) -> str | None:
        """By what name it can be taken away."""
        return f"topic:{self.topic}" if self.topic else None


def interests(items: Placed, gains: F32, most: int, source: str) -> list[Interest]:
    """The interests that show in items, the strongest first. gains: (len(items),), above 0."""
    vectors = items.vectors()
    known = np.flatnonzero(np.isfinite(vectors).all(axis=1)) if len(items) else np.empty(0, np.int64)
    if not len(known):
        return []
    items, vectors, gains = items.take(known), vectors[known], gains[known]
    groups = grouped(vectors, gains, min(most, ceil(sqrt(len(items)))))
    categories, total = items.texts("category"), float(gains.sum())
    titles = items.take(np.array([group[gains[group].argmax()] for group in groups])).texts("title")
    found = []
    for group, best in zip(groups, titles, strict=True):
        middle = gains[group] @ vectors[group]
        length = float(np.linalg.norm(middle))
        if length > 0:
            topic = _topic([categories[at] for at in group], gains[group])
            weight = float(gains[group].sum()) / total
            found.append(Interest((middle / length).astype(np.float32), weight, source, topic, words(topic), best))
    return sorted(found, key=lambda interest: -interest.weight)


def grouped(vectors: F32, gains: F32, most: int) -> list[I64]:
    """At most `most` groups of positions, none empty: spherical k-means that begins with the strongest item, then with
    whichever is strong and far from those taken. The same for the same input.
    """
    seeds = [int(gains.argmax())]
    nearest = vectors @ vectors[seeds[0]]
    while len(seeds) < min(most, len(vectors)):
        farthest = int(((1 - nearest) * np.sqrt(gains)).argmax())
        if nearest[farthest] > 1 - 1e-6:
            break
        seeds.append(farthest)
        nearest = np.maximum(nearest, vectors @ vectors[farthest])
    middles, before = vectors[seeds], np.empty(0, np.int64)
    for _ in range(ROUNDS):
        of = (vectors @ middles.T).argmax(axis=1)
        if np.array_equal(of, before):
            break
        before = of
        sums = np.stack([gains[of == number] @ vectors[of == number] for number in range(len(middles))])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        middles = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), middles)
    of = (vectors @ middles.T).argmax(axis=1)
    return [group for number in range(len(middles)) if len(group := np.flatnonzero(of == number))]


def _topic(categories: Sequence[str | None], gains: F32) -> str | None:
    """The category that most of the gain lies with."""
    shares: dict[str, float] = defaultdict(float)
    for category, gain in zip(categories, gains.tolist(), strict=True):
        if category:
            shares[category] += gain
    best = max(shares, key=lambda name: shares[name], default=None)
    return best if best is not None and shares[best] >= NAMED * float(gains.sum()) else None


def words(topic: str | None) -> Mapping[str, str] | None:
    """A topic in both languages; a category that a house calls by a word of its own by what that word means."""
    if topic is None:
        return None
    known = lexicon.load()
    return known.labels(topic if topic in known.entries else known.category(topic) or topic)
