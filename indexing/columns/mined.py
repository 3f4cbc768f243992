"""What do notes say about an item's attributes, and how is that merged with what its merchant says?

The rule: log-odds add up. Merchant data alone is believed to BELIEF; a sentence-based probability is taken as it
is. So merchant and notes that agree strengthen each other. Where several independent notes say the opposite of the
merchant (OVERRULE), the merchant's word counts no more, and the answer says that they disagree.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from engine.types import F32, F64, I8, I64, Heard, Mask, Verdict
from engine.vocabulary import LIKELY_AT, MET_AT

#: Marks a word that is looked for in the notes themselves.
OPEN: Final = "open:"
BELIEF: Final = 0.82
#: What merchant data alone comes to, by yes - no (0, 1, -1), and by verdict.
_STATED: Final = np.array([Verdict.UNKNOWN, Verdict.MET, Verdict.CONTRADICTED], np.int8)
_BELIEVED: Final = np.array([np.nan, 1 - BELIEF, np.nan, BELIEF], np.float32)
#: Two or more sentences that leave at most this probability (or its contrary) overrule the merchant.
OVERRULE: Final = 0.25
_LOGIT: Final = float(np.log(BELIEF / (1 - BELIEF)))


@dataclass(frozen=True)
class Claim:
    """One attribute over the rows that notes speak of, ascending: parallel columns.

    `at`: epoch days of the newest sentence. `best`: which sentence shows it (row of the sentence table, -1 none).
    """

    rows: I64
    probability: F32
    support: I64
    against: I64
    at: F64
    best: I64


_NONE: Final = np.empty(0, np.int64)
#: No note speaks.
NOBODY: Final = Claim(_NONE, np.empty(0, np.float32), _NONE, _NONE, np.empty(0), _NONE)


@dataclass(frozen=True)
class Mined:
    """attribute id -> Claim, of one kind of one segment; `listen` reads the notes for words that are no attribute."""

    claims: Mapping[str, Claim] = field(default_factory=dict)
    listen: Callable[[str, Heard | None], Claim] | None = None

    def over(self, attributes: Iterable[str], rows: I64, heard: Heard | None = None) -> "Told":
        """What is told of rows under any of the ids (the likeliest id wins)."""
        told = Told.nothing(len(rows))
        for claim in self._of(attributes, heard):
            told = told.better(_at(claim, rows))
        return told

    def spoken(self, attributes: Iterable[str], heard: Heard | None = None) -> I64:
        """The rows of which anything is told under any of the ids, ascending."""
        found = [claim.rows for claim in self._of(attributes, heard)]
        return found[0] if len(found) == 1 else np.unique(np.concatenate([np.empty(0, np.int64), *found]))

    def _of(self, attributes: Iterable[str], heard: Heard | None) -> Iterator[Claim]:
        """The claims that speak of any row."""
        for name in attributes:
            claim = self.claims.get(name)
            if claim is None and self.listen is not None and name.startswith(OPEN):
                claim = self.listen(name.removeprefix(OPEN), heard)
            if claim is not None and len(claim.rows):
                yield claim


@dataclass(frozen=True)
class Told:
    """Mined evidence parallel to the rows asked for; probability is NaN where no sentence speaks."""

    probability: F64
    support: I64
    against: I64
    at: F64
    best: I64

    @staticmethod
    def nothing(count: int) -> "Told":
        """No sentence speaks."""
        nan, zero = np.full(count, np.nan), np.zeros(count, np.int64)
        return Told(nan, zero, zero, nan, np.full(count, -1, np.int64))

    def take(self, rows: I64) -> "Told":
        """What is told of some of the rows."""
        return Told(*(column[rows] for column in vars(self).values()))

    def better(self, other: "Told") -> "Told":
        """Row by row the one with the higher probability."""
        with np.errstate(invalid="ignore"):
            take = ~(self.probability >= other.probability) & ~np.isnan(other.probability)
        mine, theirs = vars(self), vars(other)
        return Told(**{name: np.where(take, theirs[name], mine[name]) for name in mine})


def _at(claim: Claim, rows: I64) -> Told:
    at = np.searchsorted(claim.rows, rows)
    at[at == len(claim.rows)] = 0
    hit = claim.rows[at] == rows
    return Told(
        np.where(hit, claim.probability[at], np.nan),
        np.where(hit, claim.support[at], 0),
        np.where(hit, claim.against[at], 0),
        np.where(hit, claim.at[at], np.nan),
        np.where(hit, claim.best[at], -1),
    )


def merge(yes: Mask, no: Mask, told: Told) -> tuple[I8, F32, Mask]:
    """Merchant's yes and no, and what notes tell -> verdicts, probabilities (NaN: nothing known), disagreement."""
    spoken = ~np.isnan(told.probability)
    if not spoken.any():
        verdict = _STATED[yes.astype(np.int8) - no.astype(np.int8)]
        return verdict, _BELIEVED[verdict], spoken
    p = np.clip(np.where(spoken, told.probability, 0.5), 0.01, 0.99)
    denied, affirmed = (told.against > 1) & (p <= OVERRULE), (told.support > 1) & (p >= 1 - OVERRULE)
    overruled = (yes & denied) | (no & affirmed)
    odds = np.log(p / (1 - p)) + _LOGIT * np.where(overruled, 0.0, yes.astype(np.float64) - no.astype(np.float64))
    merged = 1 / (1 + np.exp(-odds))
    known = spoken | yes | no
    disagree = spoken & ((yes & ~no & (p < 0.5)) | (no & ~yes & (p >= 0.5)))
    return verdicts(merged, known), np.where(known, merged, np.nan).astype(np.float32), disagree


def verdicts(probability: F64, known: Mask) -> I8:
    """Probabilities -> verdicts by the thresholds of the vocabulary (contradicted where MET_AT is reached for "no")."""
    likely = np.where(probability >= LIKELY_AT, Verdict.LIKELY, Verdict.UNKNOWN)
    sure = np.where(probability >= MET_AT, Verdict.MET, likely)
    both = np.where(probability <= 1 - MET_AT + 1e-9, Verdict.CONTRADICTED, sure)
    return np.where(known, both, Verdict.UNKNOWN).astype(np.int8)
