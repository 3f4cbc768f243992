"""What do clients see? In a closed loop each sends when its last answer came; in an open loop they come as they like.

In the open loop a request's time counts from when it was meant to be sent: an answer that waits for a busy server, or
for a busy client, is as late as it is to whoever asked (no coordinated omission).
"""

import http.client
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from random import Random
from typing import Any, Final

import msgspec
import numpy as np

from api.settings import DEMO_KEY
from benchmarks.load.server import HOST
from engine.understand.sounds import is_han
from indexing.sample.files import load_tables

MOST: Final = 20_000
SEED: Final = 7
#: Connections of the open loop: more requests than that never wait in the server at once.
CONNECTIONS: Final = 32
_HEADERS: Final = {"Authorization": f"Bearer {DEMO_KEY}", "Content-Type": "application/json"}
Body = Mapping[str, Any]


@dataclass
class Seen:
    """Milliseconds of each answered request, which stages gave something up, and what went wrong.

    `totals`: (milliseconds, items that keep every hard constraint) of each answer.
    """

    spent: list[float] = field(default_factory=list)
    degraded: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    totals: list[tuple[float, int]] = field(default_factory=list)

    def add(self, other: "Seen") -> None:
        """Take in what another client saw."""
        self.spent += other.spent
        self.degraded += other.degraded
        self.failed += other.failed
        self.totals += other.totals

    def row(self, seconds: float) -> dict[str, str | int | float | None]:
        """Percentiles in milliseconds, requests per second, shares of the answers."""
        given_up = {stage: f"{100 * n / max(1, len(self.spent)):.1f} %" for stage, n in self.degraded.most_common()}
        return {
            **{f"p{share:g} ms": self.percentile(share) for share in (50, 90, 99, 99.9)},
            "QPS": round(len(self.spent) / seconds, 1),
            "requests": len(self.spent),
            "degraded": ", ".join(f"{stage} {share}" for stage, share in given_up.items()) or "none",
            "failed": ", ".join(f"{status}: {n}" for status, n in self.failed.items()) or "none",
        }

    def percentile(self, share: float) -> float:
        """Milliseconds; NaN without answers."""
        return round(float(np.percentile(self.spent or [float("nan")], share)), 1)


def closed_loop(port: int, bodies: Sequence[Body], clients: int, seconds: float, unique: bool) -> tuple[Seen, float]:
    """-> what all clients saw together, and how long it took. `unique`: no text comes twice, so each is encoded."""
    following, began = _following(bodies, unique), time.perf_counter()

    def loop(mine: Seen) -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        while time.perf_counter() - began < seconds and len(mine.spent) + mine.failed.total() < MOST:
            _ask(connection, following(), mine, time.perf_counter())
        connection.close()

    seen = _together(loop, clients)
    return seen, time.perf_counter() - began


def open_loop(port: int, bodies: Sequence[Body], rate: float, seconds: float, unique: bool) -> tuple[Seen, float]:
    """Requests at `rate` a second, at times of their own (a Poisson process), whatever the server does."""
    rng, following, lock = np.random.default_rng(SEED), _following(bodies, unique), threading.Lock()
    gaps = rng.exponential(1 / rate, max(1, int(2 * rate * seconds) + 10))
    due = iter([at for at in np.cumsum(gaps).tolist() if at < seconds])
    began = time.perf_counter() + 0.1

    def loop(mine: Seen) -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        while True:
            with lock:
                at = next(due, None)
            if at is None:
                break
            body, intended = following(), began + at
            time.sleep(max(0.0, intended - time.perf_counter()))
            _ask(connection, body, mine, intended)
        connection.close()

    seen = _together(loop, CONNECTIONS)
    return seen, time.perf_counter() - began


def _together(loop: Callable[[Seen], None], clients: int) -> Seen:
    """Run as many loops at once; -> what they saw."""
    seen = [Seen() for _ in range(clients)]
    threads = [threading.Thread(target=loop, args=(mine,)) for mine in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in seen[1:]:
        seen[0].add(other)
    return seen[0]


def _following(bodies: Sequence[Body], unique: bool) -> Callable[[], bytes]:
    """The next body, for any thread."""
    coming, lock = _shuffled(bodies), threading.Lock()

    def following() -> bytes:
        with lock:
            body = next(coming)
            return msgspec.json.encode({**body, "q": f"{body['q']} {fresh_words(body['q'])}"} if unique else body)

    return following


def fresh_words(text: str) -> str:
    """Two words that people write, of the text's language; never the same two twice in this process."""
    words, number = _written()[any(map(is_han, text))], next(_series)
    return f"{words[number % len(words)]} {words[(number // len(words) + 3 * number) % len(words)]}"


@cache
def _written() -> tuple[list[str], list[str]]:
    """English words, and Chinese pieces of two to four characters, of the sample's notes; in a drawn order."""
    texts = [row["body"] for row in load_tables()["note"]]
    both = [sorted({word for text in texts for word in piece.findall(text)}) for piece in _PIECES]
    for words in both:
        Random(SEED).shuffle(words)
    return both[0], both[1]


_series: Final = count(1)
_PIECES: Final = (re.compile(r"(?<![\w])[a-z]{4,9}(?![\w])"), re.compile(r"(?<!\w)[\u4e00-\u9fff]{2,4}(?!\w)"))


def _shuffled(bodies: Sequence[Body]) -> Iterator[Body]:
    rng = Random(SEED)
    while True:
        yield from rng.sample(bodies, len(bodies))


def ask(port: int, body: Body) -> tuple[int, bytes]:
    """Status and body of one answer; http.client's errors, or OSError, when there is none."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request("POST", "/v1/search", msgspec.json.encode(body), _HEADERS)
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def _ask(connection: http.client.HTTPConnection, body: bytes, seen: Seen, since: float) -> None:
    """One request on a kept connection; the answer is parsed after the clock stopped."""
    try:
        connection.request("POST", "/v1/search", body, _HEADERS)
        reply = connection.getresponse()
        data = reply.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        seen.failed[type(error).__name__] += 1
        return
    spent = (time.perf_counter() - since) * 1000
    if reply.status != 200:
        seen.failed[str(reply.status)] += 1
        return
    answer = msgspec.json.decode(data)
    seen.spent.append(spent)
    seen.totals.append((spent, int(answer.get("total") or 0)))
    seen.degraded.update({given["stage"] for given in answer.get("degraded") or ()})
