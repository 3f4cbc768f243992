"""How does an error reach a client? One JSON shape, one status per class of engine/errors.py."""

from typing import Any

import msgspec
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from engine.errors import (
    BadInput,
    BadQuery,
    BadRow,
    LifestyleError,
    NoRoom,
    Overloaded,
    SnapshotError,
    UnknownItem,
    UnknownTenant,
)

#: First match by the method resolution order of the error's class wins.
STATUS: dict[type[LifestyleError], int] = {
    UnknownItem: 404,
    UnknownTenant: 404,
    BadInput: 422,
    SnapshotError: 503,
    Overloaded: 503,
    NoRoom: 507,
    LifestyleError: 500,
}


def to_json(content: Any) -> bytes:
    """-> the bytes of a JSON body."""
    return msgspec.json.encode(content)


def answer(status: int, code: str, message: str, **more: Any) -> Response:
    """{"error": {"code", "message", ...}}; 503 always carries Retry-After."""
    body = msgspec.json.encode({"error": {"code": code, "message": message, **more}})
    headers = {"Retry-After": "1"} if status in {429, 503} else {}
    return Response(body, status, headers, "application/json")


async def on_lifestyle_error(request: Request, error: Exception) -> Response:
    """Our own errors: their text is written for people."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    more = {"field": error.field} if isinstance(error, BadQuery | BadRow) else {}
    return answer(status, type(error).__name__, str(error), **more)


async def on_validation_error(request: Request, error: Exception) -> Response:
    """A request that does not fit its schema: names every field that is wrong."""
    if not isinstance(error, RequestValidationError):
        raise error
    problems = [{"field": _field(problem["loc"]), "reason": _plain(problem)} for problem in error.errors()[:20]]
    first = problems[0]
    message = f"{first['field']}: {first['reason']}"
    return answer(422, "BadRequest", message, field=first["field"], problems=problems)


async def on_http_error(request: Request, error: Exception) -> Response:
    """404 for unknown paths, 405 for unknown methods, and the guard's 401 and 403."""
    if not isinstance(error, HTTPException):
        raise error
    reply = answer(error.status_code, "HttpError", str(error.detail))
    reply.headers.update(error.headers or {})
    return reply


async def on_timeout(request: Request, error: Exception) -> Response:
    """What hangs is cut; its thread keeps its place in the pool until it ends. A write may still be done then."""
    return answer(504, "Timeout", "this took far longer than it may (a search: twice its budget) and was cut")


async def on_gone(request: Request, error: Exception) -> Response:
    """The client left amid its body: nobody reads this. What was committed stays."""
    return answer(400, "Gone", "the connection ended before the body did")


async def on_crash(request: Request, error: Exception) -> Response:
    """Anything unexpected: no details leave the process; they are in its log."""
    return answer(500, "InternalError", "something broke on our side; it has been logged")


def _field(place: tuple[int | str, ...]) -> str:
    """filters.0.slot: as our own errors name it, without "body" or "query" before it."""
    return ".".join(str(part) for part in place[1:] or place)


def misfits(error: ValidationError) -> str:
    """What does not fit a schema, field by field, in one sentence."""
    said = error.errors(include_url=False)
    return "; ".join(f"{'.'.join(map(str, each['loc'])) or 'it'}: {_plain({**each})}" for each in said)


def _plain(problem: dict[str, Any]) -> str:
    if problem["type"] == "extra_forbidden":
        return "is not a known field; see /openapi.json for the fields of this request"
    return str(problem["msg"]).removeprefix("Value error, ")  # a validator of our own: its words are whole
