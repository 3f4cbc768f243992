"""Which notes, of all, are copies of one another by several authors? MinHash with banding (Broder 1997; LSH).

Unlike indexing.echoes, which weighs statements about one item within days, this looks across items and years: a text
that is sold is used again for another shop.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from indexing.echoes import HASHES, fingerprint

#: Estimated Jaccard similarity of character 3-grams from which on two texts are copies.
ALIKE: Final = 0.8
#: Shorter texts are alike by chance ("好吃！").
SHORTEST: Final = 30
#: So many authors besides the note's own.
AUTHORS: Final = 2
_BANDS: Final = 16
#: A band that more texts share is a set phrase, not a copy.
_CROWD: Final = 200


def copied(texts: Sequence[str], authors: Sequence[str | None]) -> dict[int, int]:
    """position -> how many other authors published a copy of it (only AUTHORS or more)."""
    kept = [at for at, text in enumerate(texts) if len(text) >= SHORTEST]
    if not kept:
        return {}
    prints = np.stack([fingerprint(texts[at]) for at in kept])
    others: dict[int, set[str]] = defaultdict(set)
    for left, right in _candidates(prints):
        one, two = authors[kept[left]], authors[kept[right]]
        if one and two and one != two and (prints[left] == prints[right]).mean() >= ALIKE:
            others[kept[left]].add(two)
            others[kept[right]].add(one)
    return {at: len(found) for at, found in others.items() if len(found) >= AUTHORS}


def _candidates(prints: npt.NDArray[np.uint64]) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    rows = HASHES // _BANDS
    for band in range(_BANDS):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for at, part in enumerate(np.ascontiguousarray(prints[:, band * rows : (band + 1) * rows])):
            buckets[part.tobytes()].append(at)
        for same in buckets.values():
            if 1 < len(same) <= _CROWD:
                pairs.update((a, b) for i, a in enumerate(same) for b in same[i + 1 :])
    return pairs
