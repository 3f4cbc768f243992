"""How are arrays stored and read? Small ones into memory, large ones as maps that hold no descriptor open.

A snapshot has hundreds of arrays; a map made by numpy keeps a descriptor for as long as it lives, and two snapshots
during a swap would pass the 1,024 that most systems allow a process.
"""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

#: Bytes up to which reading costs less than a map of its own.
SMALL: Final = 65536
#: What numpy writes before an array of plain numbers or bytes (numpy.lib.format, version 1.0); its own reader hands
#: each header to Python's parser, which is most of what opening a snapshot's hundreds of small arrays would cost.
_HEADER: Final = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '([<|][a-zA-Z]\d+)', "
    rb"'fortran_order': (True|False), 'shape': \(([\d, ]*)\), \} *\n",
    re.DOTALL,
)
_LONGEST: Final = 256


def mapped(path: Path | str) -> Any:
    """The array of a .npy file, read-only; a plain view, since each operation on numpy's own memmap pays for its
    subclass. Raises OSError, ValueError (no such file, none of this form, pickled objects).
    """
    data: Any
    with open(path, "rb", buffering=0) as small:
        data = small.read(SMALL + 1)
    if len(data) > SMALL:
        with pa.memory_map(str(path)) as file:
            data = file.read_buffer()  # the map lives as long as the buffer, the descriptor does not
    if (header := _HEADER.match(memoryview(data)[:_LONGEST])) is None:
        return np.load(path, allow_pickle=False)  # of another form, or nothing that we wrote: numpy says what it is
    descr, fortran, dims = (part.decode() for part in header.groups())
    shape = tuple(int(n) for n in dims.split(",") if n.strip())
    flat = np.frombuffer(data, descr, count=math.prod(shape), offset=header.end())
    return flat.reshape(shape, order="F" if fortran == "True" else "C")


def stored(folder: Path) -> dict[str, Any]:
    """The arrays that `save` wrote, by name; none where there is no such folder."""
    return {path.stem: mapped(path) for path in sorted(folder.glob("*.npy"))}


def save(arrays: Mapping[str, Any], folder: Path) -> None:
    """Write <folder>/<name>.npy, as `mapped` reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
