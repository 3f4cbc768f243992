"""What does a process hold? Memory and open files, as /proc tells."""

import gc
import os
from pathlib import Path


def open_files(pid: int | str = "self") -> int:
    """How many descriptors a process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def held(path: Path) -> int:
    """How many descriptors of one file this process has open; what other threads open meanwhile does not count."""
    found = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found += descriptor.readlink() == path
        except FileNotFoundError:  # closed since it was listed
            continue
    return found


def resident_mb(pid: int | str = "self") -> float:
    """Resident memory of a process in MB; of this one after a collection."""
    if pid == "self":
        gc.collect()
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def proportional_mb(pid: int) -> float:
    """Memory of a process in MB, what several processes map shared out among them: what one more of them costs."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
