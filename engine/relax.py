"""What happens when too few items keep every hard constraint? The least certain one gives way, with a receipt."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from msgspec.structs import replace

from engine.ports import Index
from engine.types import F32, I8, I64, Constraint, Intent, Kind, Mask, Relaxed
from engine.vocabulary import APPLIES

#: Fewer strict answers than this, over the most wanted kind, and we look further (behind the strict ones).
ENOUGH = 3
#: An assumed reach doubles so often before it is given up: "nearby" from 0.8 km to 6.4 km, "near X" from 2 to 8.
ASSUMED_STEPS = {"distance": 3, "place.named": 2}
#: Of what is near a named place that within ten minutes on foot comes first, the rest only where it fills no two pages.
AT_HAND_KM, TWO_PAGES = 0.8, 20


@dataclass(slots=True)
class Filter:
    """One kind's filter: which rows keep the hard constraints now, and which had to wait for a relaxation."""

    index: Index
    tenant: str
    kind: Kind
    hard: dict[int, Constraint]  # place in intent.constraints -> the constraint as it stands now
    wishes: tuple[Constraint, ...]
    banned: I64
    mask: Mask
    strict_count: int
    levels: I8
    _wished: Mask | None = field(default=None)

    @staticmethod
    def of(index: Index, tenant: str, kind: Kind, intent: Intent, banned: I64) -> "Filter":
        """The filter as the person said it."""
        of_kind = {i: c for i, c in enumerate(intent.constraints) if kind in APPLIES.get(c.slot, frozenset())}
        hard = {i: c for i, c in of_kind.items() if c.hardness == "hard"}
        wishes = tuple(c for c in of_kind.values() if c.hardness == "soft")
        made = Filter(index, tenant, kind, hard, wishes, banned, np.empty(0, bool), 0, np.empty(0, np.int8))
        around = {i: c for i, c in hard.items() if c.slot == "place.named" and _assumed(c)}
        made.hard |= {i: replace(c, value={**c.value, "km": min(AT_HAND_KM, c.value["km"])}) for i, c in around.items()}
        made.mask = made._rows()
        made.levels = np.zeros(len(made.mask), np.int8)
        for i, said in around.items():
            if np.count_nonzero(made.mask) < TWO_PAGES:
                made.give(i, said, 1)
        made.strict_count = int(np.count_nonzero(made.mask))
        return made

    def _rows(self) -> Mask:
        mask = self.index.allowed(self.tenant, self.kind, list(self.hard.values()))
        if len(self.banned):
            mask = mask.copy()
            mask[self.banned] = False
        return mask

    def any(self) -> bool:
        """Is there anything to retrieve from?"""
        return bool(self.mask.any())

    def holds(self, constraint: Constraint) -> bool:
        """Does anything at all keep this one constraint?"""
        return bool(self.index.allowed(self.tenant, self.kind, [constraint]).any())

    def give(self, at: int, weaker: Constraint | None, level: int) -> int:
        """Replace (or drop) one hard constraint; -> rows gained. Rows that were in keep their level."""
        if at not in self.hard:
            return 0
        if weaker is None:
            del self.hard[at]
        else:
            self.hard[at] = weaker
        wider = self._rows() | self.mask
        fresh = wider & ~self.mask
        self.levels[fresh] = level
        self.mask = wider
        return int(np.count_nonzero(fresh))

    def tiers(self) -> list[Mask]:
        """Where the retrievers look: among rows that keep every soft wish too, then among all."""
        if not self.wishes:
            return [self.mask]
        if self._wished is None:
            self._wished = self.mask & self.index.allowed(self.tenant, self.kind, list(self.wishes))
        return [self._wished, self.mask] if self._wished.any() else [self.mask]

    def level(self, rows: I64) -> I8:
        """How many relaxations each row needed."""
        return self.levels[rows]

    def soft(self, rows: I64) -> F32:
        """The share of soft wishes that each row keeps: probability where known, else nothing.

        A wish counts by how sure we are that it was said: one read from a bare product word (0.6) hardly steers.
        """
        kept = np.zeros(len(rows), np.float32)
        for wish in self.wishes:
            judged = self.index.judge(self.tenant, self.kind, wish, rows)
            certainty = np.float32(max(0.0, 2 * wish.confidence - 1))
            kept += certainty * np.nan_to_num(judged.probability, nan=0.0)
        return kept / np.float32(max(1, len(self.wishes)))


def relax(filters: Mapping[Kind, Filter], intent: Intent, insist: Collection[int] = ()) -> tuple[Relaxed, ...]:
    """Give way in the intent's order, but not in what is insisted on, until the most wanted kind has enough.

    -> the receipts.
    """
    if not filters:
        return ()
    first = next(iter(filters.values()))
    receipts: list[Relaxed] = []
    level = max(int(f.levels.max(initial=0)) for f in filters.values())
    for at in intent.relax_order:
        for weaker in _steps(intent.constraints[at]):
            if np.count_nonzero(first.mask) >= ENOUGH:
                return tuple(receipts)
            if at not in first.hard or at in insist:
                continue
            level += 1
            gained = sum(f.give(at, weaker, level) for f in filters.values())
            if gained:
                constraint = intent.constraints[at]
                to = weaker.value if weaker is not None else None
                receipts.append(Relaxed(constraint.slot, constraint.value, to, gained, at))
    return tuple(receipts)


def _steps(constraint: Constraint) -> list[Constraint | None]:
    """From a little weaker to gone (None)."""
    steps: list[Constraint | None] = []
    weaker = _weaker(constraint)
    while weaker is not None and len(steps) < (ASSUMED_STEPS[constraint.slot] if _assumed(constraint) else 1):
        steps.append(weaker)
        weaker = _weaker(weaker)
    return [*steps, None]


def _assumed(constraint: Constraint) -> bool:
    """A reach in kilometres that nobody said ("nearby")."""
    said, value = constraint.assume or {}, constraint.value
    reaches = not isinstance(value, Mapping) or value.get("km") is not None
    return (
        reaches
        and "km" in said
        and "around" not in said
        and constraint.slot in ASSUMED_STEPS
        and constraint.polarity > 0
    )


def _weaker(constraint: Constraint) -> Constraint | None:
    """A quantity gives way by a stated margin; a name, an attribute or a negation has no weaker form.

    Nor has a quantity compared with a name of which nothing is known here ("cheaper than X").
    """
    value: Any = constraint.value
    weaker: Any = None
    if constraint.polarity < 0 or (isinstance(value, Mapping) and "ref" in value):
        return None
    match constraint.slot, constraint.op:
        case ("price", "lte") if value:
            weaker = round(value * 1.25, 2)
        case ("price", "between"):
            weaker = [round(value[0] * 0.8, 2), round(value[1] * 1.25, 2)]
        case ("rating", "gte"):
            weaker = round(value - 0.3, 2)
        case ("distance", "lte"):
            weaker = value * 2
        case ("place.named", "near") if value.get("km") is not None:
            weaker = {**value, "km": value["km"] * 2}
    return None if weaker is None else replace(constraint, value=weaker)
