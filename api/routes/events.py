"""POST /v1/events: what people did. DELETE /v1/users/{id}: forget a person."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response

from api.examples import EVENTS, FORGET
from api.guard import Caller, need
from api.receipts import receipt
from api.schemas import EventsBody
from api.state import State, state
from engine.errors import BadQuery
from engine.ports import Receipt
from indexing.validate import check

router = APIRouter(prefix="/v1", tags=["events"])


@router.post("/events", responses=EVENTS)
async def events(
    body: EventsBody,
    caller: Annotated[Caller, Depends(need("write"))],
    parts: Annotated[State, Depends(state)],
    once: Annotated[Receipt | None, Depends(receipt)],
) -> Response:
    """Acknowledged after the commit; the next feed of this person knows."""
    now = parts.clock()
    rows = [_checked(number, event.model_dump() | {"at": event.at or now}) for number, event in enumerate(body.events)]

    def work() -> object:
        return {"accepted": parts.engine.store.record(caller.tenant, rows, once)}

    return await parts.written(work)


@router.delete("/users/{user_id:path}", responses=FORGET)
async def forget(
    user_id: Annotated[str, Path(max_length=200)],
    caller: Annotated[Caller, Depends(need("write"))],
    parts: Annotated[State, Depends(state)],
) -> Response:
    """Delete every event and query of a person from the live store."""

    def work() -> object:
        parts.recorder.flush()  # pages that wait to be logged would be written after it
        return {"deleted_rows": parts.views.forget(caller.tenant, user_id)}

    return await parts.written(work)


def _checked(number: int, event: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return check("event", event)
    except BadQuery as error:
        raise BadQuery(f"events.{number}.{error.field}", error.reason) from None
