"""What can be set from outside? Environment variables LIFESTYLE_*, each with a default that works on one machine."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.spread import PAID_SHARE

#: Published in the README, so it opens nothing but a demo: `serve` refuses it on any address but loopback.
DEMO_KEY = "demo-key-for-this-machine-only"


Scope = Literal["search", "write", "admin"]


class Key(BaseModel):
    """An API key as it is kept: only its SHA-256, never the key. A mistyped field is an error, not a wider key."""

    model_config = ConfigDict(extra="forbid")

    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    tenant: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$")
    scopes: frozenset[Scope] = frozenset({"search"})
    rate_per_second: float | None = Field(None, gt=0, description="in place of the settings' own")
    rate_burst: int | None = Field(None, ge=1, description="in place of the settings' own")


class Settings(BaseSettings):
    """The whole configuration. Secrets come as digests; nothing here is written to logs."""

    model_config = SettingsConfigDict(env_prefix="LIFESTYLE_", env_nested_delimiter="__", extra="ignore")

    root: Path = Field(Path("var"), description="where tables, snapshots, models and the live store are kept")
    store: SecretStr | None = Field(
        None,
        description="postgresql://user:password@host/name: the live store of several machines (extra postgres); none = "
        "a file under the root",
    )
    tenant: str = Field("default", pattern=r"^[a-z][a-z0-9_-]{0,62}$", description="the tenant of commands and demo")
    index: str = Field(
        "embedded",
        pattern=r"^(embedded|:memory:|https?://.+)$",
        description="where vectors and words are searched: 'embedded' in the snapshot's own files; else the URL of a "
        "Qdrant cluster that they are loaded into (extra qdrant; ':memory:' is its stand-in for trials)",
    )
    qdrant_key: SecretStr | None = Field(None, description="its API key")
    qdrant_sharded: bool = Field(False, description="make its collections with a shard for each large city")
    qdrant_replicas: int = Field(1, ge=1, le=16, description="copies of each such shard")
    encoder: str = Field("bundled", description="'bundled', 'hash', or a model folder")
    voices: bool = Field(
        True,
        description="builds make a vector of each sentence of the notes: things that no lexicon knows are found",
    )
    query_encoder: Literal["auto", "teacher", "student"] = Field(
        "auto",
        description="who encodes queries: 'teacher' the encoder alone; 'student' the distilled one first; 'auto' the "
        "student where its card lets it go first, else when the deadline leaves the encoder no time",
    )
    keys: list[Key] = Field([], description="JSON list of {digest, tenant, scopes}; scopes: search, write, admin")
    demo_key: bool = Field(True, description="accept the published demo key (loopback only)")
    budget_ms: float = Field(150.0, ge=5, le=2000, description="latency budget when the request names none")
    workers: int = Field(2, ge=1, le=64, description="searches that run at once in one process")
    queue: int = Field(32, ge=0, le=4096, description="searches that may wait; beyond that they are shed with 503")
    remember_queries: bool = Field(
        True, description="keep queries of people (user_id) for 90 days, to suggest those that 5 different people asked"
    )
    paid_share: float = Field(
        PAID_SHARE, ge=0, le=1, description="the most of any ten notes of a page that may be paid for; more wait behind"
    )
    log_share: float = Field(
        1.0,
        ge=0,
        le=1,
        description="share of the pages shown to people (user_id) that is logged for training",
    )
    log_pages: int = Field(20_000, ge=0, description="logged pages kept of a tenant, the newest; about 7 kB each")
    gains: dict[str, float] = Field(
        {}, description="what actions are worth in training, in place of ours: JSON {action: gain}"
    )
    looks: Literal["harvest", "maximise"] = Field(
        "harvest",
        description="how training finds how often each place of a page is looked at: from items that stood at several "
        "places, or by expectation maximisation, which needs ten thousand pages",
    )
    overlay_items: int = Field(
        20_000, ge=1, description="changed items that wait to be built in; beyond that upserts are refused with 503"
    )
    compact_items: int | None = Field(
        None,
        ge=1,
        description="changed items at which a server builds them in, in a process of its own; none = 'lifestyle build' "
        "alone does. It needs the memory and the core of a build beside those of serving",
    )
    spare_mb: int = Field(1024, ge=0, description="free megabytes of the disk below which only deletions are written")
    rate_per_second: float | None = Field(
        None, gt=0, description="requests a second that a key may send on average; none = as many as can be served"
    )
    rate_burst: int = Field(20, ge=1, description="requests that a key may send at once before that counts")
    follow_seconds: float = Field(1.0, gt=0, description="how often new snapshots, models and rules are looked for")
    shared: Path | None = Field(None, description="set by 'serve --workers': a folder of what its workers share")
    tiles_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="tiles of the page's map, https://host/{z}/{x}/{y}.png; none = a plain map without network",
    )
    tiles_credit: str = Field("", description="whose tiles they are, shown on the map")
    traces_url: HttpUrl | None = Field(
        None, description="an OTLP/HTTP collector (…/v1/traces) that is sent spans; none = no traces. Needs extra otel"
    )
    traces_share: float = Field(
        1.0, ge=0, le=1, description="share of the requests that are traced, of those whose traceparent does not say"
    )
    refiner_url: HttpUrl | None = Field(
        None, description="an OpenAI-compatible endpoint (…/v1) that may refine parses; none = the rules alone"
    )
    refiner_key: SecretStr | None = Field(None, description="its API key")
    refiner_model: str = Field("", description="the model to name there")
    refiner_timeout_ms: float = Field(400.0, ge=20, le=2000, description="the longest it is waited for in one search")
