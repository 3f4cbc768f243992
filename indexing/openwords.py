"""What do notes say of a thing that no lexicon knows ("能看到火车")? Their sentences are read for it at query time.

A sentence speaks of it when it has its words, or their names in the other language, when its vector is near, or when
both are so in part. Who says it, when, and how sure, is weighed as for the attributes that a lexicon knows
(indexing/aggregate.py).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, compress
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import rjieba

from engine.types import F32, F64, I64, Heard, Kind, Mask
from engine.understand import cues
from engine.understand.fold import fold
from engine.understand.negation import scope
from indexing.centre import centred, unit
from indexing.columns.mined import NOBODY, OPEN, Claim
from indexing.evidence import HEARSAY, MENTIONS
from indexing.hearing import ACROSS, Worded, sure
from indexing.lowered import Said
from indexing.phrase import Phrase
from indexing.runs import stretches
from indexing.segment import Segment
from indexing.testimony import Court, claims
from indexing.vectors import Among, nearest

Listen: TypeAlias = Callable[[str, Heard | None], Mapping[Kind, Claim]]

#: Of a segment with more sentences only those of the notes that are nearest by words and by vector are read.
WHOLE: Final = 50_000
NOTES: Final = 400
#: Different sentences that are read for their polarity, the surest first.
DISTINCT: Final = 80
#: Less sure than this says nothing.
LEAST: Final = 0.3
#: A vector must be nearer than chance: this many deviations above the median of all sentences.
CHANCE: Final = 4.0
_SAMPLE: Final = 2000
_NOBODY: Final = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0, bool))
_NOTHING: Final = (np.nan, np.nan, np.nan)


def listener(court: Court) -> Listen:
    """-> a function: folded phrase, its vector -> kind -> what live notes say of it. The last answers are kept."""

    @lru_cache(maxsize=64)
    def listen(phrase: str, heard: Heard | None) -> Mapping[Kind, Claim]:
        found = claims(court, said(court, phrase, heard))
        return {kind: of.get(OPEN + phrase, NOBODY) for kind, of in found.items()}

    return listen


def said(court: Court, text: str, heard: Heard | None) -> pa.Table:
    """What live notes say of a phrase: MENTIONS of one attribute, with global rows. Questions and wishes are none."""
    phrase, tables, notes, sentences = Phrase.of(text), [MENTIONS.empty_table()], 0, 0
    for segment in court.segments:
        count = len(segment.parts["note"])
        rows, signs, confidence, ended = _spoken(segment, phrase, heard, court.alive[notes : notes + count])
        if len(rows):
            note, number = segment.said[1][rows], segment.sentences.column("number").to_numpy()[rows]
            named, stated = pa.array([OPEN + text] * len(rows), pa.string()), np.ones(len(rows), bool)
            sure, signs = confidence.astype(np.float32), signs.astype(np.int8)
            columns = [rows + sentences, note + notes, number, named, signs, sure, ended, stated]
            tables.append(pa.table([*map(pa.array, columns)], schema=MENTIONS))
        notes += count
        sentences += segment.sentences.num_rows
    return pa.concat_tables(tables)


def _spoken(segment: Segment, phrase: Phrase, heard: Heard | None, alive: Mask) -> tuple[I64, I64, F64, Mask]:
    """Of the sentences of one segment that speak of it: rows, signs, confidence, and whether it is over."""
    if not phrase.words:
        return _NOBODY
    rows = _read(segment, phrase, heard, alive)
    said = segment.once if rows is None else Said.once(segment.said[0].take(pa.array(rows)))
    worded = Worded.of(phrase, said.lowered, segment.parts["note"].text.lacks)
    near, usual = _cosines(segment, said.first, rows, heard)
    believed = sure(worded, near, heard, usual)
    best = np.argsort(-believed, kind="stable")[:DISTINCT]
    best = best[believed[best] >= LEAST]
    stated = _stated(said.texts.take(pa.array(best)).to_pylist(), phrase, worded.take(best), near[best])
    told = np.full((len(believed), 3), np.nan)  # sign, confidence, ended
    told[best] = np.array(stated).reshape(-1, 3) * np.stack([np.ones(len(best)), believed[best], np.ones(len(best))], 1)
    mine = np.flatnonzero(~np.isnan(told[said.of, 0]))
    found = mine if rows is None else rows[mine]
    lives = alive[segment.said[1][found]]
    sign, confidence, ended = told[said.of[mine[lives]]].T
    return found[lives], sign.astype(np.int64), confidence, ended > 0


def _read(segment: Segment, phrase: Phrase, heard: Heard | None, alive: Mask) -> I64 | None:
    """The rows of the sentences to read: None for all of a small segment, else of the likeliest notes that live."""
    of = segment.said[1]
    if len(of) <= WHOLE:
        return None
    part = segment.parts["note"]
    text = " ".join([phrase.text, *(name for names in phrase.names for name in names.sure)])
    notes = part.text.search(text, alive, NOTES, exact=True).rows
    if heard is not None:
        vector = centred(heard.vector, heard.lang, segment.frame.means)
        notes = np.union1d(notes, nearest([part.vectors], vector, [Among.of(alive, len(alive))], NOTES).rows)
    lo, hi = (np.searchsorted(of, np.sort(notes), side=side) for side in ("left", "right"))
    return stretches(lo, hi - lo)


def _cosines(segment: Segment, first: I64, rows: I64 | None, heard: Heard | None) -> tuple[F32, float]:
    """Of the different texts to the phrase's vector, NaN without one; and what more than chance begins with."""
    voices = segment.voices
    if heard is None or not len(voices):
        return np.full(len(first), np.nan, np.float32), np.inf
    raw = heard.vector[None, :]
    vector = unit(raw - segment.frame.means.query[heard.lang], raw)[0]
    if rows is None:
        each = voices.each(vector)
        found, some = voices.spread(each, first), each[:: max(1, len(each) // _SAMPLE)]
    else:
        spread = np.linspace(0, len(voices.which) - 1, min(_SAMPLE, len(voices.which))).astype(np.int64)
        found, some = voices.scores(vector, rows[first]), voices.scores(vector, spread)
    some = np.sort(some[np.isfinite(some)])
    if not len(some):
        return found, np.inf
    middle, above = some[int(0.5 * len(some))], some[int(0.84 * len(some))]
    return found, float(middle + CHANCE * (above - middle))  # the few that are near do not widen what chance gives


def _stated(texts: Sequence[str], phrase: Phrase, worded: Worded, near: F32) -> list[tuple[float, float, float]]:
    """Of each sentence (sign, what is left of its confidence, ended); NaN where it states nothing.

    `worded`, `near`: of these sentences.
    """
    out = []
    for at, text in enumerate(texts):
        folded = fold(text).text
        spans = [*_own(phrase, worded.own[at], folded), *_named(phrase, worded, at, folded)]
        said = _polarity(folded, max(spans, default=None), bool(worded.whole[at]))
        left = 1.0 if all(apart for _, _, apart in spans) else float(ACROSS.perhaps.of(near[at]))
        out.append(_NOTHING if said is None else (said[0], said[1] * left, said[2]))
    return out


def _own(phrase: Phrase, own: Mask, folded: str) -> Iterator[tuple[int, int, bool]]:
    """Where each word of the phrase stands last that a sentence has."""
    for word in compress(phrase.words, own):
        if (start := folded.rfind(word)) >= 0:
            yield start, start + len(word), True


def _named(phrase: Phrase, worded: Worded, at: int, folded: str) -> Iterator[tuple[int, int, bool]]:
    """Where a name of each other word stands; and is it the commonest one, or a word of its own (not as "泉水" in
    "矿泉水")?"""
    for names in compress(phrase.names, ~worded.own[at] & (worded.named[at] | worded.perhaps[at])):
        for name in (*names.sure, *names.perhaps):
            if (start := folded.rfind(name.removesuffix("s"))) >= 0:
                edges = {*accumulate(map(len, rjieba.cut(folded)), initial=0)}
                apart = name.isascii() or {start, start + len(name)} <= edges
                yield start, start + len(name), apart or name == next(iter(names.sure), None)
                break


def _polarity(folded: str, span: tuple[int, int, bool] | None, whole: bool) -> tuple[int, float, bool] | None:
    """Only a sentence with all the words can deny; of others that deny something nobody knows what."""
    if span is None:
        denies = cues.NO_ZH.search(folded) or cues.NO_EN.search(folded) or folded.rstrip().endswith(("?", "吗", "呢"))
        return None if denies else (1, 1.0, False)
    polarity = scope(folded, span[0], span[1])
    if polarity.question or polarity.wish or (polarity.sign < 0 and not whole):
        return None
    return polarity.sign, HEARSAY if polarity.hedge else 1.0, polarity.ended and polarity.sign < 0
