"""What does a conjunction of constraints cost, by the number of items? Synthetic columns: benchmarks/columns.py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.columns import SEED, columns, six
from benchmarks.conftest import Timed
from engine.facets import MOST
from engine.types import Constraint, Mask
from indexing.columns.bits import ALL, Bits
from indexing.columns.choices import choices
from indexing.columns.data import dump, load
from indexing.columns.judge import judgement
from indexing.columns.sieve import Sieve
from indexing.columns.standing import Asked
from indexing.columns.words import naming

QUESTIONS = 120


@dataclass(frozen=True)
class Place:
    """A sieve with every set of its vocabulary made, and questions that it has not heard."""

    sieve: Sieve
    alive: Bits
    questions: Sequence[Sequence[Constraint]]
    bytes: dict[str, float]

    def keep(self, constraints: Sequence[Constraint]) -> Mask:
        return self.sieve.keep(self.alive, [Asked.of(c) for c in constraints])

    def plainly(self, constraints: Sequence[Constraint]) -> Mask:
        """Every constraint's ruling over every row, joined as masks."""
        kept = self.alive.mask()
        for c in constraints:
            kept &= judgement(self.sieve.columns, c, naming()).ruling(ALL).filter(c.polarity)
        return kept


@pytest.fixture(scope="session", params=[10_000, 100_000, 1_000_000], ids=lambda count: f"{count:,}")
def places(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Columns as a snapshot has them: written down and memory-mapped."""
    drawn, folder, rng = columns(request.param), tmp_path_factory.mktemp("columns"), np.random.default_rng(SEED)
    dump(drawn, folder)
    stored = replace(load(drawn.kind, folder), mined=drawn.mined)
    questions = [six(rng) for _ in range(2 * QUESTIONS)]
    made = Place(Sieve(stored, naming()), Bits.every(drawn.count), questions, _bytes(folder, drawn.count))
    for constraints in questions[:QUESTIONS]:
        made.keep(constraints)
    return made


def _bytes(folder: Path, count: int) -> dict[str, float]:
    """Bytes an item of what makes filters quick."""
    kinds = {"order": "order", "cuts": "order", "grid": "grid", "rows": "postings", "first": "postings", "sets": "week"}
    sizes: dict[str, float] = {}
    for file in folder.glob("*.npy"):
        name, what = file.stem.split(".") if "." in file.stem else (file.stem, "")
        kind = "grid" if name == "grid" else kinds.get(what, "values")
        sizes[kind] = sizes.get(kind, 0.0) + file.stat().st_size / count
    return sizes


@pytest.mark.benchmark(group="seven constraints, amounts and positions new")
def test_new(places: Place, timed: Timed, benchmark: BenchmarkFixture) -> None:
    benchmark.extra_info["bytes an item"] = places.bytes
    coming = iter(places.questions[QUESTIONS:])
    timed(lambda: places.keep(next(coming)), [()])  # 110 rounds


@pytest.mark.benchmark(group="seven constraints, heard before")
def test_heard(places: Place, timed: Timed) -> None:
    timed(places.keep, [(constraints,) for constraints in places.questions[:20]])


@pytest.mark.benchmark(group="seven constraints, every row looked at")
def test_plain(places: Place, benchmark: BenchmarkFixture) -> None:
    pedantic: Callable[..., object] = benchmark.pedantic  # it has no types
    pedantic(places.plainly, args=(places.questions[-1],), rounds=5, warmup_rounds=1)


@pytest.mark.parametrize("facet", ["category", "amenity", "price", "city"])
@pytest.mark.benchmark(group="a facet of a tenth of the items, sets made before")
def test_facet(places: Place, timed: Timed, facet: str) -> None:
    cafes = Bits.of_mask(places.keep([Constraint("category", "in", "cafe")]))

    def count() -> None:
        offered = choices(facet, [(places.sieve.columns, cafes)], MOST, naming())
        places.sieve.tally(cafes, [Asked.of(c) for c in offered])

    timed(count, [()])
