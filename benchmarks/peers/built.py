"""Where is an engine's index of a corpus kept? In a folder of its own, built once, by a process of its own."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from api.printing import progress
from benchmarks.corpora.vectors import Corpus
from benchmarks.peers.port import VectorSystem, made
from engine.errors import LifestyleError

_CORES: Final = os.cpu_count() or 1


class Built(msgspec.Struct):
    """What building took: wall-clock seconds on all cores (others may work beside), megabytes on disk."""

    version: str
    seconds: float
    disk_mb: float


def home(corpus: Corpus, name: str) -> Path:
    """Beside the corpus, so that both go together."""
    return corpus.folder / "engines" / name


def build(corpus: Corpus, name: str) -> Built:
    """Build in this process, replacing what is there."""
    system, folder = made(name), home(corpus, name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = time.perf_counter()
    system.build(corpus.vectors, corpus.items, folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    done = Built(system.version, round(time.perf_counter() - began, 1), round(size / 1e6, 1))
    (folder / "built.json").write_bytes(msgspec.json.encode(done))
    return done


def need(corpus: Corpus, name: str, most_s: int = resource.RLIM_INFINITY) -> Built:
    """What was built before with this version of the engine, else built now in a child with all cores.

    Raises LifestyleError when that fails, or takes more than so many seconds of processor time.
    """
    known = _known(corpus, name)
    if known is not None and known.version == made(name).version:
        return known
    progress(f"building {name}")
    command = [sys.executable, "-m", "benchmarks.peers.built", str(corpus.folder), name]
    ended = subprocess.run(command, check=False, env=_environment(_CORES), preexec_fn=partial(_all_cores, most_s))
    if ended.returncode == -signal.SIGXCPU:
        raise LifestyleError(f"{name} was not built within {most_s} s of processor time")
    if ended.returncode:
        raise LifestyleError(f"{name} could not be built; see above")
    found = _known(corpus, name)
    assert found is not None
    return found


def opened(corpus: Corpus, name: str) -> VectorSystem:
    """Ready to be asked."""
    system = made(name)
    system.open(corpus.vectors, corpus.items, home(corpus, name))
    return system


def _known(corpus: Corpus, name: str) -> Built | None:
    path = home(corpus, name) / "built.json"
    return msgspec.json.decode(path.read_bytes(), type=Built) if path.is_file() else None


def _all_cores(most_s: int) -> None:
    os.sched_setaffinity(0, range(_CORES))
    resource.setrlimit(resource.RLIMIT_CPU, (most_s, resource.RLIM_INFINITY))


#: How libraries are told how many threads to start; read when they are loaded.
THREADS: Final = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "TOKIO_WORKER_THREADS",
    "LANCE_CPU_THREADS", "LANCE_IO_THREADS", "NUMEXPR_NUM_THREADS",
)  # fmt: skip


def _environment(threads: int) -> dict[str, str]:
    return {**os.environ, **dict.fromkeys(THREADS, str(threads))}


def on_one_core(core: int) -> None:
    """Start this program again with one thread for every library, pinned; returns in the program started so."""
    if os.environ.get(THREADS[0]) != "1":
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], _environment(1))
    os.sched_setaffinity(0, {core % _CORES})


if __name__ == "__main__":
    build(Corpus(Path(sys.argv[1])), sys.argv[2])
