"""How old are the people that a text speaks of? "3岁宝宝", "for a 3-year-old", "适合2-6岁"."""

from typing import Final

from engine.understand.numbers import number
from engine.understand.patterns import gated
from engine.understand.pieces import Piece, Reading

_N: Final = r"\d{1,2}|[一二两三四五六七八九十]{1,3}"
_AGE: Final = gated(
    rf"(?P<low>{_N}) ?岁?(?:(?:-|到|至)(?P<high>{_N}))?(?:周?岁)(?:的|左右)?(?:小?宝宝|孩子|小孩|小朋友|娃|儿童)?"
    r"|(?P<en_low>\d{1,2})(?: ?(?:-|to) ?(?P<en_high>\d{1,2}))?[ -]years?[ -]olds?"
)
GROWN_UP: Final = 15
OLD: Final = 60


def ages(reading: Reading) -> list[Piece]:
    """Children make a family, the old are seniors; between them an age says nothing."""
    pieces = []
    for match in _AGE.finditer(reading.text):
        low = number(match["low"] or match["en_low"])
        high = number(match["high"] or match["en_high"] or "") if match["high"] or match["en_high"] else low
        if low is None or high is None:
            continue
        who = "family_with_kids" if high < GROWN_UP else "seniors" if low >= OLD else None
        if who:
            assume = {"age": [int(low), int(high)]}
            pieces.append(
                Piece(match.start(), match.end(), "audience", "has", who, "soft", assume=assume, rule="ages", rank=2)
            )
    return pieces
