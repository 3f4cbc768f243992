"""What do notes say of a thing that no lexicon knows ("能看到火车")? Their sentences are read for it at query time.

A sentence speaks of it when it has its words, when its vector is near, or when both are so in part. Who says it, when,
and how sure, is weighed as for the attributes that a lexicon knows (indexing/aggregate.py).
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import rjieba

from engine.types import F32, F64, I64, Heard, Kind, Mask
from engine.understand import cues
from engine.understand.fold import fold
from engine.understand.negation import scope
from indexing.centre import centred, unit
from indexing.columns.mined import NOBODY, OPEN, Claim
from indexing.evidence import HEARSAY, MENTIONS
from indexing.runs import stretches
from indexing.segment import Segment, table_of
from indexing.testimony import Court, claims
from indexing.tokens import stem
from indexing.vectors import Among, nearest

Listen: TypeAlias = Callable[[str, Heard | None], Mapping[Kind, Claim]]

#: Of a segment with more sentences only those of the notes that are nearest by words and by vector are read.
WHOLE: Final = 50_000
NOTES: Final = 400
#: Sentences that are read for their polarity, the surest first.
MOST: Final = 120
#: Less sure than this says nothing.
LEAST: Final = 0.3
#: What the head of a compound is worth of the whole.
HEAD: Final = 0.5
#: Cosines of centred vectors at which one alone begins to speak, and by how much more it is as sure as it gets.
NEAR, SURE_BY, ALONE = 0.42, 0.12, 0.8
#: The same beside words that are there in part.
PARTLY, PARTLY_BY = 0.28, 0.15
#: The same beside all of the words but those for doing; and how sure that is without vectors.
DOING, DOING_BY, BARE = 0.33, 0.08, 0.5
#: A vector must be nearer than chance: this many deviations above the median of all sentences.
CHANCE: Final = 4.0
_SAMPLE: Final = 2000
_HAN: Final = "\u3400"


@dataclass(frozen=True)
class Phrase:
    """What is looked for, folded; English words as stems. words: what it is; doing: what one does with it."""

    words: tuple[str, ...]
    doing: tuple[str, ...]

    @staticmethod
    def of(text: str) -> "Phrase":
        """Where there are no others, the words for doing are what it is."""
        empty, doing = _light()
        runs = [w for word in rjieba.cut(fold(text).text) for w in word.split() if any(map(str.isalnum, w))]
        kept = [w for w in runs if w not in empty]
        words = [w for w in kept if w not in doing] or kept
        return Phrase(_stems(words), _stems(w for w in kept if w not in words))


def _stems(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for w in words for s in ([w] if w[0] >= _HAN else stem(w))))


def listener(court: Court) -> Listen:
    """-> a function: folded phrase, its vector -> kind -> what live notes say of it. The last answers are kept."""

    @lru_cache(maxsize=64)
    def listen(phrase: str, heard: Heard | None) -> Mapping[Kind, Claim]:
        found = claims(court, said(court, phrase, heard))
        return {kind: of.get(OPEN + phrase, NOBODY) for kind, of in found.items()}

    return listen


def said(court: Court, text: str, heard: Heard | None) -> pa.Table:
    """What live notes say of a phrase: MENTIONS of one attribute, with global rows. Questions and wishes are none."""
    phrase, rows, notes, sentences = Phrase.of(text), [], 0, 0
    for segment in court.segments:
        count = len(segment.parts["note"])
        alive = court.alive[notes : notes + count]
        for row, sign, confidence, ended in _spoken(segment, text, phrase, heard, alive):
            note, number = (segment.sentences.column(name)[row].as_py() for name in ("note", "number"))
            rows.append((sentences + row, notes + note, number, OPEN + text, sign, confidence, ended, True))
        notes += count
        sentences += segment.sentences.num_rows
    return table_of(rows, MENTIONS)


def _spoken(
    segment: Segment, text: str, phrase: Phrase, heard: Heard | None, alive: Mask
) -> list[tuple[int, int, float, bool]]:
    """(sentence, sign, confidence, ended) of the sentences of one segment."""
    texts, of = segment.said
    rows = _read(segment, text, heard, alive)
    rows = rows[alive[of[rows]]]
    if not len(rows) or not phrase.words:
        return []
    among = pc.utf8_lower(texts.take(pa.array(rows))) if len(rows) < len(texts) else segment.lowered
    there, done = _with_words(among, phrase.words), np.all(_with_words(among, phrase.doing), axis=1)
    partly = np.maximum(there, HEAD * _with_words(among, [_head(word) for word in phrase.words]))
    sure, whole = _sure(partly, done, _cosines(segment, rows, heard), heard is not None and len(segment.voices) > 0)
    best = np.argsort(-sure, kind="stable")[:MOST]
    out = []
    for at in best[sure[best] >= LEAST].tolist():
        known = [word for word, yes in zip(phrase.words, there[at], strict=True) if yes]
        stated = _stated(fold(texts[int(rows[at])].as_py()).text, known, bool(whole[at]))
        if stated is not None:
            sign, factor, ended = stated
            out.append((int(rows[at]), sign, float(sure[at]) * factor, ended))
    return out


def _read(segment: Segment, text: str, heard: Heard | None, alive: Mask) -> I64:
    """The rows of the sentences to read: all of a small segment, else those of the likeliest notes."""
    of = segment.said[1]
    if len(of) <= WHOLE:
        return np.arange(len(of))
    part = segment.parts["note"]
    notes = part.text.search(text, alive, NOTES, exact=True).rows
    if heard is not None:
        vector = centred(heard.vector, heard.lang, segment.frame.means)
        notes = np.union1d(notes, nearest([part.vectors], vector, [Among.of(alive, len(alive))], NOTES).rows)
    lo, hi = (np.searchsorted(of, np.sort(notes), side=side) for side in ("left", "right"))
    return stretches(lo, hi - lo)


def _with_words(texts: pa.Array, words: Sequence[str]) -> Mask:
    """bool[sentences, words]; both are in lower case."""
    found = [pc.match_substring(texts, word).to_numpy(False) for word in words]
    return np.stack(found, axis=1) if found else np.ones((len(texts), 0), bool)


def _head(word: str) -> str:
    """The last part of a Chinese compound says what it is ("雨伞": 伞); other words are one part."""
    return word[1:] if len(word) > 1 and word[0] >= _HAN else word


def _cosines(segment: Segment, rows: I64, heard: Heard | None) -> F32:
    """To the phrase's vector; -1 without one, and for what is no nearer than chance."""
    voices = segment.voices
    if heard is None or not len(voices):
        return np.full(len(rows), -1, np.float32)
    raw = heard.vector[None, :]
    vector = unit(raw - segment.frame.means.query[heard.lang], raw)[0]
    if len(rows) == len(voices.which):
        found = some = voices.scores(vector)
    else:
        spread = np.linspace(0, len(voices.which) - 1, min(_SAMPLE, len(voices.which))).astype(np.int64)
        found, some = voices.scores(vector, rows), voices.scores(vector, spread)
    if not np.isfinite(some).any():
        return np.full(len(rows), -1, np.float32)
    middle, above = np.nanquantile(some, (0.5, 0.84))  # the few that are near do not widen what chance gives
    usual = middle + CHANCE * (above - middle)
    return np.where(found >= usual, found, -1).astype(np.float32)


