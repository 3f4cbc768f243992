"""Items live: upsert, delete, look one up."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Response

from api.errors import to_json
from api.examples import DELETE, DOSSIER, ITEM, UPSERT
from api.guard import Caller, need
from api.schemas import UpsertBody
from api.state import State, state
from engine.errors import UnknownItem

router = APIRouter(prefix="/v1", tags=["items"])

WRITE_TIMEOUT_S = 30.0


@router.post("/items:upsert", responses=UPSERT)
async def upsert(
    body: UpsertBody, caller: Annotated[Caller, Depends(need("write"))], parts: Annotated[State, Depends(state)]
) -> Response:
    """Acknowledged after the commit: found by words and filters at once, by meaning once its vector is made."""
    items = [(entry.kind, entry.item) for entry in body.items]

    def work() -> bytes:
        seq, ids = parts.views.upsert(caller.tenant, items)
        return to_json({"accepted": len(ids), "ids": ids, "seq": seq, "vector": "pending"})

    return Response(await parts.writers.run(work, WRITE_TIMEOUT_S), media_type="application/json")


@router.delete("/items/{item_id:path}", responses=DELETE)
async def delete(
    item_id: Annotated[str, Path(max_length=200)],
    caller: Annotated[Caller, Depends(need("write"))],
    parts: Annotated[State, Depends(state)],
) -> Response:
    """Gone at once from search, feed and evidence."""

    def work() -> bytes:
        seq = parts.views.delete(caller.tenant, item_id)
        return to_json({"deleted": item_id, "seq": seq})

    return Response(await parts.writers.run(work, WRITE_TIMEOUT_S), media_type="application/json")


@router.get("/items/{item_id:path}/evidence", responses=DOSSIER)
async def evidence(
    item_id: Annotated[str, Path(max_length=200)],
    caller: Annotated[Caller, Depends(need("search"))],
    parts: Annotated[State, Depends(state)],
    lang: Literal["zh", "en"] = "zh",
) -> Response:
    """All that is known of an item's attributes: verdict, merchant's word, and what notes say for and against."""

    def work() -> bytes:
        return to_json(parts.views.evidence(caller.tenant, item_id, lang))

    return Response(await parts.pool.run(work, 2.0), media_type="application/json")


@router.get("/items/{item_id:path}", responses=ITEM)
async def item(
    item_id: Annotated[str, Path(max_length=200)],
    caller: Annotated[Caller, Depends(need("search"))],
    parts: Annotated[State, Depends(state)],
) -> Response:
    """One item as stored."""

    def work() -> bytes:
        found = parts.views.item(caller.tenant, item_id)
        if found is None:
            raise UnknownItem(f"no item '{item_id}'; it may have been deleted")
        return to_json(found)

    return Response(await parts.pool.run(work, 2.0), media_type="application/json")
