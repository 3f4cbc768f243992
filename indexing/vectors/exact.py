"""Which of these rows are nearest, exactly? Dot products where the rows lie, and the k best of them."""

from typing import Any, Final

import faiss
import numpy as np

from engine.types import F32, I64
from indexing.vectors.machine import compiled

#: A stretch of rows is multiplied whole when at least one in so many of it is wanted: a row read in passing costs
#: about a third of a row that is fetched alone.
PASSING: Final = 3

#: The stubs know the C++ signatures alone, not the ones that Python adds.
faiss_: Any = faiss


def flat(wanted: int, rows: int) -> bool:
    """Is multiplying all rows cheaper than fetching the wanted ones?"""
    return rows <= PASSING * wanted


def dots(matrix: F32, rows: I64, vector: F32) -> F32:
    """float32[len(rows)]: inner products of a C-contiguous matrix's rows (ascending) with a vector."""
    if not len(rows):
        return np.empty(0, np.float32)
    low, high = int(rows[0]), int(rows[-1]) + 1
    if flat(len(rows), high - low):
        whole: F32 = matrix[low:high] @ vector
        return whole if high - low == len(rows) else whole[rows - low]
    if code := compiled():
        fetched: F32 = code.gather(matrix, rows, vector)
        return fetched
    out = np.empty(len(rows), np.float32)
    ptr = faiss_.swig_ptr
    faiss_.fvec_inner_products_by_idx(ptr(out), ptr(vector), ptr(matrix), ptr(rows), matrix.shape[1], 1, len(rows))
    return out


def products(matrix: F32, vectors: F32) -> F32:
    """float32[n, rows]: inner products of all of a C-contiguous matrix's rows with each of a few vectors (n, dim)."""
    found: F32 = code.every(matrix, vectors) if (code := compiled()) else vectors @ matrix.T
    return found


def best(rows: I64, scores: F32, k: int) -> tuple[I64, F32]:
    """The k best of rows (ascending) and their scores, best first; ties by row."""
    if code := compiled():
        chosen: tuple[I64, F32] = code.best(rows, scores, k)
        return chosen
    if len(scores) > 4 * k:
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        keep = np.flatnonzero(scores >= least)
        rows, scores = rows[keep], scores[keep]
    order = np.argsort(-scores, kind="stable")[:k]
    return rows[order], scores[order]
