"""What does somebody ask for? The query as it arrives, and the intent that it is read as: constraints and wishes.

Values are plain data (str, numbers, lists, dicts) so that a parse can travel to a client as JSON, be edited there, and
come back (engine/understand/wire.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

Kind: TypeAlias = Literal["note", "product", "poi"]
KINDS: Final[tuple[Kind, ...]] = ("note", "product", "poi")

Hardness: TypeAlias = Literal["hard", "soft"]
F32: TypeAlias = npt.NDArray[np.float32]

#: A JSON value: what a constraint may hold. VOCABULARY.md lists the form for each slot.
Value: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Heard:
    """What an open value means: the raw vector (dim,) of its words. `by`: what made it, and from which text."""

    by: str
    lang: str  # zh | en: whose mean it is centred by
    vector: F32 = field(compare=False, repr=False)  # the words and `by` decide it


class Constraint(msgspec.Struct, frozen=True, gc=False):
    """One thing a person will (hard) or would rather (soft) not compromise on."""

    slot: str
    op: str
    value: Value
    hardness: Hardness = "hard"
    polarity: int = 1  # +1 wanted, -1 unwanted
    confidence: float = 1.0
    span: tuple[int, int] | None = None  # characters [start, end) of the original query; None when not said
    assume: Mapping[str, Any] | None = None  # what was taken for granted, shown to the person
    rule: str = ""  # the lexicon line or rule that made it, for explain
    label: Mapping[str, str] | None = None  # {"zh": ..., "en": ...} for chips
    heard: Heard | None = None  # put in by engine.hear; it does not travel


@dataclass(frozen=True, slots=True)
class Place:
    """A position in WGS-84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that was read as another: "kafeiguan" as 咖啡馆. `span`: characters [start, end) of the original query."""

    said: str
    read: str
    span: tuple[int, int]


class Intent(msgspec.Struct, frozen=True):
    """What someone wants: said (a parsed query) or guessed (a person's history)."""

    name: str  # one of QUERY intents: find_place, find_product, find_note, ...
    kinds: Mapping[Kind, float]  # wanted kinds with weights in (0, 1]
    constraints: tuple[Constraint, ...] = ()
    text: str = ""  # embed_text: negated spans never enter it
    terms: str = ""  # the words for the lexical index
    residual: str = ""  # what no lexicon knew
    sort: str | None = None  # rating | distance | price | saves | recent | value
    confidence: float = 1.0
    alternatives: tuple[tuple[str, float], ...] = ()
    verticals: tuple[str, ...] = ()
    relax_order: tuple[int, ...] = ()  # indices into constraints, first to give up first
    lang: str = "zh"  # zh | en | mixed
    query: str = ""
    normalized: str = ""
    segments: tuple[tuple[str, str, tuple[int, int]], ...] = ()  # (text, label, span in the original query)
    limit: int | None = None  # "推荐5家"
    corrections: tuple[Correction, ...] = ()  # words read as others
    tastes: F32 | None = None  # (n, dim) unit vectors when guessed from a history
    known: Any = None  # engine.known.Known: who asks and what people did until then, for the ranker; it does not travel
    source: str = "rules"  # rules | client | profile | cache
    parse_ms: float = 0.0


class Query(msgspec.Struct, frozen=True):
    """What arrived at the door."""

    tenant: str
    text: str = ""
    parse: Intent | None = None  # an edited parse; then the text is not parsed again
    previous: Intent | str | None = None  # the query before, read or as text: then this text corrects it
    filters: tuple[Constraint, ...] = ()  # explicit parameters; they win over the parse
    kinds: tuple[Kind, ...] = ()
    sort: str | None = None
    near: Place | None = None
    user: str | None = None
    personalize: bool = False
    limit: int = 20
    offset: int = 0
    explain: bool = False
    lang: str | None = None  # language for messages; None = that of the query
    at: datetime | None = None  # "now" for this request, aware; None = the engine's clock
    facets: tuple[str, ...] = ()  # names of engine.vocabulary.FACETS to count the answers by
    insist: tuple[int, ...] = ()  # places in the intent's constraints that must not give way
    interests: tuple[str, ...] = ()  # of a feed: declared for this request alone, as a newcomer says them
    weather: str = ""  # of a feed: one of engine/feed/weather.toml
    list_id: str = ""  # the list of a feed that this goes on with, from `offset` on
