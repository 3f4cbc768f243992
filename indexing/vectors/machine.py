"""Is there machine code of our own for the innermost loops? Where numba is installed; else numpy and FAISS do them."""

from functools import cache
from importlib.util import find_spec
from types import ModuleType


@cache
def compiled() -> ModuleType | None:
    """indexing.vectors.compiled, ready to run; None without numba. The first call takes a second: make it early."""
    if find_spec("numba") is None:
        return None
    from indexing.vectors import compiled as module  # noqa: PLC0415  its import takes half a second

    module.warm()
    return module
