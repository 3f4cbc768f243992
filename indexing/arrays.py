"""How are arrays stored and read? Small ones into memory, large ones as maps that hold no descriptor open.

A snapshot has hundreds of arrays; a map made by numpy keeps a descriptor for as long as it lives, and two snapshots
during a swap would pass the 1,024 that most systems allow a process.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.lib import format as npy

#: Bytes up to which reading costs less than a map of its own.
SMALL: Final = 65536


def mapped(path: Path) -> Any:
    """The array of a .npy file, read-only when it is a map; a plain view, since each operation on numpy's own memmap
    pays for its subclass. Raises OSError, ValueError (no such file, none of this form, pickled objects).
    """
    if path.stat().st_size <= SMALL:
        return np.load(path, allow_pickle=False)
    with path.open("rb") as stream:
        if npy.read_magic(stream) != (1, 0):
            return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
        shape, fortran, dtype = npy.read_array_header_1_0(stream)
        start = stream.tell()
    if dtype.hasobject:
        raise ValueError(f"{path}: holds Python objects")
    with pa.memory_map(str(path)) as file:
        data = file.read_buffer()  # the map lives as long as the buffer, the descriptor does not
    count = int(np.prod(shape, dtype=np.int64))
    flat = np.frombuffer(data, dtype, count=count, offset=start)
    return flat.reshape(shape, order="F" if fortran else "C")


def stored(folder: Path) -> dict[str, Any]:
    """The arrays that `save` wrote, by name; none where there is no such folder."""
    return {path.stem: mapped(path) for path in sorted(folder.glob("*.npy"))}


def save(arrays: Mapping[str, Any], folder: Path) -> None:
    """Write <folder>/<name>.npy, as `mapped` reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
