"""What do all sources bring together? Candidates as columns, and beside them who brought each and by what."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.feed.placed import by_kind
from engine.feed.settings import SOURCES
from engine.feed.sources import Brought
from engine.types import F32, I8, I64, KINDS, Kind


@dataclass(frozen=True, slots=True)
class Pool:
    """n candidates. strength (len(SOURCES), n): in [0, 1], 0 where the source did not bring it; about alike, -1."""

    kind: I8
    row: I64
    strength: F32
    about: I64

    def __len__(self) -> int:
        return len(self.row)

    def take(self, keep: I64) -> "Pool":
        """Those at some positions."""
        return Pool(self.kind[keep], self.row[keep], self.strength[:, keep], self.about[:, keep])

    def of(self, source: str) -> F32:
        """What one source says of each."""
        strength: F32 = self.strength[SOURCES.index(source)]
        return strength

    def by_kind(self) -> tuple[tuple[Kind, I64, I64], ...]:
        """(kind, positions, rows)."""
        return by_kind(self.kind, self.row)


def pooled(brought: Sequence[Brought]) -> Pool:
    """Each item once, with the best that each source says of it."""
    codes = np.concatenate([np.full(len(b.row), KINDS.index(b.kind)) for b in brought] or [np.empty(0, np.int64)])
    rows = np.concatenate([b.row for b in brought] or [np.empty(0, np.int64)]).astype(np.int64)
    keys, at = np.unique(rows * len(KINDS) + codes, return_inverse=True)
    strength = np.zeros((len(SOURCES), len(keys)), np.float32)
    about = np.full((len(SOURCES), len(keys)), -1, np.int64)
    for name, positions, scores, of in _by_source(brought, at):
        number = SOURCES.index(name)
        order = np.argsort(scores, kind="stable")  # the best comes last, and stays
        strength[number, positions[order]] = _shared(scores)[order]
        about[number, positions[order]] = of[order]
    return Pool((keys % len(KINDS)).astype(np.int8), keys // len(KINDS), strength, about)


def _shared(scores: F32) -> F32:
    """One source's scores within (0, 1]; 1 where all are equal."""
    low, high = float(scores.min()), float(scores.max())
    return np.asarray(0.05 + 0.95 * (scores - low) / (high - low) if high > low else np.ones(len(scores)), np.float32)


def _by_source(brought: Sequence[Brought], at: I64) -> list[tuple[str, I64, F32, I64]]:
    """(source, positions in the pool, scores, about) with the parts of one source together."""
    ends = np.cumsum([len(b.row) for b in brought])
    found = []
    for name in SOURCES:
        mine = [n for n, b in enumerate(brought) if b.source == name]
        if mine:
            positions = np.concatenate([at[ends[n] - len(brought[n].row) : ends[n]] for n in mine])
            scores = np.concatenate([brought[n].strength for n in mine])
            found.append((name, positions, scores, np.concatenate([brought[n].about for n in mine])))
    return found
