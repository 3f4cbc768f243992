"""Which places does the sample's world hold, and what is true of each of them?"""

import math
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from indexing.sample.authors import BANKS
from indexing.sample.bank import load, render

TODAY: Final = date(2026, 11, 22)
_ATTR: Final = re.compile(r"([a-z_]+)(!?)(\.\d+)")
#: What some places had and gave up, with the chance that one without it did.
_ENDS: Final = {"live_music": 0.25, "outdoor_seating": 0.09, "dog_friendly": 0.08}
_STATED: Final = re.compile(r"([a-z_]+)([+~-])(\d{4}-\d\d-\d\d)?$")


@dataclass(slots=True)
class Truth:
    """One attribute of one place: the value now, since when, and until when the opposite held."""

    value: bool
    since: str | None = None  # ISO date the present value began; None = always

    def at(self, day: date) -> bool:
        """The value on a day of the past."""
        return self.value if self.since is None or day >= date.fromisoformat(self.since) else not self.value


@dataclass(slots=True)
class Spot:
    """A place: the row that goes to pois.jsonl, and what only the truth knows."""

    row: dict[str, Any]
    truth: dict[str, Truth]
    km: float
    role: str | None = None  # of the flagship query: answer | trap_*
    key: str = ""
    shown: set[str] = field(default_factory=set)  # attributes that a note or the merchant's data states

    @property
    def category(self) -> str:
        return str(self.row["category"])


@cache
def toml(name: str) -> dict[str, Any]:
    """banks/NAME.toml."""
    return tomllib.loads((BANKS / f"{name}.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Anchor:
    """A quarter of a city, around which places are scattered."""

    key: str
    district: str
    area: str
    lat: float
    lon: float
    metro: str
    km: float

    @property
    def city(self) -> str:
        return self.key[:2]


def km_between(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Great-circle kilometres (haversine, radius 6371)."""
    a, b = math.radians(lat), math.radians(lat2)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon) / 2) ** 2
    return 12742 * math.asin(math.sqrt(h))


@cache
def anchors() -> dict[str, Anchor]:
    """Key -> quarter, from banks/anchors.tsv."""
    found = {}
    for line in (BANKS / "anchors.tsv").read_text("utf-8").splitlines():
        key, district, area, lat, lon, metro = line.split("\t")
        city = toml("world")["cities"][key[:2]]
        km = km_between(city["lat"], city["lon"], float(lat), float(lon))
        found[key] = Anchor(key, district, area, float(lat), float(lon), metro, km)
    return found


def drawn(category: str, suburb: bool, rng: random.Random) -> dict[str, Truth]:
    """The truth of an invented place: each attribute by its chance, without impossible pairs."""
    truth: dict[str, Truth] = {}
    for attribute, leans, chance in _ATTR.findall(toml("world")[category]["attrs"]):
        factor = (1.6 if suburb else 0.5) if leans else 1.0
        truth[attribute] = Truth(rng.random() < float(chance) * factor)
    for pair in toml("world")["conflicts"]["world"]:
        (one, one_sign), (two, two_sign) = ((x[:-1], x[-1] == "+") for x in pair.split())
        if one in truth and two in truth and truth[one].value == one_sign and truth[two].value == two_sign:
            truth[two].value = not two_sign
    if "lawn" in truth and not truth["lawn"].value and rng.random() < 0.07:
        truth["lawn"].since = f"2025-{rng.randint(3, 10):02d}-01"
    _end(truth, random.Random(f"{category}:{sorted((k, t.value) for k, t in truth.items())}"))
    return truth


def _end(truth: dict[str, Truth], rng: random.Random) -> None:
    """Some places gave up what they had; a stream of its own, so that the rest of the world stays."""
    for attribute, chance in _ENDS.items():
        if attribute in truth and not truth[attribute].value and rng.random() < chance:
            truth[attribute].since = f"{rng.choice((2024, 2025, 2026))}-{rng.randint(1, 9):02d}-01"


def stated(text: str) -> dict[str, Truth]:
    """The truth of a place written by hand: "lawn~2025-09-20 parking+ wifi-"."""
    truth = {}
    for word in text.split():
        found = _STATED.match(word)
        if found is None:
            raise ValueError(f"not an attribute of banks/flagship_places.toml: {word}")
        attribute, sign, day = found.groups()
        truth[attribute] = Truth(sign == "+", day)
    return truth


def base_row(anchor: Anchor, category: str, name: str, rng: random.Random) -> dict[str, Any]:
    """The fields that every place has."""
    city = toml("world")["cities"][anchor.city]
    german = anchor.city == "mu"
    number = rng.randint(1, 188)
    street = rng.choice(_STREETS["mu" if german else "zh"])
    visit = toml("world")[category]["visit"]
    return {
        "name": name,
        "lang": "en" if german else "zh",
        "category": category,
        "lat": round(anchor.lat + rng.uniform(-0.007, 0.007), 5),
        "lon": round(anchor.lon + rng.uniform(-0.009, 0.009), 5),
        "city": city["name"],
        "district": anchor.district,
        "area": anchor.area,
        "address": f"{street} {number}, {anchor.area}" if german else f"{anchor.district}{street}{number}号",
        "metro": (anchor.metro or None) if rng.random() < 0.8 else None,
        "currency": city["currency"],
        "rating_count": float(int(math.exp(rng.gauss(5.2, 1.1)))),
        "tz": city["tz"],
        "visit_minutes": [float(x) for x in visit],
    }


_STREETS: Final = {
    "zh": [
        "香樟路",
        "河坊里",
        "青石巷",
        "文昌街",
        "望湖路",
        "学士里",
        "桑园路",
        "竹溪路",
        "永宁街",
        "染坊弄",
        "新塘路",
        "灯市巷",
    ],
    "mu": ["Lindenweg", "Mühlstraße", "Am Anger", "Kirchgasse", "Rosenstraße", "Schulweg", "Uferstraße", "Gartenweg"],
}


def describe(row: dict[str, Any], rng: random.Random) -> str:
    """The merchant's own line: what it serves and where, never an attribute."""
    facts = facts_of(row)
    lines = [x for x in load("bodies") if x.head == (row["lang"], row["category"]) and x.needs() <= facts.keys()]
    return render(rng.choice(lines).text, facts, rng) if lines else ""


def facts_of(row: dict[str, Any]) -> dict[str, str]:
    """What a sentence may take from a place; a fact the place lacks is not there."""
    facts = {"name": row["name"], "area": row["area"], "city": row["city"], "district": row["district"]}
    if row.get("price_per_person"):
        facts["price"] = f"{row['price_per_person']:.0f}"
    if row.get("metro"):
        facts["metro"] = row["metro"]
    for slot, dish in zip(("dish", "dish2", "dish3"), row.get("dishes") or [], strict=False):
        facts[slot] = dish
    return facts


def kinds(city: str) -> Iterator[tuple[str, int]]:
    """Category and how many of it the city has."""
    for category, spec in toml("world").items():
        if isinstance(spec, dict) and "count" in spec:
            yield category, spec["count"]
