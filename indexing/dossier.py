"""What is known of one item, for people? Every attribute with its verdict, and all that notes say for and against."""

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from engine.types import I64, KINDS, Attested, Constraint, Kind, Quote, Verdict
from engine.understand.lexicon import load
from engine.vocabulary import APPLIES, MINED
from indexing.proofs import prove
from indexing.testimony import spoken_of

if TYPE_CHECKING:
    from indexing.snapshot import Snapshot

#: Sentences shown of an attribute; the newest first.
QUOTES: Final = 8


def dossier(index: "Snapshot", kind: Kind, row: int, lang: str) -> list[Attested]:
    """Of a live row: the attributes of which anything is known, by how much is said of them, then by id."""
    rows, quotes = np.array([row], np.int64), _quotes(index, kind, row)
    found = []
    for name, entry in load().attributes.items():
        if entry.slot not in MINED or kind not in APPLIES[entry.slot] or kind not in entry.kinds:
            continue
        proof = prove(index, kind, Constraint(entry.slot, "has", name), rows, lang)[0]
        said = quotes.get(name, [])
        if proof.verdict == Verdict.UNKNOWN and proof.probability is None and not said:
            continue
        labels = {"zh": entry.name("zh"), "en": entry.name("en")}
        found.append(
            Attested(name, entry.slot, labels, proof, _merchant(index, kind, rows, name), tuple(said[:QUOTES]))
        )
    return sorted(found, key=lambda a: (-(a.proof.support + a.proof.contradictions), a.attribute))


def _merchant(index: "Snapshot", kind: Kind, rows: I64, name: str) -> bool | None:
    """What the merchant's own data says of an attribute; None: nothing, or both."""
    ((_, part, local),) = index.shelves[kind].split(rows)
    yes = name in part.columns.tags["has"].at(int(local[0]))
    no = name in part.columns.tags["has_not"].at(int(local[0]))
    return None if yes == no else yes


def _quotes(index: "Snapshot", kind: Kind, row: int) -> dict[str, list[Quote]]:
    """attribute -> what is said of it in so many words, the newest first; undated sentences last."""
    table = spoken_of(index.court, KINDS.index(kind), row)
    found: dict[str, list[Quote]] = defaultdict(list)
    for said in table.to_pylist():
        sentence, note_id, date = index.testimony.sentence(said["sentence"])
        where, at = index.where[note_id]
        trust = index.items(index.tenant, where, np.array([at], np.int64))[0].get("trust")
        quote = Quote(sentence, note_id, date, trust, said["sign"], round(float(said["confidence"]), 3), said["ended"])
        found[said["attribute"]].append(quote)
    for quotes in found.values():
        quotes.sort(key=lambda q: (q.note_date or "", q.note_id), reverse=True)
    return found
