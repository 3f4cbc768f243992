"""What would a corpus of any size cost? Bytes and build grow with the items, an answer with their logarithm."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from engine.types import F64
from indexing.sizing.measured import Measured
from indexing.sizing.parts import PARTS

Line: TypeAlias = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Model:
    """Costs as functions of the number of items of one index (a shard, where there are several)."""

    of: Measured
    parts: dict[str, Line]  # bytes on disk
    resident: Line  # MB
    build: Line  # processor seconds, without the encoder's
    scale: Line  # median processor ms of one question in the index
    shape: F64  # (101,) percentiles of that time, in medians
    rest: Line  # processor ms of what is done once a question: reading, ranking, proving

    def disk(self, items: float) -> float:
        """Bytes of one published snapshot."""
        return sum(line(items) for line in self.parts.values())

    def retrieve(self, items: float) -> F64:
        """(101,) percentiles of one question's processor time in an index of so many items, milliseconds."""
        return self.shape * self.scale(items)

    def encode_s(self, items: float) -> float:
        """Processor seconds for the vectors of so many items, each text on one core; of sentences none."""
        return items / self.of.passages_per_s


def fit(of: Measured) -> Model:
    """The model through what was measured: straight lines by least squares of relative errors."""
    sizes = sorted(of.sizes, key=lambda size: size.items)
    items = [float(size.items) for size in sizes]
    shape = np.mean([np.asarray(size.retrieve_ms) / size.retrieve_ms[50] for size in sizes], axis=0)
    return Model(
        of,
        {part: _line(items, [float(size.bytes.get(part, 0)) for size in sizes]) for part in PARTS},
        _line(items, [size.resident_mb for size in sizes]),
        _line(items, [size.build_s for size in sizes]),
        _line(items, [size.retrieve_ms[50] for size in sizes], np.log),
        shape,
        _line(items, [size.rest_ms for size in sizes], np.log),
    )


def _line(items: Sequence[float], values: Sequence[float], over: Callable[[Any], Any] = float) -> Line:
    """A straight line over `over(items)`; each error counts relative to its value. Never below 0."""
    x = np.array([over(count) for count in items], np.float64)
    y = np.array(values, np.float64)
    weight = 1 / np.maximum(y, 1e-9)
    design = np.stack([np.ones_like(x), x], axis=1)
    (base, slope), *_ = np.linalg.lstsq(design * weight[:, None], y * weight, rcond=None)
    return lambda count: max(0.0, float(base + slope * over(count)))
