"""How do vectors become files, and files vectors again, shared between processes?

vectors.npy        float32[n, dim], memory-mapped: read in full for exact scans, by the row to score the best again
lists.faiss        centroids and codes, memory-mapped
assign.npy         uint16[n]: the list of each row          axes.npy   float32[96, dim]: centroids in fewer dimensions
effort.json        what each plan does here (effort.py)
"""

from pathlib import Path
from typing import Any, Final

import faiss
import msgspec
import numpy as np

from engine.errors import CorruptSnapshot
from engine.types import F32
from indexing.arrays import mapped
from indexing.vectors import lists as lists_
from indexing.vectors.calibrate import calibrate
from indexing.vectors.effort import Table
from indexing.vectors.exact import faiss_
from indexing.vectors.lists import Codes, Lists
from indexing.vectors.machine import make
from indexing.vectors.plan import Vectors

#: From so many rows on there are lists.
LISTS_FROM: Final = 20_000
#: From so many on there are lists of what has changed since lists were made.
CHANGES_FROM: Final = 100


def build(matrix: F32, base: Vectors | None = None, codes: Codes = "pq4", asked: F32 | None = None) -> Vectors:
    """Vectors with lists and their table when there are enough rows; with those of `base` when it has any.

    `asked`: what may be asked, to measure the table by.
    """
    if base is not None and base.lists is not None:
        lists = lists_.over(base.lists, matrix) if len(matrix) >= CHANGES_FROM else None
        return Vectors(matrix, lists, base=base)
    if len(matrix) < LISTS_FROM or np.count_nonzero(~np.isnan(matrix[:, 0])) < LISTS_FROM:
        return Vectors(matrix)
    made = Vectors(matrix, lists_.train(matrix, codes))
    return Vectors(matrix, made.lists, calibrate(made, asked=asked))


def save(vectors: Vectors, folder: Path) -> None:
    """Plain writes: who publishes makes them durable."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "vectors.npy", vectors.matrix, allow_pickle=False)
    if vectors.lists is not None:
        faiss_.write_index(vectors.lists.codes, str(folder / "lists.faiss"))
        np.save(folder / "assign.npy", vectors.lists.assign, allow_pickle=False)
        np.save(folder / "axes.npy", vectors.lists.axes, allow_pickle=False)
    if vectors.table is not None:
        (folder / "effort.json").write_bytes(msgspec.json.encode(vectors.table))


def load(folder: Path) -> Vectors:
    """As saved. Raises CorruptSnapshot for files that are not what `save` writes."""
    matrix = _array(folder / "vectors.npy", np.float32, 2)
    if not (folder / "lists.faiss").exists():
        return Vectors(matrix)
    make()  # not during the first request
    codes = _codes(folder / "lists.faiss")
    assign, axes = _array(folder / "assign.npy", np.uint16, 1), _array(folder / "axes.npy", np.float32, 2)
    if codes.d != matrix.shape[1] or axes.shape[1] != codes.d or len(assign) != len(matrix):
        raise CorruptSnapshot(f"{folder}: vectors.npy, lists.faiss, assign.npy and axes.npy do not fit together")
    return Vectors(matrix, Lists.of(codes, axes, assign), _table(folder / "effort.json"))


def _array(path: Path, dtype: type, ndim: int) -> Any:
    try:
        array = mapped(path)
    except (OSError, ValueError, EOFError) as error:
        raise CorruptSnapshot(f"{path}: cannot be read: {error}") from None
    if array.dtype != dtype or array.ndim != ndim:
        raise CorruptSnapshot(
            f"{path}: has {array.dtype}{list(array.shape)}, should have {np.dtype(dtype)} in {ndim}-d"
        )
    return array


def _codes(path: Path) -> Any:
    try:
        return faiss_.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError as error:
        raise CorruptSnapshot(f"{path}: cannot be read: {str(error)[:200]}") from None


def _table(path: Path) -> Table | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Table) if path.exists() else None
    except msgspec.DecodeError as error:
        raise CorruptSnapshot(f"{path}: is no table of plans: {error}") from None
