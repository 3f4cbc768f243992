"""Do events arrive once each, in batches, by size, by time and at the end, whatever breaks meanwhile?"""

import asyncio
import json
from collections.abc import Sequence
from time import monotonic, sleep

import pytest

from lifestyle_search_client import (
    NEVER,
    AsyncClient,
    AsyncEventBatcher,
    BadRequest,
    Client,
    Event,
    EventBatcher,
    LifestyleError,
    Unavailable,
)
from tests.api.world import DEMO_KEY
from tests.clients.scripted import Script, scripted

DONE = (200, {}, b'{"accepted": 1}')
BUSY = (503, {"Retry-After": "0"}, b'{"error": {"code": "Overloaded", "message": "busy"}}')
LONG = 3600.0


def sent(server: Script) -> list[list[str]]:
    """The object ids of each batch that came."""
    return [[event["object_id"] for event in json.loads(body)["events"]] for *_, body in server.asked]


def arrived(server: Script, batches: int) -> None:
    """Wait until so many have come."""
    end = monotonic() + 30
    while len(server.asked) < batches and monotonic() < end:
        sleep(0.01)
    assert len(server.asked) == batches


def clicks(batcher: EventBatcher | AsyncEventBatcher, *ids: str) -> None:
    for ident in ids:
        batcher.add(user_id="u", action="click", object_id=ident)


def test_they_go_when_enough_wait_and_the_rest_at_the_end() -> None:
    with scripted(DONE, DONE) as server, Client(server.url, "k") as client:
        with EventBatcher(client, size=2, seconds=LONG) as events:
            clicks(events, "a", "b")
            arrived(server, 1)
            clicks(events, "c")
        assert sent(server) == [["a", "b"], ["c"]]
    assert all(event["at"] for *_, body in server.asked for event in json.loads(body)["events"])
    with pytest.raises(ValueError, match="closed"):
        clicks(events, "d")


def test_they_go_after_a_time() -> None:
    with scripted(DONE) as server, Client(server.url, "k") as client, EventBatcher(client, seconds=0.05) as events:
        clicks(events, "a")
        arrived(server, 1)


def test_what_could_not_go_waits_with_its_key() -> None:
    with scripted(BUSY, DONE, DONE) as server, Client(server.url, "k", retries=NEVER) as client:
        events = EventBatcher(client, size=2, seconds=LONG)
        clicks(events, "a")
        with pytest.raises(Unavailable):
            events.flush()
        clicks(events, "b")
        events.close()
        assert sent(server) == [["a"], ["a"], ["b"]]
    keys = [headers["Idempotency-Key"] for _, _, headers, _ in server.asked]
    assert keys[0] == keys[1] != keys[2]


def test_closing_says_so_when_the_rest_cannot_go() -> None:
    with scripted(BUSY, BUSY) as server, Client(server.url, "k", retries=NEVER) as client:
        events = EventBatcher(client, seconds=LONG)
        clicks(events, "a")
        with pytest.raises(Unavailable):
            events.close()


def test_a_wrong_event_alone_is_lost(url: str) -> None:
    lost: list[tuple[LifestyleError, Sequence[Event]]] = []
    with Client(url, DEMO_KEY) as client:
        with EventBatcher(client, seconds=LONG, lost=lambda *told: lost.append(told)) as events:
            clicks(events, "p-hz-001")
            events.add(user_id="u-batch", action="click", object_id="")
            events.add(user_id="u-batch", action="save", object_id="p-hz-001")
        kept = client.export("u-batch").events
    assert [event["action"] for event in kept] == ["save"]
    assert len(lost) == 1 and isinstance(lost[0][0], BadRequest) and lost[0][1][0]["object_id"] == ""


def test_without_room_the_oldest_are_lost() -> None:
    lost: list[Sequence[Event]] = []
    with scripted(DONE) as server, Client(server.url, "k") as client:
        with EventBatcher(client, seconds=LONG, keep=2, lost=lambda _, events: lost.append(events)) as events:
            clicks(events, "a", "b", "c")
        assert sent(server) == [["b", "c"]]
    assert [event["object_id"] for events_lost in lost for event in events_lost] == ["a"]
    with Client(server.url, "k") as client, pytest.raises(ValueError, match="size must be within"):
        EventBatcher(client, size=501)


def test_the_other_batcher_does_the_same() -> None:
    async def act(url: str) -> None:
        async with AsyncClient(url, "k", retries=NEVER) as client:
            async with AsyncEventBatcher(client, size=2, seconds=LONG) as events:
                clicks(events, "a", "b")
                await asyncio.to_thread(arrived, server, 1)
                clicks(events, "c")
                with pytest.raises(Unavailable):
                    await events.flush()
            async with AsyncEventBatcher(client, seconds=0.05) as timed:
                clicks(timed, "d")
                await asyncio.to_thread(arrived, server, 4)

    with scripted(DONE, BUSY, DONE, DONE) as server:
        asyncio.run(act(server.url))
        assert sent(server) == [["a", "b"], ["c"], ["c"], ["d"]]
