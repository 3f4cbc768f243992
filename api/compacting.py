"""When are live changes built in by themselves? When many wait, by a process of its own (api/building.py)."""

import fcntl
import logging
import os
import subprocess
import sys
import time
from typing import IO, Final

from api.layout import Layout
from api.settings import Settings

_LOG = logging.getLogger(__name__)
#: So long after a build that failed, the next one is tried.
AGAIN_S: Final = 600.0
#: It gives way to whoever serves.
NICE: Final = 10


class Compactor:
    """Starts `lifestyle build --publish` when `settings.compact_items` changes wait; one on a machine at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._layout = settings, Layout(settings.root)
        self._running: dict[str, tuple[subprocess.Popen[bytes], IO[str]]] = {}
        self._rest: dict[str, float] = {}  # tenant -> not before, by time.monotonic

    def consider(self, tenant: str, changed: int) -> None:
        """Called again and again with the number of changes over the snapshot."""
        most = self._settings.compact_items
        if tenant in self._running:
            self._look(tenant)
        elif most is not None and changed >= most and time.monotonic() >= self._rest.get(tenant, 0.0):
            self._begin(tenant)

    def close(self) -> None:
        """Leave what runs alone: it ends by itself, and another server follows it."""
        for process, lock in self._running.values():
            lock.close()
            if process.poll() is None:
                process.returncode = 0  # nobody will wait for it
        self._running.clear()

    def _begin(self, tenant: str) -> None:
        """The child holds the lock as long as it lives, whatever becomes of this process."""
        lock = (self._layout.home(tenant) / "compact.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # another worker's
            lock.close()
            return
        given = self._settings
        env = {"LIFESTYLE_ENCODER": given.encoder, "LIFESTYLE_VOICES": str(given.voices)}
        code = f"import os; os.nice({NICE}); from api.start import main; main()"
        command = [
            sys.executable,
            "-c",
            code,
            "build",
            "--publish",
            "--json",
            "--root",
            str(given.root),
            "--tenant",
            tenant,
        ]
        child = subprocess.Popen(
            command,
            env=os.environ | env,
            pass_fds=[lock.fileno()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._running[tenant] = (child, lock)

    def _look(self, tenant: str) -> None:
        process, lock = self._running[tenant]
        if process.poll() is None:
            return
        lock.close()
        del self._running[tenant]
        if process.returncode != 0:
            _LOG.error(
                "building the changes of %s in: exit code %d; see 'lifestyle doctor'", tenant, process.returncode
            )
            self._rest[tenant] = time.monotonic() + AGAIN_S
