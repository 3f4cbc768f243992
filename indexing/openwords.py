"""What do notes say about a word that no lexicon knows ("秋千")? Their sentences are read for it at query time."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
import pyarrow.compute as pc

from engine.types import KINDS, Kind
from engine.understand.fold import fold
from engine.understand.negation import scope
from indexing.aggregate import PRIOR
from indexing.columns.mined import Claim
from indexing.testimony import Court

Listen: TypeAlias = Callable[[str], Mapping[Kind, Claim]]

#: Sentences that are read per word and segment; a word this common is no rare wish.
MOST: Final = 400
_DAY: Final = 86400.0
_ROW: TypeAlias = tuple[int, int, int, float]  # global sentence, global note, sign, epoch days (NaN: unknown)


def listener(court: Court) -> Listen:
    """-> a function: folded word -> kind -> what the live notes say of it. The last answers are kept."""

    @lru_cache(maxsize=256)
    def listen(word: str) -> Mapping[Kind, Claim]:
        said = _said(court, word)
        return {kind: _claim(court, kind, said) for kind in KINDS}

    return listen


def _said(court: Court, word: str) -> list[_ROW]:
    """The sentences of live notes with the word; questions and wishes say nothing."""
    out: list[_ROW] = []
    notes = sentences = 0
    for segment in court.segments:
        texts = segment.sentences.column("text")
        rows = np.flatnonzero(pc.match_substring(texts, word, ignore_case=True).to_numpy())[:MOST]
        published = segment.parts["note"].columns.numbers["published"]
        for row in rows.tolist():
            note, folded = segment.sentences.column("note")[row].as_py(), fold(texts[row].as_py()).text
            at = folded.find(word)
            if at < 0 or not court.alive[notes + note]:
                continue
            heard = scope(folded, at, at + len(word))
            if not (heard.question or heard.wish or heard.hedge):
                out.append((sentences + row, notes + note, heard.sign, float(published[note])))
        notes += len(segment.parts["note"])
        sentences += segment.sentences.num_rows
    return out


def _claim(court: Court, kind: Kind, said: list[_ROW]) -> Claim:
    """Yes and no counted per item (a note speaks for what it talks about, and for itself)."""
    heard: dict[int, list[_ROW]] = {}
    for row in said:
        note = np.array([row[1]])
        for item in note.tolist() if kind == "note" else court.talk[kind].of_notes(note).row.tolist():
            heard.setdefault(item, []).append(row)
    items = sorted(heard)
    yes = np.array([sum(r[2] > 0 for r in heard[i]) for i in items], np.int64)
    no = np.array([sum(r[2] < 0 for r in heard[i]) for i in items], np.int64)
    best = [
        max(heard[i], key=lambda r: (r[2] * (1 if y >= n else -1), np.nan_to_num(r[3]), -r[0]))
        for i, y, n in zip(items, yes, no, strict=True)
    ]
    return Claim(
        np.array(items, np.int64),
        ((PRIOR[0] + yes) / (sum(PRIOR) + yes + no)).astype(np.float32),
        yes,
        no,
        np.array([max((r[3] for r in heard[i] if r[3] == r[3]), default=np.nan) for i in items], np.float64),
        np.array([b[0] for b in best], np.int64),
    )
