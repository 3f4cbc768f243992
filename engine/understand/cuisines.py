"""Whose kitchen is it? "意大利餐厅", "法国馆子": a country before a restaurant, as in the cuisine's own name."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from engine.understand.glossary import glossary
from engine.understand.lexicon import Lexicon
from engine.understand.patterns import Lazy, Pattern, gated
from engine.understand.pieces import Piece, Reading

_DISHES: Final = Lazy(r"^([一-鿿]{2,4})(?:菜|料理|餐)$")
_EATERY: Final = r"(?=(?:风味的?|特色)?(?:餐厅|餐馆|饭店|饭馆|馆子|小馆|菜馆|酒馆|美食|料理|小吃|烤肉))"
GATE: Final = gated(_EATERY).bit


def cuisines(reading: Reading) -> list[Piece]:
    """Cuisine pieces of country names before a restaurant; cities and provinces are places, not kitchens."""
    countries, pattern = _countries(reading.lexicon)
    return [
        Piece(m.start(), m.end(), "cuisine", "has", countries[m[0]], confidence=0.9, rule=f"lexicon.{countries[m[0]]}")
        for m in pattern.finditer(reading.text)
    ]


@lru_cache(maxsize=1)
def _countries(lexicon: Lexicon) -> tuple[Mapping[str, str], Pattern]:
    known = {
        stem[1]: entry.id
        for entry in lexicon.entries.values()
        if entry.slot == "cuisine"
        for word in entry.zh
        if (stem := _DISHES.match(word)) and not glossary().scan(stem[1]).regions
    }
    words = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    return known, gated(f"(?:{words}){_EATERY}")
