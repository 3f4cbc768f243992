"""Which vectors, filters and right answers do the vector benchmarks share? Seeded, made once, kept in a folder.

names: clustered | smooth | real (the embeddings at hand, their own size) | perturbed (real ones made many, synthetic)
`python -m benchmarks.corpora.vectors clustered 200000` makes one and says where it is.
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from api.printing import say
from benchmarks.corpora.filters import SHARES, Attributes, Filter, attributes, draw
from benchmarks.corpora.shapes import DIM, Sampler, clustered, perturbed, real, region_of, smooth
from engine.errors import BadInput
from engine.types import F32, I64

NAMES: Final = ("clustered", "smooth", "real", "perturbed")
K: Final = 100
QUERIES: Final = 200  # a share
_BLOCK: Final = 25_000
_VERSION: Final = 1  # raised when the same name would make other vectors


@dataclass(frozen=True)
class Corpus:
    """One corpus on disk. Rows are in no order: an engine that wants one makes it."""

    folder: Path

    @cached_property
    def vectors(self) -> F32:
        """float32[n, 384] unit rows, memory-mapped."""
        return np.asarray(np.load(self.folder / "vectors.npy", mmap_mode="r"))

    @cached_property
    def items(self) -> Attributes:
        """What the filters look at."""
        with np.load(self.folder / "attributes.npz") as kept:
            return Attributes(**{name: kept[name] for name in kept.files})

    @cached_property
    def queries(self) -> F32:
        """float32[200, 384] unit rows; query i is asked with filter i of each share."""
        return np.asarray(np.load(self.folder / "queries.npy"))

    @cached_property
    def filters(self) -> dict[str, list[Filter]]:
        """Share -> a filter for each query."""
        return msgspec.json.decode((self.folder / "filters.json").read_bytes(), type=dict[str, list[Filter]])

    @cached_property
    def truth(self) -> dict[str, list[I64]]:
        """Share -> for each query the K nearest rows that its filter keeps (fewer when there are not so many)."""
        with np.load(self.folder / "truth.npz") as kept:
            return {share: [row[row >= 0] for row in kept[share]] for share in SHARES}


def corpus(name: str, count: int = 0, seed: int = 7, folder: Path | None = None) -> Corpus:
    """The corpus of that name, made when it is not there. `real` has its own size. BadInput for an unknown name."""
    if name not in NAMES:
        raise BadInput(f"no corpus is called '{name}'; there are {', '.join(NAMES)}")
    where = (folder or home()) / f"{name}-{count}-{seed}-v{_VERSION}"
    if not (where / "truth.npz").is_file():
        where.mkdir(parents=True, exist_ok=True)
        _make(name, count, seed, where)
    return Corpus(where)


def home() -> Path:
    """The folder named in LIFESTYLE_CORPORA, else .cache/corpora under the working directory."""
    return Path(os.environ.get("LIFESTYLE_CORPORA", ".cache/corpora"))


def embeddings() -> Path:
    """Where real embeddings are kept: var/judged/vectors, filled by `lifestyle evaluate`, or LIFESTYLE_VECTORS."""
    return Path(os.environ.get("LIFESTYLE_VECTORS", "var/judged/vectors"))


def _make(name: str, count: int, seed: int, where: Path) -> None:
    rng = np.random.default_rng(seed)
    if name == "real":
        kept = real(embeddings())
        queries, matrix = kept[:QUERIES], kept[QUERIES:]
        region = region_of(matrix, rng.standard_normal((9, DIM), np.float32))
        np.save(where / "vectors.npy", matrix)
    else:
        sampler = _sampler(name, rng)
        region = _write(where / "vectors.npy", sampler, count, rng)
        queries = sampler(rng, QUERIES)[0]
    items = attributes(region, rng)
    filters = {share: draw(items, share, QUERIES, rng) for share in SHARES}
    np.savez(where / "attributes.npz", **asdict(items))
    np.save(where / "queries.npy", queries)
    (where / "filters.json").write_bytes(msgspec.json.encode(filters))
    found = {share: exact(Corpus(where), filters[share]) for share in SHARES}
    part = where / "part.npz"
    np.savez(part, allow_pickle=False, **found)
    part.rename(where / "truth.npz")  # last: a corpus without it is made again


def _sampler(name: str, rng: np.random.Generator) -> Sampler:
    if name == "perturbed":
        return perturbed(real(embeddings()), rng)
    return clustered(rng) if name == "clustered" else smooth(rng)


def _write(path: Path, sampler: Sampler, count: int, rng: np.random.Generator) -> I64:
    """Vectors to a file, block by block; -> their regions."""
    out = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(count, DIM))
    regions = []
    for start in range(0, count, _BLOCK):
        block, region = sampler(rng, min(_BLOCK, count - start))
        out[start : start + len(block)] = block
        regions.append(region)
    out.flush()
    return np.concatenate(regions)


def exact(made: Corpus, filters: Sequence[Filter]) -> I64:
    """int64[q, K]: the K nearest rows under each query's filter, best first; -1 where there are no more."""
    rows = np.full((len(filters), K), -1, np.int64)
    scores = np.full((len(filters), K), -np.inf, np.float32)
    for start in range(0, len(made.vectors), _BLOCK):
        block, items = made.vectors[start : start + _BLOCK], made.items.take(slice(start, start + _BLOCK))
        found = made.queries[: len(filters)] @ block.T
        for query, wanted in enumerate(filters):
            if not wanted.empty:
                found[query, ~items.keeps(wanted)] = -np.inf
            merged = np.concatenate([scores[query], found[query]])
            top = np.argpartition(-merged, K)[:K]
            top = top[np.argsort(-merged[top], kind="stable")]
            known = np.concatenate([rows[query], np.arange(start, start + len(block))])
            scores[query], rows[query] = merged[top], np.where(merged[top] > -np.inf, known[top], -1)
    return rows


def recall(found: I64, right: I64) -> float:
    """Share of the right rows that were found; 1 when there is nothing to find."""
    return len(np.intersect1d(found, right)) / len(right) if len(right) else 1.0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("count", type=int, nargs="?", default=0)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    say(str(corpus(given.name, given.count, given.seed).folder))
