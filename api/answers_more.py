"""What do answers look like that are no page: suggestions, items, receipts of writes, people, what the house keeps?"""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from api.answers import Proof, Span, Words
from api.schemas import KindName


class Suggestion(TypedDict):
    """A text that goes on from what is typed; `highlight`: the stretches that were typed."""

    text: str
    type: str
    score: float
    highlight: list[Span]
    id: NotRequired[str]
    kind: NotRequired[KindName]


class Suggestions(TypedDict):
    """Completions, best first."""

    q: str
    suggestions: list[Suggestion]
    versions: dict[str, str]


class Quote(TypedDict):
    """What a note says for or against an attribute."""

    sentence: str
    note_id: str
    date: str | None
    trust: str
    says: Literal["yes", "no"]
    confidence: float
    ended: bool


class Attribute(Proof):
    """One attribute of an item: verdict, the merchant's word, what notes say."""

    attribute: str
    slot: str
    label: Words
    merchant: Any
    quotes: list[Quote]


class Dossier(TypedDict):
    """All that is known of an item's attributes."""

    id: str
    kind: KindName
    name: str
    notes: int
    attributes: list[Attribute]


class RelatedItem(TypedDict):
    """An item of a group, and why it is there."""

    id: str
    kind: KindName
    item: dict[str, Any]
    why: list[str]


class Related(TypedDict):
    """What belongs to an item: a note's places and products, or an item's notes; and what goes together with it."""

    id: str
    kind: KindName
    places: NotRequired[list[RelatedItem]]
    products: NotRequired[list[RelatedItem]]
    notes: NotRequired[list[RelatedItem]]
    together: NotRequired[list[RelatedItem]]


class Upserted(TypedDict):
    """Committed under `seq`."""

    accepted: int
    ids: list[str]
    seq: int
    vector: Literal["pending"]


class BadLine(TypedDict):
    """A line of a stream that was refused."""

    line: int
    field: str | None
    reason: str


class Streamed(TypedDict):
    """What of a stream was committed."""

    accepted: int
    refused: int
    seq: int | None
    problems: list[BadLine]
    vector: Literal["pending"]


class Patched(TypedDict):
    """Changed under `seq`."""

    id: str
    seq: int
    vector: Literal["pending"]


class Deleted(TypedDict):
    """Gone from the next answer on."""

    deleted: str
    seq: int


class Recorded(TypedDict):
    """How many events were new."""

    accepted: int


class Forgotten(TypedDict):
    """How many rows of a person were deleted."""

    deleted_rows: int


class Interest(TypedDict):
    """An interest that feeds know of; `key` takes it away."""

    key: str | None
    source: str
    topic: str | None
    label: Any
    like: str | None
    weight: float


class Learnt(TypedDict):
    """An attribute that feeds learnt of a person; `key` takes it away."""

    key: str
    label: Words
    share: float
    items: int


class Interests(TypedDict):
    """What feeds know of a person."""

    user_id: str
    declared: list[str]
    interests: list[Interest]
    attributes: list[Learnt]
    followed: list[str]
    removed: list[str]


class Declared(TypedDict):
    """What a person says that they like."""

    user_id: str
    declared: list[str]


class Removed(TypedDict):
    """What no longer counts."""

    user_id: str
    removed: str


class Anew(TypedDict):
    """The next feed is that of a newcomer."""

    user_id: str
    reset: bool


class Exported(TypedDict):
    """All that the store keeps of a person, table by table."""

    user_id: str
    events: list[dict[str, Any]]
    interests: list[dict[str, Any]]
    queries: list[dict[str, Any]]
    steering: list[dict[str, Any]]
    pages: list[dict[str, Any]]
    lists: list[dict[str, Any]]
    reports: list[dict[str, Any]]


class Reported(TypedDict):
    """Whether a person's complaint is new."""

    id: str
    new: bool


class Ready(TypedDict):
    """The snapshot of each tenant, and what does not work as it should."""

    status: Literal["ready"]
    tenants: dict[str, str]
    notices: list[str]
