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
#: What merchant data alone comes to, by yes - no (0, 1, -1): never both are said of one row.
_STATED: Final = np.array([Verdict.UNKNOWN, Verdict.MET, Verdict.CONTRADICTED], np.int8)
_BELIEVED: Final = np.array([np.nan, BELIEF, 1 - BELIEF], np.float32)
#: Two or more sentences that leave at most this probability (or its contrary) overrule the merchant.
OVERRULE: Final = 0.25
_LIKELY: Final = np.int8(Verdict.LIKELY)
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
        told: Told | None = None
        for claim in self._of(attributes, heard):
            at = claim.rows.searchsorted(rows)
            at[at == len(claim.rows)] = 0
            hits = (claim.rows[at] == rows).nonzero()[0]
            if len(hits):
                told = told or Told.nothing(len(rows))
                told.hear(claim, at[hits], hits)
        return told or Told.nothing(len(rows))

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
        zero = np.zeros(count, np.int64)
        return Told(np.full(count, np.nan), zero, zero.copy(), np.full(count, np.nan), np.full(count, -1, np.int64))

    def take(self, rows: I64) -> "Told":
        """What is told of some of the rows."""
        return Told(*(column[rows] for column in vars(self).values()))

    def hear(self, claim: Claim, at: I64, hits: I64) -> None:
        """Row by row the likelier of what was told and what a claim says at places `at` of the rows `hits`."""
        before = self.probability[hits]
        likelier = ~(before >= claim.probability[at])  # nothing told (NaN) is less than anything
        at, hits = (at, hits) if likelier.all() else (at[likelier], hits[likelier])
        self.probability[hits], self.support[hits] = claim.probability[at], claim.support[at]
        self.against[hits], self.at[hits], self.best[hits] = claim.against[at], claim.at[at], claim.best[at]


def merge(yes: Mask, no: Mask, told: Told) -> tuple[I8, F32, Mask]:
    """Merchant's yes and no, and what notes tell -> verdicts, probabilities (NaN: nothing known), disagreement."""
    spoken = ~np.isnan(told.probability)
    says = yes.astype(np.int8) - no.astype(np.int8)
    verdict, probability, disagree = _STATED[says], _BELIEVED[says], np.zeros(len(spoken), bool)
    at = spoken.nonzero()[0]
    if not len(at):
        return verdict, probability, disagree
    said, p = says[at], np.clip(told.probability[at], 0.01, 0.99)
    denied, affirmed = (told.against[at] > 1) & (p <= OVERRULE), (told.support[at] > 1) & (p >= 1 - OVERRULE)
    overruled = ((said > 0) & denied) | ((said < 0) & affirmed)
    odds = np.log(p / (1 - p)) + _LOGIT * np.where(overruled, 0.0, said)
    merged = 1 / (1 + np.exp(-odds))
    verdict[at], probability[at] = verdicts(merged), merged
    disagree[at] = ((said > 0) & (p < 0.5)) | ((said < 0) & (p >= 0.5))
    return verdict, probability, disagree


def verdicts(probability: F64) -> I8:
    """Probabilities -> verdicts by the thresholds of the vocabulary (contradicted where MET_AT is reached for "no")."""
    verdict = (probability >= LIKELY_AT) * _LIKELY
    verdict[probability >= MET_AT] = Verdict.MET
    verdict[probability <= 1 - MET_AT + 1e-9] = Verdict.CONTRADICTED
    return verdict
