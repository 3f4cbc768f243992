"""What is a request, and what comes of its answer? Values and functions without any waiting: both clients use them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx
import msgspec

from lifestyle_search_client.bodies import Upsert
from lifestyle_search_client.errors import LifestyleError, Malformed, TimedOut, Unreachable, refusal
from lifestyle_search_client.retries import retry_after

T = TypeVar("T")

VERSION: Final = "0.1.0"
_JSON: Final = {"Content-Type": "application/json"}
#: Nothing was sent when these happen.
_UNSENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class Call(Generic[T]):
    """A request and the type of its answer. `repeatable`: to send it twice does no more than to send it once."""

    method: str
    path: str
    answer: type[T]
    body: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    repeatable: bool = True

    def request(self) -> dict[str, Any]:
        """As httpx takes it."""
        headers = {} if self.body is None else dict(_JSON)
        if self.key is not None:
            headers["Idempotency-Key"] = self.key
        return {
            "method": self.method,
            "url": self.path,
            "headers": headers,
            "params": {name: value for name, value in self.params.items() if value is not None},
            "content": None if self.body is None else msgspec.json.encode(self.body),
        }


def once(given: str | None) -> str:
    """The key by which the server does a write once, however often it comes: the caller's, or a new one."""
    return given if given is not None else uuid4().hex


def at(template: str, ident: str) -> str:
    """A path with an id in it, whatever characters that has."""
    return template.format(quote(ident, safe=""))


def lines(items: Iterable[Upsert]) -> Iterable[bytes]:
    """A line an item."""
    for item in items:
        yield msgspec.json.encode(item) + b"\n"


def headers(key: str) -> dict[str, str]:
    """What every request carries."""
    return {"Authorization": f"Bearer {key}", "User-Agent": f"lifestyle-search-client/{VERSION}"}


def read(response: httpx.Response, answer: type[T]) -> T:
    """The answer as its type. Raises Refused with the server's sentence, Malformed when it is none of this API's."""
    if not response.is_success:
        raise refused(response)
    try:
        return msgspec.json.decode(response.content, type=answer)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Malformed(f"{response.request.url.path}: not an answer of this API: {error}") from error


def refused(response: httpx.Response) -> LifestyleError:
    """The error that a status and its body tell of; a body that is not ours (a proxy's) is not repeated."""
    code, message, place = "", f"{response.status_code} {response.reason_phrase}", None
    try:
        told = response.json()["error"]
        code, message, place = str(told["code"]), str(told["message"]), told.get("field")
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    wait = retry_after(response.headers.get("Retry-After"))
    return refusal(response.status_code)(message, response.status_code, code, place, wait)


def unreached(problem: httpx.RequestError) -> LifestyleError:
    """The error that a broken connection tells of."""
    sent, told = not isinstance(problem, _UNSENT), str(problem) or type(problem).__name__
    if isinstance(problem, httpx.TimeoutException):
        return TimedOut(f"no answer in time: {told}", sent)
    return Unreachable(f"no answer: {told}", sent)
