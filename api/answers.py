"""What does an answer look like? The shapes that /openapi.json shows, and from which the clients' models are made.

Answers are not checked against them on their way out: tests/api/test_answers.py and the contract's tests are. Clients
ignore what they do not know, so fields may be added.
"""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from api.schemas import KindName

VerdictName = Literal["met", "likely", "unknown", "contradicted"]
#: Start and end (exclusive), in code points.
Span = list[int]
Words = dict[str, str]


class Alternative(TypedDict):
    """Another intent that was possible."""

    name: str
    confidence: float


class IntentSaid(Alternative):
    """What the asker wants to do."""

    alternatives: list[Alternative]


class Segment(TypedDict):
    """A stretch of the query and what it was taken for."""

    text: str
    label: str
    span: Span


#: One word read as another.
Change = TypedDict("Change", {"from": str, "to": str, "span": Span})


class Meaning(TypedDict):
    """Another query that was perhaps meant."""

    q: str
    changed: list[Change]


class Constraint(TypedDict):
    """One thing that an answer should keep; hard ones are kept unless `relaxed` says otherwise."""

    slot: str
    op: str
    value: Any
    hardness: Literal["hard", "soft"]
    polarity: Literal[1, -1]
    confidence: float
    span: NotRequired[Span]
    assume: NotRequired[dict[str, Any]]
    assumed: NotRequired[Words]
    rule: NotRequired[str]
    label: NotRequired[Words]
    because: NotRequired[Words]


class ParserSaid(TypedDict):
    """Who read the query ("rules" or "llm"), and how long that took."""

    version: str
    source: str
    ms: float


class Parse(TypedDict):
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


class Proof(TypedDict):
    """Does an item keep something, how sure is that, and what proves it?"""

    verdict: VerdictName
    probability: float | None
    support: int
    contradictions: int
    sentence: NotRequired[str]
    note_id: NotRequired[str]
    date: NotRequired[str]
    measured: NotRequired[str]
    enough: NotRequired[float]
    disagrees: NotRequired[bool]


class Evidence(Proof):
    """A proof about a constraint; `constraint` is its place in parse.constraints."""

    constraint: int


class Highlight(TypedDict):
    """Where words of the query stand in a field; `text` begins at the field's character `start`."""

    field: str
    text: str
    start: int
    spans: list[Span]


class Ruled(TypedDict):
    """The rule of the house that moved a hit."""

    id: str
    action: str


class Hit(TypedDict):
    """An item of a page; `item` holds its own fields, by kind."""

    id: str
    kind: KindName
    position: int
    score: float
    item: dict[str, Any]
    evidence: list[Evidence]
    why: list[str]
    highlights: list[Highlight]
    open_now: NotRequired[bool]
    source: NotRequired[str]
    explored: NotRequired[bool]
    propensity: NotRequired[float]
    label: NotRequired[Any]
    rule: NotRequired[Ruled]
    features: NotRequired[dict[str, float | None]]
    contributions: NotRequired[dict[str, float]]
    because: NotRequired[Any]


#: A constraint that gave way, what it became (None: nothing) and what that is called, and how many answers that gained.
Relaxed = TypedDict(
    "Relaxed", {"slot": str, "from": Any, "to": Any, "label": Words | None, "gained": int, "constraint": int}
)


class Degraded(TypedDict):
    """What the deadline took."""

    stage: str
    reason: str
    instead: str


class Move(TypedDict):
    """What a rule of the house did to an item."""

    rule: str
    action: str
    item: str


class FacetValue(TypedDict):
    """A value by which the answers can be narrowed, and how many would be left."""

    op: str
    value: Any
    count: int
    label: Any


class Facet(TypedDict):
    """Values of one facet; each, with its slot, is a filter."""

    facet: str
    slot: str
    values: list[FacetValue]


class Page(TypedDict):
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
    rules: NotRequired[list[Move]]
    panel: NotRequired[dict[str, Any]]
    facets: NotRequired[list[Facet]]
