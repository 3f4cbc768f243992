"""How hard must an engine try? The cheapest knob with enough recall, on queries that are used for nothing else."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from benchmarks.peers.asked import Asked
from benchmarks.peers.port import Knob, VectorSystem

RECALL: Final = 0.99
#: -> seconds.
Clock: TypeAlias = Callable[[], float]
#: Seconds of searching that one knob may take; what it showed by then counts.
_PATIENCE_S: Final = 6.0
_WARM: Final = 3


@dataclass(frozen=True)
class Tried:
    """What a knob gave: mean recall and median milliseconds."""

    knob: Knob
    recall: float
    p50: float


def tuned(system: VectorSystem, asked: Asked, k: int, clock: Clock = time.perf_counter) -> Tried:
    """The fastest knob of those that reach RECALL, by this clock; when none does, the one that comes nearest.

    Knobs are tried from the cheapest on, until two in a row reach it: dearer ones are slower.
    """
    tried: list[Tried] = []
    for knob in system.knobs:
        tried.append(_try(system, asked, k, knob, clock))
        if [one.recall >= RECALL for one in tried[-2:]] == [True, True]:
            break
    good = [one for one in tried if one.recall >= RECALL]
    return min(good, key=lambda one: one.p50) if good else max(tried, key=lambda one: one.recall)


def _try(system: VectorSystem, asked: Asked, k: int, knob: Knob, clock: Clock) -> Tried:
    for at in range(min(_WARM, len(asked))):
        system.search(asked.queries[at], asked.filters[at], k, knob)
    spent: list[float] = []
    recalls: list[float] = []
    for at, (query, wanted) in enumerate(zip(asked.queries, asked.filters, strict=True)):
        began = clock()
        rows = system.search(query, wanted, k, knob)
        spent.append((clock() - began) * 1000)
        recalls.append(asked.recall(at, rows))
        if sum(spent) > _PATIENCE_S * 1000:
            break
    return Tried(knob, float(np.mean(recalls)), float(np.median(spent)))
