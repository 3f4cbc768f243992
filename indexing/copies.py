"""Which notes, of all, are copies of one another by several authors? MinHash with banding (Broder 1997; LSH).

Unlike indexing.echoes, which weighs statements about one item within days, this looks across items and years: a text
that is sold is used again for another shop.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.types import I64
from indexing.echoes import HASHES, fingerprint
from indexing.runs import begins

#: Estimated Jaccard similarity of character 3-grams from which on two texts are copies.
ALIKE: Final = 0.8
#: Shorter texts are alike by chance ("好吃！").
SHORTEST: Final = 30
#: So many authors besides the note's own.
AUTHORS: Final = 2
_BANDS: Final = 16
#: A band that more texts share is a set phrase, not a copy.
_CROWD: Final = 200
_NOBODY: Final = -1
_BLOCK: Final = 100_000  # pairs compared at a time


def copied(texts: Sequence[str], authors: Sequence[str | None]) -> dict[int, int]:
    """position -> how many other authors published a copy of it (only AUTHORS or more)."""
    kept = [at for at, text in enumerate(texts) if len(text) >= SHORTEST]
    if not kept:
        return {}
    numbers: dict[str, int] = {}
    author = [numbers.setdefault(name, len(numbers)) if (name := authors[at]) else _NOBODY for at in kept]
    prints = np.stack([fingerprint(texts[at]) for at in kept]).astype(np.uint32)
    others: dict[int, set[int]] = defaultdict(set)
    for left, right in _alike(prints, np.array(author, np.int64)):
        others[kept[left]].add(author[right])
        others[kept[right]].add(author[left])
    return {at: len(found) for at, found in others.items() if len(found) >= AUTHORS}


def _alike(prints: npt.NDArray[np.uint32], author: I64) -> Iterator[tuple[int, int]]:
    """Pairs of texts by two authors that are copies, some of them several times."""
    low = prints.astype(np.uint8)  # equal prints have equal last bytes: compared first, they decide nearly all pairs
    for pairs in _candidates(prints):
        one, two = author[pairs]
        pairs = pairs[:, (one != two) & (one != _NOBODY) & (two != _NOBODY)]  # noqa: PLW2901
        for known in (low, prints):
            same = np.count_nonzero(known[pairs[0]] == known[pairs[1]], axis=1) >= ALIKE * HASHES
            pairs = pairs[:, same]  # noqa: PLW2901
        yield from zip(*pairs.tolist(), strict=True)


def _candidates(prints: npt.NDArray[np.uint32]) -> Iterator[I64]:
    """(2, n): pairs that share a band which no crowd shares, a stretch at a time."""
    width = HASHES // _BANDS
    for band in range(_BANDS):
        part = prints[:, band * width : (band + 1) * width]
        order = np.lexsort(part.T)
        group = np.cumsum(begins(*part[order].T)) - 1
        size = np.bincount(group)[group]
        order, group = order[(size > 1) & (size <= _CROWD)], group[(size > 1) & (size <= _CROWD)]
        for step in range(1, _CROWD):
            first = np.flatnonzero(group[step:] == group[:-step])
            if not len(first):
                break
            for start in range(0, len(first), _BLOCK):
                some = first[start : start + _BLOCK]
                yield np.stack([order[some], order[some + step]])
