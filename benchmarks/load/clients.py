"""What does a client see in a closed loop? Each sends its next request when the last one is answered."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, product
from random import Random
from string import ascii_lowercase
from typing import Any, Final

import msgspec
import numpy as np

from api.settings import DEMO_KEY
from benchmarks.load.server import HOST

MOST: Final = 20_000
SEED: Final = 7
_HEADERS: Final = {"Authorization": f"Bearer {DEMO_KEY}", "Content-Type": "application/json"}


@dataclass
class Seen:
    """Milliseconds of each answered request, which stages gave something up, and what went wrong."""

    spent: list[float] = field(default_factory=list)
    degraded: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Seen") -> None:
        """Take in what another client saw."""
        self.spent += other.spent
        self.degraded += other.degraded
        self.failed += other.failed

    def row(self, seconds: float) -> dict[str, str | int | float | None]:
        """Percentiles in milliseconds, requests per second, shares of the answers."""
        spent = self.spent or [float("nan")]
        parts = {f"{share:g}": round(float(np.percentile(spent, share)), 1) for share in (50, 90, 99, 99.9)}
        given_up = {stage: f"{100 * n / len(spent):.1f} %" for stage, n in self.degraded.most_common()}
        return {
            **{f"p{share} ms": value for share, value in parts.items()},
            "QPS": round(len(self.spent) / seconds, 1),
            "requests": len(self.spent),
            "degraded": ", ".join(f"{stage} {share}" for stage, share in given_up.items()) or "none",
            "failed": ", ".join(f"{status}: {n}" for status, n in self.failed.items()) or "none",
        }


def closed_loop(
    port: int, bodies: Sequence[Mapping[str, Any]], clients: int, seconds: float, unique: bool
) -> tuple[Seen, float]:
    """-> what all clients saw together, and how long it took. `unique`: no text comes twice, so each is encoded."""
    words = fresh_words() if unique else None
    coming, lock = _shuffled(bodies), threading.Lock()
    seen, began = [Seen() for _ in range(clients)], time.perf_counter()

    def following() -> bytes:
        with lock:
            body = next(coming)
            return msgspec.json.encode(body if words is None else {**body, "q": f"{body['q']} {next(words)}"})

    def loop(mine: Seen) -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        while time.perf_counter() - began < seconds and len(mine.spent) + mine.failed.total() < MOST:
            _ask(connection, following(), mine)
        connection.close()

    threads = [threading.Thread(target=loop, args=(mine,)) for mine in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - began
    for other in seen[1:]:
        seen[0].add(other)
    return seen[0], spent


def fresh_words() -> Iterator[str]:
    """Words that no index knows, none twice in this process: a different start each call."""
    for letters in product(ascii_lowercase, repeat=4):
        yield f"zq{next(_series):x}".translate(_LETTERS) + "".join(letters)


_series: Final = count(1)
_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")


def _shuffled(bodies: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    rng = Random(SEED)
    while True:
        yield from rng.sample(bodies, len(bodies))


def _ask(connection: http.client.HTTPConnection, body: bytes, seen: Seen) -> None:
    """One request on a kept connection; the answer is parsed after the clock stopped."""
    began = time.perf_counter()
    try:
        connection.request("POST", "/v1/search", body, _HEADERS)
        reply = connection.getresponse()
        data = reply.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        seen.failed[type(error).__name__] += 1
        return
    spent = (time.perf_counter() - began) * 1000
    if reply.status != 200:
        seen.failed[str(reply.status)] += 1
        return
    seen.spent.append(spent)
    seen.degraded.update({given["stage"] for given in msgspec.json.decode(data).get("degraded") or ()})
