"""Is there machine code of our own for the innermost loops? Where numba is installed; else numpy and FAISS do them."""

from functools import cache
from importlib.util import find_spec
from types import ModuleType


@cache
def compiled() -> ModuleType | None:
    """indexing.vectors.native, ready to run; None without numba. The first call takes a second: make it early."""
    if find_spec("numba") is None:
        return None
    from indexing.vectors import native  # noqa: PLC0415  its import takes half a second

    native.rows.warm()
    native.lists.warm()
    return native


@cache
def fastscan() -> ModuleType | None:
    """indexing.vectors.native.fastscan, ready to run; None without numba or on a processor without AVX2."""
    code = compiled()
    if code is None or not code.fastscan.supported():
        return None
    found: ModuleType = code.fastscan
    found.warm()
    return found
