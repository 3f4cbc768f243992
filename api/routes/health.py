"""/healthz, /readyz, /metrics: for those who run it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

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
    """A snapshot is loaded and warm; says which."""
    ready = parts.views.ready()
    if not ready:
        return answer(503, "NotReady", "no snapshot is loaded; run 'lifestyle build'")
    return Response(to_json({"status": "ready", "tenants": ready}), media_type="application/json")


@router.get("/metrics", responses=METRICS, response_class=Response)
async def metrics(
    caller: Annotated[Caller, Depends(need("admin"))], parts: Annotated[State, Depends(state)]
) -> Response:
    """Prometheus text format."""
    parts.telemetry.in_flight.set(parts.pool.inside)
    parts.telemetry.pending.set(parts.views.pending_count())
    return Response(generate_latest(parts.telemetry.registry), media_type=CONTENT_TYPE_LATEST)
