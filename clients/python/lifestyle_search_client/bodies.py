"""What may be sent? Generated from the OpenAPI by generate.py: do not edit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

from lifestyle_search_client.models import Model

#: An object, or a part of an answer that is sent back.
Object: TypeAlias = Mapping[str, Any] | Model


class AliasBody(TypedDict):
    """POST /v1/mentions: what a place is called too."""

    id: str
    name: str


class Filter(TypedDict):
    """An explicit constraint; it wins over what the text says about the same slot."""

    slot: str
    op: str
    value: Any
    polarity: NotRequired[Literal[1, -1]]
    hardness: NotRequired[Literal["hard", "soft"]]


class Near(TypedDict):
    """The person's position, WGS-84 degrees."""

    lat: float
    lon: float


class Way(TypedDict):
    """One way of answering: which order, and what is left out."""

    model: NotRequired[Literal["serving", "hand", "retrieval"] | int]
    constraints: NotRequired[bool]
    rules: NotRequired[bool]


class CompareBody(TypedDict):
    """POST /v1/house/compare: a question, and the two ways."""

    q: str
    lang: NotRequired[Literal["zh", "en"]]
    kinds: NotRequired[list[Literal["note", "product", "poi"]]]
    near: NotRequired[Near | None]
    now: NotRequired[datetime | str | None]
    filters: NotRequired[list[Filter]]
    left: NotRequired[Way]
    right: NotRequired[Way]
    limit: NotRequired[int]


class DecisionBody(TypedDict):
    """POST /v1/review/{id}."""

    reason: str
    decision: Literal["block", "unblock", "keep"]


class Event(TypedDict):
    """What a person did (names of User Behavior Insights)."""

    user_id: str
    action: Literal["impression", "click", "save", "like", "share", "comment", "follow", "book", "purchase", "hide", "report"]
    object_id: str
    query_id: NotRequired[str | None]
    session_id: NotRequired[str | None]
    position: NotRequired[int | None]
    at: NotRequired[datetime | str | None]


class EventsBody(TypedDict):
    """POST /v1/events."""

    events: list[Event]


class FeedBody(TypedDict):
    """POST /v1/feed: search without words."""

    filters: NotRequired[list[Filter]]
    kinds: NotRequired[list[Literal["note", "product", "poi"]]]
    sort: NotRequired[str | None]
    near: NotRequired[Near | None]
    limit: NotRequired[int]
    cursor: NotRequired[str | None]
    budget_ms: NotRequired[float | None]
    personalize: NotRequired[bool]
    user_id: NotRequired[str | None]
    explain: NotRequired[bool]
    lang: NotRequired[Literal["zh", "en"] | None]
    facets: NotRequired[list[str]]
    interests: NotRequired[list[str]]
    weather: NotRequired[Literal["rain", "snow", "heat", "cold", "sun"] | None]


class InterestsBody(TypedDict):
    """PUT /v1/users/{id}/interests."""

    interests: list[str]


class JudgeBody(TypedDict):
    """PUT /v1/house/judgments: grades of items for a question; null takes one away."""

    q: str
    lang: NotRequired[Literal["zh", "en"]]
    kinds: NotRequired[list[Literal["note", "product", "poi"]]]
    near: NotRequired[Near | None]
    now: NotRequired[datetime | str | None]
    filters: NotRequired[list[Filter]]
    grades: Object


#: PATCH /v1/items/{id}: fields and their new values; null takes one away.
PatchBody: TypeAlias = Mapping[str, Any]


class RemoveBody(TypedDict):
    """POST /v1/users/{id}:remove."""

    key: str


class ReportBody(TypedDict):
    """POST /v1/items/{id}:report: who complains, and of what."""

    user_id: str
    reason: Literal["vulgar", "unsafe", "illegal", "advertising", "false", "copied", "other"]
    text: NotRequired[str | None]


class RuleBody(TypedDict):
    """PUT /v1/house/rules/{id}: what it speaks of (a query's words, a constraint, or both), and what it moves."""

    action: Literal["pin", "boost", "bury", "hide"]
    items: list[str]
    query: NotRequired[str | None]
    slot: NotRequired[str | None]
    value: NotRequired[str | None]
    places: NotRequired[int]
    since: NotRequired[datetime | str | None]
    until: NotRequired[datetime | str | None]


class SearchBody(TypedDict):
    """POST /v1/search: `q`, or a `parse` sent back with slots changed."""

    filters: NotRequired[list[Filter]]
    kinds: NotRequired[list[Literal["note", "product", "poi"]]]
    sort: NotRequired[str | None]
    near: NotRequired[Near | None]
    limit: NotRequired[int]
    cursor: NotRequired[str | None]
    budget_ms: NotRequired[float | None]
    personalize: NotRequired[bool]
    user_id: NotRequired[str | None]
    explain: NotRequired[bool]
    lang: NotRequired[Literal["zh", "en"] | None]
    facets: NotRequired[list[str]]
    q: NotRequired[str]
    parse: NotRequired[Object | None]
    previous: NotRequired[Object | str | None]
    insist: NotRequired[list[int]]
    at: NotRequired[datetime | str | None]


class ServeBody(TypedDict):
    """POST /v1/house/versions: which snapshot, or which model, is to serve."""

    snapshot: NotRequired[str | None]
    model: NotRequired[int | None]


class UnderstandBody(TypedDict):
    """POST /v1/understand."""

    q: str
    near: NotRequired[Near | None]
    previous: NotRequired[Object | str | None]
    explain: NotRequired[bool]


class Upsert(TypedDict):
    """One item: its kind and its fields (see the tables in the README)."""

    kind: Literal["note", "product", "poi"]
    item: Object


class UpsertBody(TypedDict):
    """POST /v1/items:upsert."""

    items: list[Upsert]


class WhyBody(TypedDict):
    """POST /v1/items/{id}:block and :unblock: why, for the log."""

    reason: str
