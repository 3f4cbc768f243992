"""What do answers look like? Generated from the OpenAPI by generate.py: do not edit."""

from typing import Any, Literal

from msgspec import Struct, field


class Model(Struct, frozen=True):
    """What every part of an answer is: fields that a server of another version adds are passed over."""


class Alternative(Model, frozen=True, kw_only=True, omit_defaults=True):
    """Another intent that was possible."""

    name: str
    confidence: float


class Anew(Model, frozen=True, kw_only=True, omit_defaults=True):
    """The next feed is that of a newcomer."""

    user_id: str
    reset: bool


class Quote(Model, frozen=True, kw_only=True, omit_defaults=True):
    """What a note says for or against an attribute."""

    sentence: str
    note_id: str
    date: str | None
    trust: str
    says: Literal["yes", "no"]
    confidence: float
    ended: bool


class Attribute(Model, frozen=True, kw_only=True, omit_defaults=True):
    """One attribute of an item: verdict, the merchant's word, what notes say."""

    verdict: Literal["met", "likely", "unknown", "contradicted"]
    probability: float | None
    support: int
    contradictions: int
    sentence: str | None = None
    note_id: str | None = None
    date: str | None = None
    measured: str | None = None
    enough: float | None = None
    disagrees: bool | None = None
    attribute: str
    slot: str
    label: dict[str, str]
    merchant: Any
    quotes: list[Quote]


class BadLine(Model, frozen=True, kw_only=True, omit_defaults=True):
    """A line of a stream that was refused."""

    line: int
    field: str | None
    reason: str


class Change(Model, frozen=True, kw_only=True, omit_defaults=True):
    """Change."""

    from_: str = field(name="from")
    to: str
    span: list[int]


