"""How does a text become a query vector, without asking the encoder twice for the same words?"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from engine.language import main_language
from engine.live import View
from engine.ports import Encoder, Reader
from engine.types import F32

#: Between a text and a part of it, in the key of what is kept; no text holds it.
_IN: Final = "\0"
_NOWHERE: Final = np.empty(0, np.float32)


class QueryVectors:
    """A bounded LRU of raw query vectors, keyed by encoder and text: traffic follows a power law.

    Vectors are centred for the snapshot of the request after the look-up, so a swap never mixes spaces.
    """

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[tuple[str, str], F32] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, view: View, text: str, part: str | None = None) -> bool:
        """Is the vector (of a part, read in the text) at hand, so that encoding costs nothing?"""
        kept = self._kept.get((view.encoder.fingerprint, text if part is None else _key(text, part)))
        return kept is not None and len(kept) > 0

    def get(self, view: View, text: str, parts: Sequence[str] = ()) -> F32:
        """-> (1, dim) unit vector in the index's space. `parts` of the text are read in the same pass, for `within`."""
        if parts and not self.known(view, text):
            self.within(view, text, parts)
        return _placed(view, self.raw(view, text), text)

    def raw(self, view: View, text: str) -> F32:
        """-> (dim,) as the encoder gave it."""
        key = (view.encoder.fingerprint, text)
        kept = self._recalled(key)
        if kept is None:
            kept = _encoded(view.encoder, text)
            self._keep({key: kept})
        return kept

    def within(self, view: View, text: str, parts: Sequence[str]) -> dict[str, F32]:
        """Part -> (dim,), as it is read in the text: those that stand in it. All that is made in one pass is kept."""
        encoder = view.encoder
        if not isinstance(encoder, Reader) or not text or not parts:
            return {}
        keys = {part: (encoder.fingerprint, _key(text, part)) for part in parts}
        kept = {part: vector for part, key in keys.items() if (vector := self._recalled(key)) is not None}
        if len(kept) < len(keys):
            whole, made = encoder.within(text, parts)
            for part, vector in zip(
                parts, made, strict=True
            ):  # what is nowhere is remembered, and not looked for again
                kept[part] = _NOWHERE if vector is None else _sound(encoder, vector)
            self._keep({(encoder.fingerprint, text): _sound(encoder, whole)} | {keys[p]: v for p, v in kept.items()})
        return {part: vector for part, vector in kept.items() if len(vector)}

    def _recalled(self, key: tuple[str, str]) -> F32 | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, made: Mapping[tuple[str, str], F32]) -> None:
        with self._lock:
            self._kept.update(made)
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)


def by_student(view: View, student: Encoder, text: str) -> F32:
    """-> (1, dim) unit vector in the index's space, by the encoder's stand-in: not kept, it costs next to nothing."""
    return _placed(view, _encoded(student, text), text)


def _key(text: str, part: str) -> str:
    return f"{text}{_IN}{part}"


def _encoded(encoder: Encoder, text: str) -> F32:
    made = encoder.encode([text], "query")
    return _sound(encoder, made[0] if len(made) == 1 else made)


def _sound(encoder: Encoder, vector: F32) -> F32:
    if vector.shape != (encoder.dim,) or not np.isfinite(vector).all():
        raise ValueError("the encoder gave a vector that is not finite, or not one of its own width")
    return vector


def _placed(view: View, raw: F32, text: str) -> F32:
    centred: F32 = view.index.center(raw, main_language(text))[np.newaxis, :]
    return centred
