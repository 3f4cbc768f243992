"""What may a request say? Every field with its bounds; unknown fields are refused by name."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, field_validator

from engine.vocabulary import FACETS, SORTS

MAX_QUERY = 512  # characters
MAX_TYPED = 128  # of a query that is to be completed


def aware(at: datetime | None) -> datetime | None:
    """A time that says where it is meant, within the years that dates of the index can have."""
    if at is not None and at.tzinfo is None:
        raise ValueError("needs an offset from UTC, as in 2026-11-22T10:00:00+08:00")
    if at is not None and not 1970 <= at.year <= 2199:
        raise ValueError("must lie between 1970 and 2200")
    return at


At = Annotated[datetime | None, AfterValidator(aware)]
Id = Annotated[str, Field(min_length=1, max_length=200)]
Previous = dict[str, Any] | Annotated[str, Field(min_length=1, max_length=MAX_QUERY)] | None
KindName = Literal["note", "product", "poi"]
ActionName = Literal[
    "impression", "click", "save", "like", "share", "comment", "follow", "book", "purchase", "hide", "report"
]


class Body(BaseModel):
    """A request body: what it does not know, it refuses."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """One field that is wrong."""

    field: str
    reason: str


class Error(BaseModel):
    """`code` is for programs, `message` for people."""

    code: str
    message: str
    field: str | None = None
    problems: list[Problem] | None = None


class ErrorAnswer(BaseModel):
    """The one shape of every error."""

    error: Error


class Near(Body):
    """The person's position, WGS-84 degrees."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class Filter(Body):
    """An explicit constraint; it wins over what the text says about the same slot."""

    slot: str = Field(max_length=40, examples=["price"])
    op: str = Field(max_length=20, examples=["lte"])
    value: Any = Field(examples=[100])
    polarity: Literal[1, -1] = 1
    hardness: Literal["hard", "soft"] = "hard"


class Asking(Body):
    """What every question may carry."""

    filters: list[Filter] = Field([], max_length=32)
    kinds: list[KindName] = Field([], max_length=3, description="only these kinds; default: what the query asks for")
    sort: str | None = Field(None, description=" | ".join(SORTS))
    near: Near | None = None
    limit: int = Field(20, ge=1, le=100)
    cursor: str | None = Field(None, max_length=300)
    budget_ms: float | None = Field(None, ge=5, le=2000, description="latency budget; default 150")
    personalize: bool = False
    user_id: Id | None = None
    explain: bool = False
    lang: Literal["zh", "en"] | None = Field(None, description="language of the reasons; default: that of the query")
    facets: list[str] = Field([], max_length=8, description="count the answers by: " + ", ".join(FACETS))

    @field_validator("facets")
    @classmethod
    def _known_facets(cls, facets: list[str]) -> list[str]:
        unknown = [facet for facet in facets if facet not in FACETS]
        if unknown:
            raise ValueError(f"'{unknown[0]:.40}' is none of {', '.join(FACETS)}")
        return facets

    @field_validator("sort")
    @classmethod
    def _known_sort(cls, sort: str | None) -> str | None:
        if sort is not None and sort not in SORTS:
            raise ValueError(f"is not one of {', '.join(SORTS)}")
        return sort


class SearchBody(Asking):
    """POST /v1/search: `q`, or a `parse` sent back with slots changed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"q": "适合周末带娃去的、有草坪的、近郊的咖啡店", "kinds": ["poi"], "limit": 10},
                {
                    "q": "café",
                    "filters": [{"slot": "price", "op": "lte", "value": 50}],
                    "near": {"lat": 30.26, "lon": 120.15},
                    "facets": ["category", "price", "city"],
                },
            ]
        }
    )

    q: str = Field("", max_length=MAX_QUERY, examples=["适合周末带娃去的、有草坪的、近郊的咖啡店"])
    parse: dict[str, Any] | None = Field(None, description="a parse from an earlier answer; the text is not read again")
    previous: Previous = Field(None, description="the query before, as text or parse: `q` corrects it")
    insist: list[Annotated[int, Field(ge=0, lt=64)]] = Field(
        [],
        max_length=64,
        description="places in parse.constraints that must not give way, however few answers are left",
    )
    at: At = Field(None, description="the time to answer for, with offset; default: now")


class SearchUrl(Body):
    """GET /v1/search: the few parameters that fit a URL."""

    q: str = Field(min_length=1, max_length=MAX_QUERY, examples=["有草坪的咖啡店"])
    kinds: list[KindName] = Field([], max_length=3)
    limit: int = Field(20, ge=1, le=100)
    cursor: str | None = Field(None, max_length=300)
    budget_ms: float | None = Field(None, ge=5, le=2000)
    lang: Literal["zh", "en"] | None = None


class SuggestUrl(Body):
    """GET /v1/suggest: what is typed so far."""

    q: str = Field(min_length=1, max_length=MAX_TYPED, examples=["咖"])
    limit: int = Field(8, ge=1, le=20)
    lang: Literal["zh", "en"] | None = Field(None, description="put texts of this language first")


class FeedBody(Asking):
    """POST /v1/feed: search without words."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"user_id": "u042", "personalize": True, "limit": 20},
                {"interests": ["camping", "咖啡"], "weather": "rain", "limit": 20},
            ]
        }
    )

    interests: list[Annotated[str, Field(min_length=1, max_length=80)]] = Field(
        [], max_length=20, description="for this page alone, as a newcomer says them: categories or any words"
    )
    weather: Literal["rain", "snow", "heat", "cold", "sun"] | None = Field(
        None, description="prefer what suits it: indoors or in the open"
    )


class UnderstandBody(Body):
    """POST /v1/understand."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"q": "weekend family café with lawn near the city"}]})

    q: str = Field(min_length=1, max_length=MAX_QUERY, examples=["weekend family café with lawn near the city"])
    near: Near | None = None
    previous: Previous = Field(None, description="the query before, as text or parse: `q` corrects it")
    explain: bool = Field(False, description="say in words which rule made each constraint")


class Upsert(Body):
    """One item: its kind and its fields (see the tables in the README)."""

    kind: KindName
    item: dict[str, Any] = Field(examples=[{"id": "p-new", "name": "新开的草坪咖啡", "category": "cafe"}])


class UpsertBody(Body):
    """POST /v1/items:upsert."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"items": [{"kind": "poi", "item": {"id": "p-new", "name": "新开的草坪咖啡", "category": "cafe"}}]}
            ]
        }
    )

    items: list[Upsert] = Field(min_length=1, max_length=500)


class PatchBody(RootModel[dict[str, Any]]):
    """PATCH /v1/items/{id}: fields and their new values; null takes one away."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"price_per_person": 42, "opening_hours": None}]})

    root: dict[str, Any] = Field(min_length=1, max_length=100)


class Event(Body):
    """What a person did (names of User Behavior Insights)."""

    user_id: Id
    action: ActionName
    object_id: Id
    query_id: Id | None = None
    session_id: Id | None = None
    position: int | None = Field(None, ge=0, le=10_000)
    at: At = Field(None, description="when, with offset from UTC; default: now")


class EventsBody(Body):
    """POST /v1/events."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"events": [{"user_id": "u042", "action": "save", "object_id": "p-hz-001"}]}]}
    )

    events: list[Event] = Field(min_length=1, max_length=500)
