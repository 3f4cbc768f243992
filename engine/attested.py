"""What is known of one item, as people may read it: attributes, verdicts, and the sentences behind them."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.types import Evidence


@dataclass(frozen=True, slots=True)
class Quote:
    """One sentence of a note about an attribute of an item. sign -1: it says no; ended: it was so once."""

    sentence: str
    note_id: str
    note_date: str | None  # ISO date
    trust: str | None  # label of the note
    sign: int
    confidence: float
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Attested:
    """All that is known of one attribute of one item."""

    attribute: str
    slot: str
    label: Mapping[str, str]  # language -> name
    proof: Evidence  # merchant data and notes together
    merchant: bool | None  # what the merchant's data says; None: nothing
    quotes: tuple[Quote, ...]

    def called(self, lang: str) -> str:
        """The attribute in words of a language; its id where there are none."""
        return self.label.get(lang) or self.attribute
