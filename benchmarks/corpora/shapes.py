"""How do the benchmarks' vectors lie? Seeded samplers: in clusters, in one smooth cloud, or like real embeddings."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from engine.errors import BadInput
from engine.types import F32, I64

DIM: Final = 384
CLUSTERS: Final = 500
REGIONS: Final = 512
#: (generator, count) -> unit vectors (count, DIM) and the region of each, int64.
Sampler: TypeAlias = Callable[[np.random.Generator, int], tuple[F32, I64]]


def clustered(rng: np.random.Generator) -> Sampler:
    """A mixture of 500 gaussians around 40 themes; inside each, noise of 24 dimensions and a little of all."""
    themes = _normal(rng, 40, DIM)
    centres = unit(themes[rng.integers(0, 40, CLUSTERS)] + np.float32(0.9) * _normal(rng, CLUSTERS, DIM))
    axes = _normal(rng, CLUSTERS * 24, DIM)
    axes = unit(axes).reshape(CLUSTERS, 24, DIM) * _falling(24, 0.5)[:, None] * np.float32(0.75)
    weights = rng.zipf(1.6, CLUSTERS).clip(1, 12).astype(float)
    return partial(_mixture, centres, axes, weights / weights.sum())


def _mixture(centres: F32, axes: F32, weights: F32, rng: np.random.Generator, count: int) -> tuple[F32, I64]:
    cluster = rng.choice(len(centres), count, p=weights)
    out = np.float32(0.30 / DIM**0.5) * _normal(rng, count, DIM) + centres[cluster]
    for each in np.unique(cluster):
        rows = np.flatnonzero(cluster == each)
        out[rows] += _normal(rng, len(rows), axes.shape[1]) @ axes[each]
    return unit(out), cluster.astype(np.int64)


def smooth(rng: np.random.Generator) -> Sampler:
    """One cloud of 64 dimensions with slowly falling spread, and a little noise of all: nothing for lists to hold."""
    axes = _normal(rng, 64, DIM)
    spread = (1 / np.arange(1, 65) ** 0.4).astype(np.float32)
    return partial(_cloud, axes, spread)


def _cloud(axes: F32, spread: F32, rng: np.random.Generator, count: int) -> tuple[F32, I64]:
    inner = _normal(rng, count, 64) * spread
    noise = np.float32(0.4 * spread.mean() * 8) * _normal(rng, count, DIM)
    region = ((inner[:, :9] > 0) << np.arange(9)).sum(1)
    return unit(inner @ axes + noise), region.astype(np.int64)


def perturbed(base: F32, rng: np.random.Generator) -> Sampler:
    """Real embeddings made many: each a real one, a quarter of another, and a little noise. Synthetic."""
    return partial(_blend, base, _normal(rng, 9, DIM))


def _blend(base: F32, axes: F32, rng: np.random.Generator, count: int) -> tuple[F32, I64]:
    first, second = base[rng.integers(0, len(base), count)], base[rng.integers(0, len(base), count)]
    out = unit(first + np.float32(0.33) * second + np.float32(0.25 / DIM**0.5) * _normal(rng, count, DIM))
    return out, region_of(out, axes)


def real(folder: Path) -> F32:
    """The embeddings that a folder of vector caches holds (indexing/vector_cache.py), centred, in the order of keys."""
    blobs: list[bytes] = []
    for path in sorted(folder.glob("*.sqlite")):
        with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as db:
            blobs += [row[0] for row in db.execute("SELECT vector FROM vectors ORDER BY key") if len(row[0]) == 4 * DIM]
    if not blobs:
        raise BadInput(f"{folder}: holds no vectors of {DIM} dimensions; run `lifestyle evaluate` once, it fills it")
    matrix = np.frombuffer(b"".join(blobs), np.float32).reshape(-1, DIM)
    matrix = np.unique(matrix, axis=0)
    return unit(matrix - matrix.mean(axis=0))[np.random.default_rng(3).permutation(len(matrix))]


def region_of(matrix: F32, axes: F32) -> I64:
    """On which sides of nine planes a vector lies, as a number below REGIONS."""
    out: I64 = ((matrix @ axes.T > 0) << np.arange(9)).sum(1).astype(np.int64)
    return out


def unit(matrix: F32) -> F32:
    """Rows scaled to length 1."""
    out: F32 = (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)
    return out


def _normal(rng: np.random.Generator, rows: int, columns: int) -> F32:
    return rng.standard_normal((rows, columns), np.float32)


def _falling(count: int, power: float) -> F32:
    spread = 1 / np.arange(1, count + 1, dtype=np.float32) ** np.float32(power)
    out: F32 = (spread / np.linalg.norm(spread)).astype(np.float32)
    return out
