"""What can a ranker learn before anybody judged or clicked? Questions made of what the index knows of its items.

Each question is what one item keeps, said in the labels of the lexicon; a candidate's grade is how much of it the
candidate keeps. Wishes alone: nothing is filtered away, so that lists also hold what breaks them.
"""

from collections.abc import Iterator

import numpy as np

from api.systems import Bench
from engine.types import F32, I64, Constraint, Intent, Kind, Query, Verdict
from engine.understand.lexicon import Lexicon, load
from engine.vocabulary import APPLIES, MINED
from ranking.dataset import MADE, Judgment
from ranking.model import HandWeighted

#: Most wishes of one question beside its category.
MOST = 3


def generated(bench: Bench, count: int, seed: int = 7) -> Iterator[Judgment]:
    """`count` questions (fewer when items say too little), the same for the same index and seed."""
    rng = np.random.default_rng(seed)
    engine, lexicon = bench.engine(HandWeighted()), load()
    known = {kind: _known(bench, kind, lexicon) for kind in ("poi", "product")}
    kinds: list[Kind] = [kind for kind in ("poi", "product") if known[kind]]
    for number in range(count if kinds else 0):
        kind, lang = kinds[number % len(kinds)], "en" if number % 3 == 0 else "zh"
        wishes = _wishes(bench, kind, known[kind], lexicon, rng)
        text = " ".join(lexicon.label(str(wish.value), lang) for wish in wishes)
        intent = Intent("find", {kind: 1.0}, wishes, text=text, terms=text, lang=lang, query=text, normalized=text)
        query = Query(bench.tenant, text, parse=intent, kinds=(kind,))
        _, read, found = engine.candidates(query)
        grades = _grades(bench, kind, wishes, found.candidates.row)
        if len(set(grades.tolist())) > 1:
            yield Judgment(f"{MADE}{seed}-{number}", read, query, found.candidates, grades.tolist())


def _known(bench: Bench, kind: Kind, lexicon: Lexicon) -> dict[int, list[Constraint]]:
    """row -> the wishes that it keeps beyond doubt; rows without any are left out."""
    rows, out = np.arange(bench.view.index.count(bench.tenant, kind)), dict[int, list[Constraint]]()
    for entry in lexicon.attributes.values():
        if entry.slot in MINED and kind in APPLIES[entry.slot]:
            wish = Constraint(entry.slot, "has", entry.id, "soft")
            judged = bench.view.index.judge(bench.tenant, kind, wish, rows)
            for row in np.flatnonzero(judged.verdict == Verdict.MET).tolist():
                out.setdefault(row, []).append(wish)
    return out


def _wishes(
    bench: Bench, kind: Kind, known: dict[int, list[Constraint]], lexicon: Lexicon, rng: np.random.Generator
) -> tuple[Constraint, ...]:
    """An item's category and some of what it keeps."""
    row = int(rng.choice(list(known)))
    category = str(bench.view.index.column(bench.tenant, kind, "category", np.array([row], np.int64))[0])
    first = [Constraint("category", "eq", category, "soft")] if category in lexicon.categories else []
    many = min(len(known[row]), 1 + int(rng.integers(MOST)))
    return (*first, *(known[row][at] for at in rng.choice(len(known[row]), many, replace=False)))


def _grades(bench: Bench, kind: Kind, wishes: tuple[Constraint, ...], rows: I64) -> I64:
    """0 to 3: the mean of what is kept, a broken or unknown wish counting nothing, a likely one two thirds."""
    worth = np.zeros(len(rows), np.float32)
    share: F32 = np.array([0.0, 0.0, 0.67, 1.0], np.float32)
    for wish in wishes:
        worth += share[bench.view.index.judge(bench.tenant, kind, wish, rows).verdict]
    return np.floor(3 * worth / len(wishes) + 1e-6).astype(np.int64)
