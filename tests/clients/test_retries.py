"""Is a request sent again when that helps and harms nobody, and only then?"""

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifestyle_search_client import (
    NEVER,
    AsyncClient,
    Call,
    Client,
    LifestyleError,
    Malformed,
    RateLimited,
    Retries,
    ServerError,
    TimedOut,
    Unavailable,
    Unreachable,
)
from lifestyle_search_client.retries import retry_after
from tests.api.world import free_port
from tests.clients.scripted import scripted

AT_ONCE = Retries(lot=lambda: 0.0)
DONE = (200, {}, b'{"accepted": 1}')
BUSY = (503, {"Retry-After": "0"}, b'{"error": {"code": "Overloaded", "message": "34 searches are running"}}')
EVENT = {"user_id": "u", "action": "click", "object_id": "x"}


def test_what_is_refused_for_a_time_comes_again_with_the_same_key() -> None:
    with scripted(BUSY, (0, {}, b""), DONE) as server, Client(server.url, "k", retries=AT_ONCE) as client:
        assert client.record([{"user_id": "u", "action": "click", "object_id": "x"}]).accepted == 1
    keys = {headers["Idempotency-Key"] for _, _, headers, _ in server.asked}
    assert len(server.asked) == 3 and len(keys) == 1
    assert len({body for *_, body in server.asked}) == 1


def test_it_gives_up_after_so_many_and_says_what_the_server_said() -> None:
    with scripted(*[BUSY] * 5) as server, Client(server.url, "k", retries=AT_ONCE) as client:
        with pytest.raises(Unavailable, match=r"^34 searches are running$") as error:
            client.search("cafe")
        assert len(server.asked) == AT_ONCE.attempts
    assert (error.value.status, error.value.code, error.value.retry_after) == (503, "Overloaded", 0.0)


def test_a_wait_that_is_too_long_is_left_to_the_caller() -> None:
    late = (429, {"Retry-After": "3600"}, b'{"error": {"code": "HttpError", "message": "this key sent too much"}}')
    with scripted(late) as server, Client(server.url, "k") as client:
        with pytest.raises(RateLimited) as error:
            client.search("cafe")
        assert len(server.asked) == 1
    assert error.value.retry_after == 3600


def test_what_must_not_be_done_twice_is_sent_once() -> None:
    once = Call("POST", "/v1/items/x:block", dict, {"reason": "r"}, repeatable=False)
    for broken in (BUSY, (0, {}, b"")):
        with scripted(broken) as server, Client(server.url, "k", retries=AT_ONCE) as client:
            with pytest.raises(LifestyleError):
                client.send(once)
            assert len(server.asked) == 1


def test_a_wrong_request_is_not_repeated() -> None:
    wrong = (422, {}, b'{"error": {"code": "BadQuery", "message": "sort: is none", "field": "sort"}}')
    with scripted(wrong) as server, Client(server.url, "k", retries=AT_ONCE) as client:
        with pytest.raises(LifestyleError, match=r"^sort: is none$"):
            client.search("cafe", sort="x")
        assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"accepted": "many"}', b"\xff", b""])
def test_an_answer_of_another_kind_is_malformed(body: bytes) -> None:
    with (
        scripted((200, {}, body)) as server,
        Client(server.url, "k", retries=NEVER) as client,
        pytest.raises(Malformed, match="/v1/events: not an answer of this API"),
    ):
        client.record([{"user_id": "u", "action": "click", "object_id": "x"}])


@pytest.mark.parametrize("body", [b"<html>gone</html>", b"[]", b'{"error": "text"}', b'{"error": {"code": 1}}'])
def test_a_proxy_that_answers_is_told_by_its_status(body: bytes) -> None:
    with (
        scripted((502, {}, body)) as server,
        Client(server.url, "k", retries=NEVER) as client,
        pytest.raises(ServerError, match=r"^502 Bad Gateway$") as error,
    ):
        client.search("cafe")
    assert error.value.status == 502


def test_silence_is_a_timeout_and_nobody_there_is_unreachable() -> None:
    with scripted((-1, {}, b"")) as server, Client(server.url, "k", retries=NEVER, timeout=0.2) as client:
        with pytest.raises(TimedOut) as late:
            client.search("cafe")
        assert late.value.sent
    with Client(f"http://127.0.0.1:{free_port()}", "k", retries=AT_ONCE) as client:
        with pytest.raises(Unreachable) as nobody:
            client.search("cafe")
        assert not nobody.value.sent


def test_the_other_client_does_the_same() -> None:
    async def ask(url: str) -> int:
        async with AsyncClient(url, "k", retries=AT_ONCE) as client:
            with pytest.raises(TimedOut):
                async with AsyncClient(url, "k", retries=NEVER, timeout=0.2) as hasty:
                    await hasty.search("cafe")
            return (await client.record([{"user_id": "u", "action": "click", "object_id": "x"}])).accepted

    with scripted((-1, {}, b""), BUSY, DONE) as server:
        assert asyncio.run(ask(server.url)) == 1


@given(st.integers(1, 10), st.floats(0, 1))
def test_waits_grow_and_stay_within_bounds(attempt: int, lot: float) -> None:
    patient = Retries(attempts=11, base=0.5, most=7.0, lot=lambda: lot)
    wait = patient.wait(Unreachable("gone", sent=True), attempt, repeatable=True)
    assert wait == min(7.0, 0.5 * 2 ** (attempt - 1)) * lot
    assert patient.wait(Unreachable("gone", sent=True), attempt, repeatable=False) is None
    assert patient.wait(Unreachable("gone", sent=False), attempt, repeatable=False) == wait


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    now = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
    assert retry_after("7") == 7.0
    assert retry_after("Sun, 22 Nov 2026 12:00:30 GMT", lambda: now) == 30.0
    assert retry_after("Sun, 22 Nov 2026 11:00:00 GMT", lambda: now) == 0.0
    assert retry_after("Sun, 22 Nov 2026 12:00:30 -0000", lambda: now) == 30.0
    assert [retry_after(text) for text in (None, "soon", "", "-1", "1.5")] == [None] * 5
