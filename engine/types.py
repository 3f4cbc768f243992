"""Which words does the engine speak?

Everything that crosses a package border is one of these. Values are plain data (str, numbers, lists, dicts)
so that a parse can travel to a client as JSON, be edited there, and come back (engine/understand/wire.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from engine.asked import F32, KINDS, Constraint, Correction, Hardness, Heard, Intent, Kind, Place, Query, Value

__all__ = [
    "F32",
    "F64",
    "I8",
    "I64",
    "KINDS",
    "NOBODY",
    "Candidates",
    "Constraint",
    "Correction",
    "Degraded",
    "Evidence",
    "Facet",
    "Found",
    "Hardness",
    "Heard",
    "Highlight",
    "Hit",
    "Intent",
    "Judged",
    "Kind",
    "Links",
    "Mask",
    "Meant",
    "Place",
    "Profile",
    "Query",
    "Relaxed",
    "Results",
    "Value",
    "Verdict",
]

F64: TypeAlias = npt.NDArray[np.float64]
I64: TypeAlias = npt.NDArray[np.int64]
I8: TypeAlias = npt.NDArray[np.int8]
Mask: TypeAlias = npt.NDArray[np.bool_]


class Verdict(IntEnum):
    """Does an item keep a constraint? Polarity is already counted in: MET means the person gets what they asked."""

    UNKNOWN = 0
    CONTRADICTED = 1
    LIKELY = 2
    MET = 3


@dataclass(frozen=True, slots=True)
class Found:
    """One retriever's answer for one kind: rows best first. `scores` higher is better."""

    rows: I64
    scores: F32
    plan: str  # what the planner picked, e.g. "exact:312" or "lists:8"
    scanned: int = 0  # vectors that were scored
    recall: float = 1.0  # estimated share of the true k best that was found

    @staticmethod
    def nothing(plan: str) -> "Found":
        """No rows, and the plan that says why."""
        return Found(np.empty(0, np.int64), np.empty(0, np.float32), plan)


@dataclass(frozen=True, slots=True)
class Links:
    """Which items notes talk about: three parallel columns."""

    note: I64
    row: I64
    confidence: F32


@dataclass(frozen=True, slots=True)
class Judged:
    """One constraint held against rows: parallel columns. Polarity is counted in, as in Verdict.

    probability: that the person gets what they asked, in [0, 1]; NaN where nothing is known.
    """

    verdict: I8
    probability: F32
    support: I64  # sentences that say yes (0 when the value is structured)
    against: I64  # sentences that say no
    age_days: F32  # of the newest sentence; NaN when there is none


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """Why we say that an item keeps (or breaks) a constraint.

    This and Highlight are structs: a page has a hundred, and a frozen dataclass takes five times as long to make.
    """

    constraint: int  # index into the intent's constraints
    verdict: Verdict
    probability: float | None
    support: int = 0
    contradictions: int = 0
    sentence: str | None = None  # the sentence that proves it
    note_id: str | None = None
    note_date: str | None = None  # ISO date
    measured: str | None = None  # a structured value: "12.4 km from the centre", "¥38 per person"
    disagrees: bool = False  # merchant data and evidence say different things


