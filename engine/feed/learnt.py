"""What else does behaviour say of a person? Children, pets, diets, cities, prices; each can be taken away."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.feed.placed import Placed
from engine.feed.settings import read, settings
from engine.feed.standing import standing
from engine.ports import Index
from engine.types import F32, KINDS, Constraint, Kind, Mask, Verdict
from engine.understand.gazetteer import gazetteer
from engine.vocabulary import APPLIES

#: Items of a kind by which it is judged how common an attribute is anyway.
SAMPLE = 256
#: (snapshot, tenant, slot, values) -> the share of its items; so many are kept.
_COMMON: dict[tuple[str, str, str, tuple[str, ...]], float] = {}
MOST_KEPT = 512


@dataclass(frozen=True, slots=True)
class Learnt:
    """One thing that a person's deeds say of them."""

    key: str  # kids | pets | vegan | city:杭州 | price
    words: Mapping[str, str]
    share: float  # of what they like, how much has it
    items: int
    value: Any = None  # a city's name, a price level


def learn(items: Placed, gains: F32, removed: frozenset[str]) -> tuple[Learnt, ...]:
    """All that a person's liked items say, without what they took away. gains: (len(items),), above 0."""
    if not len(items):
        return ()
    found = [*_attributes(items, gains), *_cities(items, gains), *_price(items, gains)]
    return tuple(one for one in found if one.key not in removed)


def weather(said: str) -> tuple[Learnt, ...]:
    """What a request says of the weather, as if it were learnt: cards that suit it are worth more, and say so."""
    if not said:
        return ()
    words = read("weather.toml")[said]
    return (Learnt("weather", {"zh": words["zh"], "en": words["en"]}, 1.0, 0, said),)


def constraint_of(slot: str, values: list[str]) -> Constraint:
    """What an item keeps that has an attribute."""
    return Constraint(slot, "in", values, hardness="soft")


def has(index: Index, tenant: str, kind: Kind, rows: Any, slot: str, values: list[str]) -> Mask:
    """Which rows have an attribute."""
    if kind not in APPLIES[slot]:
        return np.zeros(len(rows), np.bool_)
    verdicts = index.judge(tenant, kind, constraint_of(slot, values), rows).verdict
    return np.asarray(verdicts >= Verdict.LIKELY, np.bool_)


def _attributes(items: Placed, gains: F32) -> list[Learnt]:
    least, found, having = settings("attributes"), list[Learnt](), _having(items)
    for (key, said), kept in zip(read("attributes.toml").items(), having, strict=True):
        share = float(gains[kept].sum() / gains.sum())
        if kept.sum() < least["items"] or share < least["share"]:
            continue
        if share >= least["lift"] * _common(items.index, items.tenant, said["slot"], tuple(said["values"])):
            found.append(Learnt(key, {"zh": said["zh"], "en": said["en"]}, share, int(kept.sum())))
    return found


def _having(items: Placed) -> Mask:
    """-> (attributes, len(items)): who has what. An item is judged once for each state of the index."""
    known, said = standing(items.index, items.tenant).judged, list(read("attributes.toml").values())
    for kind, where, rows in items.by_kind:
        new = np.array([at for at, row in zip(where, rows.tolist(), strict=True) if (kind, row) not in known], np.int64)
        mine = items.row[new]
        if not len(new):
            continue
        held = [has(items.index, items.tenant, kind, mine, one["slot"], one["values"]).tolist() for one in said]
        known.update(((kind, row), tuple(judged)) for row, *judged in zip(mine.tolist(), *held, strict=True))
    places = zip(items.kind.tolist(), items.row.tolist(), strict=True)
    return np.array([known[KINDS[code], row] for code, row in places], np.bool_).T


def _common(index: Index, tenant: str, slot: str, values: tuple[str, ...]) -> float:
    """The share of all items that have an attribute, by a sample; asked once for each snapshot."""
    key = (index.version, tenant, slot, values)
    if (known := _COMMON.get(key)) is not None:
        return known
    having = judged = 0
    for kind in KINDS:
        count = index.count(tenant, kind)
        if count and kind in APPLIES[slot]:
            rows = np.unique(np.linspace(0, count - 1, SAMPLE).astype(np.int64))
            having += int(has(index, tenant, kind, rows, slot, list(values)).sum())
            judged += len(rows)
    if len(_COMMON) >= MOST_KEPT:
        _COMMON.clear()
    _COMMON[key] = having / judged if judged else 0.0
    return _COMMON[key]


def _cities(items: Placed, gains: F32) -> list[Learnt]:
    """The cities of what they like, if those who have one lie mostly in a few."""
    least, shares, counts = settings("attributes"), defaultdict[str, float](float), defaultdict[str, int](int)
    for city, gain in zip(items.texts("city"), gains.tolist(), strict=True):
        if city:
            shares[city] += gain
            counts[city] += 1
    total = sum(shares.values())
    best = sorted(shares, key=lambda city: -shares[city])[: least["most_cities"]]
    return [
        Learnt(f"city:{city}", called(city), shares[city] / total, counts[city], city)
        for city in best
        if counts[city] >= least["items"] and shares[city] >= least["share"] * total
    ]


def called(city: str) -> Mapping[str, str]:
    """A city's name in both languages, where they are known."""
    region = gazetteer().city(city)
    return {"zh": city, "en": city} if region is None else {"zh": region.zh, "en": region.en}


def _price(items: Placed, gains: F32) -> list[Learnt]:
    """The price level (1 to 4) that they usually choose."""
    levels = items.numbers(("price_level",))[:, 0]
    known = np.isfinite(levels)
    if known.sum() < settings("attributes")["items"]:
        return []
    level = float(np.average(levels[known], weights=gains[known]))
    signs = "¥" * max(1, round(level))
    return [Learnt("price", {"zh": f"价位 {signs}", "en": f"price level {signs}"}, 1.0, int(known.sum()), level)]
