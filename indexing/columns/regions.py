"""Do two names mean the same city, district or area? "西湖" and "西湖区", "Hangzhou" and "杭州"."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from engine.understand.countries import code_of
from engine.understand.gazetteer import gazetteer
from indexing.columns.values import key

_SUFFIX: Final = re.compile(
    r"(?<=..)(?:特别行政区|自治区|自治州|新区|城区|地区|街道|商圈|省|市|区|县|镇|乡)$"
    r"|(?:\s|-)+(?:district|city|province|county|municipality|town|area)$"
)
#: Put before the id of a region, which no name begins with.
_ID: Final = "\x00"


def plain(name: str) -> str:
    """The folded name without what only says its level: "朝阳区" -> "朝阳", "Chaoyang District" -> "chaoyang"."""
    return _SUFFIX.sub("", key(name)).replace("'", "").replace("-", "")


@lru_cache(maxsize=65_536)
def meanings(name: str) -> frozenset[str]:
    """The plain name and the regions of the gazetteer that are called so ("suzhou": 苏州 and 宿州)."""
    short = _SUFFIX.sub("", key(name))
    ids = {_ID + region.id for form in (key(name), short) for region in gazetteer().named(form)}
    return frozenset({plain(name), *ids})


def same_region(name: str) -> Callable[[str], bool]:
    """-> a test: does a value name the same region?"""
    wanted = meanings(name)
    return lambda value: not wanted.isdisjoint(meanings(value))


def inside(name: str) -> Callable[[str], bool]:
    """-> a test: does a value name a city of the province (or state) of this name?"""
    provinces = {region.zh for region in gazetteer().named(name) if region.level == "province"}
    return lambda value: any(r.province in provinces for r in gazetteer().named(value) if r.level == "city")


def in_country(name: str) -> Callable[[str], bool]:
    """-> a test: does a value name a city of the country of this name? Of cities of one name the best known counts."""
    code = code_of(name)
    return lambda value: code is not None and _country(value) == code


@lru_cache(maxsize=65_536)
def _country(city: str) -> str | None:
    found = gazetteer().city(city)
    return found.country if found else None
