"""Which snapshot and which ranking model serve, and which others could? As the command line has it."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api.examples import VERSIONS, VERSIONS_SERVED
from api.guard import Caller, need
from api.layout import Layout
from api.schemas_house import ServeBody
from api.state import State, state
from api.views import Views
from engine.errors import BadQuery
from indexing.publish import Publisher
from ranking.registry import Registry

router = APIRouter(prefix="/v1/house", tags=["house"])
Admin = Annotated[Caller, Depends(need("admin"))]
Parts = Annotated[State, Depends(state)]


@router.get("/versions", responses=VERSIONS)
async def versions(caller: Admin, parts: Parts) -> Response:
    """Snapshots and models that are kept, oldest first, and which of each serve; `model: null` is the order by hand."""
    return await parts.told(lambda: told(parts.views, caller.tenant))


@router.post("/versions", responses=VERSIONS_SERVED)
async def serve(body: ServeBody, caller: Admin, parts: Parts) -> Response:
    """Serve another one that is kept, without asking the gate; every server follows within a second."""

    def work() -> object:
        if body.snapshot is not None:
            Publisher(parts.settings.root).rollback(caller.tenant, body.snapshot)
        if body.model is not None:
            promote(Registry(parts.views.layout.models(caller.tenant)), body.model)
        parts.views.show(caller.tenant)
        return told(parts.views, caller.tenant)

    return await parts.written(work)


def promote(registry: Registry, number: int) -> None:
    """Serve a model that is kept. BadQuery names those that are."""
    if number not in registry.numbers():
        raise BadQuery("model", f"there is no model {number}; there are {registry.numbers()}")
    registry.promote(number)


def told(views: Views, tenant: str) -> Mapping[str, Any]:
    """What is kept of a tenant."""
    layout: Layout = views.layout
    registry = Registry(layout.models(tenant))
    return {
        "snapshots": views.publisher.kept(tenant),
        "snapshot": views.publisher.current(tenant).name,
        "models": [_card(number, registry.card(number)) for number in registry.numbers()],
        "model": registry.current(),
        "pending": views.pending_count(),
    }


def _card(number: int, card: Mapping[str, Any]) -> Mapping[str, Any]:
    metrics = card.get("metrics", {})
    return {
        "number": number,
        "made": card.get("made"),
        "ndcg@10": metrics.get("ndcg@10"),
        "rival": metrics.get("rival"),
    }
