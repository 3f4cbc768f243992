"""What may requests around feeds say?"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, field_validator

from api.schemas import Body, KindName

Lang = Literal["zh", "en"] | None
Interest = Annotated[str, Field(min_length=1, max_length=80)]


class SimilarUrl(Body):
    """GET /v1/similar/{id}."""

    limit: int = Field(10, ge=1, le=100)


class RelatedUrl(Body):
    """GET /v1/related/{id}."""

    limit: int = Field(10, ge=1, le=50, description="of each group")
    lang: Lang = Field(None, description="language of the reasons; default: zh")


class TrendingUrl(Body):
    """GET /v1/trending: everywhere and of everything, or narrower."""

    city: str | None = Field(None, min_length=1, max_length=80, examples=["杭州"])
    topic: str | None = Field(
        None, min_length=1, max_length=80, examples=["cafe"], description="a category or its words"
    )
    kinds: list[KindName] = Field([], max_length=3)
    limit: int = Field(20, ge=1, le=100)
    lang: Lang = Field(None, description="language of the reasons; default: zh")


class InterestsBody(Body):
    """PUT /v1/users/{id}/interests."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"interests": ["camping", "咖啡"]}]})

    interests: list[Interest] = Field(max_length=20)

    @field_validator("interests")
    @classmethod
    def _different(cls, interests: list[str]) -> list[str]:
        return list(dict.fromkeys(interests))


class RemoveBody(Body):
    """POST /v1/users/{id}:remove."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"key": "kids"}]})

    key: str = Field(min_length=1, max_length=100, description="as GET /v1/users/{id}/interests gives it")

    @field_validator("key")
    @classmethod
    def _known(cls, key: str) -> str:
        if key == "reset":
            raise ValueError("is nothing that is learnt; POST /v1/users/{id}:reset begins anew")
        return key
