"""Where do the steps of a build run? In this process one after the other, or as tasks on a Ray cluster."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from engine.errors import BadInput, LifestyleError
from indexing.cluster.work import Task
from indexing.segment import Progress

#: Tasks that wait for a free core of the cluster, at most: more would only lie in its memory.
WAITING: Final = 4


class Engine(Protocol):
    """Makes parts. When `run` returns all of them are there."""

    @property
    def workers(self) -> int | None:
        """Texts that one task may encode at once; None: as many as there are cores."""
        ...

    def run(self, folder: Path, stage: str, tasks: Sequence[Task], progress: Progress | None) -> None: ...


class Local:
    """One part after the other, here."""

    workers = None

    def run(self, folder: Path, stage: str, tasks: Sequence[Task], progress: Progress | None) -> None:
        for done, task in enumerate(tasks, 1):
            task.run(folder)
            if progress:
                progress(stage, done, len(tasks))


class Ray:
    """Parts as tasks, one core each; no actors, which would keep cores that tasks wait for.

    A task whose worker dies is started again, three times at most. Few tasks wait at a time, and nothing but names goes
    over the line: parts lie in the build's folder, which all machines of the cluster must see.
    """

    workers = 1

    def __init__(self, address: str | None = None) -> None:
        """`address`: of a running cluster ("auto", ray://host:port); None: one on this machine, for this build."""
        try:
            import ray  # noqa: PLC0415  # an extra
        except ImportError:
            raise BadInput("--engine ray needs Ray: pip install 'lifestyle-search[ray]'") from None
        self._ray: Any = ray
        if not ray.is_initialized():
            ray.init(address=address, include_dashboard=False, log_to_driver=False, configure_logging=False)

    def run(self, folder: Path, stage: str, tasks: Sequence[Task], progress: Progress | None) -> None:
        ray = self._ray
        make = ray.remote(num_cpus=1, max_retries=3)(_make)
        waiting = [task for task in tasks if not (folder / task.out).exists()]
        running: dict[Any, Task] = {}
        done = len(tasks) - len(waiting)
        most = int(ray.cluster_resources().get("CPU", 1)) + WAITING
        while waiting or running:
            while waiting and len(running) < most:
                task = waiting.pop(0)
                running[make.remote(str(folder), task)] = task
            ready, _ = ray.wait(list(running), num_returns=1)
            for each in ready:
                task = running.pop(each)
                self._settle(each, task)
                done += 1
                if progress:
                    progress(stage, done, len(tasks))

    def _settle(self, reference: Any, task: Task) -> None:
        try:
            self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            cause = error.cause
            if isinstance(cause, LifestyleError):
                raise cause from None
            raise LifestyleError(f"part {task.out} failed: {type(cause).__name__}: {cause!s:.300}") from error
        except self._ray.exceptions.RayError as error:
            raise LifestyleError(f"part {task.out} failed: {error!s:.300}; run the build again, it goes on") from error


def _make(folder: str, task: Task) -> None:
    task.run(Path(folder))
