"""Which tools does a language model get over MCP? Search with evidence, all evidence on an item, what is like it.

`LIFESTYLE_URL=... LIFESTYLE_KEY=... python -m lifestyle_search_client.mcp` speaks MCP over stdin and stdout.
"""

import os
from collections.abc import Awaitable
from typing import Any, Literal, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from lifestyle_search_client.aio import AsyncClient
from lifestyle_search_client.errors import LifestyleError
from lifestyle_search_client.models import Page

T = TypeVar("T")


def server(client: AsyncClient) -> MCPServer:
    """The tools over a client."""
    tools = MCPServer("lifestyle-search")

    @tools.tool()
    async def search(
        question: str, kinds: list[Literal["note", "product", "poi"]] | None = None, limit: int = 5
    ) -> dict[str, Any]:
        """Find places (poi), products and notes for a question in Chinese or English, put as people speak, conditions
        included: "quiet café under 50 yuan near West Lake, open now". Each answer says which conditions it keeps, with
        the sentence that proves it.
        """
        return told(await answered(client.search(question, kinds=kinds or [], limit=limit)))

    @tools.tool()
    async def evidence(item_id: str) -> dict[str, Any]:
        """All that is known of an item's attributes, with the sentences for and against and their dates."""
        dossier = await answered(client.evidence(item_id, lang="en"))
        said = [
            {"attribute": a.attribute, "verdict": a.verdict, "quotes": [(q.says, q.sentence, q.date) for q in a.quotes]}
            for a in dossier.attributes
        ]
        return {"id": dossier.id, "name": dossier.name, "notes": dossier.notes, "attributes": said}

    @tools.tool()
    async def similar(item_id: str, limit: int = 5) -> dict[str, Any]:
        """Items of the same kind that are like this one."""
        return told(await answered(client.similar(item_id, limit=limit)))

    return tools


async def answered(asked: Awaitable[T]) -> T:
    """The answer; what went wrong is told to the model in one sentence."""
    try:
        return await asked
    except LifestyleError as error:
        raise ToolError(str(error)) from error


def told(page: Page) -> dict[str, Any]:
    """A page as a model reads it: no more than it can use."""
    wanted = [
        {"slot": c.slot, "op": c.op, "value": c.value, "hardness": c.hardness, "polarity": c.polarity}
        for c in page.parse.constraints
    ]
    answers = [
        {
            "id": hit.id,
            "kind": hit.kind,
            "name": hit.item.get("name") or hit.item.get("title"),
            "city": hit.item.get("city"),
            "why": hit.why,
            "conditions": [
                {"slot": wanted[e.constraint]["slot"], "verdict": e.verdict, "proof": e.sentence or e.measured}
                for e in hit.evidence
                if e.constraint < len(wanted)
            ],
        }
        for hit in page.hits
    ]
    given_up = [{"slot": r.slot, "from": r.from_, "to": r.to} for r in page.relaxed]
    return {"understood": wanted, "given_up": given_up, "answers": answers}


def main() -> None:
    """Serve over stdin and stdout."""
    url = os.environ.get("LIFESTYLE_URL", "http://127.0.0.1:8000")
    server(AsyncClient(url, os.environ["LIFESTYLE_KEY"])).run("stdio")


if __name__ == "__main__":
    main()
