"""How many threads does native code start for one search? One, on each thread that searches."""

import faiss


def alone() -> None:
    """For the calling thread: OpenMP keeps the setting for each thread apart, and gives a new one all cores."""
    faiss.omp_set_num_threads(1)
