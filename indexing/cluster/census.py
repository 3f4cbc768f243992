"""How rare is a word among the items of all shards? Counted part by part, and added up."""

from pathlib import Path

import numpy as np

from engine.types import KINDS, Kind
from indexing.arrays import mapped, save
from indexing.cluster.steps import labelled_table
from indexing.cluster.work import TEXTS, slices, spec_of
from indexing.columns.words import naming
from indexing.passages import fields
from indexing.tables import read_arrow, write_arrow
from indexing.text.census import Census
from indexing.text.index import FIELDS
from indexing.text.numbered import count
from indexing.validate import to_items


def counted(folder: Path, out: Path, kind: Kind, start: int, stop: int) -> None:
    """The words of items [start, stop)."""
    words = naming()
    rows = to_items(labelled_table(folder, kind).slice(start, stop - start))
    _write(count((fields(kind, row, words) for row in rows), tuple(FIELDS)), out)


def census(folder: Path, out: Path) -> None:
    """Those of all items of each kind that has any."""
    spec = spec_of(folder)
    for kind in KINDS:
        parts = [_read(folder / "count" / f"{kind}-{n:05}") for n, _, _ in slices(spec.counts[kind], TEXTS)]
        if parts:
            _write(Census.together(parts), out / kind)


def census_of(folder: Path) -> dict[Kind, Census]:
    """What `census` found; nothing for a build of one shard."""
    home = folder / "census"
    return {kind: _read(home / kind) for kind in KINDS if (home / kind).exists()}


def _write(made: Census, out: Path) -> None:
    save({"rows": np.array([made.rows]), "lengths": made.lengths}, out)
    write_arrow(made.words, out / "words.arrow")


def _read(home: Path) -> Census:
    return Census(int(mapped(home / "rows.npy")[0]), mapped(home / "lengths.npy"), read_arrow(home / "words.arrow"))
