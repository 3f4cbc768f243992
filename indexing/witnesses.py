"""Of which item does a sentence speak, when its note is about several? Of the one it names, or named last."""

from typing import Final

import numpy as np
import pyarrow as pa

from engine.types import F64, I64, KINDS
from indexing.runs import stretches

#: WITNESSES: a mention speaks for an item. mention: row of MENTIONS. weight in (0, 1].
WITNESSES: Final = pa.schema(
    [("mention", pa.int64()), ("kind", pa.int8()), ("item", pa.int64()), ("weight", pa.float64())]
)
#: What a mention is worth to each of n items when the note names none before it: SHARED / n.
SHARED: Final = 0.6
_NONE: Final = np.empty(0, np.int64)
_WIDE: Final = 1 << 20  # more than any note has sentences


def attribute(mentions: pa.Table, links: pa.Table, named: pa.Table) -> pa.Table:
    """MENTIONS x LINKS x NAMED -> WITNESSES, per kind.

    A note about one item of a kind: all mentions go to it. About several: to the items named in the mention's own
    sentence, else in the nearest sentence before it, else to all with a lower weight.
    """
    parts = [_of_kind(mentions, links, named, kind) for kind in range(len(KINDS))]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return pa.table([pa.array(c) for c in columns], schema=WITNESSES)


def _of_kind(mentions: pa.Table, links: pa.Table, named: pa.Table, kind: int) -> tuple[I64, I64, I64, F64]:
    of_kind = np.flatnonzero(links.column("kind").to_numpy() == kind)
    if not len(of_kind):
        return _NONE, _NONE.astype(np.int8), _NONE, np.empty(0)
    of_kind = of_kind[np.argsort(links.column("note").to_numpy()[of_kind], kind="stable")]
    note, number = (mentions.column(c).to_numpy().astype(np.int64) for c in ("note", "number"))
    link_note, link_item, confidence = (links.column(c).to_numpy()[of_kind] for c in ("note", "item", "confidence"))
    low, high = (np.searchsorted(link_note, note, side=side) for side in ("left", "right"))
    size = (high - low).astype(np.int64)
    mention = np.repeat(np.arange(len(note)), size)
    row = stretches(low, size)
    item, weight = link_item[row], confidence[row].astype(np.float64)
    spoken = named.filter(pa.array(named.column("kind").to_numpy() == kind))
    factor = _shares(note[mention], number[mention], item, size[mention], spoken)
    keep = factor > 0
    return mention[keep], np.full(int(keep.sum()), kind, np.int8), item[keep], (weight * factor)[keep]


def _shares(note: I64, number: I64, item: I64, size: I64, named: pa.Table) -> F64:
    """The factor of each (mention, item) pair: 1, 0, or a share."""
    spots = np.sort(_spots(named))
    before = np.searchsorted(spots, note * _WIDE + number, side="right") - 1
    anchor = np.where(before >= 0, spots[np.maximum(before, 0)], -1) if len(spots) else np.full(len(note), -1)
    anchored = (anchor >= 0) & (anchor // _WIDE == note)
    most = int(max(item.max(initial=0), named.column("item").to_numpy().max(initial=0))) + 1
    pairs = np.unique(_spots(named) * most + named.column("item").to_numpy())
    asked = anchor * most + item
    at = np.minimum(np.searchsorted(pairs, asked), max(len(pairs) - 1, 0))
    is_named = anchored & (pairs[at] == asked) if len(pairs) else np.zeros(len(item), bool)
    share = np.where(anchored, is_named.astype(float), SHARED / np.maximum(size, 1))
    return np.where(size == 1, 1.0, share)


def _spots(named: pa.Table) -> I64:
    """The sentence of each row, as one number."""
    found: I64 = named.column("note").to_numpy().astype(np.int64) * _WIDE + named.column("number").to_numpy()
    return found
