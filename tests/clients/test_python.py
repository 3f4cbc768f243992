"""Does the Python client reach every route of a real server, give typed answers, and say what the server says?"""

import asyncio
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from lifestyle_search_client import (
    NEVER,
    AsyncClient,
    BadRequest,
    Call,
    Client,
    Forbidden,
    NotFound,
    RateLimited,
    Unauthorized,
    Unavailable,
)
from tests.api.world import DEMO_KEY, FLAGSHIP


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[Client]:
    with Client(url, DEMO_KEY, timeout=60) as client:
        yield client


def test_a_search_shows_what_was_understood_and_what_proves_it(client: Client) -> None:
    page = client.search(FLAGSHIP, kinds=["poi"], limit=3, facets=["city"], near={"lat": 30.26, "lon": 120.15})
    assert len(page.hits) == 3
    assert {c.slot for c in page.parse.constraints} >= {"category", "amenity"}
    assert any(proof.sentence for hit in page.hits for proof in hit.evidence)
    assert page.facets and page.facets[0].values[0].count > 0


def test_a_parse_is_changed_and_sent_back(client: Client) -> None:
    parse = client.understand(FLAGSHIP, explain=True)
    assert parse.constraints[0].because
    kept = [c for c in parse.constraints if c.slot == "category"]
    page = client.search(parse=replace(parse, constraints=kept), limit=5, budget_ms=2000)
    assert [c.slot for c in page.parse.constraints] == ["category"]
    narrower = client.search("要有草坪的", previous=page.parse, budget_ms=2000)
    assert {c.slot for c in narrower.parse.constraints} == {"category", "amenity"}


def test_pages_go_on_to_the_end_and_hits_stop_when_enough(client: Client) -> None:
    pages = list(client.pages("咖啡店", kinds=["poi"], limit=7, budget_ms=2000))
    ids = [hit.id for page in pages for hit in page.hits]
    assert len(pages) > 2 and pages[-1].cursor is None
    assert len(ids) == len(set(ids))
    assert [hit.id for hit in client.hits("咖啡店", kinds=["poi"], limit=7, most=10, budget_ms=2000)] == ids[:10]


def test_a_feed_goes_on_without_repeating(client: Client) -> None:
    pages = client.feed_pages(user_id="u001", personalize=True, limit=6, budget_ms=2000)
    cards = [card for page, _ in zip(pages, range(4), strict=False) for card in page.hits]
    assert len(cards) == 24 == len({card.id for card in cards})
    assert all(card.source and card.propensity for card in cards)


def test_answers_around_an_item(client: Client) -> None:
    assert client.item("p-hz-078")["id"] == "p-hz-078"
    assert client.similar("p-hz-078", limit=2).hits
    assert client.related("p-hz-078", lang="en").notes
    dossier = client.evidence("p-hz-078", lang="en")
    assert dossier.notes > 0 and any(attribute.quotes for attribute in dossier.attributes)
    assert client.suggest("咖", limit=3)[0].highlight
    assert len(client.trending(city="杭州", topic="cafe", kinds=["poi"], limit=4).hits) == 4


def test_items_are_written_changed_and_deleted(client: Client) -> None:
    cafe = {"id": "p/new one?", "name": "新开的客户端咖啡", "category": "cafe"}
    first = client.upsert([{"kind": "poi", "item": cafe}], idempotency_key="client-test-1")
    again = client.upsert([{"kind": "poi", "item": cafe}], idempotency_key="client-test-1")
    assert again.seq == first.seq  # done once
    assert client.patch("p/new one?", {"rating": 4.5}).seq > first.seq
    assert client.item("p/new one?")["rating"] == 4.5
    assert "p/new one?" in [hit.id for hit in client.hits("新开的客户端咖啡", most=3)]
    assert client.report("p/new one?", user_id="u-client", reason="other").new
    assert client.delete("p/new one?").deleted == "p/new one?"
    with pytest.raises(NotFound, match=r"^no item 'p/new one\?'; it may have been deleted$"):
        client.item("p/new one?")
    streamed = client.stream([{"kind": "poi", "item": cafe}, {"kind": "poi", "item": {"id": "x"}}])
    assert (streamed.accepted, streamed.refused, streamed.problems[0].line) == (1, 1, 2)


def test_people_steer_what_is_learnt_of_them(client: Client) -> None:
    assert client.record([{"user_id": "u-client", "action": "save", "object_id": "p-hz-001"}]).accepted == 1
    assert client.declare("u-client", ["camping"]).declared == ["camping"]
    assert client.interests("u-client").declared == ["camping"]
    assert client.remove("u-client", "kids").removed == "kids"
    assert client.export("u-client").events[0]["action"] == "save"
    assert client.reset("u-client").reset
    assert client.forget("u-client").deleted_rows > 0


def test_the_other_client_asks_the_same(url: str) -> None:
    async def ask() -> None:
        async with AsyncClient(url, DEMO_KEY, timeout=60) as client:
            hits = [hit async for hit in client.hits("咖啡店", kinds=["poi"], limit=4, most=6, budget_ms=2000)]
            assert len(hits) == 6
            async for page in client.feed_pages(user_id="u001", limit=3):
                assert len(page.hits) == 3
                break
            item = {"id": "p-aio", "name": "异步咖啡", "category": "cafe"}
            assert (await client.stream([{"kind": "poi", "item": item}])).accepted == 1
            assert (await client.ready()).status == "ready"

    asyncio.run(ask())


def test_routes_without_a_method_can_be_asked_too(client: Client) -> None:
    assert client.send(Call("GET", "/v1/house/versions", dict))["snapshot"] == "00000001"


def test_refusals_carry_the_servers_own_sentence(client: Client, strict: str) -> None:
    with pytest.raises(BadRequest, match=r"^sort: is not one of") as wrong:
        client.search("cafe", sort="sideways")
    assert (wrong.value.status, wrong.value.field) == (422, "sort")
    with Client(strict, "nobody") as stranger, pytest.raises(Unauthorized, match=r"^this key is not known$"):
        stranger.search("cafe")
    with Client(strict, "narrow") as narrow:
        with pytest.raises(Forbidden, match=r"^this key lacks the scope 'write'$"):
            narrow.forget("u")
        with pytest.raises(NotFound, match="nothing is published"):
            narrow.search("cafe")


def test_retry_after_is_awaited_or_told(strict: str) -> None:
    with Client(strict, "narrow", retries=NEVER) as client, pytest.raises(Unavailable, match="no snapshot") as empty:
        client.ready()
    assert empty.value.retry_after == 1.0
    with Client(strict, "slow-1", retries=NEVER) as hasty:
        with pytest.raises(NotFound):
            hasty.search("cafe")
        with pytest.raises(RateLimited, match=r"^this key sent too much; come back in 1 s$") as limited:
            hasty.search("cafe")
        assert limited.value.retry_after == 1.0
    with Client(strict, "slow-2") as patient:
        for _ in range(2):
            with pytest.raises(NotFound):  # the second is let in after the second that it was told to wait
                patient.search("cafe")
