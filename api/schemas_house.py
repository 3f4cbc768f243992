"""What may those who run the house, and those who complain, say? Every field with its bounds, as in api/schemas.py."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from api.schemas import MAX_QUERY, At, Body, Id
from engine.rules import MOST_ITEMS, MOST_PLACES, Action


class RuleBody(Body):
    """PUT /v1/house/rules/{id}: what it speaks of (a query's words, a constraint, or both), and what it moves."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "action": "pin",
                    "items": ["p-hz-001"],
                    "query": "有草坪的咖啡店",
                    "until": "2026-12-31T00:00:00Z",
                },
                {"action": "hide", "items": ["p-hz-002"], "slot": "amenity", "value": "lawn"},
            ]
        }
    )

    action: Action
    items: list[Id] = Field(min_length=1, max_length=MOST_ITEMS)
    query: Annotated[str, Field(min_length=1, max_length=MAX_QUERY)] | None = None
    slot: str | None = Field(None, max_length=40)
    value: str | None = Field(None, max_length=200, description="of the constraint; default: any")
    places: int = Field(0, ge=0, le=MOST_PLACES, description="pin: at which place; boost, bury: by how many")
    since: At = None
    until: At = Field(None, description="from then on it moves nothing")

    @model_validator(mode="after")
    def _speaks_of_something(self) -> "RuleBody":
        if self.query is None and self.slot is None:
            raise ValueError("say of which query or slot the rule speaks")
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError("since must lie before until")
        return self


class ServeBody(Body):
    """POST /v1/house/versions: which snapshot, or which model, is to serve."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"snapshot": "00000001"}]})

    snapshot: str | None = Field(None, pattern=r"^[0-9]{8}$")
    model: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _names_one(self) -> "ServeBody":
        if (self.snapshot is None) == (self.model is None):
            raise ValueError("name a snapshot or a model")
        return self


class WhyBody(Body):
    """POST /v1/items/{id}:block and :unblock: why, for the log."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "sells forged papers"}]})

    reason: str = Field(min_length=1, max_length=500)


class DecisionBody(WhyBody):
    """POST /v1/review/{id}."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "keep", "reason": "a joke"}]})

    decision: Literal["block", "unblock", "keep"]


class AliasBody(Body):
    """POST /v1/mentions: what a place is called too."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": "p-hz-001", "name": "老街公园"}]})

    id: Id
    name: str = Field(min_length=2, max_length=100)


class ReportBody(Body):
    """POST /v1/items/{id}:report: who complains, and of what."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"user_id": "u042", "reason": "advertising"}]})

    user_id: Id
    reason: Literal["vulgar", "unsafe", "illegal", "advertising", "false", "copied", "other"]
    text: str | None = Field(None, max_length=1000)
