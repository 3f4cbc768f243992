"""How sure are we that an item has an attribute? Mentions x links -> a probability with its witnesses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from engine.types import F64, I64, KINDS, Mask
from engine.understand.lexicon import Lexicon, load
from engine.vocabulary import APPLIES
from indexing.echoes import clusters
from indexing.runs import begins

#: EVIDENCE: one row per (kind, item, attribute). Sentence columns are rows of the SENTENCES table, -1 = none.
EVIDENCE: Final = pa.schema(
    [
        ("kind", pa.int8()),  # index into KINDS
        ("item", pa.int64()),  # row of the item's table
        ("attribute", pa.string()),
        ("probability", pa.float32()),
        ("support", pa.int32()),  # sentences that say yes
        ("against", pa.int32()),  # sentences that say no
        ("authors", pa.int32()),  # distinct, both sides
        ("newest", pa.timestamp("s", tz="UTC")),
        ("best", pa.int64()),  # the sentence to show for the side that prevails
        ("contradiction", pa.int64()),  # the newest sentence of the other side
        ("newest_against", pa.timestamp("s", tz="UTC")),
        ("ended", pa.bool_()),  # the newest word is that it is over
    ]
)

#: A statement's weight by the label of its note; unlabelled notes count as nearly organic.
TRUST: Final = {"organic": 1.0, "ai_assisted": 0.6, "merchant": 0.5, "sponsored": 0.4, "suspected": 0.15}
UNLABELLED = 0.8
#: What all notes of such labels together may weigh for or against one thing: money buys no more than a voice or two.
MOST: Final = {"sponsored": 0.8, "merchant": 0.8, "suspected": 0.15}
#: Notes of this label are heard a little, and shown to nobody as proof.
UNQUOTED: Final = "suspected"
#: Attributes that no lexicon knows stand in this slot.
OPEN_SLOT: Final = "amenity"
#: What is left of a statement that comes in a burst of near-copies (indexing.echoes).
ECHO = 0.2
#: Beta prior: one sure sentence gives 0.74 (likely), two independent ones 0.83 (met), one rumour less than a half.
PRIOR: Final = (0.25, 0.45)
HALF_LIFE_DAYS = 1095.0
#: What is left of a yes that is older than a credible "it is gone".
OVERRULED = 0.08

_DAY = 86400.0
_ECHOES: Final = 1 << 40  # numbers of bursts lie beyond those of authors
_NEVER = np.iinfo(np.int64).min


def aggregate(
    mentions: pa.Table, witnesses: pa.Table, notes: pa.Table, now: datetime, lexicon: Lexicon | None = None
) -> pa.Table:
    """MENTIONS, WITNESSES (indexing.witnesses) and NOTES -> EVIDENCE, by kind, item and attribute. `now` is aware."""
    lexicon = lexicon or load()
    names, attribute = coded(mentions.column("attribute"))
    row, kind, item, link = (witnesses.column(c).to_numpy() for c in ("mention", "kind", "item", "weight"))
    keep = _applies(names, lexicon)[attribute[row], kind]
    row, kind, item, link = row[keep], kind[keep], item[keep], link[keep]
    if not len(row):
        return EVIDENCE.empty_table()
    facts = _Facts(mentions, notes, row, link, now)
    facts.discount(kind.astype(np.int64), item.astype(np.int64), notes)
    key = np.stack([kind.astype(np.int64), item.astype(np.int64), attribute[row].astype(np.int64)])
    order = np.lexsort((*key[::-1],))
    group = np.concatenate([[0], np.cumsum(np.any(np.diff(key[:, order]) != 0, axis=0))])
    inverse = np.empty(len(row), np.int64)
    inverse[order] = group
    return facts.table(inverse, key[:, order[np.unique(group, return_index=True)[1]]], names)


class _Facts:
    """Columns parallel to the witnesses: sign, weight, time, author, sentence."""

    def __init__(self, mentions: pa.Table, notes: pa.Table, row: I64, link: F64, now: datetime) -> None:
        note = mentions.column("note").to_numpy()[row]
        self.sign = mentions.column("sign").to_numpy()[row]
        self.ended = mentions.column("ended").to_numpy(zero_copy_only=False)[row]
        self.stated = mentions.column("stated").to_numpy(zero_copy_only=False)[row]
        self.sentence = mentions.column("sentence").to_numpy()[row]
        used, at = np.unique(note, return_inverse=True)  # of all notes few may speak: those of a live change
        spoke = notes.select(["author_id", "published_at", "trust"]).take(pa.array(used))
        self.time = _seconds(spoke)[at]
        self.author = _authors(spoke)[at]
        self.known = self.time != _NEVER
        age = np.where(self.known, (now.timestamp() - self.time.astype(float)) / _DAY, HALF_LIFE_DAYS / 2)
        trust, self.cap, self.shown = (column[at] for column in _trust(spoke))
        self.note = note
        self.credit = mentions.column("confidence").to_numpy()[row] * trust * link
        self.weight = self.credit * 0.5 ** (np.maximum(age, 0.0) / HALF_LIFE_DAYS)

    def discount(self, kind: I64, item: I64, notes: pa.Table) -> None:
        """Near-copies by several authors within days count as one weak witness together."""
        if "body" not in notes.column_names:
            return
        day = np.where(self.known, self.time / _DAY, np.nan)
        echo = clusters(kind, item, self.note, day, self.author, _Bodies(notes.column("body")))
        copied = echo >= 0
        self.author = np.where(copied, _ECHOES + echo, self.author)
        for name in ("credit", "weight"):
            setattr(self, name, getattr(self, name) * np.where(copied, ECHO, 1.0))

    def table(self, group: I64, key: I64, names: npt.NDArray[Any]) -> pa.Table:
        count = int(group.max()) + 1
        weight = self._overruled(group, count)
        yes, no = (self._by_author(group, weight, sign, count) for sign in (1, -1))
        probability = (PRIOR[0] + yes) / (sum(PRIOR) + yes + no)
        side = np.where(probability >= 0.5, 1, -1)[group]
        mine, other = self.shown, self.shown & (self.sign != side)
        order = np.lexsort((-weight[mine], ~self.stated[mine], (self.sign != side)[mine], group[mine]))
        best = _first(group[mine], count, self.sentence[mine], order)
        against = _first(group[other], count, self.sentence[other], np.lexsort((-self.time[other], group[other])))
        newest, newest_no = (_latest(group, self.time, m, count) for m in (self.known, self.known & (self.sign < 0)))
        gone = _latest(group, self.time, self.known & self.ended, count)
        columns = [
            key[0].astype(np.int8),
            key[1],
            pa.array(names[key[2]].tolist(), pa.string()),
            probability.astype(np.float32),
            _sentences(group, self.sentence, self.sign > 0, count).astype(np.int32),
            _sentences(group, self.sentence, self.sign < 0, count).astype(np.int32),
            _distinct(group, self.author, count).astype(np.int32),
            _times(newest),
            best,
            against,
            _times(newest_no),
            (gone != _NEVER) & (gone == newest) & (probability < 0.5),
        ]
        return pa.table([pa.array(c) if isinstance(c, np.ndarray) else c for c in columns], schema=EVIDENCE)

    def _overruled(self, group: I64, count: int) -> F64:
        """Weights after "it is gone" ("now it is in"): what older notes said otherwise counts little, where the
        change is told by someone credible."""
        weight: F64 = self.weight
        for sign in (1, -1):
            told = self.ended & self.known & (self.credit >= 0.3) & (self.sign == -sign)
            gone = _latest(group, self.time, told, count)[group]
            older = (self.sign == sign) & self.known & (self.time < gone)
            weight = np.where(older, weight * OVERRULED, weight)
        return weight

    def _by_author(self, group: I64, weight: F64, sign: int, count: int) -> F64:
        """The sum over authors of each one's strongest statement: nobody counts twice, and doubtful voices little."""
        mine = self.sign == sign
        total = np.zeros(count)
        if not mine.any():
            return total
        for cap in np.unique(self.cap[mine]).tolist():
            here = mine & (self.cap == cap)
            mine_, author, said = group[here], self.author[here], weight[here]
            order = np.lexsort((author, mine_))
            first = np.flatnonzero(begins(mine_[order], author[order]))
            top = np.maximum.reduceat(said[order], first)
            together = np.bincount(mine_[order][first], weights=top, minlength=count)
            total += np.minimum(together, cap)
        return total


