"""How does a request body become the engine's Query?"""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from api.cursor import decode
from api.guard import Caller
from api.schemas import Asking, Filter, Near, SearchBody
from engine.errors import BadQuery
from engine.types import Constraint, Intent, Place, Query
from engine.understand import wire


def to_query(body: Asking, caller: Caller) -> Query:
    """What feed and search share. BadQuery for what only the engine's vocabulary can judge."""
    start = decode(body.cursor) if body.cursor else None
    return Query(
        tenant=caller.tenant,
        filters=filters_of(body.filters),
        kinds=tuple(body.kinds),
        sort=body.sort,
        near=place_of(body.near),
        user=body.user_id,
        personalize=body.personalize,
        limit=body.limit,
        offset=start.offset if start else 0,
        list_id=start.list_id if start else "",
        explain=body.explain,
        lang=body.lang,
        facets=tuple(body.facets),
    )


def filters_of(said: Sequence[Filter]) -> tuple[Constraint, ...]:
    """As constraints. BadQuery names the filter that is none."""
    return tuple(wire.constraint(f.model_dump(), f"filters.{n}") for n, f in enumerate(said))


def place_of(near: Near | None) -> Place | None:
    """Where the person is, when it is told."""
    return Place(near.lat, near.lon) if near else None


def to_search(body: SearchBody, caller: Caller) -> Query:
    """A search adds its text, or an edited parse, and the time to answer for."""
    parse = wire.from_json(body.parse) if body.parse is not None else None
    return replace(
        to_query(body, caller),
        text=body.q,
        parse=parse,
        previous=before(body.previous),
        at=body.at,
        insist=tuple(body.insist),
    )


def before(previous: dict[str, Any] | str | None) -> Intent | str | None:
    """The query before, as the engine takes it. BadQuery names the field under `previous`."""
    if not isinstance(previous, dict):
        return previous
    try:
        return wire.from_json(previous)
    except BadQuery as error:
        raise BadQuery(error.field.replace("parse", "previous", 1), error.reason) from error
