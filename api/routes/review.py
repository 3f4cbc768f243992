"""What should nobody see, and who says so? Reports by people; blocks, a queue and decisions for those who answer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from api.examples import BLOCKED, DECIDED, QUEUE, REPORTED
from api.guard import Caller, need
from api.reviewing import decided, moderation
from api.schemas_house import DecisionBody, ReportBody, WhyBody
from api.state import State, state
from engine.errors import UnknownItem

router = APIRouter(prefix="/v1", tags=["review"])
ItemId = Annotated[str, Path(max_length=200)]
Admin = Annotated[Caller, Depends(need("admin"))]
Parts = Annotated[State, Depends(state)]


@router.post("/items/{item_id:path}:block", responses=BLOCKED)
async def block(item_id: ItemId, body: WhyBody, caller: Admin, parts: Parts) -> Response:
    """Gone from the next answer on, from search, feed, suggestions, look-ups and evidence, and from every build."""
    return await _decide(parts, caller, item_id, "block", body.reason)


@router.post("/items/{item_id:path}:unblock", responses=BLOCKED)
async def unblock(item_id: ItemId, body: WhyBody, caller: Admin, parts: Parts) -> Response:
    """Shown again, as it was written last."""
    return await _decide(parts, caller, item_id, "unblock", body.reason)


@router.post("/items/{item_id:path}:report", responses=REPORTED)
async def report(
    item_id: ItemId, body: ReportBody, caller: Annotated[Caller, Depends(need("write"))], parts: Parts
) -> Response:
    """A person complains of an item. Once for each person and item: what is sent again changes nothing."""

    def work() -> object:
        if parts.views.item(caller.tenant, item_id) is None:
            raise UnknownItem(f"no item '{item_id:.80}'; it may have been deleted")
        new = moderation(parts.views).report(caller.tenant, item_id, body.user_id, body.reason, body.text or "")
        return {"id": item_id, "new": new}

    return await parts.written(work)


@router.get("/review", responses=QUEUE)
async def queue(caller: Admin, parts: Parts) -> Response:
    """What waits for a decision, the gravest first, and the newest hundred decisions."""

    def work() -> object:
        kept = moderation(parts.views)
        rates = kept.report_rates(caller.tenant)
        rows = [each._asdict() | {"report_rate": rates.get(each.id, 0.0)} for each in kept.queue(caller.tenant)]
        return {"waiting": rows, "log": kept.log(caller.tenant)}

    return await parts.told(work)


@router.post("/review/{item_id:path}", responses=DECIDED)
async def decide(item_id: ItemId, body: DecisionBody, caller: Admin, parts: Parts) -> Response:
    """block, unblock, or keep: somebody looked and found nothing wrong."""
    return await _decide(parts, caller, item_id, body.decision, body.reason)


async def _decide(parts: State, caller: Caller, item_id: str, what: str, why: str) -> Response:
    def work() -> object:
        return {"id": item_id, **decided(parts.views, caller.tenant, item_id, what, caller.who, why)}

    return await parts.written(work)
