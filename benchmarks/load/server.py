"""How is a real server started, watched and stopped? A child process on a free loopback port, maybe limited."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.load.limits import limited
from engine.errors import LifestyleError

HOST: Final = "127.0.0.1"
PATIENCE_S: Final = 600.0
OURS: Final = "api.app:create_app"


@dataclass(frozen=True)
class Server:
    """A server that answers. `ready_s`: from the start of the process to 200 of /readyz; `limit`: what holds it."""

    process: subprocess.Popen[bytes]
    port: int
    ready_s: float
    limit: str

    def memory_mb(self, peak: bool = False) -> float | None:
        """Resident memory, mapped files included, now or at its peak; None where /proc does not tell."""
        status, name = Path(f"/proc/{self.process.pid}/status"), "VmHWM:" if peak else "VmRSS:"
        lines = status.read_text("ascii").splitlines() if status.exists() else []
        return next((round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith(name)), None)

    def busy_s(self) -> float:
        """Processor seconds of the process so far; 0 where /proc does not tell."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        if not stat.exists():
            return 0.0
        fields = stat.read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(
    root: Path,
    app: str = OURS,
    memory_mb: int | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """`lifestyle serve` over an existing root, without its command line; LifestyleError when it does not come up.

    `settings`: more LIFESTYLE_* variables, without the prefix.
    """
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", app, "--host", HOST, "--port", str(port)]
    said = {"ROOT": str(root.resolve()), "ENCODER": "bundled"} | dict(settings or {})
    environment = os.environ | {f"LIFESTYLE_{name}": value for name, value in said.items()}
    began = time.perf_counter()
    with limited(memory_mb) as limit:
        process = subprocess.Popen([*command, "--log-level", "warning", "--no-access-log"], env=environment)
        try:
            limit.hold(process.pid)
            _wait(process, port, began + PATIENCE_S)
            yield Server(process, port, time.perf_counter() - began, limit.said)
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
