"""What must an engine do to be compared? Build from vectors and attributes, be tuned, search under a filter."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from benchmarks.corpora.filters import Attributes, Filter
from engine.errors import BadInput
from engine.types import F32, I64

#: How hard an engine tries: its own names and values.
Knob: TypeAlias = Mapping[str, float]


class VectorSystem(Protocol):
    """One engine with one layout. `build` once, in any process; `open`, then any number of searches on one thread.

    All of making the engine's own filter from `Filter`, its client included, happens inside `search` and is timed.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str:
        """Of the engine; raises ImportError when it is not installed."""
        ...

    @property
    def knobs(self) -> Sequence[Knob]:
        """What may be tried, the cheapest first; [{}] when there is nothing to set."""
        ...

    def build(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Write whatever `open` needs below an empty folder. `matrix` float32[n, dim]: unit rows."""
        ...

    def open(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Be ready. An engine that stores vectors by itself leaves `matrix` alone."""
        ...

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """Rows of the (about) k greatest inner products among those that the filter keeps, best first."""
        ...

    def close(self) -> None: ...


#: name -> module and class. Ours is first: every ratio is to it.
SYSTEMS: Final[Mapping[str, str]] = {
    "ours": "benchmarks.peers.ours:Ours",
    "exact": "benchmarks.peers.exact:Exact",
    "faiss-flat": "benchmarks.peers.faisses:Flat",
    "faiss-ivf-sq8": "benchmarks.peers.faisses:InvertedLists",
    "faiss-hnsw": "benchmarks.peers.faisses:Hnsw",
    "hnswlib": "benchmarks.peers.graphs:Hnswlib",
    "usearch": "benchmarks.peers.graphs:Usearch",
    "zvec": "benchmarks.peers.zvecs:Zvec",
    "zvec-int8": "benchmarks.peers.zvecs:ZvecInt8",
    "qdrant-edge": "benchmarks.peers.qdrant:QdrantEdge",
    "lancedb": "benchmarks.peers.lance:Lance",
    "chroma": "benchmarks.peers.chroma:Chroma",
    "pgvector": "benchmarks.peers.postgres:PgVector",
}
#: Plain layouts of the library that we stand on, and a plain scan: shown beside, not peers.
PLAIN: Final = ("exact", "faiss-flat", "faiss-ivf-sq8", "faiss-hnsw")


def made(name: str) -> VectorSystem:
    """A system by name; BadInput for an unknown one, ImportError for one that is not installed."""
    if name not in SYSTEMS:
        raise BadInput(f"no engine is called '{name}'; there are {', '.join(SYSTEMS)}")
    module, kind = SYSTEMS[name].split(":")
    system: VectorSystem = getattr(import_module(module), kind)()
    assert system.version  # asked for here, so that an absent one is known before anything is built
    return system
