"""Is what is said of a thing true? What its notes disagree about first, then what they say, the newest first."""

from typing import Any, Final

import numpy as np

from engine.attested import Attested
from engine.panels.brief import brief
from engine.ports import Index
from engine.refer import mentioned
from engine.types import Intent, Query

#: Attributes in dispute, and sentences, that are shown.
DISPUTES: Final = 10
SENTENCES: Final = 10


def checked(index: Index, query: Query, intent: Intent, lang: str) -> dict[str, Any] | None:
    """The file on the first item that the query names, for a sceptic; None when it names none that is known."""
    things = mentioned(index, query, intent)
    if not things:
        return None
    kind, row = things[0]
    item = index.items(query.tenant, kind, np.array([row], np.int64))[0]
    file = list(index.dossier(query.tenant, kind, row, lang))
    disputed = [known for known in file if _disputed(known)]
    quotes = sorted(
        ((quote.note_date or "", quote.note_id, known, quote) for known in file for quote in known.quotes),
        key=lambda each: each[:2],
        reverse=True,
    )
    return {
        "type": "review",
        "item": brief(kind, item),
        "contradictions": [
            {
                "attribute": known.attribute,
                "label": known.called(lang),
                "for": known.proof.support,
                "against": known.proof.contradictions,
                "merchant": known.merchant,
            }
            for known in sorted(disputed, key=lambda known: -min(known.proof.support, known.proof.contradictions))
        ][:DISPUTES],
        "newest": [
            {
                "date": quote.note_date,
                "note_id": quote.note_id,
                "sentence": quote.sentence,
                "label": known.called(lang),
                "says": "no" if quote.sign < 0 else "yes",
                "trust": quote.trust,
            }
            for _, _, known, quote in quotes[:SENTENCES]
        ],
    }


def _disputed(known: Attested) -> bool:
    """Do notes contradict each other, or the merchant?"""
    return known.proof.disagrees or bool(known.proof.support and known.proof.contradictions)
