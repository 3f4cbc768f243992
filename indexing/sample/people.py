"""Who are the simulated people, and how much does each care for an item?"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from indexing.sample.product_banks import categories

Row = dict[str, Any]
PEOPLE: Final = 64
#: What a kind of person leans to: product domains with a weight, chance of kids and of pets, price level 1..4.
LEANINGS: Final[tuple[tuple[dict[str, float], float, float, int], ...]] = (
    ({"beauty": 0.9, "travel": 0.6}, 0.0, 0.2, 2),
    ({"baby": 1.0, "kitchen": 0.6, "home": 0.4}, 1.0, 0.1, 3),
    ({"outdoor": 1.0, "travel": 0.7, "digital": 0.3}, 0.2, 0.3, 3),
    ({"digital": 1.0, "men": 0.5}, 0.1, 0.1, 2),
    ({"seniors": 0.9, "kitchen": 0.5}, 0.0, 0.2, 2),
    ({"home": 0.9, "kitchen": 0.8}, 0.2, 0.6, 1),
    ({"men": 0.9, "outdoor": 0.5, "digital": 0.4}, 0.3, 0.1, 3),
    ({"travel": 0.9, "beauty": 0.5, "home": 0.3}, 0.0, 0.0, 4),
)
AGED_KIDS: Final = (0, 1, 2, 3, 3, 4, 5, 6, 8)


@dataclass(frozen=True, slots=True)
class Person:
    """One simulated person; `tastes`: category id -> weight in [0, 1], `cities`: city -> weight."""

    id: str
    language: str
    kids: tuple[int, ...]  # ages
    pets: tuple[str, ...]
    price_level: int
    tastes: dict[str, float]
    cities: dict[str, float]

    def shown(self) -> Row:
        """What the person declares: home city and two interests, never the weights."""
        best = sorted(self.tastes, key=lambda c: (-self.tastes[c], c))[:2]
        home = max(self.cities, key=lambda c: self.cities[c]) if self.cities else None
        return {"id": self.id, "language": self.language, "city": home, "kids": list(self.kids),
                "pets": list(self.pets), "price_level": self.price_level, "interests": best}  # fmt: skip

    def truth(self) -> Row:
        """Everything, weights included."""
        return self.shown() | {"tastes": self.tastes, "cities": self.cities}


def people(rng: Random, place_categories: Iterable[str], cities: Iterable[str]) -> list[Person]:
    """PEOPLE persons, each leaning to some product domains and to four kinds of place."""
    places, towns = sorted(place_categories), sorted(cities)
    return [person(f"u{n + 1:03d}", LEANINGS[n % len(LEANINGS)], places, towns, rng) for n in range(PEOPLE)]


def person(
    name: str, leaning: tuple[dict[str, float], float, float, int], places: list[str], towns: list[str], rng: Random
) -> Person:
    """One person drawn around a leaning."""
    domains, kids, pets, price = leaning
    tastes = {
        category: round(min(1.0, domains.get(str(node["domain"]), 0.08) * rng.uniform(0.4, 1.15)), 3)
        for category, node in categories().items()
    }
    loved = set(rng.sample(places, min(4, len(places))))
    tastes |= {c: round(rng.uniform(0.65, 1.0) if c in loved else rng.uniform(0.02, 0.25), 3) for c in places}
    home, *away = rng.sample(towns, min(2, len(towns))) if towns else [""]
    weights = {home: 1.0, **{town: 0.35 for town in away}} if home else {}
    ages = tuple(sorted(rng.sample(AGED_KIDS, rng.randint(1, 2)))) if rng.random() < kids else ()
    animals = (rng.choice(("cat", "dog")),) if rng.random() < pets else ()
    level = max(1, min(4, price + rng.choice((-1, 0, 0, 1))))
    return Person(name, "en" if rng.random() < 0.25 else "zh", ages, animals, level, tastes, weights)


def affinity(who: Person, item: "Seen") -> float:
    """How much a person cares for an item, in [0, 1]: taste of its category, its city, price, language, kids, pets."""
    value = who.tastes.get(item.category, 0.1)
    if item.city:
        value *= who.cities.get(item.city, 0.15)
    if item.level:
        value *= math.exp(-0.35 * abs(item.level - who.price_level))
    if item.lang != who.language:
        value *= 0.5 if who.language == "en" else 0.7
    if (who.kids and "kids" in item.traits) or (who.pets and "pets" in item.traits):
        value = min(1.0, value + 0.25)
    return value


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person sees of an item; `level`: price level 1..4, 0 unknown; `traits` among kids, pets."""

    id: str
    kind: str
    category: str
    city: str
    lang: str
    level: int
    pull: float  # how high a plain popularity order puts it
    traits: frozenset[str]
