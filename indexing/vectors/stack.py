"""How do layers in the same lists lie over each other for machine code? By the addresses of what they hold."""

from collections.abc import Sequence
from typing import Any, Final

import faiss
import numpy as np

from engine.types import F32, I64
from indexing.vectors.among import Among
from indexing.vectors.exact import faiss_
from indexing.vectors.lists import Lists
from indexing.vectors.machine import compiled, fastscan

#: A block of 32 rows often holds none that may answer when at most one in so many may.
FEW: Final = 25


def stacked(layers: Sequence[tuple[F32, Lists | None]]) -> Any:
    """native.fastscan.Stack of (vectors, lists); None without machine code for them. The layers must outlive it."""
    code, lists = fastscan(), [each for _, each in layers if each is not None]
    if code is None or len(lists) < len(layers) or not all(_scannable(each) for each in lists):
        return None
    pq = lists[0].codes.pq
    words = faiss_.vector_to_array(pq.centroids).reshape(pq.M, 16, pq.dsub).transpose(0, 2, 1)
    codes, rows = (np.stack([each.addresses[at] for each in lists]) for at in (0, 1))
    sizes, matrices = np.stack([each.sizes for each in lists]), [_address(matrix) for matrix, _ in layers]
    starts = np.cumsum([0, *(len(matrix) for matrix, _ in layers[:-1])])
    words, centroids = np.ascontiguousarray(words), np.ascontiguousarray(lists[0].centroids)
    return code.Stack(codes, rows, sizes, words, centroids, np.array(matrices), starts)


def search(
    stack: Any, vector: F32, chosen: I64, among: Sequence[Among | None], count: int, k: int
) -> tuple[I64, F32, int]:
    """As native.fastscan.search; among: the rows of each layer that may answer, None for all."""
    code = fastscan()
    assert code is not None
    _held, masks = _masks(among)
    few = among[0] is not None and among[0].count * FEW <= among[0].size
    found: tuple[I64, F32, int] = code.search(stack, vector, chosen, masks, few, count, k)
    return found


def inside(stack: Any, vector: F32, among: Sequence[Among | None], sizes: I64, count: int, k: int) -> tuple[I64, F32]:
    """The k best of the rows that may answer and their scores; sizes: of the layers; count: of those rows."""
    code = compiled()
    assert code is not None
    _held, masks = _masks(among)
    found: tuple[I64, F32] = code.inside(stack.matrices, stack.starts, masks, sizes, count, vector, k)
    return found


def _masks(among: Sequence[Among | None]) -> tuple[list[Any], I64]:
    """Packed rows, to be held as long as their addresses are used, and these; 0 for all rows."""
    code = compiled()
    assert code is not None
    held = [None if some is None else np.ascontiguousarray(some.words) for some in among]
    return held, np.array([0 if each is None else code.address(each) for each in held])


def exact(stack: Any, vector: F32, rows: I64, k: int) -> tuple[I64, F32]:
    """The k best of rows (ascending through the layers) and their scores."""
    code = compiled()
    assert code is not None
    found: tuple[I64, F32] = code.nearest(stack.matrices, stack.starts, rows, vector, k)
    return found


def _scannable(lists: Lists) -> bool:
    return isinstance(lists.codes, faiss.IndexIVFPQFastScan) and lists.codes.pq.M % 2 == 0


def _address(array: Any) -> int:
    return int(array.ctypes.data)
