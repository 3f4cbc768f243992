"""Which words go to the encoder, which to the word index, and which did nobody understand?"""

from collections.abc import Sequence
from typing import Final

from engine.understand.patterns import Lazy, gated
from engine.understand.pieces import NOTHING, Piece
from engine.understand.signals import fillers

#: Measured slots: numbers tell an encoder nothing.
_NUMERIC: Final = frozenset({"price", "rating", "duration", "distance", "travel_time", "party_size", "popularity"})
_FIELD_WORDS: Final = gated(
    r"(?:用户)?评分|门票(?:价格)?|票价|最?低?价格|价位|人均(?:消费|价格)?|游玩的?(?:时间|时长)|酒店类型"
    r"|提供|之间|左右|\b(?:rating|rated|ticket|price|fee|cost|per[- ]person|duration|points?|yuan)\b"
)
_FILLERS: Final = fillers(_FIELD_WORDS)
#: "不吵" asks for quiet, but an encoder reads "吵".
_DENIALS: Final = ("不", "没", "no ", "not ", "non ", "without ", "never ")
#: Rules whose words only point at something: they tell an encoder the wrong thing.
_ASIDES: Final = ("where", "comparatives")
_CHUNK: Final = Lazy(r"[^\s,。、;!?:()\"'·.\[\]【】…/|]+")
_LONE: Final = Lazy(r"^[在是要为有个家和与或能会去找我你他她它们就也都还再很太吧呢啊]+$|^\W+$|^[a-z]$")


def denies(text: str, pieces: Sequence[Piece]) -> bool:
    """Is anything refused, or asked for by denying something else ("not spicy")?"""
    return any(piece.polarity < 0 or text.startswith(_DENIALS, piece.start) for piece in pieces if piece.slot)


def split(text: str, pieces: Sequence[Piece], hidden: Sequence[tuple[int, int]]) -> tuple[str, str, str]:
    """-> (embed text, terms, residual), all folded. Negated pieces and `hidden` spans enter none of them."""
    owned, left = bytearray(len(text)), list(text)
    for start, end in hidden:
        left[start:end] = " " * (end - start)
    for piece in pieces:
        start, end, slot = piece.start, piece.end, piece.slot
        if start == end:  # implied
            continue
        owned[start:end] = b"\1" * (end - start)
        if (
            slot in _NUMERIC
            or piece.polarity < 0
            or (slot == NOTHING and piece.rule.startswith(_ASIDES))
            or text.startswith(_DENIALS, start)
        ):
            left[start:end] = " " * (end - start)
    for pattern in _FILLERS.able(text):
        for match in pattern.finditer(text):
            start, end = match.span()
            if owned.find(1, start, end) < 0:
                left[start:end] = " " * (end - start)
    return _join("".join(left), owned)


def _join(left: str, owned: bytearray) -> tuple[str, str, str]:
    """The words that are left; those with a character that somebody owns are known."""
    words: list[str] = []
    unknown: list[str] = []
    for chunk in _CHUNK.finditer(left):
        word = chunk[0]
        start, end = chunk.span()
        if owned.find(1, start, end) >= 0:
            words.append(word)
        elif not _LONE.match(word):
            words.append(word)
            unknown.append(word)
    embedded = " ".join(words)
    return embedded, embedded, " ".join(unknown)
