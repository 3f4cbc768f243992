"""/healthz, /readyz, /metrics: for those who run it."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.errors import answer, to_json
from api.examples import HEALTHZ, METRICS, READYZ
from api.guard import Caller, need
from api.state import State, state

router = APIRouter(tags=["operating"])


@router.get("/healthz", responses=HEALTHZ)
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", responses=READYZ)
async def readyz(parts: Annotated[State, Depends(state)]) -> Response:
    """A snapshot is loaded and warm, the store can be read, changes are followed; says which, and what is amiss."""
    trouble = await asyncio.to_thread(parts.views.trouble)
    if trouble is not None:
        return answer(503, "NotReady", trouble)
    told = {"status": "ready", "tenants": parts.views.ready(), "notices": parts.views.notices()}
    return Response(to_json(told), media_type="application/json")


@router.get("/metrics", responses=METRICS, response_class=Response)
async def metrics(
    caller: Annotated[Caller, Depends(need("admin"))], parts: Annotated[State, Depends(state)]
) -> Response:
    """Prometheus text format."""
    parts.telemetry.in_flight.set(parts.pool.inside)
    parts.telemetry.pending.set(parts.views.pending_count())
    return Response(parts.telemetry.told(), media_type=CONTENT_TYPE_LATEST)
