"""What did an answer rest on? Kept for whoever logs it, scores it again, or compares it, after it was sent."""

from dataclasses import dataclass
from datetime import datetime

from engine.live import View
from engine.types import F32, I64, Candidates, Intent, Query


@dataclass(frozen=True, slots=True)
class Trace:
    """One answer's material, as it was when it was made."""

    view: View
    intent: Intent
    query: Query
    candidates: Candidates
    scores: F32
    page: I64  # positions among the candidates, best first
    arm: str = ""  # of a trial (engine/trial.py): "a" what serves, "b" the challenger, "" none
    teams: str = ""  # a letter an item of the page when two orders were drafted into one; else ""
    propensities: tuple[float, ...] = ()  # of a feed: the chance that each card had to be drawn for its place
    sources: tuple[str, ...] = ()  # of a feed: where each card comes from
    again: bool = False  # a page that was logged when it was made, and is shown once more


@dataclass(frozen=True, slots=True)
class Served:
    """One page as it is logged: the features of its items as they were then, so that no later knowledge leaks in."""

    query_id: str
    at: datetime
    user: str  # "" for nobody
    question: str  # a digest of what was asked: equal for equal questions, tells nothing
    traits: tuple[str, ...]  # the slices that the question belongs to
    items: tuple[str, ...]
    features: F32  # (items, features)
    schema: str  # of the features
    model: str  # that made the order
    trial: str = ""
    arm: str = ""
    teams: str = ""
    propensities: tuple[float, ...] = ()
    sources: tuple[str, ...] = ()
