"""How is the name of a Chinese division written: without its ending, in pinyin, and how clearly must it be meant?

The guard of a name says how much around it must speak for a place: "=" nothing, "~" a little ("静安" between spaces),
"!" clearly ("去河东", "in Reading").
"""

from collections.abc import Iterable
from typing import Final

ANYWHERE, LIGHTLY, CLEARLY = "=", "~", "!"
GUARDS: Final = (ANYWHERE, LIGHTLY, CLEARLY)
#: Chinese districts whose name without the ending means something else.
_WHOLE: Final = frozenset({"高新区", "光明区", "白云区", "上城区", "西湖区", "金山区", "青羊区", "金牛区"})
#: Names that no region is meant by: every town has one.
_NO_NAMES: Final = frozenset(
    {"郊区", "城区", "矿区", "市区", "城中", "城北", "城东", "城西", "城关", "市中", "新城", "新区", "老城"}
    | {"东区", "西区", "南区", "北区", "中区", "港区"}
)
_ENDINGS: Final = ("新区", "区", "县")


def short(zh: str) -> Iterable[str]:
    """ "海淀" for "海淀区"; nothing where that would be another word."""
    if zh in _WHOLE:
        return
    for ending in _ENDINGS:
        if zh.endswith(ending) and len(zh) - len(ending) >= 2:
            yield zh.removesuffix(ending)
            return


def english(pinyin: str) -> str:
    """ "xi an" -> "Xi'an"."""
    first, *rest = pinyin.split(" ")
    return (first + "".join(f"'{s}" if s[:1] in "aoe" else s for s in rest)).capitalize()


def spellings(zh: str, stem: str, pinyin: str, guard: str, known: bool) -> list[tuple[str, str]]:
    """The names of a division with their guards: in full, without the ending, in pinyin written together or apart."""
    if zh in _NO_NAMES or stem in _NO_NAMES:
        return [(zh, CLEARLY)] if zh not in _NO_NAMES else []
    full = stem + zh[len(stem) :]  # the stem is folded: 乾县 is scanned as 干县
    names = [(full, ANYWHERE)]
    if guard and stem != full and zh not in _WHOLE:
        names.append((stem, guard))
    joined = pinyin.replace(" ", "")
    latin = ANYWHERE if known and len(joined) > 6 else LIGHTLY
    names.append((joined, latin))
    if len(joined) != len(pinyin):
        names.append((pinyin, LIGHTLY if known else CLEARLY))
        if any(" " + vowel in pinyin for vowel in "aoe"):
            names.append((english(pinyin).lower(), latin))
    return names
