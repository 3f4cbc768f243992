"""POST /v1/feed and GET /v1/similar/{id}: answers without a question."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from api.asking import to_query
from api.direct import Direct
from api.examples import FEED, SIMILAR
from api.guard import Caller, need
from api.schemas import FeedBody, SimilarUrl
from api.state import State, state
from engine.types import Query as Asked

router = APIRouter(prefix="/v1", tags=["feed"])
busy = APIRouter(route_class=Direct)


@busy.post("/feed", responses=FEED)
async def feed(
    body: FeedBody, caller: Annotated[Caller, Depends(need("search"))], parts: Annotated[State, Depends(state)]
) -> Response:
    """A person's page. With personalize=false (the default) no profile is read, whoever asks."""
    query = to_query(body, caller)
    return await parts.answer(body.budget_ms, lambda budget: parts.engine.feed(query, budget))


router.include_router(busy)


@router.get("/similar/{item_id:path}", responses=SIMILAR)
async def similar(
    item_id: Annotated[str, Path(max_length=200)],
    caller: Annotated[Caller, Depends(need("search"))],
    parts: Annotated[State, Depends(state)],
    asked: Annotated[SimilarUrl, Query()],
) -> Response:
    """Items of the same kind that are like this one."""
    query = Asked(tenant=caller.tenant, limit=asked.limit)
    return await parts.answer(None, lambda budget: parts.engine.similar(item_id, query, budget))
