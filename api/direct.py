"""How does a busy route skip the framework's work? A plain good request goes straight to its endpoint."""

import inspect
from functools import cached_property
from typing import Final

from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.types import Receive, Scope, Send

from api.guard import Caller, known_caller
from api.limits import JSON
from api.state import State

NEEDS: Final = "search"


class Direct(APIRoute):
    """For POST routes whose endpoint takes (body, caller, parts), for callers with the scope `search`.

    Whatever is not plainly right (the key or its rate, the content type, a field), and every other method, takes
    FastAPI's way, which says what is wrong. A router has this class for all its routes: those of a router inside
    another one would be counted without the outer's prefix.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Both ways check the same body by the same model, and call the same endpoint."""
        asked = self._asked(scope)
        if asked is None:
            await super().handle(scope, receive, send)
            return
        reply = await self.endpoint(*asked)
        await reply(scope, receive, send)

    def _asked(self, scope: Scope) -> tuple[BaseModel, Caller, State] | None:
        if scope["method"] != "POST" or JSON not in scope:
            return None
        headers = dict(scope["headers"])
        if not _is_json(headers.get(b"content-type", b"")):
            return None
        caller = known_caller(scope["app"].state.keys, headers.get(b"authorization", b"").decode("latin-1"))
        if caller is None or NEEDS not in caller.scopes:
            return None
        try:
            body = self._model.model_validate(scope[JSON])
        except ValidationError:
            return None
        if scope["app"].state.rates.take(caller.key):
            return None
        return body, caller, scope["app"].state.parts

    @cached_property
    def _model(self) -> type[BaseModel]:
        model: type[BaseModel] = inspect.get_annotations(self.endpoint)["body"]
        return model


def _is_json(content_type: bytes) -> bool:
    return content_type.partition(b";")[0].strip().lower() == b"application/json"
