"""GET /v1/suggest: completes as people type."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api.examples import SUGGEST
from api.guard import Caller, need
from api.schemas import SuggestUrl
from api.state import State, state
from engine.errors import BadQuery
from engine.suggest.complete import Suggestion, suggest

router = APIRouter(prefix="/v1", tags=["search"])


@router.get("/suggest", responses=SUGGEST)
async def completions(
    caller: Annotated[Caller, Depends(need("search"))],
    parts: Annotated[State, Depends(state)],
    asked: Annotated[SuggestUrl, Query()],
) -> Response:
    """Names, categories, brands, dishes, places, attributes and queries that go on from what is typed.

    Chinese and Latin letters, pinyin and its initials; small slips are forgiven. The last word of a longer query is
    completed and the rest kept. `highlight`: the stretches of `text` that were typed.
    """
    if not asked.q.strip():
        raise BadQuery("q", "is empty; type a letter")

    def work() -> object:
        index = parts.views.now(caller.tenant).index
        found = suggest(index, caller.tenant, asked.q, asked.limit, asked.lang, [parts.views.popular(caller.tenant)])
        answer = {"q": asked.q, "suggestions": [to_dict(s) for s in found], "versions": {"snapshot": index.version}}
        return answer

    return await parts.told(work)


def to_dict(found: Suggestion) -> dict[str, Any]:
    """A suggestion as JSON shows it."""
    shown = {"text": found.text, "type": found.type, "score": found.score, "highlight": found.highlight}
    return shown | {k: v for k, v in (("id", found.id), ("kind", found.kind)) if v is not None}
