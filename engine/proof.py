"""Which sentence or value proves each constraint of each hit? Looked up for the page alone, one call per constraint."""

from typing import TypeAlias

from engine.ports import Index
from engine.types import I64, Candidates, Evidence, Intent, Verdict
from engine.vocabulary import APPLIES

Proofs: TypeAlias = dict[int, tuple[Evidence, ...]]


def prove(index: Index, tenant: str, intent: Intent, candidates: Candidates, page: I64, lang: str) -> Proofs:
    """-> candidate position -> one Evidence per constraint, in the intent's order."""
    proofs: dict[int, list[Evidence]] = {at: [] for at in page.tolist()}
    parts = candidates.by_kind(page)
    for number, constraint in enumerate(intent.constraints):
        applies = APPLIES.get(constraint.slot, frozenset())
        for kind, mine, rows in parts:
            if kind in applies:
                shown = index.prove(tenant, kind, constraint, rows, lang, number)
            else:
                shown = [Evidence(number, Verdict.UNKNOWN, None)] * len(mine)
            for at, evidence in zip(mine, shown, strict=True):
                proofs[at].append(evidence)
    return {at: tuple(found) for at, found in proofs.items()}
