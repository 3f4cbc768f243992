"""Items live: upsert (a batch, or lines without end), change, delete, look one up."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request, Response

from api.errors import to_json
from api.examples import DELETE, DOSSIER, ITEM, PATCH, STREAM, STREAM_BODY, UPSERT
from api.guard import Caller, need
from api.lines import Line, Taken, items_of, stretches
from api.receipts import receipt
from api.reviewing import screen
from api.schemas import PatchBody, UpsertBody
from api.state import WRITE_TIMEOUT_S, State, state
from engine.errors import UnknownItem
from engine.ports import Receipt

router = APIRouter(prefix="/v1", tags=["items"])


@router.post("/items:upsert", responses=UPSERT)
async def upsert(
    body: UpsertBody,
    caller: Annotated[Caller, Depends(need("write"))],
    parts: Annotated[State, Depends(state)],
    once: Annotated[Receipt | None, Depends(receipt)],
) -> Response:
    """Acknowledged after the commit: found by words and filters at once, by meaning once its vector is made."""
    items = [(entry.kind, entry.item) for entry in body.items]

    def work() -> object:
        seq, ids = parts.views.upsert(caller.tenant, items, once)
        screen(parts.views, caller.tenant, items)
        return {"accepted": len(ids), "ids": ids, "seq": seq, "vector": "pending"}

    return await parts.written(work)


@router.post("/items:stream", responses=STREAM, openapi_extra=STREAM_BODY)
async def stream(
    request: Request, caller: Annotated[Caller, Depends(need("write"))], parts: Annotated[State, Depends(state)]
) -> Response:
    """A line an item, {"kind", "item"}, as many as there are: committed in stretches as they come, shown at the end.

    A bad line is refused with its number, and the others go on. Send it again after a break: items replace themselves.
    """
    taken = Taken()
    async for lines in stretches(request.stream()):

        def work(lines: list[Line] = lines) -> None:
            if items := items_of(lines, taken):
                taken.seq = parts.views.take_in(caller.tenant, items)
                screen(parts.views, caller.tenant, items)
                taken.accepted += len(items)

        await parts.writers.run(work, WRITE_TIMEOUT_S)
    await parts.writers.run(lambda: parts.views.show(caller.tenant), WRITE_TIMEOUT_S)
    return Response(to_json({**vars(taken), "vector": "pending"}), media_type="application/json")


@router.patch("/items/{item_id:path}", responses=PATCH)
async def patch(
    item_id: Annotated[str, Path(max_length=200)],
    body: PatchBody,
    caller: Annotated[Caller, Depends(need("write"))],
    parts: Annotated[State, Depends(state)],
    once: Annotated[Receipt | None, Depends(receipt)],
) -> Response:
    """Change some fields of an item; null takes a field away (JSON Merge Patch, one level deep)."""

    def work() -> object:
        seq, made = parts.views.patch(caller.tenant, item_id, body.root, once)
        screen(parts.views, caller.tenant, made)
        return {"id": item_id, "seq": seq, "vector": "pending"}

    return await parts.written(work)


@router.delete("/items/{item_id:path}", responses=DELETE)
async def delete(
    item_id: Annotated[str, Path(max_length=200)],
    caller: Annotated[Caller, Depends(need("write"))],
    parts: Annotated[State, Depends(state)],
) -> Response:
    """Gone at once from search, feed and evidence."""

    def work() -> object:
        seq = parts.views.delete(caller.tenant, item_id)
        return {"deleted": item_id, "seq": seq}

    return await parts.written(work)


@router.get("/items/{item_id:path}/evidence", responses=DOSSIER)
async def evidence(
    item_id: Annotated[str, Path(max_length=200)],
    caller: Annotated[Caller, Depends(need("search"))],
    parts: Annotated[State, Depends(state)],
    lang: Literal["zh", "en"] = "zh",
) -> Response:
    """All that is known of an item's attributes: verdict, merchant's word, and what notes say for and against."""

    def work() -> object:
        return parts.views.evidence(caller.tenant, item_id, lang)

    return await parts.told(work)


@router.get("/items/{item_id:path}", responses=ITEM)
async def item(
    item_id: Annotated[str, Path(max_length=200)],
    caller: Annotated[Caller, Depends(need("search"))],
    parts: Annotated[State, Depends(state)],
) -> Response:
    """One item as stored."""

    def work() -> object:
        found = parts.views.item(caller.tenant, item_id)
        if found is None:
            raise UnknownItem(f"no item '{item_id}'; it may have been deleted")
        return found

    return await parts.told(work)
