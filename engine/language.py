"""Which language is a text in? Decided by the share of Han characters; enough for zh, en and their mixture."""

import re
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["zh", "en", "mixed"]

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_LATIN = re.compile(r"[A-Za-z]+")


def language(text: str) -> Language:
    """zh when Han characters outnumber Latin words four to one, en when there are none, mixed between."""
    if text.isascii() or not _HAN.search(text):
        return "en"
    latin = len(_LATIN.findall(text))
    return "zh" if not latin or latin * 4 <= _han(text) else "mixed"


def main_language(text: str) -> Literal["zh", "en"]:
    """The language whose mean vector a text is centred by: zh as soon as Han characters carry most of it."""
    han, latin = _han(text), len(_LATIN.findall(text))
    return "zh" if han and han >= 2 * latin else "en"


def _han(text: str) -> int:
    """How many Han characters it has."""
    return sum(map(len, _HAN.findall(text)))
