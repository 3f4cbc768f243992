"""/v1/users/{id}: what is learnt of a person, and how they steer it: see, declare, remove, begin anew, take along."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response

from api.examples import DECLARED, EXPORT, INTERESTS, REMOVED, RESET
from api.guard import Caller, need
from api.render import acquainted
from api.schemas_feed import InterestsBody, RemoveBody
from api.state import State, state

router = APIRouter(prefix="/v1", tags=["people"])
User = Annotated[str, Path(max_length=200)]
Writer = Annotated[Caller, Depends(need("write"))]
Parts = Annotated[State, Depends(state)]


@router.get("/users/{user_id:path}/interests", responses=INTERESTS)
async def interests(user_id: User, caller: Writer, parts: Parts) -> Response:
    """What feeds know of a person: interests and attributes, each with the key that takes it away."""

    def work() -> object:
        return acquainted(parts.engine.feeds.person(caller.tenant, user_id))

    return await parts.told(work)


@router.put("/users/{user_id:path}/interests", responses=DECLARED)
async def declare(user_id: User, body: InterestsBody, caller: Writer, parts: Parts) -> Response:
    """What a person says that they like, in place of what they said before: categories or any words."""

    def work() -> dict[str, Any]:
        parts.views.store.declare(caller.tenant, user_id, body.interests)
        return {"user_id": user_id, "declared": body.interests}

    return await parts.written(work)


@router.post("/users/{user_id:path}:remove", responses=REMOVED)
async def remove(user_id: User, body: RemoveBody, caller: Writer, parts: Parts) -> Response:
    """Take away something that was learnt, by its key: it no longer counts, and is not learnt again until a reset."""

    def work() -> dict[str, Any]:
        parts.book.remove(caller.tenant, user_id, body.key)
        return {"user_id": user_id, "removed": body.key}

    return await parts.written(work)


@router.post("/users/{user_id:path}:reset", responses=RESET)
async def reset(user_id: User, caller: Writer, parts: Parts) -> Response:
    """Begin anew: nothing done or declared before says what this person likes. What they hid stays away."""

    def work() -> dict[str, Any]:
        parts.book.reset(caller.tenant, user_id)
        return {"user_id": user_id, "reset": True}

    return await parts.written(work)


@router.get("/users/{user_id:path}", responses=EXPORT)
async def export(user_id: User, caller: Writer, parts: Parts) -> Response:
    """All that the store keeps of a person, to take along."""

    def work() -> object:
        parts.recorder.flush()  # pages that wait to be logged are theirs too
        return {"user_id": user_id, **parts.book.export(caller.tenant, user_id)}

    return await parts.told(work, 10.0)
