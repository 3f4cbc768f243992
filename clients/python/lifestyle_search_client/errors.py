"""What can go wrong, and what does the server say about it?

LifestyleError
    Unreachable         nobody answered: no connection, or it broke
        TimedOut        not within the client's time
    Malformed           something answered, but not as this API does
    Refused             the server said no; `code` is for programs, the text is its own sentence
        BadRequest      400, 413, 422, ...: what was sent is wrong; `field` names the place
        Unauthorized    401: no key, or one that is not known
        Forbidden       403: the key lacks the scope
        NotFound        404: no such item, or nothing is published
        RateLimited     429: the key sent too much; `retry_after` seconds
        Unavailable     503: shed under load, or not ready; `retry_after` seconds
        ServerError     500, 502, 504, 507, ...: it broke, hung, or has no room
"""

from typing import Final


class LifestyleError(Exception):
    """Whatever this client raises."""


class Unreachable(LifestyleError):
    """Nobody answered; `sent`: the request may have arrived."""

    def __init__(self, message: str, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class TimedOut(Unreachable):
    """No answer within the client's time."""


class Malformed(LifestyleError):
    """An answer that this client cannot read: a proxy's page, or a server of another kind."""


class Refused(LifestyleError):
    """The server said no."""

    def __init__(
        self, message: str, status: int, code: str = "", field: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.field, self.retry_after = status, code, field, retry_after


class BadRequest(Refused):
    """What was sent is wrong; `field` names the place."""


class Unauthorized(Refused):
    """No key, or one that is not known."""


class Forbidden(Refused):
    """The key lacks the scope."""


class NotFound(Refused):
    """No such item, or nothing is published."""


class RateLimited(Refused):
    """The key sent too much."""


class Unavailable(Refused):
    """Shed under load, or not ready."""


class ServerError(Refused):
    """It broke, hung, or has no room."""


_BY_STATUS: Final[dict[int, type[Refused]]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    429: RateLimited,
    503: Unavailable,
}


def refusal(status: int) -> type[Refused]:
    """The class of error for a status that is no success."""
    return _BY_STATUS.get(status, ServerError if status >= 500 else BadRequest)