@dataclass(frozen=True, slots=True)
class Candidates:
    """What retrieval found, all kinds together, as parallel columns (no objects per candidate)."""

    kind: I8  # index into KINDS
    row: I64
    dense: F32  # cosine; NaN = this retriever did not return it
    lexical: F32  # BM25; NaN likewise
    votes: F32  # from linked notes; NaN likewise
    fused: F32  # the retrieval order
    relax_level: I8  # how many constraints had been relaxed when it was found

    def __len__(self) -> int:
        return len(self.row)

    def take(self, at: I64) -> "Candidates":
        """Those at some positions, in their order."""
        return Candidates(
            self.kind[at],
            self.row[at],
            self.dense[at],
            self.lexical[at],
            self.votes[at],
            self.fused[at],
            self.relax_level[at],
        )

    def place(self, kind: Kind, row: int) -> int | None:
        """The position of a row of the index; None where it is no candidate."""
        found = np.flatnonzero((self.kind == KINDS.index(kind)) & (self.row == row))
        return int(found[0]) if len(found) else None

    def by_kind(self, page: I64) -> list[tuple[Kind, list[int], I64]]:
        """Of some positions those of each kind that is among them, and their rows."""
        codes = self.kind[page]
        present = [(KINDS[code], page[codes == code]) for code in np.flatnonzero(np.bincount(codes)).tolist()]
        return [(kind, mine.tolist(), self.row[mine]) for kind, mine in present]


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A receipt: which constraint was given up, from what to what, and how many answers that gained."""

    slot: str
    origin: Value
    to: Value
    gained: int
    constraint: int


@dataclass(frozen=True, slots=True)
class Degraded:
    """What a deadline or a fault took away."""

    stage: str
    reason: str  # "budget" | "error: ..." | "pending"
    instead: str


class Highlight(msgspec.Struct, frozen=True):
    """Where the words of the query, or words like them, stand in a field of an item."""

    field: str
    text: str  # the field, or the part of it that says most
    start: int  # where in the field `text` begins, in characters (code points), as all offsets here
    spans: tuple[tuple[int, int], ...]  # [start, end) within `text`, in order, apart from each other


class Hit(msgspec.Struct, frozen=True):
    """One answer."""

    id: str
    kind: Kind
    score: float
    item: Mapping[str, Any]
    evidence: tuple[Evidence, ...]
    why: tuple[str, ...]  # plain sentences in the language of the request
    features: Mapping[str, float] | None = None  # with explain
    highlights: tuple[Highlight, ...] = ()
    moved: Any = None  # engine.rules.Moved: what a rule of the house did to it
    reasons: Mapping[str, float] | None = None  # with explain: what each feature added to the score
    because: str = ""  # with explain: the strongest of them as a sentence
    source: str = ""  # in a feed: where it comes from (engine/feed/settings.toml)
    propensity: float = 1.0  # in a feed: the chance that it had to be drawn for its place
    label: str | None = None  # that it is paid for, in words


@dataclass(frozen=True, slots=True)
class Meant:
    """A query that was perhaps meant: unknown words put right. It was not searched for."""

    query: str
    changed: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """The values that answers can be narrowed to, each as the filter it would be, and how many items would be left.

    values: (filter, count), the commonest first, ranges in their order. Counts are exact.
    """

    name: str
    values: tuple[tuple[Constraint, int], ...]


class Results(msgspec.Struct, frozen=True):
    """The page."""

    hits: Sequence[Hit]
    intent: Intent
    relaxed: Sequence[Relaxed] = ()
    degraded: Sequence[Degraded] = ()
    timings: Mapping[str, float] = msgspec.field(default_factory=dict)  # stage -> milliseconds
    plan: Mapping[str, Any] = msgspec.field(default_factory=dict)
    versions: Mapping[str, str] = msgspec.field(default_factory=dict)
    total: int = 0  # items that kept every hard constraint
    next_offset: int | None = None
    meant: Meant | None = None  # "did you mean"
    facets: tuple[Facet, ...] | None = None  # None: not asked for, or no time for them
    moved: tuple[Any, ...] = ()  # engine.rules.Moved, of every rule that spoke of this request
    panel: Mapping[str, Any] | None = None  # what the intent asks for beside a list (engine/panels), as JSON values
    list_id: str = ""  # the list of a feed that it belongs to
    trace: Any = None  # engine.trace.Trace: for logging and comparing, after the answer; never shown


@dataclass(frozen=True, slots=True)
class Profile:
    """What the store knows of a person, ready for the feed."""

    user: str
    liked: tuple[tuple[str, float], ...] = ()  # item id, decayed gain; newest and strongest first
    seen: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    interests: tuple[str, ...] = ()  # declared
    deeds: tuple[tuple[str, str, int], ...] = ()  # (item id, action, seconds since 1970), newest first
    removed: frozenset[str] = frozenset()  # what was learnt and the person took away (engine/feed/learnt.py: keys)


NOBODY: Final = Profile(user="")
