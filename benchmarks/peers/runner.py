"""How is one run made fair? Blocks of ten queries, each block by every engine in a drawn order, on one core."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from benchmarks.peers.asked import Asked
from benchmarks.peers.port import Knob, VectorSystem

BLOCK: Final = 10
#: Milliseconds after which an engine has been measured enough in a cell.
_ENOUGH_MS: Final = 20_000.0


@dataclass
class Measured:
    """One engine in one cell, in the order of the queries it was given. `spent`: milliseconds of wall clock.

    `busy`: processor milliseconds of this process, all threads; what a server of its own spends is not in it.
    """

    spent: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    recalls: list[float] = field(default_factory=list)


def interleaved(
    systems: Mapping[str, VectorSystem], asked: Asked, k: int, knobs: Mapping[str, Knob], seed: int
) -> dict[str, Measured]:
    """Every engine on every query. An engine that is very slow stops early, and its count says so."""
    rng, out = np.random.default_rng(seed), {name: Measured() for name in systems}
    for name, system in systems.items():
        _block(system, asked, range(min(BLOCK, len(asked))), k, knobs[name], Measured())  # warm
    for start in range(0, len(asked), BLOCK):
        block = range(start, min(start + BLOCK, len(asked)))
        for name in _order(list(systems), rng):
            if sum(out[name].spent) < _ENOUGH_MS:
                _block(systems[name], asked, block, k, knobs[name], out[name])
    return out


def _order(names: Sequence[str], rng: np.random.Generator) -> list[str]:
    return [names[at] for at in rng.permutation(len(names))]


def _block(system: VectorSystem, asked: Asked, block: range, k: int, knob: Knob, into: Measured) -> None:
    for at in block:
        query, wanted = asked.queries[at], asked.filters[at]
        began, busy = time.perf_counter(), time.process_time()
        rows = system.search(query, wanted, k, knob)
        into.busy.append((time.process_time() - busy) * 1000)
        into.spent.append((time.perf_counter() - began) * 1000)
        into.recalls.append(asked.recall(at, rows))