def _applies(names: npt.NDArray[Any], lexicon: Lexicon) -> npt.NDArray[np.bool_]:
    """-> bool[attribute, kind]: may an item of this kind have it?"""
    slots = [lexicon.entries[name].slot if name in lexicon.entries else OPEN_SLOT for name in names]
    return np.array([[kind in APPLIES[slot] for kind in KINDS] for slot in slots], bool).reshape(-1, len(KINDS))


def _trust(notes: pa.Table) -> tuple[F64, F64, Mask]:
    """What each note's word weighs, what all of its label may weigh together, and whether it is quoted as proof."""
    labels = notes.column("trust").to_pylist()
    weight = [TRUST.get(label, UNLABELLED) if label else UNLABELLED for label in labels]
    caps = np.array([MOST.get(label or "", np.inf) for label in labels])
    return np.array(weight), caps, np.array([label != UNQUOTED for label in labels], bool)


def _seconds(notes: pa.Table) -> I64:
    """Seconds since the epoch of published_at; _NEVER where unknown."""
    column = notes.column("published_at").cast(pa.timestamp("s", tz="UTC")).cast(pa.int64())
    return np.asarray(column.fill_null(_NEVER).to_numpy(), np.int64)


def _authors(notes: pa.Table) -> I64:
    """A number per author; a note without one is its own author."""
    codes: dict[str, int] = {}
    names = notes.column("author_id").to_pylist()
    return np.array([codes.setdefault(n, len(codes)) if n else -1 - i for i, n in enumerate(names)], np.int64)