def _sure(there: npt.NDArray[Any], done: npt.NDArray[np.bool_], near: F32, heard: bool) -> tuple[F64, Mask]:
    """How sure each sentence speaks of it, in [0, 1]; and whether it has all the words.

    there: how much of each word it has, (sentences, words); done: it has those for doing.
    heard: there are vectors to tell one sense of the words from another.
    """
    rarity = np.log((len(there) + 1) / ((there == 1).sum(axis=0) + 0.5))
    covered = there @ rarity / max(float(rarity.sum()), 1e-9)
    whole: Mask = np.asarray((there == 1).all(axis=1))
    alone = ALONE * np.clip((near - NEAR) / SURE_BY, 0, 1)
    partly = covered * np.clip((near - PARTLY) / PARTLY_BY, 0, 1)
    sense = np.clip((near - DOING) / DOING_BY, 0, 1) if heard else BARE
    return np.maximum(alone, np.where(whole, np.where(done, 1.0, sense), partly)), whole


def _stated(folded: str, words: Sequence[str], whole: bool) -> tuple[int, float, bool] | None:
    """(sign, what is left of its confidence, ended), or None: it states nothing.

    Only a sentence with all the words can deny; of others that deny something nobody knows what.
    """
    if not words:
        denies = cues.NO_ZH.search(folded) or cues.NO_EN.search(folded) or folded.rstrip().endswith(("?", "吗", "呢"))
        return None if denies else (1, 1.0, False)
    at = max((folded.rfind(word), word) for word in words)
    polarity = scope(folded, at[0], at[0] + len(at[1])) if at[0] >= 0 else None
    if polarity is None or polarity.question or polarity.wish or (polarity.sign < 0 and not whole):
        return None
    return polarity.sign, HEARSAY if polarity.hedge else 1.0, polarity.ended and polarity.sign < 0


@cache
def _light() -> tuple[frozenset[str], frozenset[str]]:
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return frozenset(data["empty"]), frozenset(data["doing"])
