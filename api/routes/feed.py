"""POST /v1/feed, GET /v1/similar/{id}, /v1/trending, /v1/related/{id}: answers without a question."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from msgspec.structs import replace

from api.asking import to_query
from api.direct import Direct
from api.examples import FEED, RELATED, SIMILAR, TRENDING
from api.guard import Caller, need
from api.render import belonging
from api.schemas import FeedBody
from api.schemas_feed import RelatedUrl, SimilarUrl, TrendingUrl
from api.state import State, state
from engine.errors import BadQuery
from engine.feed.learnt import called
from engine.read import in_city
from engine.types import Constraint
from engine.types import Query as Asked
from engine.understand import lexicon

router = APIRouter(prefix="/v1", tags=["feed"], route_class=Direct)


@router.post("/feed", responses=FEED)
async def feed(
    body: FeedBody, caller: Annotated[Caller, Depends(need("search"))], parts: Annotated[State, Depends(state)]
) -> Response:
    """A person's page, each card with where it comes from and why.

    With personalize=false (the default) no profile is read, whoever asks. `cursor` goes on with the list: no card comes
    twice or is left out, whatever happens meanwhile; what was clicked since is reflected in the next page.
    """
    query = replace(to_query(body, caller), interests=tuple(body.interests), weather=body.weather or "")
    return await parts.answer(body.budget_ms, lambda budget: parts.engine.feed(query, budget))


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


@router.get("/trending", responses=TRENDING)
async def trending(
    caller: Annotated[Caller, Depends(need("search"))],
    parts: Annotated[State, Depends(state)],
    asked: Annotated[TrendingUrl, Query()],
) -> Response:
    """What many turned to lately, in a city and of a topic where they are named; then what most like.

    Of a city these are places and notes, since products are in none, unless `kinds` says otherwise.
    """
    filters = [replace(in_city(asked.city), label=called(asked.city))] if asked.city else []
    kinds = tuple(asked.kinds) or (("poi", "note") if asked.city else ())
    if asked.topic:
        topic = lexicon.load().category(asked.topic)
        if topic is None:
            raise BadQuery("topic", f"'{asked.topic:.40}' is no category that is known, such as cafe or 帐篷")
        filters.append(Constraint("category", "eq", topic, label=lexicon.load().labels(topic)))
    query = Asked(caller.tenant, filters=tuple(filters), kinds=kinds, limit=asked.limit, lang=asked.lang)
    return await parts.answer(None, lambda budget: parts.engine.feeds.trending(query, budget))


@router.get("/related/{item_id:path}", responses=RELATED)
async def related(
    item_id: Annotated[str, Path(max_length=200)],
    caller: Annotated[Caller, Depends(need("search"))],
    parts: Annotated[State, Depends(state)],
    asked: Annotated[RelatedUrl, Query()],
) -> Response:
    """A note's places and products; the notes about a place or a product; what goes together with it."""
    query = Asked(caller.tenant, limit=asked.limit, lang=asked.lang)

    def work() -> object:
        return belonging(parts.engine.feeds.related(item_id, query))

    return await parts.told(work)
