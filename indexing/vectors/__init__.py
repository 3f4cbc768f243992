"""Which rows are nearest to a vector, under a filter? Exact scans and FAISS inverted lists, planned per query.

among.py      which rows may answer           exact.py      dot products, the k best
lists.py      centroids, codes, probing       effort.py     how far to look: the table that a build measures
calibrate.py  measures it                     plan.py       the plan for each query (Vectors, nearest)
files.py      on disk, memory-mapped; build   machine.py    innermost loops compiled, where numba is (native/)
stack.py      layers over each other in the same lists
"""

from indexing.vectors.among import Among, Packed
from indexing.vectors.files import build, load, save
from indexing.vectors.plan import Vectors, nearest, nearest_each

__all__ = ["Among", "Packed", "Vectors", "build", "load", "nearest", "nearest_each", "save"]
