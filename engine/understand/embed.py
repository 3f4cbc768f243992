"""Which words go to the encoder, which to the word index, and which did nobody understand?"""

import re
from collections.abc import Sequence
from typing import Final

from engine.understand.patterns import gated
from engine.understand.pieces import NOTHING, Piece
from engine.understand.signals import fillers

#: Measured slots: numbers tell an encoder nothing.
_NUMERIC: Final = frozenset({"price", "rating", "duration", "distance", "travel_time", "party_size", "popularity"})
_FIELD_WORDS: Final = gated(
    r"(?:用户)?评分|门票(?:价格)?|票价|最?低?价格|价位|人均(?:消费|价格)?|游玩的?(?:时间|时长)|酒店类型"
    r"|提供|之间|左右|\b(?:rating|rated|ticket|price|fee|cost|per[- ]person|duration|points?|yuan)\b"
)
#: "不吵" asks for quiet, but an encoder reads "吵".
_DENIES: Final = re.compile(r"[不没]|not? ")
_SEPARATORS: Final = gated(r"[\s,。、;!?:()\"'·.\[\]【】…/|]+")
_LONE: Final = re.compile(r"^[在是要为有个家和与或能会去找我你他她它们就也都还再很太吧呢啊]+$|^\W+$|^[a-z]$")


def split(text: str, pieces: Sequence[Piece], hidden: Sequence[tuple[int, int]]) -> tuple[str, str, str]:
    """-> (embed text, terms, residual), all folded. Negated pieces and `hidden` spans enter none of them."""
    owner = [-1] * len(text)
    for number, piece in enumerate(pieces):
        owner[piece.start : piece.end] = [number] * (piece.end - piece.start)
    gone = bytearray(len(text))
    for start, end in hidden:
        gone[start:end] = b"\1" * (end - start)
    for piece in pieces:
        negated = piece.polarity < 0 or _DENIES.match(text, piece.start)
        if negated or piece.slot in _NUMERIC or (piece.slot == NOTHING and piece.rule.startswith("where")):
            gone[piece.start : piece.end] = b"\1" * (piece.end - piece.start)
    for pattern in (*fillers(), _FIELD_WORDS):
        for match in pattern.finditer(text):
            if all(owner[at] < 0 for at in range(match.start(), match.end())):
                gone[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return _join(text, owner, gone)


def _join(text: str, owner: list[int], gone: bytearray) -> tuple[str, str, str]:
    words: list[tuple[str, bool]] = []
    for match in re.finditer(rb"\0+", bytes(gone)):
        place = match.start()
        for chunk in _chunks(text, place, match.end()):
            start, end = chunk
            known = [owner[at] >= 0 for at in range(start, end)]
            word = text[start:end]
            if any(known) or not _LONE.match(word):
                words.append((word, any(known)))
    embedded = " ".join(word for word, _ in words)
    residual = " ".join(word for word, known in words if not known)
    return embedded, embedded, residual


def _chunks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    chunks, place = [], start
    for match in _SEPARATORS.finditer(text, start, end):
        if match.start() > place:
            chunks.append((place, match.start()))
        place = match.end()
    if end > place:
        chunks.append((place, end))
    return chunks