def _first(group: I64, count: int, values: I64, order: I64) -> I64:
    """The first value of each group in `order` (sorted by group first); -1 for groups without any."""
    out = np.full(count, -1, np.int64)
    groups, at = np.unique(group[order], return_index=True)
    out[groups] = values[order][at]
    return out


def _latest(group: I64, time: I64, mask: npt.NDArray[np.bool_], count: int) -> I64:
    out = np.full(count, _NEVER, np.int64)
    np.maximum.at(out, group[mask], time[mask])
    return out


def _sentences(group: I64, sentence: I64, mask: npt.NDArray[np.bool_], count: int) -> I64:
    return _distinct(group[mask], sentence[mask], count)


def _distinct(group: I64, values: I64, count: int) -> I64:
    order = np.lexsort((values, group))
    return np.bincount(group[order][begins(group[order], values[order])], minlength=count)


class _Bodies(Sequence[str]):
    """The texts of notes, read where they lie."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._column = column

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, at: Any) -> Any:
        return self._column[at].as_py() or ""


def coded(column: pa.ChunkedArray) -> tuple[npt.NDArray[Any], I64]:
    """The different texts of a column in order, and the number of each row's."""
    found = column.combine_chunks().dictionary_encode()
    names = np.array(found.dictionary.to_pylist(), object)
    order = np.argsort(names, kind="stable")
    return names[order], np.argsort(order, kind="stable")[found.indices.to_numpy()]


def _times(seconds: I64) -> pa.Array:
    return pa.array(seconds, pa.int64(), mask=seconds == _NEVER).cast(pa.timestamp("s", tz="UTC"))
