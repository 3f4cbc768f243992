"""How do the constraints stand with the candidates? Verdicts as matrices, and their counts by family of slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from engine.types import F32, I8, I64, Constraint, Judged, Mask, Verdict
from ranking.machine import machine

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
#: From which verdict on a constraint is kept, and known.
_KEPT_KNOWN: Final = np.array([[Verdict.LIKELY], [Verdict.CONTRADICTED]], np.int8)
#: What is counted: all constraints, the hard ones, the soft ones, those that nobody wants kept, each family.
_GROUPS: Final = {name: number for number, name in enumerate(("all", "hard", "soft", "unwanted", *FAMILIES))}


@dataclass(frozen=True)
class Held:
    """Every constraint held against every candidate: (constraints, n) matrices. Known = judged, not UNKNOWN."""

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

    def put(self, number: int, where: I64 | slice, judged: Judged) -> None:
        """What a constraint, by its number, comes to at some candidates: its slot applies to them."""
        self.verdict[number, where], self.probability[number, where] = judged.verdict, judged.probability
        self.support[number, where], self.against[number, where] = judged.support, judged.against
        self.age_days[number, where], self.applies[number, where] = judged.age_days, True

    def kept(self, group: str) -> F32:
        """How many of a group ("all", "hard", "soft", "unwanted", a family) each candidate keeps: (n,)."""
        return self._counted(group, 0)

    def known(self, group: str) -> F32:
        """Of how many of a group anything is known: (n,)."""
        return self._counted(group, 1)

    def applying(self, group: str) -> F32:
        """How many of a group have a slot that applies: (n,)."""
        return self._counted(group, 2)

    def sure(self, group: str) -> F32:
        """How many of a group each candidate keeps for sure (verdict MET): (n,)."""
        return self._counted(group, 3)

    def share_of_applying(self, group: str) -> F32:
        """Share kept of those of the group that apply; NaN without any: (n,)."""
        return _share(self.kept(group), self.applying(group))

    def share_of_known(self, group: str) -> F32:
        """Share kept of those of the group of which anything is known; NaN without any: (n,)."""
        share: F32 = self._counts[1][_GROUPS[group]]
        return share

    def _counted(self, group: str, what: int) -> F32:
        counted: F32 = self._counts[0][_GROUPS[group], what]
        return counted

    @cached_property
    def chances(self) -> tuple[F32, F32]:
        """(n,) the mean of the finite probabilities, and (n,) the least that is known; NaN without any."""
        if (code := machine()) is not None:
            mean, least = np.empty(self.verdict.shape[1], np.float32), np.empty(self.verdict.shape[1], np.float32)
            code.chances(self.probability, mean, least)
            return mean, least
        known = np.isfinite(self.probability)
        count = known.sum(axis=0)
        total = np.where(known, self.probability, 0).sum(axis=0, dtype=np.float64)
        mean = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0).astype(np.float32)
        return mean, np.fmin.reduce(self.probability, axis=0, initial=np.nan).astype(np.float32)

    @cached_property
    def _counts(self) -> tuple[F32, F32]:
        """(groups, kept | known | applying | sure, n) float32, and (groups, n) the kept as a share of the known."""
        count, n = self.verdict.shape
        members = _members(tuple((c.slot, c.hardness == "hard", c.polarity < 0) for c in self.constraints))
        if (code := machine()) is not None:
            counts, shares = np.zeros((len(_GROUPS), 4, n), np.float32), np.empty((len(_GROUPS), n), np.float32)
            code.counted(self.verdict, self.applies, members, counts, shares)
            return counts, shares
        held = np.empty((count, 4, n), np.float32)
        held[:, :2] = self.verdict[:, np.newaxis] >= _KEPT_KNOWN
        held[:, 2], held[:, 3] = self.applies, self.verdict == Verdict.MET
        counts = (members @ held.reshape(count, 4 * n)).reshape(len(_GROUPS), 4, n)
        return counts, _share(counts[:, 0], counts[:, 1])


@lru_cache(maxsize=1024)
def _members(constraints: tuple[tuple[str, bool, bool], ...]) -> F32:
    """(groups, constraints): 1 where a constraint (slot, is it hard, is it of what is unwanted) belongs to a group."""
    rows = [(True, hard, not hard, unwanted, *_families(slot)) for slot, hard, unwanted in constraints]
    return np.ascontiguousarray(np.array(rows, np.float32).reshape(len(rows), len(_GROUPS)).T)


@lru_cache(maxsize=1024)
def _families(slot: str) -> Sequence[bool]:
    """Of which families is the slot?"""
    return tuple(below(slot, *slots) for slots in FAMILIES.values())


@lru_cache(maxsize=4096)
def below(slot: str, *families: str) -> bool:
    """Is the slot one of these, or below one of them?"""
    return any(slot == family or slot.startswith(f"{family}.") for family in families)


def _share(part: F32, whole: F32) -> F32:
    with np.errstate(invalid="ignore"):  # a share of nothing is NaN; nobody keeps more than there is
        return part / whole
