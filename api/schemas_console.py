"""What may the console ask for? Hours of a curve, two ways of answering beside each other, grades."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, field_validator, model_validator

from api.schemas import MAX_QUERY, At, Body, Filter, Id, KindName, Near

Text = Annotated[str, Field(min_length=1, max_length=MAX_QUERY)]


class CurvesUrl(Body):
    """GET /v1/house/curves."""

    hours: int = Field(1, ge=1, le=24, description="back from now; each point stands for so many minutes")


class Way(Body):
    """One way of answering: which order, and what is left out."""

    model: Literal["serving", "hand", "retrieval"] | Annotated[int, Field(ge=1)] = Field(
        "serving", description="the order that serves, the weights set by hand, that of retrieval, or a model's number"
    )
    constraints: bool = Field(True, description="false: the words alone, whatever constraints they hold")
    rules: bool = Field(True, description="false: without what the house moves by hand")


class Question(Body):
    """A question with what else belongs to the request."""

    q: Text
    lang: Literal["zh", "en"] = "zh"
    kinds: list[KindName] = Field([], max_length=3)
    near: Near | None = None
    now: At = None
    filters: list[Filter] = Field([], max_length=32)

    @field_validator("q")
    @classmethod
    def _asks_something(cls, q: str) -> str:
        if not q.strip():
            raise ValueError("is empty; say what is looked for")
        return q

    def as_judged(self) -> dict[str, Any]:
        """As a line of `lifestyle train --judgments` names it."""
        said = self.model_dump(mode="json", include={"lang", "kinds", "near", "now", "filters"})
        return {"query": self.q, **said}


class CompareBody(Question):
    """POST /v1/house/compare: a question, and the two ways."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"q": "有草坪的咖啡店", "left": {}, "right": {"model": "hand"}, "limit": 10}]}
    )

    left: Way = Way()
    right: Way = Way()
    limit: int = Field(10, ge=1, le=20)


class JudgeBody(Question):
    """PUT /v1/house/judgments: grades of items for a question; null takes one away."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"q": "有草坪的咖啡店", "grades": {"p-hz-078": 3, "p-hz-001": 0}}]}
    )

    grades: dict[Id, Annotated[int, Field(ge=0, le=3)] | None]

    @model_validator(mode="after")
    def _grades_some(self) -> "JudgeBody":
        if not 1 <= len(self.grades) <= 100:
            raise ValueError("grade between 1 and 100 items at once")
        return self
