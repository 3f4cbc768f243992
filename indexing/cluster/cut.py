"""Which items go into which shard? Each to one by its id; the notes about it come along, and what else they are about.

Guarantee: the shard where an item is at home has every note that talks about it, and everything else that these notes
talk about. So what notes say of an item is worked out there as it would be in one index; nothing is heard across
shards. What is in a shard without being at home there is a guest: it bears witness and is never an answer.

By the hash of ids shards are of one size, and an item stays where it is when others come and go. A note is at home with
the thing that it is surest to be about; one about nothing by its own id.
"""

from collections.abc import Mapping
from pathlib import Path
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.types import I64, KINDS, Kind, Mask
from indexing.arrays import mapped, save
from indexing.cluster.steps import talk_in
from indexing.cluster.work import spec_of, table


def home_of(item_id: str, shards: int) -> int:
    """The shard of an item, by its id alone."""
    return crc32(item_id.encode("utf-8", "surrogatepass")) % shards


def cut(folder: Path, out: Path) -> None:
    """For each shard and kind: the rows (int64, ascending) that are in it, and which of them are at home."""
    shards = spec_of(folder).shards
    ids = {kind: table(folder, kind).column("id").combine_chunks() for kind in KINDS}
    homes = {kind: np.array([home_of(i, shards) for i in ids[kind].to_pylist()], np.int64) for kind in KINDS}
    about = _about(talk_in(folder, "links"), ids)
    _settle_notes(homes, about)
    for shard in range(shards):
        for kind, (rows, at_home) in _members(shard, homes, about).items():
            save({"rows": rows, "home": at_home}, out / f"{shard:04}" / kind)


def members(folder: Path, shard: int, kind: Kind) -> tuple[I64, Mask]:
    """The rows of a kind in a shard, and which of them are at home."""
    home = folder / "cut" / f"{shard:04}" / kind
    return mapped(home / "rows.npy"), mapped(home / "home.npy")


def _about(links: pa.Table, ids: Mapping[Kind, pa.Array]) -> dict[Kind, tuple[I64, I64, I64]]:
    """Of each kind the links as rows: note, item, and how sure in millionths."""
    notes = np.asarray(pc.index_in(links.column("note_id"), ids["note"])).astype(np.int64)
    sure = np.rint(links.column("confidence").to_numpy().astype(np.float64) * 1e6).astype(np.int64)
    found = {}
    for kind in KINDS:
        mine = np.flatnonzero(np.asarray(pc.equal(links.column("kind"), kind)))
        items = pc.index_in(links.column("item_id").take(pa.array(mine)), ids[kind])
        found[kind] = notes[mine], np.asarray(items).astype(np.int64), sure[mine]
    return found


def _settle_notes(homes: Mapping[Kind, I64], about: Mapping[Kind, tuple[I64, I64, I64]]) -> None:
    """Notes move to the thing that they are surest about, the first of several."""
    parts = [(note, homes[kind][item], sure) for kind, (note, item, sure) in about.items()]
    note, shard, sure = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((np.arange(len(note)), -sure, note))
    firsts = order[np.flatnonzero(np.diff(note[order], prepend=-1))]
    homes["note"][note[firsts]] = shard[firsts]


def _members(
    shard: int, homes: Mapping[Kind, I64], about: Mapping[Kind, tuple[I64, I64, I64]]
) -> dict[Kind, tuple[I64, Mask]]:
    inside = {kind: homes[kind] == shard for kind in KINDS}
    notes = inside["note"].copy()
    for kind, (note, item, _) in about.items():
        notes[note[inside[kind][item]]] = True
    there = {kind: mask.copy() for kind, mask in inside.items()}
    there["note"] = notes
    for kind, (note, item, _) in about.items():
        there[kind][item[notes[note]]] = True
    return {kind: (np.flatnonzero(there[kind]), inside[kind][there[kind]]) for kind in KINDS}
