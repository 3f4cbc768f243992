"""POST and GET /v1/search, /v1/understand: ask in words."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from starlette.background import BackgroundTask

from api.asking import before, place_of, to_search
from api.direct import Direct
from api.examples import SEARCH, SEARCH_URL, UNDERSTAND
from api.guard import Caller, need
from api.schemas import SearchBody, SearchUrl, UnderstandBody
from api.state import State, state
from engine.budget import Budget
from engine.errors import BadQuery
from engine.types import Query as Asked
from engine.types import Results
from engine.understand import wire

router = APIRouter(prefix="/v1", tags=["search"], route_class=Direct)
#: The longest that a query is read, when a language model helps.
READ_MS = 1500.0


@router.post("/search", responses=SEARCH)
async def search(
    body: SearchBody, caller: Annotated[Caller, Depends(need("search"))], parts: Annotated[State, Depends(state)]
) -> Response:
    """Find notes, products and places: what was understood, what each hit keeps, and the sentence that proves it."""
    if not body.q.strip() and body.parse is None:
        raise BadQuery("q", "is empty; say what you look for, or use /v1/feed")
    query, found = to_search(body, caller), list[Results]()

    def work(budget: Budget) -> Results:
        found.append(parts.engine.search(query, budget))
        return found[0]

    reply = await parts.answer(body.budget_ms, work, explain=body.explain)
    if body.user_id and body.q and body.cursor is None:  # after the answer is sent: it waits for the disk
        reply.background = BackgroundTask(parts.views.remember, caller.tenant, body.user_id, body.q, found[0])
    return reply


@router.get("/search", responses=SEARCH_URL)
async def search_by_url(
    caller: Annotated[Caller, Depends(need("search"))],
    parts: Annotated[State, Depends(state)],
    asked: Annotated[SearchUrl, Query()],
) -> Response:
    """The same search with the few parameters that fit a URL."""
    return await search(SearchBody(**asked.model_dump()), caller, parts)


@router.post("/understand", responses=UNDERSTAND)
async def understand(
    body: UnderstandBody, caller: Annotated[Caller, Depends(need("search"))], parts: Annotated[State, Depends(state)]
) -> Response:
    """How a query is read: intent, constraints with spans, assumptions. Change it and send it to /v1/search.

    `parser.source` says who read it: "rules", or "llm" where a language model is set up and answered in time.
    """
    query = Asked(tenant=caller.tenant, text=body.q, near=place_of(body.near), previous=before(body.previous))

    def work() -> object:
        return wire.to_json(parts.engine.understand(query, Budget(READ_MS)), explain=body.explain)

    return await parts.told(work)
