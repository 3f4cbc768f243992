"""What does a facet offer? Values that some rows carry, each as the constraint that it would be, with its label."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from engine.types import Constraint
from engine.understand.gazetteer import gazetteer
from engine.vocabulary import FACETS, MINED
from indexing.columns.bits import Bits
from indexing.columns.data import Columns
from indexing.columns.regions import meanings
from indexing.columns.words import Naming

#: Of more rows than this so many are looked at, evenly spread; and of those that notes tell one attribute of.
SAMPLE: Final = 20_000
TOLD: Final = 500
#: Slots whose values may be what no lexicon knows: then they are shown as they are.
_OPEN: Final = frozenset({"category", "cuisine", "brand", "hotel_class", "trust"})
_STARS: Final = (4.5, 4.0, 3.5, 3.0)
_LEVELS: Final = (1, 2, 3, 4)
#: Prices are cut at round figures near these quantiles of all prices.
_QUANTILES: Final = (0.2, 0.4, 0.6, 0.8)


def choices(facet: str, parts: Sequence[tuple[Columns, Bits]], most: int, naming: Naming) -> list[Constraint]:
    """Of each part's columns and the rows of it that count: see engine.ports.Index.choices."""
    if facet == "price":
        return _prices(parts)
    if facet in ("rating", "price_level"):
        ranges = (
            [("gte", n, f"≥ {n:g}") for n in _STARS] if facet == "rating" else [("eq", n, "¥" * n) for n in _LEVELS]
        )
        return [Constraint(facet, op, value, label={"zh": said, "en": said}) for op, value, said in ranges]
    if facet in ("city", "district"):
        return _regions(facet, _counted(facet, parts, naming), most)
    return _named(FACETS[facet], _counted(facet, parts, naming), most, naming)


def _counted(facet: str, parts: Sequence[tuple[Columns, Bits]], naming: Naming) -> list[str]:
    """The words of the facet's column, the commonest first; of an attribute those that notes tell of as well."""
    counted: Counter[str] = Counter()
    for columns, among in parts:
        step = max(1, among.count // SAMPLE)
        tags = columns.tags["has" if facet in MINED else facet]
        counts = tags.counts(among.rows()[::step])
        for code in np.flatnonzero(counts).tolist():
            counted[tags.words[code]] += int(counts[code]) * step
        for name, claim in columns.mined.claims.items() if facet in MINED else ():
            if naming.direct(facet, name) == {name}:
                step = max(1, len(claim.rows) // TOLD)
                counted[name] += int(among.at(claim.rows[::step]).sum()) * step
    return [word for word, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])) if count]


def _named(slot: str, words: Iterable[str], most: int, naming: Naming) -> list[Constraint]:
    found: list[Constraint] = []
    for word in words:
        known = naming.direct(slot, word)
        foreign = not known and slot in _OPEN and not (slot == "category" and naming.nodes(word))
        if known == {word} or foreign:
            op = "has" if slot in MINED or slot == "cuisine" else "eq"
            found.append(Constraint(slot, op, word, label={lang: naming.label(word, lang) for lang in ("zh", "en")}))
        if len(found) == most:
            break
    return found


def _regions(level: str, words: Iterable[str], most: int) -> list[Constraint]:
    """One for each region, however many ways there are of writing it."""
    found: list[Constraint] = []
    taken: set[str] = set()
    for word in words:
        if not taken.isdisjoint(meanings(word)):
            continue
        taken |= meanings(word)
        region = next((r for r in gazetteer().named(word) if r.level == level), None)
        label = {"zh": region.zh or word, "en": region.en or word} if region else {"zh": word, "en": word}
        found.append(Constraint("place.admin", "in", {"level": level, "name": word}, label=label))
        if len(found) == most:
            break
    return found


def _prices(parts: Sequence[tuple[Columns, Bits]]) -> list[Constraint]:
    """From the lowest range to the highest; both ends belong to a range, as they do in the filter."""
    prices = max((columns.numbers["price"] for columns, _ in parts), key=len)
    order = max((columns.orders["price"].made[0] for columns, _ in parts), key=len)
    if not len(order):
        return []
    cuts = sorted({_round(float(prices[order[int(share * (len(order) - 1))]])) for share in _QUANTILES} - {0.0})
    if not cuts:
        return []
    inner = [_range("price", "between", [low, high], f"{low:g}–{high:g}") for low, high in pairwise(cuts)]
    cheapest, dearest = cuts[0], cuts[-1]
    return [
        _range("price", "lte", cheapest, f"≤ {cheapest:g}"),
        *inner,
        _range("price", "gte", dearest, f"≥ {dearest:g}"),
    ]


def _range(slot: str, op: str, value: Any, said: str) -> Constraint:
    return Constraint(slot, op, value, label={"zh": said, "en": said})


def _round(price: float) -> float:
    """The nearest of 1, 2, 5, 10, 20, 50, .."""
    if price <= 0:
        return 0.0
    ten = 10.0 ** np.floor(np.log10(price))
    return float(min((ten * n for n in (1, 2, 5, 10)), key=lambda figure: abs(figure - price)))
