"""What is known of one item, for people? Every attribute with its verdict, and all that notes say for and against."""

from typing import TYPE_CHECKING, Final

import numpy as np

from engine.attested import Attested, Quote
from engine.types import I64, KINDS, Constraint, Kind
from engine.understand.lexicon import load
from engine.vocabulary import APPLIES, MINED
from indexing.aggregate import UNQUOTED
from indexing.proofs import prove
from indexing.testimony import spoken_of

if TYPE_CHECKING:
    from indexing.snapshot import Snapshot

#: Sentences shown of an attribute; the newest first.
QUOTES: Final = 8


def dossier(index: "Snapshot", kind: Kind, row: int, lang: str) -> list[Attested]:
    """Of a live row: the attributes of which anything is known, by how much is said of them, then by id."""
    rows, quotes, entries = np.array([row], np.int64), _quotes(index, kind, row), load().attributes
    stated = _stated(index, kind, rows)
    found = []
    for name in {*quotes, *stated, *_claimed(index, kind, row)} & entries.keys():
        entry = entries[name]
        if entry.slot not in MINED or kind not in APPLIES[entry.slot]:
            continue
        proof = prove(index, kind, Constraint(entry.slot, "has", name), rows, lang)[0]
        labels = {"zh": entry.name("zh"), "en": entry.name("en")}
        found.append(Attested(name, entry.slot, labels, proof, stated.get(name), tuple(quotes.get(name, ()))))
    return sorted(found, key=lambda a: (-(a.proof.support + a.proof.contradictions), a.attribute))


def _claimed(index: "Snapshot", kind: Kind, row: int) -> list[str]:
    """The attributes that notes claim of a row."""
    claims = index.testimony.claims[kind].items()
    return [name for name, claim in claims if (at := np.searchsorted(claim.rows, row)) < len(claim.rows)
            and claim.rows[at] == row]  # fmt: skip


def _stated(index: "Snapshot", kind: Kind, rows: I64) -> dict[str, bool | None]:
    """What the merchant's own data says of attributes; None: yes and no."""
    part, local = next((part, local) for at, part, local in index.shelves[kind].split(rows) if len(at))
    has, lacks = (set(part.columns.tags[name].at(int(local[0]))) for name in ("has", "has_not"))
    return {name: None if name in has and name in lacks else name in has for name in has | lacks}


def _quotes(index: "Snapshot", kind: Kind, row: int) -> dict[str, list[Quote]]:
    """attribute -> what is said of it in so many words, the newest QUOTES of notes that nobody suspects; undated
    sentences last."""
    table = spoken_of(index.court, KINDS.index(kind), row)
    notes = table.column("note").to_numpy()
    trust = index.column(index.tenant, "note", "trust", notes)
    age = np.nan_to_num(index.column(index.tenant, "note", "age_days", notes), nan=np.inf)
    said, found = table.to_pylist(), dict[str, list[Quote]]()
    for at in np.lexsort((notes, age)).tolist():
        quotes = found.setdefault(said[at]["attribute"], [])
        if len(quotes) < QUOTES and trust[at] != UNQUOTED:
            sentence, note_id, date = index.testimony.sentence(said[at]["sentence"])
            sign, sure, ended = said[at]["sign"], round(float(said[at]["confidence"]), 3), said[at]["ended"]
            quotes.append(Quote(sentence, note_id, date, trust[at], sign, sure, ended))
    return found
