"""What is one whole run? Build or find every index, tune, measure cell by cell, tell."""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from resource import RLIM_INFINITY

import msgspec
import numpy as np

from api.printing import progress
from benchmarks.corpora.filters import SHARES
from benchmarks.corpora.vectors import Corpus, K
from benchmarks.peers import built
from benchmarks.peers.asked import split
from benchmarks.peers.ours import Ours
from benchmarks.peers.port import Knob, VectorSystem, made
from benchmarks.peers.runner import Measured, interleaved
from benchmarks.peers.tuning import Clock, tuned
from engine.errors import LifestyleError

_SEED = 7


class Cell(msgspec.Struct):
    """One engine at one share. `wall`, `busy` (processor time): p50, p90, p99 and mean in milliseconds.

    `ratios`: its medians of both by those of the first engine of the run.
    """

    knob: dict[str, float]
    recall: float
    wall: tuple[float, float, float, float]
    busy: tuple[float, float, float, float]
    ratios: tuple[float, float]
    queries: int


class Engine(msgspec.Struct):
    """One engine in one run. `memory_mb`: resident, of its own, in this process, after the run's warm-up."""

    name: str
    version: str
    build_s: float
    disk_mb: float
    memory_mb: float
    cells: dict[str, Cell] = {}


class Run(msgspec.Struct):
    """Everything of one run. `absent`: engines that are not installed or could not be built, and why."""

    corpus: str
    rows: int
    read_gb_s: float
    kept: dict[str, float]  # share -> mean rows that a filter keeps
    reads: dict[str, float]  # share -> mean bytes that the plan of ours must read; empty without it
    engines: list[Engine]
    absent: dict[str, str]


def run(corpus: Corpus, names: Sequence[str], most_s: int = RLIM_INFINITY, clock: Clock = time.perf_counter) -> Run:
    """All engines in this process; the first is what the others are compared with.

    most_s: processor seconds that building may take; an engine that could not be built is absent. clock: by which
    engines are tuned; both are measured.
    """
    present, absent = _present(names)
    engines, systems = [], dict[str, VectorSystem]()
    for name in present:
        try:
            known = built.need(corpus, name, most_s)
        except LifestyleError as error:
            if name == present[0]:
                raise
            absent[name] = str(error)
            continue
        before = resident_mb()
        systems[name] = _warm(corpus, name)
        memory = round(max(0.0, resident_mb() - before), 1)
        engines.append(Engine(name, known.version, known.seconds, known.disk_mb, memory))
    kept = {}
    for share in SHARES:
        kept[share] = float(np.mean([np.count_nonzero(corpus.items.keeps(each)) for each in corpus.filters[share]]))
        for name, cell in _cells(corpus, share, systems, clock).items():
            next(each for each in engines if each.name == name).cells[share] = cell
    reads = _reads(corpus, systems.get("ours"))
    for system in systems.values():
        system.close()
    return Run(corpus.folder.name, len(corpus.vectors), read_speed(), kept, reads, engines, absent)


def _reads(corpus: Corpus, ours: VectorSystem | None) -> dict[str, float]:
    if not isinstance(ours, Ours):
        return {}
    asked = {share: split(corpus, share)[1] for share in SHARES}
    return {
        share: float(np.mean([ours.reads(q, f, K) for q, f in zip(each.queries, each.filters, strict=True)]))
        for share, each in asked.items()
    }


def _present(names: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    present, absent = [], {}
    for name in names:
        try:
            made(name)
            present.append(name)
        except ImportError as error:
            absent[name] = f"not installed ({error})"
    return present, absent


def _warm(corpus: Corpus, name: str) -> VectorSystem:
    system = built.opened(corpus, name)
    if isinstance(system, Ours):
        system.mapped()
    for share in SHARES:
        asked, _ = split(corpus, share)
        for query, wanted in list(zip(asked.queries, asked.filters, strict=True))[:5]:
            system.search(query, wanted, K, system.knobs[0])
    return system


def _cells(corpus: Corpus, share: str, systems: Mapping[str, VectorSystem], clock: Clock) -> dict[str, Cell]:
    tuning, asked = split(corpus, share)
    knobs: dict[str, Knob] = {}
    for name, system in systems.items():
        progress(f"{share}: tuning {name}")
        knobs[name] = tuned(system, tuning, K, clock).knob
    progress(f"{share}: measuring")
    found = interleaved(systems, asked, K, knobs, _SEED)
    first = next(iter(found.values()))
    return {name: _cell(dict(knobs[name]), seen, first) for name, seen in found.items()}


def _cell(knob: dict[str, float], seen: Measured, first: Measured) -> Cell:
    ratios = tuple(
        round(float(np.median(mine) / np.median(theirs)), 3)
        for mine, theirs in ((seen.spent, first.spent), (seen.busy, first.busy))
    )
    recall = round(float(np.mean(seen.recalls)), 4)
    return Cell(knob, recall, _parts(seen.spent), _parts(seen.busy), (ratios[0], ratios[1]), len(seen.spent))


def _parts(spent: Sequence[float]) -> tuple[float, float, float, float]:
    p50, p90, p99 = (round(float(np.percentile(spent, share)), 4) for share in (50, 90, 99))
    return p50, p90, p99, round(float(np.mean(spent)), 4)


def read_speed() -> float:
    """GB a second that one core reads from memory: the best of ten dot products over 256 MB."""
    numbers = np.ones(64_000_000, np.float32)
    spent = []
    for _ in range(10):
        began = time.process_time()
        np.dot(numbers, numbers)
        spent.append(time.process_time() - began)
    return round(numbers.nbytes / min(spent) / 1e9, 1)


def resident_mb() -> float:
    """Of this process, mapped files included."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
