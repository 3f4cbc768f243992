"""How do several processes serve one port? uvicorn starts and watches them; what they must share lies in one folder.

Each opens the same snapshot: arrays are mapped from its files, so that the machine holds them once. Each follows the
live store: deletions are gone from the next answer of every worker, other writes are seen within LAG_S (api/views.py)
and the time that laying them over takes. Rates of keys are counted for all workers together (api/rates.py), and so are
metrics; gauges are those of the worker that answers.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import uvicorn

from api.settings import Settings

#: A worker that answers its parent no sooner is ended and replaced: on a busy machine a start takes long.
SILENT_S: Final = 60
#: Where prometheus_client looks, when it is imported, for whether several processes count together.
_COUNTED: Final = "PROMETHEUS_MULTIPROC_DIR"


def serve_many(chosen: Settings, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM: then each worker finishes what runs. One that dies is replaced."""
    with _shared(chosen):
        uvicorn.run(
            "api.app:create_app", factory=True, workers=workers, host=host, port=port, log_level="warning",
            access_log=False, timeout_graceful_shutdown=10, timeout_worker_healthcheck=SILENT_S,
        )  # fmt: skip


def end_with_parent() -> None:
    """Let this worker end as SIGTERM ends it once its parent is gone: killed, it could tell nobody."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


@contextmanager
def _shared(chosen: Settings) -> Iterator[None]:
    """Workers read their settings from the environment, as every process does."""
    with TemporaryDirectory(prefix="lifestyle-") as folder:
        given = {
            "LIFESTYLE_ROOT": str(chosen.root),
            "LIFESTYLE_TENANT": chosen.tenant,
            "LIFESTYLE_SHARED": folder,
            _COUNTED: str(Path(folder) / "metrics"),
        }
        Path(given[_COUNTED]).mkdir()
        before = {name: os.environ.get(name) for name in given}
        os.environ.update(given)
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
