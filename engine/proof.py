"""Which sentence or value proves each constraint of each hit? Looked up for the page alone, one call per constraint."""

from dataclasses import fields
from operator import attrgetter
from typing import Final, TypeAlias

from engine.ports import Index
from engine.types import I64, KINDS, Candidates, Evidence, Intent, Verdict
from engine.vocabulary import APPLIES

Proofs: TypeAlias = dict[int, tuple[Evidence, ...]]
#: All that evidence says but its number, which comes first.
_SAID: Final = attrgetter(*(each.name for each in fields(Evidence)[1:]))


def prove(index: Index, tenant: str, intent: Intent, candidates: Candidates, page: I64, lang: str) -> Proofs:
    """-> candidate position -> one Evidence per constraint, in the intent's order."""
    proofs: dict[int, list[Evidence]] = {int(at): [] for at in page}
    for number, constraint in enumerate(intent.constraints):
        for code, kind in enumerate(KINDS):
            mine = page[candidates.kind[page] == code]
            if not len(mine):
                continue
            if kind not in APPLIES.get(constraint.slot, frozenset()):
                for at in mine:
                    proofs[int(at)].append(Evidence(number, Verdict.UNKNOWN, None))
                continue
            shown = index.prove(tenant, kind, constraint, candidates.row[mine], lang)
            for at, evidence in zip(mine, shown, strict=True):
                proofs[int(at)].append(Evidence(number, *_SAID(evidence)))
    return {at: tuple(found) for at, found in proofs.items()}
