"""Who may come in? Bearer keys with scopes; only their digests are kept, compared in constant time."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.rates import Rates
from api.settings import DEMO_KEY, Key, Scope, Settings

SCOPES: frozenset[Scope] = frozenset({"search", "write", "admin"})
_bearer = HTTPBearer(auto_error=False, description="Authorization: Bearer <key>")


@dataclass(frozen=True)
class Caller:
    """Who is asking: decides the tenant, so that no request can name another's."""

    key: Key

    @property
    def tenant(self) -> str:
        """Whose data."""
        return self.key.tenant

    @property
    def scopes(self) -> frozenset[Scope]:
        """What for."""
        return self.key.scopes

    @property
    def who(self) -> str:
        """By what a log of decisions names the key: too little of its digest to be looked for."""
        return self.key.digest[:12]


def digest(key: str) -> str:
    """SHA-256 of a key, as settings hold it. Keys are 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def known_keys(settings: Settings) -> list[Key]:
    """The configured keys, and the demo key while it is on."""
    demo = [Key(digest=digest(DEMO_KEY), tenant=settings.tenant, scopes=SCOPES)] if settings.demo_key else []
    return [*settings.keys, *demo]


def known_caller(keys: Sequence[Key], authorization: str) -> Caller | None:
    """Who sent this Authorization header; None without a key that is known."""
    scheme, _, sent = authorization.partition(" ")
    return _of_key(keys, sent.strip()) if scheme.lower() == "bearer" else None


def _of_key(keys: Sequence[Key], sent: str) -> Caller | None:
    wanted, found = digest(sent), None
    for key in keys:  # every key is compared, so that time tells nothing
        if hmac.compare_digest(key.digest, wanted):
            found = Caller(key)
    return found


def need(scope: Scope) -> Callable[..., Awaitable[Caller]]:
    """A dependency: the caller, when the key has this scope and its rate allows; else 401, 403 or 429.

    Async, or it would wait for a thread.
    """

    async def check(request: Request, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Caller:
        if sent is None:
            raise HTTPException(401, "send 'Authorization: Bearer <key>'", {"WWW-Authenticate": "Bearer"})
        found = _of_key(request.app.state.keys, sent.credentials)
        if found is None:
            raise HTTPException(401, "this key is not known", {"WWW-Authenticate": "Bearer"})
        if scope not in found.scopes:
            raise HTTPException(403, f"this key lacks the scope '{scope}'")
        rates: Rates = request.app.state.rates
        if wait := rates.take(found.key):
            raise HTTPException(429, f"this key sent too much; come back in {wait} s", {"Retry-After": str(wait)})
        return found

    return check
