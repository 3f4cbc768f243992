"""Who did what with the sample? `python -m indexing.sample.generate_events`, after both halves have been generated.

People, pages and clicks are simulated from a seed; nobody is real. A page of ten is ordered by popularity with noise;
positions count from 1. A click needs the item examined (falling with its position) and liked (affinity, people.py):
P(click) = position^-0.7 * sigmoid(5 * affinity - 2.6). What follows a click grows with affinity.
"""

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from engine.types import Kind
from indexing.sample.files import load_tables
from indexing.sample.people import Person, Seen, affinity, people
from indexing.sample.product_banks import categories

Row = dict[str, Any]
SEED: Final = 411
END: Final = datetime(2026, 11, 22, tzinfo=UTC)
DAYS: Final = 90
SESSIONS: Final = 7
PAGE: Final = 10
BIAS: Final = 0.7
LEVELS: Final = {"poi": (40, 100, 250), "product": (80, 200, 600)}
#: After a click, on which kinds, and its chance for the highest affinity.
AFTER: Final = (("like", ("note", "poi", "product"), 0.4), ("save", ("note", "poi", "product"), 0.35),
                ("share", ("note",), 0.08), ("comment", ("note",), 0.06),
                ("purchase", ("product",), 0.25), ("book", ("poi",), 0.18))  # fmt: skip
PRODUCT_CATEGORIES: Final = frozenset(categories())
KIDS_WORDS: Final = ("娃", "孩子", "宝宝", "亲子", "kids", "toddler", "child", "kids_safe")
PETS_WORDS: Final = ("猫", "狗", "宠物", "dog", "cat ", "pet_hair", "pet_friendly")


def seen(kind: Kind, row: Row, homes: dict[str, Row]) -> Seen:
    """An item as people see it; a note stands in the category and city of the first item it links."""
    home = next((homes[i] for i in row.get("poi_ids") or row.get("product_ids") or [] if i in homes), row)
    price = row.get("price", row.get("price_per_person"))
    level = 0 if price is None else 1 + sum(price > edge for edge in LEVELS["product" if kind == "product" else "poi"])
    text = " ".join([row.get("title") or row.get("name") or "", row.get("body") or "", *(row.get("tags") or [])])
    traits = {name for name, words in (("kids", KIDS_WORDS), ("pets", PETS_WORDS)) if any(w in text for w in words)}
    pull = math.log1p(row.get("rating_count") or row.get("saves") or 0.0)
    category = row.get("category") or home.get("category") or ""
    return Seen(
        row["id"], kind, category, home.get("city") or "", row.get("lang") or "zh", level, pull, frozenset(traits)
    )


def catalogue() -> list[Seen]:
    """Every item of the sample."""
    tables = load_tables()
    homes = {row["id"]: row for kind in ("poi", "product") for row in tables[kind]}
    return [seen(kind, row, homes) for kind, rows in tables.items() for row in rows]


def page(who: Person, items: list[Seen], groups: dict[str, list[Seen]], rng: Random) -> list[Seen]:
    """What one query shows: seven of a category drawn by taste, in a city of theirs, the rest from anywhere, by pull.

    Half of the queries want a place; results come ordered by popularity with noise.
    """
    about_places = rng.random() < 0.5
    names = [name for name in groups if (name in PRODUCT_CATEGORIES) != about_places] or list(groups)
    wanted = rng.choices(names, [who.tastes.get(name, 0.05) ** 2 + 0.01 for name in names])[0]
    city = rng.choices([*who.cities, ""], [*who.cities.values(), 0.05])[0]
    near = [item for item in groups[wanted] if item.city in ("", city)] or groups[wanted]
    shown = rng.sample(near, min(7, len(near)))
    while len(shown) < PAGE:
        other = rng.choice(items)
        shown += [] if other in shown else [other]
    return sorted(shown, key=lambda item: -(item.pull + rng.gauss(0, 2)))


def reactions(who: Person, item: Seen, position: int, rng: Random) -> Iterator[str]:
    """What a person does with an item shown at a position."""
    liking = affinity(who, item)
    examined = rng.random() < position**-BIAS
    if examined and rng.random() < 1 / (1 + math.exp(2.6 - 5 * liking)):
        yield "click"
        for action, kinds, chance in AFTER:
            if item.kind in kinds and rng.random() < chance * liking:
                yield action
    elif examined and liking < 0.08 and rng.random() < 0.04:
        yield "hide"


def session(who: Person, name: str, items: list[Seen], groups: dict[str, list[Seen]], rng: Random) -> Iterator[Row]:
    """One to three pages within some minutes."""
    at = END - timedelta(days=rng.randint(1, DAYS)) + timedelta(hours=rng.randint(7, 22), seconds=rng.randrange(3600))
    for n in range(rng.randint(1, 3)):
        base = {"query_id": f"q-{name}-{n + 1}", "user_id": who.id, "session_id": f"s-{name}"}
        shown = page(who, items, groups, rng)
        for action, position, item, when in acts(who, shown, at, rng):
            stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ")
            yield base | {"action": action, "object_id": item.id, "position": position, "at": stamp}
        at += timedelta(seconds=rng.randint(120, 300))


def acts(who: Person, shown: list[Seen], at: datetime, rng: Random) -> Iterator[tuple[str, int, Seen, datetime]]:
    """The impressions of a page, then what followed, in time."""
    yield from (("impression", position, item, at) for position, item in enumerate(shown, 1))
    for position, item in enumerate(shown, 1):
        for action in reactions(who, item, position, rng):
            at += timedelta(seconds=rng.randint(2, 9))
            yield action, position, item, at


def build(seed: int = SEED) -> dict[str, list[Row]]:
    """users.jsonl, truth/users_truth.jsonl and events.jsonl."""
    rng = Random(seed)
    items = catalogue()
    places = {item.category for item in items if item.kind == "poi" and item.category}
    persons = people(rng, places, {item.city for item in items if item.city})
    groups: dict[str, list[Seen]] = {}
    for item in items:
        if item.category:
            groups.setdefault(item.category, []).append(item)
    rows = [
        row for who in persons for n in range(SESSIONS) for row in session(who, f"{who.id}-{n + 1}", items, groups, rng)
    ]
    return {
        "users.jsonl": [who.shown() for who in persons],
        "truth/users_truth.jsonl": [who.truth() for who in persons],
        "events.jsonl": sorted(rows, key=lambda row: row["at"]),
    }


if __name__ == "__main__":
    folder = Path(__file__).parent
    for name, rows in build().items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / name).write_text(lines, "utf-8")