class Constraint(Model, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that an answer should keep; hard ones are kept unless `relaxed` says otherwise."""

    slot: str
    op: str
    value: Any
    hardness: Literal["hard", "soft"]
    polarity: Literal[1, -1]
    confidence: float
    span: list[int] | None = None
    assume: dict[str, Any] | None = None
    assumed: dict[str, str] | None = None
    rule: str | None = None
    label: dict[str, str] | None = None
    because: dict[str, str] | None = None


class Declared(Model, frozen=True, kw_only=True, omit_defaults=True):
    """What a person says that they like."""

    user_id: str
    declared: list[str]


class Degraded(Model, frozen=True, kw_only=True, omit_defaults=True):
    """What the deadline took."""

    stage: str
    reason: str
    instead: str


class Deleted(Model, frozen=True, kw_only=True, omit_defaults=True):
    """Gone from the next answer on."""

    deleted: str
    seq: int


class Dossier(Model, frozen=True, kw_only=True, omit_defaults=True):
    """All that is known of an item's attributes."""

    id: str
    kind: Literal["note", "product", "poi"]
    name: str
    notes: int
    attributes: list[Attribute]


class Evidence(Model, frozen=True, kw_only=True, omit_defaults=True):
    """A proof about a constraint; `constraint` is its place in parse.constraints."""

    verdict: Literal["met", "likely", "unknown", "contradicted"]
    probability: float | None
    support: int
    contradictions: int
    sentence: str | None = None
    note_id: str | None = None
    date: str | None = None
    measured: str | None = None
    enough: float | None = None
    disagrees: bool | None = None
    constraint: int


class Exported(Model, frozen=True, kw_only=True, omit_defaults=True):
    """All that the store keeps of a person, table by table."""

    user_id: str
    events: list[dict[str, Any]]
    interests: list[dict[str, Any]]
    queries: list[dict[str, Any]]
    steering: list[dict[str, Any]]
    pages: list[dict[str, Any]]
    lists: list[dict[str, Any]]
    reports: list[dict[str, Any]]


class FacetValue(Model, frozen=True, kw_only=True, omit_defaults=True):
    """A value by which the answers can be narrowed, and how many would be left."""

    op: str
    value: Any
    count: int
    label: Any


class Facet(Model, frozen=True, kw_only=True, omit_defaults=True):
    """Values of one facet; each, with its slot, is a filter."""

    facet: str
    slot: str
    values: list[FacetValue]


class Forgotten(Model, frozen=True, kw_only=True, omit_defaults=True):
    """How many rows of a person were deleted."""

    deleted_rows: int


class Highlight(Model, frozen=True, kw_only=True, omit_defaults=True):
    """Where words of the query stand in a field; `text` begins at the field's character `start`."""

    field: str
    text: str
    start: int
    spans: list[list[int]]


class Ruled(Model, frozen=True, kw_only=True, omit_defaults=True):
    """The rule of the house that moved a hit."""

    id: str
    action: str


class Hit(Model, frozen=True, kw_only=True, omit_defaults=True):
    """An item of a page; `item` holds its own fields, by kind."""

    id: str
    kind: Literal["note", "product", "poi"]
    position: int
    score: float
    item: dict[str, Any]
    evidence: list[Evidence]
    why: list[str]
    highlights: list[Highlight]
    open_now: bool | None = None
    source: str | None = None
    explored: bool | None = None
    propensity: float | None = None
    label: Any = None
    rule: Ruled | None = None
    features: dict[str, float | None] | None = None
    contributions: dict[str, float] | None = None
    because: Any = None


class IntentSaid(Model, frozen=True, kw_only=True, omit_defaults=True):
    """What the asker wants to do."""

    name: str
    confidence: float
    alternatives: list[Alternative]


class Interest(Model, frozen=True, kw_only=True, omit_defaults=True):
    """An interest that feeds know of; `key` takes it away."""

    key: str | None
    source: str
    topic: str | None
    label: Any
    like: str | None
    weight: float


class Learnt(Model, frozen=True, kw_only=True, omit_defaults=True):
    """An attribute that feeds learnt of a person; `key` takes it away."""

    key: str
    label: dict[str, str]
    share: float
    items: int


class Interests(Model, frozen=True, kw_only=True, omit_defaults=True):
    """What feeds know of a person."""

    user_id: str
    declared: list[str]
    interests: list[Interest]
    attributes: list[Learnt]
    followed: list[str]
    removed: list[str]


class Meaning(Model, frozen=True, kw_only=True, omit_defaults=True):
    """Another query that was perhaps meant."""

    q: str
    changed: list[Change]


class Move(Model, frozen=True, kw_only=True, omit_defaults=True):
    """What a rule of the house did to an item."""

    rule: str
    action: str
    item: str


class ParserSaid(Model, frozen=True, kw_only=True, omit_defaults=True):
    """Who read the query ("rules" or "llm"), and how long that took."""

    version: str
    source: str
    ms: float


class Segment(Model, frozen=True, kw_only=True, omit_defaults=True):
    """A stretch of the query and what it was taken for."""

    text: str
    label: str
    span: list[int]


class Parse(Model, frozen=True, kw_only=True, omit_defaults=True):
    """A query as understood; it may be changed and sent back."""

    query: str
    lang: Literal["zh", "en", "mixed"]
    normalized: str
    segments: list[Segment]
    intent: IntentSaid
    kinds: dict[str, float]
    verticals: list[str]
    constraints: list[Constraint]
    sort: str | None
    limit: int | None
    corrections: list[Change]
    residual_text: str
    embed_text: str
    terms: str
    relax_order: list[str]
    parser: ParserSaid


class Relaxed(Model, frozen=True, kw_only=True, omit_defaults=True):
    """Relaxed."""

    slot: str
    from_: Any = field(name="from")
    to: Any
    label: dict[str, str] | None
    gained: int
    constraint: int


class Page(Model, frozen=True, kw_only=True, omit_defaults=True):
    """A page of answers; `cursor` leads to the next, null at the end."""

    query_id: str
    hits: list[Hit]
    total: int
    parse: Parse
    did_you_mean: Meaning | None
    relaxed: list[Relaxed]
    degraded: list[Degraded]
    timings: dict[str, float]
    plan: dict[str, str]
    versions: dict[str, str]
    cursor: str | None
    rules: list[Move] | None = None
    panel: dict[str, Any] | None = None
    facets: list[Facet] | None = None


class Patched(Model, frozen=True, kw_only=True, omit_defaults=True):
    """Changed under `seq`."""

    id: str
    seq: int
    vector: Literal["pending"]


class Ready(Model, frozen=True, kw_only=True, omit_defaults=True):
    """The snapshot of each tenant, and what does not work as it should."""

    status: Literal["ready"]
    tenants: dict[str, str]
    notices: list[str]


class Recorded(Model, frozen=True, kw_only=True, omit_defaults=True):
    """How many events were new."""

    accepted: int


class RelatedItem(Model, frozen=True, kw_only=True, omit_defaults=True):
    """An item of a group, and why it is there."""

    id: str
    kind: Literal["note", "product", "poi"]
    item: dict[str, Any]
    why: list[str]


class Related(Model, frozen=True, kw_only=True, omit_defaults=True):
    """What belongs to an item: a note's places and products, or an item's notes; and what goes together with it."""

    id: str
    kind: Literal["note", "product", "poi"]
    places: list[RelatedItem] | None = None
    products: list[RelatedItem] | None = None
    notes: list[RelatedItem] | None = None
    together: list[RelatedItem] | None = None


class Removed(Model, frozen=True, kw_only=True, omit_defaults=True):
    """What no longer counts."""

    user_id: str
    removed: str


class Reported(Model, frozen=True, kw_only=True, omit_defaults=True):
    """Whether a person's complaint is new."""

    id: str
    new: bool


class Streamed(Model, frozen=True, kw_only=True, omit_defaults=True):
    """What of a stream was committed."""

    accepted: int
    refused: int
    seq: int | None
    problems: list[BadLine]
    vector: Literal["pending"]


class Suggestion(Model, frozen=True, kw_only=True, omit_defaults=True):
    """A text that goes on from what is typed; `highlight`: the stretches that were typed."""

    text: str
    type: str
    score: float
    highlight: list[list[int]]
    id: str | None = None
    kind: Literal["note", "product", "poi"] | None = None


class Suggestions(Model, frozen=True, kw_only=True, omit_defaults=True):
    """Completions, best first."""

    q: str
    suggestions: list[Suggestion]
    versions: dict[str, str]


class Upserted(Model, frozen=True, kw_only=True, omit_defaults=True):
    """Committed under `seq`."""

    accepted: int
    ids: list[str]
    seq: int
    vector: Literal["pending"]
