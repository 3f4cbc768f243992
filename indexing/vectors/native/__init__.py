"""The innermost loops in machine code; needs the extra `fast`. Compiled when vectors are opened, never in a request.

rows.py      dot products of scattered rows, rows of packed words, the best of some
lists.py     centroids, levels, counts of matching rows       fastscan.py  4-bit codes (processors with AVX2)
places.py    rows within so many degrees of a point   sums.py      columns of a sparse matrix
"""

from indexing.vectors.native import fastscan
from indexing.vectors.native.lists import level, near, probe, scores, tally
from indexing.vectors.native.places import circle
from indexing.vectors.native.rows import (
    address,
    best,
    common,
    count,
    every,
    expand,
    gather,
    inside,
    nearest,
    pack,
    within,
)
from indexing.vectors.native.sums import add

__all__ = [
    "add",
    "address",
    "best",
    "circle",
    "common",
    "count",
    "every",
    "expand",
    "fastscan",
    "gather",
    "inside",
    "level",
    "near",
    "nearest",
    "pack",
    "probe",
    "scores",
    "tally",
    "within",
]
