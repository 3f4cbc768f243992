"""How late are answers when every one waits for all shards? A discrete-event simulation of shards, replicas and hedges.

Questions arrive at random (Poisson). Each goes to one replica of every shard, the one with the fewest waiting of two
drawn at random (Mitzenmacher, 2001); a replica's cores take what waits in its order. Where a shard has not answered
after `hedge_ms`, the same is asked of another replica and the first answer counts (Dean and Barroso, "The Tail at
Scale", 2013); what still waits is taken back, what runs runs on.
"""

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from math import inf
from random import Random
from typing import Final

import numpy as np

from engine.types import F64

#: Times that are drawn at once, which costs far less than one by one.
_DRAWN: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Fleet:
    """What is simulated. Times in milliseconds."""

    shards: int
    replicas: int  # of each shard
    cores: int  # questions that one replica works on at a time
    qps: float
    service: F64  # percentiles, evenly spaced from the 0th to the 100th, of one shard's time for one question
    ahead_ms: float = 0.0  # before the shards are asked: reading and encoding the question
    after_ms: float = 0.0  # after the last has answered: merging, writing
    hedge_ms: float = inf
    dead: int = 0  # replicas of the first shard that do not answer and are known not to


@dataclass(slots=True)
class _Replica:
    """One copy of a shard: who waits, and how many cores are at work."""

    waiting: deque[tuple[int, float]] = field(default_factory=deque)  # (question's part, its time)
    busy: int = 0

    def load(self) -> int:
        return len(self.waiting) + self.busy


class _Run:
    """One simulation: parts are numbered question * shards + shard."""

    def __init__(self, fleet: Fleet, questions: int, seed: int) -> None:
        self.fleet, self.rng = fleet, np.random.default_rng(seed)
        self.copies = [[_Replica() for _ in range(fleet.replicas - (fleet.dead if at == 0 else 0))]
                       for at in range(fleet.shards)]  # fmt: skip
        self.arrived = np.cumsum(self.rng.exponential(1000 / fleet.qps, questions))
        self.lot = Random(seed)  # numpy draws two numbers at a time twenty times as slowly
        self.ended = [0.0] * questions
        self.answered = bytearray(questions * fleet.shards)
        self.asked: dict[int, int] = {}  # part -> the replica asked first
        self.events: list[tuple[float, int, str, int, int]] = []  # when, tie breaker, what, part, replica
        self.order, self.hedged = count(), 0
        self.draws = self._drawn()

    def _drawn(self) -> deque[float]:
        grid = np.linspace(0, 1, len(self.fleet.service))
        return deque(np.interp(self.rng.random(_DRAWN), grid, self.fleet.service).tolist())

    def time(self) -> float:
        """One question's time in one shard."""
        if not self.draws:
            self.draws = self._drawn()
        return self.draws.popleft()

    def at(self, when: float, what: str, part: int, replica: int = -1) -> None:
        heapq.heappush(self.events, (when, next(self.order), what, part, replica))

    def run(self) -> F64:
        for question, when in enumerate(self.arrived):
            self.at(float(when) + self.fleet.ahead_ms, "ask", question)
        while self.events:
            when, _, what, part, replica = heapq.heappop(self.events)
            if what == "ask":
                for shard in range(self.fleet.shards):
                    self._send(when, part * self.fleet.shards + shard)
            elif what == "hedge":
                self._hedge(when, part)
            else:
                self._done(when, part, replica)
        return np.array(self.ended) - self.arrived + self.fleet.after_ms

    def _send(self, when: float, part: int) -> None:
        copies = self.copies[part % self.fleet.shards]
        one, other = int(self.lot.random() * len(copies)), int(self.lot.random() * len(copies))
        chosen = one if copies[one].load() <= copies[other].load() else other
        self.asked[part] = chosen
        self._queue(when, part, chosen)
        if self.fleet.hedge_ms < inf and len(copies) > 1:
            self.at(when + self.fleet.hedge_ms, "hedge", part)

    def _hedge(self, when: float, part: int) -> None:
        if self.answered[part]:
            return
        self.hedged += 1
        copies = self.copies[part % self.fleet.shards]
        others = [at for at in range(len(copies)) if at != self.asked[part]]
        self._queue(when, part, min(others, key=lambda at: copies[at].load()))

    def _queue(self, when: float, part: int, replica: int) -> None:
        copy = self.copies[part % self.fleet.shards][replica]
        copy.waiting.append((part, self.time()))
        self._start(when, copy, replica)

    def _start(self, when: float, copy: _Replica, replica: int) -> None:
        while copy.waiting and copy.busy < self.fleet.cores:
            part, time = copy.waiting.popleft()
            if self.answered[part]:
                continue  # the other copy was faster: taken back
            copy.busy += 1
            self.at(when + time, "done", part, replica)

    def _done(self, when: float, part: int, replica: int) -> None:
        question, shard = divmod(part, self.fleet.shards)
        if not self.answered[part]:
            self.answered[part] = True
            self.ended[question] = max(self.ended[question], when)
        copy = self.copies[shard][replica]
        copy.busy -= 1
        self._start(when, copy, replica)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a simulation says. Milliseconds; shares of 1."""

    p50: float
    p90: float
    p99: float
    hedged: float  # parts asked twice
    busy: float  # of the cores of a replica, on average

    def __str__(self) -> str:
        return f"p50 {self.p50:.0f}, p90 {self.p90:.0f}, p99 {self.p99:.0f} ms"


def simulate(fleet: Fleet, questions: int = 20_000, seed: int = 7) -> Forecast:
    """Latency of so many questions; the first tenth, while queues fill, is left out. inf: it never catches up."""
    busy = utilisation(fleet)
    if busy >= 1 or fleet.dead >= fleet.replicas:
        return Forecast(inf, inf, inf, 0.0, busy)
    made = _Run(fleet, questions, seed)
    late = made.run()[questions // 10 :]
    p50, p90, p99 = _percentiles(late, (50, 90, 99))
    return Forecast(p50, p90, p99, made.hedged / (questions * fleet.shards), busy)


def utilisation(fleet: Fleet) -> float:
    """The share of a replica's cores that the questions keep busy, hedges left out; of the shard with dead replicas."""
    alive = max(fleet.replicas - fleet.dead, 1)
    return float(fleet.qps * np.mean(fleet.service) / 1000 / (alive * fleet.cores))


def _percentiles(values: F64, at: Sequence[int]) -> list[float]:
    return [float(value) for value in np.percentile(values, at)]
