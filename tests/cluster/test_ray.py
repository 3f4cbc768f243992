"""Does Ray make the very bytes that one process makes, whatever is killed meanwhile?"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from api.layout import Layout
from engine.errors import BadInput
from indexing.cluster.build import build_by_steps
from indexing.cluster.engines import Ray
from indexing.cluster.work import Step, Task
from indexing.encode import HashEncoder
from indexing.jobs import build, tables_in
from indexing.segment import Progress
from tests.api.world import NOW, rows, take_in
from tests.cluster.test_steps import SPEC, TENANT, digests

needs_ray = pytest.mark.needs("ray")

#: A driver in a process of its own: a build by Ray of what lies below a root.
DRIVER = """
import sys
from pathlib import Path
from api.layout import Layout
from indexing.cluster.build import build_by_steps
from indexing.cluster.engines import Ray
from indexing.jobs import tables_in
from tests.cluster.test_steps import SPEC, TENANT
from tests.cluster.test_ray import Slow
layout = Layout(Path(sys.argv[1]))
build_by_steps(tables_in(layout.tables(TENANT)), None, SPEC, layout.work(TENANT), layout.built(TENANT), Slow())
"""


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A root with tables."""
    root = tmp_path_factory.mktemp("tables")
    found = rows()
    take_in(root, {kind: found[kind][:80] for kind in found})
    return Layout(root)


@pytest.fixture(scope="module")
def at_once(layout: Layout, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What one process makes: name of each file -> its digest."""
    out = tmp_path_factory.mktemp("once") / "built"
    build(tables_in(layout.tables(TENANT)), TENANT, None, HashEncoder(), out, now=NOW, voices=True)
    return digests(out)


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """Ray on this machine with two processes, for this module."""
    import ray  # noqa: PLC0415

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    yield
    ray.shutdown()


class Deadly(Ray):
    """The worker of each part is killed once when it has done its work and nobody knows of it."""

    def run(self, folder: Path, stage: str, tasks: Sequence[Task], progress: Progress | None) -> None:
        doomed = [Task(_once, task.out, (task.step, task.out.replace("/", "-"), *task.args)) for task in tasks]
        super().run(folder, stage, doomed, progress)


def _once(folder: Path, out: Path, step: Step, name: str, *args: Any) -> None:
    step(folder, out, *args)
    mark = folder.parent / f"killed-{name}"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


class Slow(Ray):
    """Takes its time between two parts, so that somebody can kill it there."""

    def run(self, folder: Path, stage: str, tasks: Sequence[Task], progress: Progress | None) -> None:
        for task in tasks:
            super().run(folder, stage, [task], progress)
            time.sleep(1)


@needs_ray
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("engine", [Ray, Deadly])
def test_ray_makes_the_same_bytes_though_every_worker_is_killed_once(
    engine: type[Ray], layout: Layout, at_once: dict[str, str], cluster: None, tmp_path: Path
) -> None:
    seen: list[tuple[str, int, int]] = []
    build_by_steps(tables_in(layout.tables(TENANT)), None, SPEC, tmp_path / "work", tmp_path / "out", engine(),
                   progress=lambda *told: seen.append(told))  # fmt: skip
    assert digests(tmp_path / "out") == at_once
    assert seen[-1] == ("assemble", 1, 1)
    assert engine is Ray or len(list(tmp_path.glob("killed-*"))) == len({(stage, n) for stage, n, _ in seen})


@needs_ray
def test_a_driver_that_is_killed_is_followed_by_one_that_goes_on(layout: Layout, at_once: dict[str, str]) -> None:
    work, command = layout.work(TENANT), [sys.executable, "-c", DRIVER, str(layout.root)]
    first = subprocess.Popen(command, start_new_session=True)
    until = time.monotonic() + 300
    while first.poll() is None and time.monotonic() < until and not (work / "labelled.arrow").exists():
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGKILL)
    assert first.wait(30) == -signal.SIGKILL
    made = {path: path.stat().st_mtime_ns for path in (work / "embed").rglob("*.npy")}
    assert made and not (work / "segments").exists()
    again = subprocess.Popen(command, start_new_session=True)
    while again.poll() is None:
        still = {path: path.stat().st_mtime_ns for path in made if path.exists()}
        assert not still or all(made[path] == at for path, at in still.items())
        time.sleep(0.2)
    assert again.returncode == 0
    assert digests(layout.built(TENANT)) == at_once


@pytest.mark.skipif(find_spec("ray") is not None, reason="Ray is installed")
def test_without_ray_it_says_what_to_install() -> None:
    with pytest.raises(BadInput, match=r"pip install 'lifestyle-search\[ray\]'"):
        Ray()
