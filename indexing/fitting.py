"""Can a product of this kind be so? What a note says of softness is not about the lamp it is about."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
import pyarrow as pa

from engine.types import KINDS
from engine.understand.lexicon import load

_PRODUCT: Final = KINDS.index("product")


def fitting(spoken: pa.Table, mentions: pa.Table, categories: Sequence[str | None]) -> pa.Table:
    """WITNESSES without those that give a product what its kind cannot have.

    `mentions`: the table that the witnesses speak of; `categories`: of each product row, as its source spells it.
    """
    kind, item, mention = (spoken.column(c).to_numpy() for c in ("kind", "item", "mention"))
    of_products = kind == _PRODUCT
    if not of_products.any():
        return spoken
    names, attribute = _codes(mentions.column("attribute").to_pylist())
    kinds, category = _codes([c or "" for c in categories])
    table = np.array([[fits(name, _node(raw)) for raw in kinds] for name in names], bool).reshape(len(names), -1)
    keep = np.ones(len(kind), bool)
    keep[of_products] = table[attribute[mention[of_products]], category[item[of_products]]]
    return spoken.filter(pa.array(keep))


def fits(attribute: str, category: str | None) -> bool:
    """May a product of a category of the lexicon (None: unknown) have the attribute?"""
    wanted = _fits().get(attribute)
    if wanted is None or category is None:
        return True
    return next((wanted[node] for node in (category, *load().ancestors(category)) if node in wanted), False)


@lru_cache(maxsize=8192)
def _node(raw: str) -> str | None:
    found = load().category(raw) if raw else None
    return found if found and "product" in (load().categories[found].kinds or ("product",)) else None


@lru_cache(maxsize=1)
def _fits() -> Mapping[str, Mapping[str, bool]]:
    """attribute -> category -> True (fits) or False (taken away); the nearest of a product's categories decides."""
    data: dict[str, dict[str, list[str]]] = tomllib.loads((files(__package__) / "fitting.toml").read_text("utf-8"))
    return {name: dict(_spread(listed, data["groups"])) for name, listed in data["fits"].items()}


def _spread(listed: Iterable[str], groups: Mapping[str, Sequence[str]], good: bool = True) -> list[tuple[str, bool]]:
    """Groups become their categories; what comes later in the list decides."""
    found: list[tuple[str, bool]] = []
    for word in listed:
        name, sign = word.lstrip("-"), good != word.startswith("-")
        found += _spread(groups[name], groups, sign) if name in groups else [(name, sign)]
    return found


def _codes(values: Sequence[str]) -> tuple[list[str], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """The distinct values, and of each value its place among them."""
    numbers = {value: n for n, value in enumerate(dict.fromkeys(values))}
    return list(numbers), np.array([numbers[v] for v in values], np.int64)
