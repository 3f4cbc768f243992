"""How does a new version take over while requests run? One reference, read once per request, swapped atomically."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from engine.counts import Counts
from engine.ports import Encoder, Index, Ranker
from engine.rules import Rule
from engine.spread import PAID_SHARE
from engine.trial import Trial

T = TypeVar("T")


class Live(Generic[T]):
    """Holds the current value. Reading is one attribute load, so a reader sees the old or the new, never a mixture."""

    def __init__(self, value: T) -> None:
        self._value = value

    def now(self) -> T:
        """The current value; take it once and keep it for the whole request."""
        return self._value

    def swap(self, value: T) -> T:
        """Put a (warm) value in place; -> the one it replaces, still usable by requests that hold it."""
        old, self._value = self._value, value
        return old


@dataclass(frozen=True)
class View:
    """Everything one request may look at: one snapshot with its overlay, one encoder, one model."""

    index: Index
    encoder: Encoder
    ranker: Ranker
    notices: tuple[str, ...] = ()  # e.g. "stale-snapshot", repeated in each answer's `degraded`
    extra: Mapping[str, str] = field(default_factory=dict)  # further versions to state in answers
    student: Encoder | None = None  # stands in for the encoder of queries: hardly any time, the same passages
    student_first: bool = False  # it answers although there is time for the encoder
    trial: Trial | None = None  # a challenger of the ranker
    feeding: Ranker | None = None  # orders feeds; None: the weights set by hand do
    feed_trial: Trial | None = None  # a challenger of that
    paid_share: float = PAID_SHARE  # the most of ten notes of a page that may be paid for
    rules: tuple[Rule, ...] = ()  # what the house moves by hand
    counts: Counts | None = None  # what people did until a while ago; None: nothing is counted

    def versions(self) -> dict[str, str]:
        """What answered: for the `versions` of the page."""
        return {
            "snapshot": self.index.version,
            "model": self.ranker.version,
            "encoder": self.encoder.fingerprint[:16],
            **self.extra,
        }
