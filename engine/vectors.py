"""How does a text become a query vector, without asking the encoder twice for the same words?"""

import threading
from collections import OrderedDict

import numpy as np

from engine.language import main_language
from engine.live import View
from engine.ports import Encoder
from engine.types import F32


class QueryVectors:
    """A bounded LRU of raw query vectors, keyed by encoder and text: traffic follows a power law.

    Vectors are centred for the snapshot of the request after the look-up, so a swap never mixes spaces.
    """

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[tuple[str, str], F32] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, view: View, text: str) -> bool:
        """Is the vector at hand, so that encoding costs nothing?"""
        return (view.encoder.fingerprint, text) in self._kept

    def get(self, view: View, text: str) -> F32:
        """-> (1, dim) unit vector in the index's space."""
        return _placed(view, self.raw(view, text), text)

    def raw(self, view: View, text: str) -> F32:
        """-> (dim,) as the encoder gave it."""
        key = (view.encoder.fingerprint, text)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        vector = _encoded(view.encoder, text)
        with self._lock:
            self._kept[key] = vector
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        return vector


def by_student(view: View, student: Encoder, text: str) -> F32:
    """-> (1, dim) unit vector in the index's space, by the encoder's stand-in: not kept, it costs next to nothing."""
    return _placed(view, _encoded(student, text), text)


def _encoded(encoder: Encoder, text: str) -> F32:
    made = encoder.encode([text], "query")
    if made.shape != (1, encoder.dim) or not np.isfinite(made).all():
        raise ValueError("the encoder gave a vector that is not finite, or not one of its own width")
    vector: F32 = made[0]
    return vector


def _placed(view: View, raw: F32, text: str) -> F32:
    centred: F32 = view.index.center(raw, main_language(text))[np.newaxis, :]
    return centred
