"""Which names in notes lead to nothing, and whose are they? For an operator; the next build uses what is added."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Response

from api.examples import ALIASED, MENTIONS
from api.guard import Caller, need
from api.reviewing import screen
from api.schemas_house import AliasBody
from api.state import State, state
from api.views import Views
from engine.errors import BadQuery, UnknownItem
from indexing.snapshot import Snapshot
from indexing.unresolved import unresolved

router = APIRouter(prefix="/v1", tags=["review"])
Admin = Annotated[Caller, Depends(need("admin"))]
Parts = Annotated[State, Depends(state)]


@router.get("/mentions", responses=MENTIONS)
async def mentions(caller: Admin, parts: Parts) -> Response:
    """Names that notes mark (📍, @, 「」, 店名) and that lead to no item, with counts and example notes."""

    def work() -> object:
        return {"mentions": listed(parts.views, caller.tenant)}

    return await parts.told(work, 10.0)


@router.post("/mentions", responses=ALIASED)
async def alias(body: AliasBody, caller: Admin, parts: Parts) -> Response:
    """A place is called so, too: it is found by that name at once, and the next build links notes by it. The name is
    looked at as what items say is."""

    def work() -> object:
        return aliased(parts.views, caller.tenant, body.id, body.name)

    return await parts.written(work)


def listed(views: Views, tenant: str) -> list[dict[str, Any]]:
    """The names, what most notes say first."""
    return [each._asdict() for each in unresolved(cast("Snapshot", views.now(tenant).index))]


def aliased(views: Views, tenant: str, item_id: str, name: str) -> dict[str, Any]:
    """Add another name to a place. Raises UnknownItem, BadQuery."""
    item = views.item(tenant, item_id)
    if item is None:
        raise UnknownItem(f"no item '{item_id:.80}'; it may have been deleted")
    if item["kind"] != "poi":
        raise BadQuery("id", f"'{item_id:.80}' is no place; only places have other names")
    names = list(dict.fromkeys([*(item.get("aliases") or ()), name]))
    seq, made = views.patch(tenant, item_id, {"aliases": names})
    screen(views, tenant, made)
    return {"id": item_id, "aliases": names, "seq": seq}
