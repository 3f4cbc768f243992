"""How fast is the feed over HTTP? A real server, people with histories, pages, next pages and clicks between them.

`python -m benchmarks.feed_http --root ROOT --record feed-http`: one client in a closed loop. Histories are made of
items of the index itself, a topic or two each, so that every source but behaviour learnt offline has work to do.
"""

import argparse
import http.client
import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
import numpy as np

from api.printing import say
from api.settings import DEMO_KEY
from benchmarks import figures, roots
from benchmarks.load.server import HOST, serving

HEADERS: Final = {"Authorization": f"Bearer {DEMO_KEY}", "Content-Type": "application/json"}
TOPICS: Final = ("咖啡馆", "公园", "防晒", "帐篷", "民宿", "日料", "museum", "playground")
DEEDS: Final = 40
DEED: Final = ("click", "save", "like")
Row = dict[str, str | int | float | None]


class Client:
    """One connection to a server; it keeps how long each sort of request took."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=30)
        self.spent: dict[str, list[float]] = defaultdict(list)

    def post(self, path: str, body: dict[str, Any], name: str = "") -> dict[str, Any]:
        """Ask; its milliseconds are kept under `name`."""
        sent, began = msgspec.json.encode(body), time.perf_counter()
        self._connection.request("POST", path, sent, HEADERS)
        reply = self._connection.getresponse()
        read = reply.read()
        if name:
            self.spent[name].append((time.perf_counter() - began) * 1000)
        if reply.status != 200:
            raise RuntimeError(f"{path}: {reply.status} {read[:200]!r}")
        found: dict[str, Any] = msgspec.json.decode(read)
        return found

    def act(self, user: str, item: str, action: str, seconds_ago: int = 0) -> None:
        """Somebody did something."""
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - seconds_ago))
        self.post("/v1/events", {"events": [{"user_id": user, "action": action, "object_id": item, "at": at}]})


def histories(client: Client, people: int, dice: Random) -> list[str]:
    """People, each of whom turned to DEEDS items of two topics within a month."""
    items = {
        topic: [hit["id"] for hit in client.post("/v1/search", {"q": topic, "limit": 100, "budget_ms": 2000})["hits"]]
        for topic in TOPICS
    }
    users = [f"bench-{n}" for n in range(people)]
    for user in users:
        liked = [item for topic in dice.sample(TOPICS, 2) for item in items[topic]]
        for item in dice.sample(liked, min(DEEDS, len(liked))):
            client.act(user, item, dice.choice(DEED), dice.randrange(30 * 86400))
    return users


def measured(port: int, people: int, seconds: float) -> list[Row]:
    """Milliseconds of a newcomer's page, a person's first page, the next page after a click, and of the click."""
    client, dice = Client(port), Random(7)
    users = histories(client, people, dice)
    asked: dict[str, Any] = {"limit": 20, "budget_ms": 150}
    for user in users:
        client.post("/v1/feed", {"limit": 20, "budget_ms": 2000, "user_id": user, "personalize": True})
    end, degraded = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        client.post("/v1/feed", asked, "nobody")
        mine = {**asked, "user_id": dice.choice(users), "personalize": True}
        first = client.post("/v1/feed", mine, "a person")
        client.act(mine["user_id"], dice.choice(first["hits"])["id"], "click")
        second = client.post("/v1/feed", {**mine, "cursor": first["cursor"]}, "the next page, after a click")
        degraded += bool(first["degraded"]) + bool(second["degraded"])
    rows: list[Row] = []
    for name, spent in client.spent.items():
        shares = {f"p{share} ms": round(float(np.percentile(spent, share)), 1) for share in (50, 90, 99)}
        rows.append({"page of 20 for": name, "requests": len(spent), **shares})
    say(f"{degraded} personal pages gave something up")
    return rows


def main(arguments: list[str] | None = None) -> int:
    """Measure; print, and record when asked; -> the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feed_http", description=__doc__)
    parser.add_argument("--root", type=Path, help="an existing root; without it the sample is built, or taken as built")
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--record", help="the name of the figure to keep in figures.json")
    chosen = parser.parse_args(arguments)
    root, busy = chosen.root or roots.sample().root, os.getloadavg()[0]
    with serving(root) as server:
        rows = measured(server.port, chosen.people, chosen.seconds)
        note = f"{roots.count(root)} items, one client, {server.memory_mb()} MB resident. Load before: {busy:.1f}."
    say("\n".join("\t".join(str(value) for value in row.values()) for row in rows))
    say(note)
    if chosen.record:
        command = f"python -m benchmarks.feed_http {' '.join(arguments or sys.argv[1:])}"
        figures.record(chosen.record, command, rows, note, figures.PATH)
    return 0


if __name__ == "__main__":
    sys.exit(main())
