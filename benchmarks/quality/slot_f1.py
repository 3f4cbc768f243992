"""How many of the constraints that people meant does the parser read, and how many does it invent?

Micro F1 over triples (slot, op, normalised value) with polarity, as QUERY.md defines it. Only slots that the gold set
annotates are compared: a set that says nothing of audiences can judge none.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from engine.types import Intent
from engine.understand.fold import fold
from engine.understand.lexicon import Lexicon, load
from engine.understand.unions import each

Triple: TypeAlias = tuple[str, str, str, int]  # slot, op, value, polarity

#: Fields of the Beijing set -> slots.
FIELDS: Final = {
    "门票": "price", "人均消费": "price", "价格": "price", "评分": "rating", "游玩时间": "duration", "推荐菜": "dish",
    "酒店类型": "hotel_class", "酒店设施": "amenity", "周边景点": "place.named", "周边餐馆": "place.named",
    "周边酒店": "place.named", "名称": "name",
}  # fmt: skip
#: Domains -> categories of the lexicon.
DOMAINS: Final = {"景点": "sights", "餐馆": "restaurant", "酒店": "hotel"}
SCORED: Final = frozenset({*FIELDS.values(), "category"})
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_MINUTES: Final = {"天": 1440.0, "小时": 60.0}


@dataclass
class Score:
    """Counts of triples; f1 is micro."""

    hit: int = 0
    missed: int = 0
    invented: int = 0
    by_slot: dict[str, "Score"] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        """Share of what was read that was meant; 1 when nothing was read."""
        return self.hit / (self.hit + self.invented) if self.hit + self.invented else 1.0

    @property
    def recall(self) -> float:
        """Share of what was meant that was read; 1 when nothing was meant."""
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = 2 * self.hit + self.missed + self.invented
        return 2 * self.hit / both if both else 1.0


def gold_triples(constraints: Mapping[str, str], domain: str | None = None) -> list[Triple]:
    """A Beijing row's constraints -> triples. Raises KeyError for a field that FIELDS does not know."""
    triples: list[Triple] = [("category", "eq", DOMAINS[domain], 1)] if domain else []
    for name, value in constraints.items():
        slot = FIELDS[name]
        if slot in ("price", "rating"):
            triples.append((slot, *_range(value), 1))
        elif slot == "duration":
            triples.append((slot, *_stay(value), 1))
        else:
            values = [value] if slot in ("name", "hotel_class") else value.split()
            op = {"name": "eq", "hotel_class": "eq", "place.named": "near"}.get(slot, "has")
            triples += [(slot, op, value_of(slot, v, load()), 1) for v in values]
    return triples


def intent_triples(intent: Intent) -> list[Triple]:
    """What was read, in the slots that are scored; what was only implied by something else is no reading."""
    return [
        (c.slot, c.op, value_of(c.slot, c.value, load()), c.polarity)
        for c in intent.constraints
        if c.slot in SCORED and "implied_by" not in (c.assume or {})
    ]


def compare(pairs: Iterable[tuple[Sequence[Triple], Sequence[Triple]]]) -> Score:
    """(gold, read) of every query -> counts, overall and by slot."""
    total = Score()
    for gold, read in pairs:
        meant, said = Counter(gold), Counter(read)
        for name, counts in (("hit", meant & said), ("missed", meant - said), ("invented", said - meant)):
            for triple, count in counts.items():
                for score in (total, total.by_slot.setdefault(triple[0], Score())):
                    setattr(score, name, getattr(score, name) + count)
    return total


def accuracy(gold: Sequence[str], read: Sequence[str]) -> float:
    """Share of queries whose intent (or hardness, or any label) is as meant."""
    return sum(g == r for g, r in zip(gold, read, strict=True)) / len(gold) if gold else 1.0


def _range(value: str) -> tuple[str, str]:
    if value == "免费":
        return "eq", "0"
    numbers = [float(n) for n in _NUMBER.findall(value)]
    if len(numbers) == 2:
        return "between", value_of("", numbers, load())
    op = "gte" if value.endswith("以上") else "lte" if value.endswith("以下") else "eq"
    return op, value_of("", numbers[0], load())


def _stay(value: str) -> tuple[str, str]:
    parts = [part.strip() for part in value.split(" - ")]
    minutes = [float(_NUMBER.findall(p)[0]) * next(m for u, m in _MINUTES.items() if u in p) for p in parts]
    return ("between", value_of("", minutes, load())) if len(minutes) == 2 else ("eq", value_of("", minutes[0], load()))


def value_of(slot: str, value: Any, lexicon: Lexicon) -> str:
    """One spelling for each meaning: numbers to six digits, words by lexicon id where there is one, else folded."""
    if isinstance(value, bool | int | float):
        return f"{float(value):.6g}"
    if isinstance(value, list):
        return "|".join(value_of(slot, v, lexicon) for v in value)
    if isinstance(value, dict) and len(each(value)) > 1:
        return "|".join(value_of(slot, region, lexicon) for region in each(value))
    if isinstance(value, dict):
        return value_of(slot, value.get("name") or value.get("open") or "", lexicon)
    plain = fold(str(value)).text.strip()
    if slot in ("amenity", "hotel_class", "category"):
        return lexicon.normalise(slot, plain) or plain
    return plain
