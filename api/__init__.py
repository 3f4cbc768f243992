"""Through which doors do people and programs come in? HTTP and the command line."""

import os

# One thread per search, concurrency from workers: the pool that BLAS would start for each product of matrix and vector
# spins on the cores that other requests need (measured: twice the CPU per search). Read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
