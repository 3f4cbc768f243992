"""How do the constraints stand with the candidates? Verdicts as matrices, and their counts by family of slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from engine.types import F32, I8, I64, Constraint, Mask, Verdict

#: Slots that are one thing to a ranker; a slot covers those below it ("place" covers "place.zone").
FAMILIES: Final = {
    "category": ("category",),
    "audience": ("audience", "occasion", "party_size"),
    "amenity": ("amenity",),
    "ambience": ("ambience",),
    "food": ("cuisine", "dish"),
    "price": ("price", "price_level"),
    "rating": ("rating", "popularity"),
    "time": ("time", "duration", "recency"),
    "place": ("place", "distance", "travel_time"),
    "diet": ("diet", "ingredient"),
    "skin": ("attr.skin",),
    "attributes": ("attr.body", "attr.style", "attr.home", "attr.size", "attr.material", "level"),
}
#: Each row of the counts: the hard constraints, the soft ones, each family.
_GROUPS: Final = {name: number for number, name in enumerate(("hard", "soft", *FAMILIES))}


@dataclass(frozen=True)
class Held:
    """Every constraint held against every candidate: (constraints, n) matrices. `known` = judged, not UNKNOWN."""

    constraints: Sequence[Constraint]
    verdict: I8
    probability: F32  # NaN where nothing is known
    support: I64
    against: I64
    age_days: F32  # of the newest sentence; NaN when there is none
    applies: Mask  # does the slot apply to the candidate's kind?

    @staticmethod
    def nothing(constraints: Sequence[Constraint], n: int) -> "Held":
        """Nothing judged yet."""
        shape = (len(constraints), n)
        return Held(
            constraints,
            np.zeros(shape, np.int8),
            np.full(shape, np.nan, np.float32),
            np.zeros(shape, np.int64),
            np.zeros(shape, np.int64),
            np.full(shape, np.nan, np.float32),
            np.zeros(shape, np.bool_),
        )

    @cached_property
    def known(self) -> Mask:
        return np.asarray(self.verdict != Verdict.UNKNOWN)

    @cached_property
    def kept(self) -> Mask:
        return np.asarray(self.verdict >= Verdict.LIKELY)

    @cached_property
    def broken(self) -> Mask:
        return np.asarray(self.verdict == Verdict.CONTRADICTED)

    def kept_of(self, group: str) -> F32:
        """How many of "hard", "soft" or a family each candidate keeps: (n,)."""
        kept: F32 = self._kept[_GROUPS[group]]
        return kept

    def share_of_applying(self, group: str) -> F32:
        """Share kept of those of the group that apply; NaN without any: (n,)."""
        number = _GROUPS[group]
        return _share(self._kept[number], self._members[number] @ self.applies.astype(np.float32))

    def share_of_known(self, group: str) -> F32:
        """Share kept of those of the group of which anything is known; NaN without any: (n,)."""
        share: F32 = self._shares[_GROUPS[group]]
        return share

    @cached_property
    def chances(self) -> Mask:
        """Where the probability is known."""
        return np.isfinite(self.probability)

    @cached_property
    def _members(self) -> F32:
        """(groups, constraints): 1 where the constraint belongs to the group."""
        rows = [(c.hardness == "hard", c.hardness != "hard", *_families(c.slot)) for c in self.constraints]
        return np.array(rows, np.float32).reshape(len(rows), len(_GROUPS)).T

    @cached_property
    def _kept(self) -> F32:
        counts: F32 = self._members @ self.kept.astype(np.float32)
        return counts

    @cached_property
    def _shares(self) -> F32:
        return _share(self._kept, self._members @ self.known.astype(np.float32))


@lru_cache(maxsize=1024)
def _families(slot: str) -> Sequence[bool]:
    """Of which families is the slot?"""
    return tuple(below(slot, *slots) for slots in FAMILIES.values())


@lru_cache(maxsize=4096)
def below(slot: str, *families: str) -> bool:
    """Is the slot one of these, or below one of them?"""
    return any(slot == family or slot.startswith(f"{family}.") for family in families)


def _share(part: F32, whole: F32) -> F32:
    return np.divide(part, whole, out=np.full(whole.shape, np.nan, np.float32), where=whole > 0)
