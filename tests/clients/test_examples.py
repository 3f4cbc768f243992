"""Do the examples do what they say against a real server? Those that need a package are left out aloud without it."""

import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable
from itertools import islice
from typing import Any

import pytest

from lifestyle_search_client import AsyncClient, Client, EventBatcher
from tests.api.world import DEMO_KEY, FLAGSHIP
from tests.clients.test_generated import CLIENTS, loaded


def needs(package: str, extra: str) -> None:
    reason = f"no {package}, so its example was not run: pip install './clients/python[{extra}]'"
    pytest.importorskip(package, reason=reason)


def test_a_feed_scrolls_and_tells_what_people_did(url: str) -> None:
    example = loaded(CLIENTS / "examples" / "feed.py")
    with Client(url, DEMO_KEY, timeout=60) as client, EventBatcher(client, seconds=3600) as events:
        cards = list(islice(example.shown(client, events, "u-feed", True), 15))  # a page and a half
        page, card = cards[-1]
        example.told(events, "u-feed", page, card, "save")
        events.flush()
        kept = client.export("u-feed").events
    assert len({card.id for _, card in cards}) == 15
    assert [event["action"] for event in kept].count("impression") == 15
    saved = next(event for event in kept if event["action"] == "save")
    assert (saved["object_id"], saved["query_id"]) == (card.id, page.query_id)


def test_the_feed_takes_twenty_lines() -> None:
    text = (CLIENTS / "examples" / "feed.py").read_text("utf-8")
    assert len([line for line in text.splitlines() if line.strip()]) <= 20


def test_langchain_gets_documents_with_their_proofs(url: str) -> None:
    needs("langchain_core", "langchain")
    from lifestyle_search_client.langchain import LifestyleRetriever  # noqa: PLC0415

    with Client(url, DEMO_KEY, timeout=60) as client:
        retriever = LifestyleRetriever(client=client, kinds=["poi"], limit=3)
        found = retriever.invoke(FLAGSHIP)
        threaded = asyncio.run(retriever.ainvoke(FLAGSHIP))

    async def ask() -> list[str]:
        with Client(url, DEMO_KEY) as unused:
            async with AsyncClient(url, DEMO_KEY, timeout=60) as aclient:
                native = LifestyleRetriever(client=unused, aclient=aclient, kinds=["poi"], limit=3)
                return [document.id or "" for document in await native.ainvoke(FLAGSHIP)]

    assert len(found) == 3
    assert any(proof["sentence"] for document in found for proof in document.metadata["evidence"])
    assert re.search(r"草坪: (met|likely)\. \S", found[0].page_content)
    assert [d.id for d in threaded] == [d.id for d in found] == asyncio.run(ask())


def test_the_langchain_quick_start_runs(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    needs("langchain_core", "langchain")
    readme = (CLIENTS / "examples" / "README.md").read_text("utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    exec(compile(block.replace("http://127.0.0.1:8000", url), "README.md", "exec"), {"__name__": "readme"})
    assert "草坪: " in capsys.readouterr().out


def over_stdio(url: str, act: Callable[[Any], Awaitable[None]]) -> None:
    """Runs `act` with a session of the MCP server in a process of its own, as a desktop application starts it."""
    from mcp import ClientSession, StdioServerParameters, stdio_client  # noqa: PLC0415

    told = {"LIFESTYLE_URL": url, "LIFESTYLE_KEY": DEMO_KEY, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    server = StdioServerParameters(command=sys.executable, args=["-m", "lifestyle_search_client.mcp"], env=told)

    async def session() -> None:
        async with stdio_client(server) as (reads, writes), ClientSession(reads, writes) as one:
            await one.initialize()
            await act(one)

    asyncio.run(session())


def test_a_language_model_gets_tools(url: str) -> None:
    needs("mcp", "mcp")

    async def act(session: Any) -> None:
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        assert set(tools) == {"search", "evidence", "similar"}
        assert all(tool.description for tool in tools.values())
        found = (
            await session.call_tool("search", {"question": FLAGSHIP, "kinds": ["poi"], "limit": 3})
        ).structured_content
        assert len(found["answers"]) == 3
        assert {wanted["slot"] for wanted in found["understood"]} >= {"category", "amenity"}
        assert any(condition["proof"] for answer in found["answers"] for condition in answer["conditions"])
        first = found["answers"][0]["id"]
        assert (await session.call_tool("evidence", {"item_id": first})).structured_content["attributes"]
        assert (await session.call_tool("similar", {"item_id": first})).structured_content["answers"]
        refused = await session.call_tool("evidence", {"item_id": "none"})
        assert refused.is_error and "no item 'none'" in refused.content[0].text

    over_stdio(url, act)
