"""Does an item keep a constraint? Every rule of the brute-force fake, plain Python."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.types import Constraint, Verdict
from engine.understand.unions import each
from engine.vocabulary import LIKELY_AT, MET_AT, MINED
from tests.fakes.told import UNKNOWN, Item, Told, in_range, kilometres, moment, tags_of, told

RANGED = {"price": ("price_per_person", "price"), "rating": ("rating",), "popularity": ("popularity",)}
BEST = 0.82  # what merchant data alone is believed


@dataclass(frozen=True)
class Judging:
    """`mined`: (id, attribute) -> (probability, yes, no). `children`: category -> its descendants."""

    mined: Mapping[tuple[str, str], tuple[float, int, int]]
    children: Mapping[str, Sequence[str]]

    def judge(self, item: Item, c: Constraint) -> Told:
        if isinstance(c.value, Mapping) and "ref" in c.value:  # compared with a name of which nothing is known
            return UNKNOWN
        if c.slot in MINED or c.slot == "cuisine":
            return self._attribute(item, str(c.value.get("open") if isinstance(c.value, Mapping) else c.value))
        if c.slot in RANGED:
            value = next((item[f] for f in RANGED[c.slot] if item.get(f) is not None), None)
            return UNKNOWN if value is None else told(in_range(value, c.op, c.value))
        if c.slot == "dish":
            dishes = item.get("dishes")
            return told(all(any(w in d for d in dishes) for w in str(c.value).split())) if dishes else UNKNOWN
        if c.slot == "recency":
            at = item.get("published_at")
            return UNKNOWN if at is None else told(moment(at).date() >= date.fromisoformat(str(c.value)))
        return self._one_of(item, c)

    def _one_of(self, item: Item, c: Constraint) -> Told:
        wanted = list(c.value) if c.op == "in" and isinstance(c.value, list) else [c.value]
        if c.slot == "category":
            wanted += [child for w in wanted for child in self.children.get(w, ())]
            return UNKNOWN if not item.get("category") else told(item["category"] in wanted)
        if c.slot in ("brand", "name", "trust", "hotel_class"):
            own = item.get({"name": "name" if "name" in item else "title"}.get(c.slot, c.slot))
            return UNKNOWN if own is None else told(str(own).casefold() in [str(w).casefold() for w in wanted])
        return self._where(item, c)

    def _attribute(self, item: Item, wanted: str) -> Told:
        yes, no = wanted in tags_of(item), wanted in (item.get("no_amenities") or ())
        p, support, against = self.mined.get((str(item["id"]), wanted), (0.5, 0, 0))
        if not yes and not no and not support + against:
            return UNKNOWN
        odds = p / (1 - p) * (BEST / (1 - BEST) if yes else (1 - BEST) / BEST if no else 1)
        p = odds / (1 + odds)
        verdict = Verdict.MET if p >= MET_AT else Verdict.LIKELY if p >= LIKELY_AT else Verdict.UNKNOWN
        return (Verdict.CONTRADICTED if p <= 1 - MET_AT else verdict), p, support, against

    def _where(self, item: Item, c: Constraint) -> Told:
        assume = c.assume or {}
        if c.slot == "place.admin":
            own = [item.get(f) for f in ("province", "city", "district", "area") if item.get(f)]
            return told(any(region["name"] in own for region in each(c.value))) if own else UNKNOWN
        if c.slot == "place.zone":
            km, between = item.get("km_from_center"), assume.get("km_from_center")
            return UNKNOWN if km is None or not between else told(between[0] <= km <= between[1])
        at = c.value if c.slot == "place.named" else assume
        if c.slot not in ("distance", "place.named") or item.get("lat") is None or at.get("lat") is None:
            return UNKNOWN
        reach = c.value["km"] if c.slot == "place.named" else c.value
        return told(kilometres(item["lat"], item["lon"], at["lat"], at["lon"]) <= reach)
