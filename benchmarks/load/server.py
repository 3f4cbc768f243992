"""How is a real server started, watched and stopped? A child process on a free loopback port."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.errors import LifestyleError

HOST: Final = "127.0.0.1"
PATIENCE_S: Final = 120.0


@dataclass(frozen=True)
class Server:
    """A server that answers. `ready_s`: from the start of the process to 200 of /readyz."""

    process: subprocess.Popen[bytes]
    port: int
    ready_s: float

    def memory_mb(self) -> float | None:
        """Resident memory now; None where /proc does not tell."""
        status = Path(f"/proc/{self.process.pid}/status")
        lines = status.read_text("ascii").splitlines() if status.exists() else []
        return next((round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith("VmRSS:")), None)


@contextmanager
def serving(root: Path) -> Iterator[Server]:
    """`lifestyle serve` over an existing root, without its command line; LifestyleError when it does not come up."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "api.app:create_app", "--host", HOST, "--port", str(port)]
    environment = os.environ | {"LIFESTYLE_ROOT": str(root.resolve()), "LIFESTYLE_ENCODER": "bundled"}
    began = time.perf_counter()
    process = subprocess.Popen([*command, "--log-level", "warning", "--no-access-log"], env=environment)
    try:
        _wait(process, port, began + PATIENCE_S)
        yield Server(process, port, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], port: int, until: float) -> None:
    while time.perf_counter() < until:
        if process.poll() is not None:
            raise LifestyleError(f"the server ended with code {process.returncode} before it was ready; see above")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=5) as reply:
                if reply.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise LifestyleError(f"the server was not ready within {PATIENCE_S:.0f} s; is a snapshot published in this root?")
