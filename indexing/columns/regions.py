"""Do two names mean the same city, district or area? "西湖" and "西湖区", "Hangzhou" and "杭州"."""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Final

from engine.understand.gazetteer import gazetteer
from indexing.columns.values import key

_SUFFIX: Final = re.compile(
    r"(?<=..)(?:特别行政区|自治区|自治州|新区|城区|地区|街道|商圈|省|市|区|县|镇|乡)$"
    r"|(?:\s|-)+(?:district|city|province|county|municipality|town|area)$"
)


def plain(name: str) -> str:
    """The folded name without what only says its level: "朝阳区" -> "朝阳", "Chaoyang District" -> "chaoyang"."""
    return _SUFFIX.sub("", key(name)).replace("'", "").replace("-", "")


@cache
def _known() -> Mapping[str, frozenset[str]]:
    """Plain name -> the plain names of every region of the gazetteer that is called so."""
    found: dict[str, frozenset[str]] = {}
    for region in gazetteer().regions.values():
        names = frozenset(plain(n) for n in (region.zh, region.en, *region.names))
        for name in names:
            found[name] = found.get(name, frozenset()) | names
    return found


@lru_cache(maxsize=65_536)
def forms(name: str) -> frozenset[str]:
    """All plain names of a region, in both languages where the gazetteer knows it."""
    own = plain(name)
    return _known().get(own, frozenset()) | {own}


def same_region(name: str) -> Callable[[str], bool]:
    """-> a test: does a value name the same region?"""
    wanted = forms(name)
    return lambda value: not wanted.isdisjoint(forms(value))
