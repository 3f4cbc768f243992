"""Does an item of the sample keep one condition of a query? Judged on the truth, apart from the engine.

A condition is written `field op value`: `c=cafe,bar`, `has=lawn`, `no=long_queue`, `city=杭州`, `price<=50`,
`price=20..50`, `open=SA+SU`, `open=SU@540`, `open=late`, `km<=3`; a `?` after the field makes it soft.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import opening_hours

from indexing.sample.world import anchors, km_between

NO, ALMOST, YES = 0, 1, 2
_FORM: Final = re.compile(r"\s*([a-z]+)(\??)(<=|>=|=)(.+?)\s*$")
_DAY: Final = {"MO": 23, "TU": 24, "WE": 25, "TH": 26, "FR": 27, "SA": 28, "SU": 29}  # of November 2026
_SLOT: Final = {
    "c": "category", "city": "place.admin", "district": "place.admin", "area": "place.named", "zone": "place.zone",
    "km": "distance", "price": "price", "rating": "rating", "open": "time.open", "cuisine": "cuisine", "dish": "dish",
    "brand": "brand", "spec": "attr.size", "trust": "trust", "since": "recency", "says": "amenity", "lang": "language",
    "hotel": "hotel_class", "metro": "place.transit", "named": "name",
}  # fmt: skip
_OF: Final = {
    "audience": "family_with_kids no_kids dog_friendly group kids_safe pregnancy_safe",
    "ambience": "quiet photogenic low_crowd long_queue good_service good_value romantic view",
    "diet": "vegetarian",
    "weather": "indoor",
    "attr.skin": "oily_skin dry_skin sensitive_skin acne_prone oily_scalp dry_hair",
    "ingredient": "alcohol_free fragrance_free",
    "attr.home": "small_space",
    "level": "beginner_friendly",
}
_ATTRIBUTE_SLOT: Final = {name: slot for slot, names in _OF.items() for name in names.split()}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a query."""

    name: str
    op: str
    value: str
    soft: bool

    def out(self) -> dict[str, Any]:
        """The form of the query files."""
        slot = _SLOT.get(self.name) or _ATTRIBUTE_SLOT.get(self.value, "amenity")
        op = {"<=": "lte", ">=": "gte"}.get(self.op, "has" if self.name in ("has", "no", "says") else "eq")
        return {
            "slot": slot,
            "op": op,
            "value": self.value,
            "polarity": -1 if self.name == "no" else 1,
            "hardness": "soft" if self.soft else "hard",
        }


@dataclass(frozen=True, slots=True)
class Subject:
    """An item, what is true of it now, which of that no text says, and its distance from the centre in km."""

    row: dict[str, Any]
    true: dict[str, bool]
    silent: frozenset[str]
    km: float | None

    @staticmethod
    def of(row: dict[str, Any], world: dict[str, Any], said: set[tuple[str, int]]) -> "Subject":
        """A place or a product: an attribute is silent when neither a note nor the item's own data states it."""
        true, silent = {}, set()
        listed = {*(row.get("tags") or []), *(row.get("amenities") or [])}
        for a in world["attributes"]:
            if a["since"] is None and a["until"] is not None and world["id"].startswith("p-"):
                continue  # what used to be; the entry of today stands beside it
            over = a["until"] is not None and a["until"] <= "2026-11-22"
            true[a["id"]] = (a["polarity"] > 0) != over
            shown = a.get("shown", a["id"] in listed or (a["id"], a["polarity"]) in said)
            silent |= set() if shown else {a["id"]}
        return Subject(row, true, frozenset(silent), world.get("km_from_center"))


def parsed(text: str) -> Condition:
    """A condition from its written form."""
    found = _FORM.match(text)
    if found is None:
        raise ValueError(f"not a condition: {text!r}; write field[?] op value, such as price?<=50")
    name, soft, op, value = found.groups()
    return Condition(name, op, value, bool(soft))


