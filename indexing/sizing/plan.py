"""How many machines, how much memory and disk, and how long a build, for so many items and questions a second?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil, inf
from typing import Final

import numpy as np

from engine.errors import BadInput
from indexing.publish import KEEP
from indexing.sizing.fanout import Fleet, Forecast, simulate
from indexing.sizing.model import Model

#: Cores are kept at most so busy, so that one machine of a shard may be lost and queues stay short.
BUSY: Final = 0.6
#: Of a machine's memory, what one shard may take: the rest is for the next snapshot while it is swapped in.
MEMORY: Final = 0.45
#: Snapshots that lie on a machine's disk: those that are kept, and the one that arrives.
KEPT: Final = KEEP + 1
#: While answers are too late, so many times as many shards as before are tried, that often.
FINER: Final = 1.5
FINER_TRIES: Final = 3
#: While a shard is too large for a machine, so much of the shards more are tried: by ones up to 32.
STEP: Final = 1 / 16
MOST_SHARDS: Final = 4096
#: A shard that has not answered after this percentile of its time is asked again elsewhere.
HEDGE_AT: Final = 95


@dataclass(frozen=True, slots=True)
class Need:
    """What is asked of a plan."""

    items: int
    qps: float
    p99_ms: float = 200.0
    cores: int = 16  # of a machine
    memory_gb: float = 64.0  # of a machine
    spare: int = 1  # replicas of a shard that may be down while the promise is kept


@dataclass(frozen=True, slots=True)
class Plan:
    """Machines and costs. `met`: does the forecast, with `spare` replicas of a shard down, keep the promised p99?"""

    need: Need
    shards: int
    replicas: int
    front: int  # machines that read questions, make vectors and merge
    shard_mb: float  # memory of one shard's process
    shard_gb: float  # disk of one shard's snapshot
    encode_h: float  # hours of a whole build on all these machines: for vectors of items
    build_h: float  # and for the rest
    forecast: Forecast
    worst: Forecast  # with `spare` replicas of one shard down
    drivers: dict[str, float]  # what the cores do: shares of 1

    @property
    def machines(self) -> int:
        """All of them."""
        return self.shards * self.replicas + self.front

    @property
    def disk_gb(self) -> float:
        """Of one machine that holds a shard."""
        return KEPT * self.shard_gb

    @property
    def met(self) -> bool:
        """Is the promise kept?"""
        return self.worst.p99 <= self.need.p99_ms


def plan(model: Model, need: Need) -> Plan:
    """The fewest machines that keep the promise by the forecast; the best there is where none does. Raises BadInput."""
    _check(need)
    best: Plan | None = None
    for shards in _shards(model, need):
        made = _of_shards(model, need, shards)
        if made.met:
            return made
        best = made if best is None or made.worst.p99 < best.worst.p99 else best
    assert best is not None
    return best


def _check(need: Need) -> None:
    for name, value in (("items", need.items), ("qps", need.qps), ("p99-ms", need.p99_ms), ("cores", need.cores),
                        ("memory-gb", need.memory_gb)):  # fmt: skip
        if not 0 < value < inf:
            raise BadInput(f"--{name} is {value}: give a finite number above 0")
    if need.spare < 0:
        raise BadInput(f"--spare is {need.spare}: give 0 or more")


def _shards(model: Model, need: Need) -> Iterator[int]:
    """The fewest that fit a machine's memory, then more of them: a smaller shard answers sooner."""
    room, shards = need.memory_gb * 1024 * MEMORY, 1
    while model.resident(need.items / shards) > room:
        shards += max(1, int(shards * STEP))
        if shards > MOST_SHARDS:
            raise BadInput(
                f"--memory-gb is {need.memory_gb:g}: {need.items} items do not fit {MOST_SHARDS} shards that each take "
                f"{MEMORY:.0%} of it; give more"
            )
    for _ in range(1 + FINER_TRIES):
        yield shards
        shards = ceil(shards * FINER)


def _of_shards(model: Model, need: Need, shards: int) -> Plan:
    each = need.items / shards
    service, once = model.retrieve(each), model.of.encode_ms + model.of.request_ms + model.rest(need.items)
    busy = need.qps * float(np.mean(service)) / 1000 / need.cores
    replicas = max(ceil(busy / BUSY), 1) + need.spare
    front = max(ceil(need.qps * once / 1000 / need.cores / BUSY), 1) + need.spare
    fleet = Fleet(shards, replicas, need.cores, need.qps, service, model.of.encode_ms, once - model.of.encode_ms,
                  hedge_ms=float(service[HEDGE_AT]) if replicas > 1 else inf)  # fmt: skip
    cores = need.cores * (shards * replicas + front)
    encode, build = model.encode_s(need.items), shards * model.build(each)
    work = {
        "vectors of questions": model.of.encode_ms,
        "HTTP": model.of.request_ms,
        "reading, ranking, proving": model.rest(need.items),
        "searching shards": shards * float(np.mean(service)),
    }
    return Plan(need, shards, replicas, front, model.resident(each), model.disk(each) / 1e9, encode / cores / 3600,
                build / cores / 3600, simulate(fleet), simulate(replace(fleet, dead=need.spare)),
                {name: spent / sum(work.values()) for name, spent in work.items()})  # fmt: skip
