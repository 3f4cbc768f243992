"""How are the sample's places made: the invented ones from names, cuisines and chances, the flagship's by hand?"""

import random
import re
from typing import Any

from indexing.sample.world import (
    Anchor,
    Spot,
    Truth,
    anchors,
    base_row,
    describe,
    drawn,
    kinds,
    km_between,
    stated,
    toml,
)

#: What a merchant bothers to list, and how: attributes that notes speak of seldom stand here.
LISTED = {
    "wifi": ("WiFi", "wifi"),
    "parking": ("停车场", "parking"),
    "outdoor_seating": ("户外座位", "outdoor seating"),
    "wheelchair": ("无障碍通道", "wheelchair access"),
    "high_chair": ("儿童椅", "high chairs"),
    "nursing_room": ("母婴室", "nursing room"),
}
DENIED = {"dog_friendly": ("宠物", "dogs"), "parking": ("停车场", "parking")}


def all_spots(seed: int) -> list[Spot]:
    """Every place, ordered by city; ids are shuffled so that they tell nothing."""
    spots: list[Spot] = []
    for city in toml("world")["cities"]:
        rng = random.Random(f"{seed}:places:{city}")
        mine = [*_by_hand(city, rng), *_invented(city, seed, rng)]
        rng.shuffle(mine)
        for number, spot in enumerate(mine, 1):
            spot.row["id"] = f"p-{city}-{number:03d}"
        spots += mine
    return spots


def _invented(city: str, seed: int, rng: random.Random) -> list[Spot]:
    quarters = [a for a in anchors().values() if a.city == city]
    names = _names(city, seed)
    spots = []
    for category, count in kinds(city):
        for number in range(count):
            anchor = rng.choice(quarters)
            cuisine, spec = _cuisine(city, number, rng) if category == "restaurant" else ("", {})
            row = base_row(anchor, category, _name(city, category, number, names, spec, rng), rng)
            truth = drawn(category, anchor.km >= 10, rng)
            _facts(row, category, cuisine, spec, rng)
            _agree(truth, row)
            spots.append(_finished(row, truth, rng))
    return spots


def _names(city: str, seed: int) -> list[str]:
    """The stems of one Chinese city: no stem serves two places of a city; cities share few."""
    stems: list[str] = toml("names")["stems"].split()
    random.Random(f"{seed}:names").shuffle(stems)
    at = ("hz", "cd", "sh", "mu").index(city) * 105 % len(stems)
    return stems[at:] + stems[:at]


def _name(city: str, category: str, number: int, stems: list[str], spec: dict[str, Any], rng: random.Random) -> str:
    if city == "mu":
        return str(toml("names")["german"][category][number])
    suffixes = spec.get("suffix") or toml("names")["suffix"][category]
    return stems.pop(0) + str(rng.choice(suffixes))


def _cuisine(city: str, number: int, rng: random.Random) -> tuple[str, dict[str, Any]]:
    cuisines = toml("cuisines")
    if city == "mu":
        return next((k, v) for k, v in cuisines["de"].items() if number in v["places"])
    bag = [k for k, v in cuisines["zh"].items() for c in v["cities"].split() if c == city]
    cuisine = sorted(set(bag))[number] if number < len(set(bag)) else rng.choice(bag)
    return cuisine, cuisines["zh"][cuisine]


def _facts(row: dict[str, Any], category: str, cuisine: str, spec: dict[str, Any], rng: random.Random) -> None:
    """Price, rating, hours, dishes."""
    world = toml("world")[category]
    low, high = world["euro" if row["currency"] == "EUR" else "price"]
    price = low + (high - low) * rng.random() ** 1.7
    free = category in ("museum", "attraction", "playground") and rng.random() < 0.35
    row["price_per_person"] = 0.0 if free or high == 0 else float(round(price))
    row["rating"] = round(min(4.9, max(3.2, rng.gauss(4.35, 0.3))), 1)
    row["opening_hours"] = rng.choice(world["hours"])
    menu = spec.get("dishes") or toml("cuisines").get(f"{row['lang']}_{category}", {}).get("dishes")
    if menu:
        row["dishes"] = rng.sample(menu, 3)
    if cuisine:
        row["cuisines"] = [cuisine]
    if category == "hotel":
        row["hotel_class"] = _hotel_class(row["price_per_person"], row["currency"])


def _agree(truth: dict[str, Truth], row: dict[str, Any]) -> None:
    """What hours and cuisine decide is not left to chance."""
    if "late_night" in truth:
        hours = row["opening_hours"]
        closing = max(re.findall(r"-(\d\d:\d\d)", hours), default="")
        late = hours == "24/7" or re.search(r"-0[123]:00", hours) is not None
        if not late and (closing > "21:00" or "-00:00" in hours):
            del truth["late_night"]
        else:
            truth["late_night"] = Truth(late)
    if {"vegetarian", "vegan"} & set(row.get("cuisines") or []):
        truth["vegetarian"] = Truth(True)


def _hotel_class(price: float, currency: str) -> str:
    low, mid, high = (100, 150, 220) if currency == "EUR" else (350, 550, 900)
    return ("economy_hotel", "comfort_hotel", "upscale_hotel", "luxury_hotel")[
        sum(price >= x for x in (low, mid, high))
    ]


def _finished(row: dict[str, Any], truth: dict[str, Any], rng: random.Random) -> Spot:
    """The place with what its merchant lists (a quarter of what is true), tags and body."""
    english = row["lang"] == "en"
    city = toml("world")["cities"]
    center = next(c for c in city.values() if c["name"] == row["city"])
    spot = Spot(row, truth, km_between(center["lat"], center["lon"], row["lat"], row["lon"]))
    listed = [a for a in LISTED if a in truth and truth[a].value and rng.random() < 0.28]
    denied = [a for a in DENIED if a in truth and not truth[a].value and rng.random() < 0.06]
    row["amenities"] = [LISTED[a][english] for a in listed]
    row["no_amenities"] = [DENIED[a][english] for a in denied]
    spot.shown.update(listed, denied)
    row["tags"] = [row["area"]] if rng.random() < 0.4 else []
    row["body"] = describe(row, rng)
    return spot


def _by_hand(city: str, rng: random.Random) -> list[Spot]:
    """The flagship's places of a city, from banks/flagship_places.toml."""
    spots = []
    for key, spec in toml("flagship_places").items():
        anchor: Anchor = anchors()[spec["anchor"]]
        if anchor.city != city:
            continue
        row = base_row(anchor, spec["category"], spec["name"], rng)
        row |= {"price_per_person": float(spec["price"]), "rating": spec["rating"], "opening_hours": spec["hours"]}
        if spec["dishes"]:
            row["dishes"] = spec["dishes"]
        spot = _finished(row, stated(spec["attrs"]), rng)
        row["amenities"] = spec["amenities"]
        row["no_amenities"] = []
        spot.role, spot.key, spot.shown = spec["role"], key, set()
        spots.append(spot)
    return spots
