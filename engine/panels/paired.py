"""Which of two named things? A table: a row for each fact or attribute, a column for each thing, with its evidence."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from engine.attested import Attested
from engine.panels.brief import brief
from engine.ports import Index
from engine.refer import mentioned
from engine.types import Intent, Query, Verdict

#: Things that are compared at most, and rows that are shown: those that tell them apart first.
MOST, ROWS = 4, 30
FACTS: Final[Mapping[str, Mapping[str, str]]] = {
    "price": {"zh": "价格", "en": "price"},
    "price_per_person": {"zh": "人均", "en": "per person"},
    "rating": {"zh": "评分", "en": "rating"},
    "rating_count": {"zh": "评价数", "en": "ratings"},
    "brand": {"zh": "品牌", "en": "brand"},
    "category": {"zh": "类别", "en": "kind"},
    "city": {"zh": "城市", "en": "city"},
    "area": {"zh": "商圈", "en": "quarter"},
    "opening_hours": {"zh": "营业时间", "en": "opening hours"},
    "availability": {"zh": "有货", "en": "availability"},
}


def paired(index: Index, query: Query, intent: Intent, lang: str) -> dict[str, Any] | None:
    """The table of the things that the query names; None when it names fewer than two that are known."""
    things = mentioned(index, query, intent)[:MOST]
    if len(things) < 2:
        return None
    items = [index.items(query.tenant, kind, np.array([row], np.int64))[0] for kind, row in things]
    files = [{known.attribute: known for known in index.dossier(query.tenant, kind, row, lang)} for kind, row in things]
    return {
        "type": "comparison",
        "items": [brief(kind, item) for item, (kind, _) in zip(items, things, strict=True)],
        "rows": [*_facts(items, lang), *_attributes(files, lang)],
    }


def _facts(items: Sequence[Mapping[str, Any]], lang: str) -> list[dict[str, Any]]:
    told = [(name, [item.get(name) for item in items]) for name in FACTS]
    return [
        {"fact": name, "label": FACTS[name][lang], "values": values, "differ": len({str(v) for v in values}) > 1}
        for name, values in told
        if any(value is not None for value in values)
    ]


def _attributes(files: Sequence[Mapping[str, Attested]], lang: str) -> list[dict[str, Any]]:
    """What is known of an attribute of any of them: those that set them apart first, then what is known of most."""
    rows = []
    for attribute in dict.fromkeys(name for file in files for name in file):
        cells = [file.get(attribute) for file in files]
        label = next(cell.called(lang) for cell in cells if cell is not None)
        verdicts = {None if cell is None else cell.proof.verdict >= Verdict.LIKELY for cell in cells}
        known = sum(cell is not None for cell in cells)
        rows.append(
            (
                (-(len(verdicts - {None}) > 1), -known),
                {
                    "attribute": attribute,
                    "label": label,
                    "values": [None if cell is None else _cell(cell) for cell in cells],
                    "differ": len(verdicts) > 1,
                },
            )
        )
    return [row for _, row in sorted(rows, key=lambda each: each[0])[:ROWS]]


def _cell(known: Attested) -> dict[str, Any]:
    proof = known.proof
    return {
        "verdict": proof.verdict.name.lower(),
        "support": proof.support,
        "contradictions": proof.contradictions,
        "sentence": proof.sentence,
        "note_id": proof.note_id,
        "date": proof.note_date,
    }
