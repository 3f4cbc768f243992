"""Where do the steps of one build keep what they made? In numbered parts, each whole or not there at all.

<folder>/spec.json            what is built; the time, too, so that a build that goes on later makes the same bytes
<folder>/tables/<kind>.arrow  the items, in the order of the snapshot's rows
<folder>/<step>/<part>        what a step made of its part

A part is written beside its place and renamed, so a killed step leaves nothing that counts, and a part that is there is
not made again. On a cluster of several machines the folder must lie where all of them see it.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import pyarrow as pa

from engine.ports import Encoder
from engine.types import KINDS, Kind
from indexing.encode import CachedEncoder, load_encoder
from indexing.files import Disk
from indexing.tables import read_arrow

#: A step: the build's folder, where to write (a file or a folder that is not there yet), and which part is meant.
Step: TypeAlias = Callable[..., None]
#: Rows of a part: texts to encode, and notes to link, for which all names are read anew.
TEXTS, NOTES = 2048, 50_000


class Spec(msgspec.Struct, frozen=True):
    """What is built. `cache`: a folder of vectors that were made before, None: none is looked for."""

    now: str  # ISO time with zone
    encoder: str  # as settings name it
    voices: bool
    tenant: str
    counts: dict[str, int]  # items of each kind
    digest: str  # of the tables and of the code
    shards: int = 1
    cache: str | None = None
    store_seq: int = 0


@dataclass(frozen=True)
class Task:
    """One part of one step. `out`: its name below the build's folder."""

    step: Step
    out: str
    args: tuple[Any, ...] = ()

    def run(self, folder: Path) -> None:
        """Make the part, unless it is there."""
        target = folder / self.out
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        try:
            self.step(folder, draft, *self.args)
            _rename(draft, target)
        finally:
            Disk().remove(draft)


def _rename(draft: Path, target: Path) -> None:
    try:
        os.rename(draft, target)
    except OSError:
        if not target.exists():  # else another has made the same part meanwhile
            raise


def spec_of(folder: Path) -> Spec:
    """What the build in this folder builds."""
    return msgspec.json.decode((folder / "spec.json").read_bytes(), type=Spec)


def table(folder: Path, kind: Kind) -> pa.Table:
    """The items of a kind, memory-mapped."""
    return read_arrow(folder / "tables" / f"{kind}.arrow")


def slices(count: int, size: int) -> Iterator[tuple[int, int, int]]:
    """(number, start, stop) of the parts of so many rows."""
    return ((number, start, min(start + size, count)) for number, start in enumerate(range(0, count, size)))


def encoder_of(spec: Spec, workers: int | None = None) -> Encoder:
    """The encoder of a build; one for each process."""
    return _encoder(spec.encoder, spec.cache, spec.tenant, workers)


@lru_cache(maxsize=1)
def _encoder(setting: str, cache: str | None, tenant: str, workers: int | None) -> Encoder:
    found = load_encoder(setting, offline=True, workers=workers)
    return found if cache is None else CachedEncoder(found, Path(cache), owner=tenant)


def kinds_with(spec: Spec) -> Iterator[tuple[Kind, int]]:
    """(kind, items) of the kinds that have any."""
    return ((kind, spec.counts[kind]) for kind in KINDS if spec.counts[kind])