def judge(c: Condition, s: Subject, near: dict[str, float] | None) -> int:
    """YES, ALMOST (or unknown) or NO."""
    row = s.row
    if c.name in ("has", "no", "says"):
        return _attribute(c, s)
    if c.name in ("price", "rating"):
        value = row.get("price_per_person", row.get("price")) if c.name == "price" else row.get("rating")
        euro = "EUR" in c.value
        if c.name == "price" and (row.get("currency") == "EUR") != euro and c.value != "0":
            return NO
        return _number(c.op, c.value.removesuffix("EUR"), value)
    if c.name in ("km", "area", "zone"):
        return _where(c, s, near)
    if c.name == "open":
        return _open(c.value, row["opening_hours"], row["tz"])
    return _named(c, row)


def _attribute(c: Condition, s: Subject) -> int:
    wanted = c.name != "no"
    if c.value not in s.true:
        return NO if wanted else YES
    if s.true[c.value] != wanted:
        return NO
    return ALMOST if wanted and c.value in s.silent else YES


def _number(op: str, value: str, got: float | None) -> int:
    if got is None:
        return NO
    low, high = (float(x) for x in (value.split("..") if ".." in value else [value, value]))
    if op == "<=":
        return YES if got <= high else ALMOST if got <= high * 1.1 else NO
    if op == ">=":
        return YES if got >= low else ALMOST if got >= low - 0.1 else NO
    return YES if low <= got <= high else ALMOST if low * 0.9 <= got <= high * 1.1 else NO


def _where(c: Condition, s: Subject, near: dict[str, float] | None) -> int:
    if c.name == "zone":
        if s.km is None:
            return NO
        low, high, slack = (0, 5, 1) if c.value == "center" else (10, 40, 2)
        return YES if low <= s.km <= high else ALMOST if low - slack <= s.km <= high + slack else NO
    limit = 2.0 if c.name == "area" else float(c.value)
    if c.name == "area":
        spot = next(a for a in anchors().values() if a.area == c.value)
        near = {"lat": spot.lat, "lon": spot.lon}
    if near is None or s.row.get("lat") is None:
        return NO
    km = km_between(near["lat"], near["lon"], s.row["lat"], s.row["lon"])
    return YES if km <= limit else ALMOST if km <= limit * 1.3 else NO


@cache
def _open(value: str, hours: str, tz: str) -> int:
    """Open at the times asked; a list of days asks for some hour of each."""
    table = opening_hours.OpeningHours(hours)
    if value == "24_7":
        return YES if hours == "24/7" else NO
    if value == "now":
        moment = datetime(2026, 11, 22, 2, 0, tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(tz)).replace(tzinfo=None)
        return YES if table.is_open(moment) else NO
    if value == "late":
        return YES if table.is_open(datetime(2026, 11, 28, 1, 0)) else NO
    if "@" in value:
        day, minute = value.split("@")
        at = datetime(2026, 11, _DAY[day], int(minute) // 60, int(minute) % 60)
        return YES if table.is_open(at) else NO
    days = [_DAY[d] for d in value.split("+")]
    return YES if all(any(table.is_open(datetime(2026, 11, d, h, 30)) for h in range(24)) for d in days) else NO


def _named(c: Condition, row: dict[str, Any]) -> int:
    """A field that must be (or contain) one of the names."""
    values = c.value.split(",")
    field = {"c": "category", "cuisine": "cuisines", "dish": "dishes", "hotel": "hotel_class", "named": "name"}.get(
        c.name, c.name
    )
    if c.name == "since":
        return YES if row["published_at"][:10] >= c.value else NO
    if c.name == "spec":
        text = " ".join([row.get("title", ""), *(row.get("attributes") or {}).values()])
        return YES if any(v in text for v in values) else NO
    got = row.get(field)
    if isinstance(got, list):
        return YES if any(v in x for v in values for x in got) else NO
    return YES if got in values else NO
