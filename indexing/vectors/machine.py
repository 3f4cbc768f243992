"""Is there machine code of our own for the innermost loops? Where numba is installed and vectors have lists; else numpy
and FAISS do them: of few vectors it would save less than the second and the hundred megabytes that it costs a process.
"""

from importlib.util import find_spec
from types import ModuleType

_made: list[ModuleType] = []


def make() -> None:
    """Have it from now on, where numba is installed: takes a second, so no request should wait for it."""
    if _made or find_spec("numba") is None:
        return
    from indexing.vectors import native  # noqa: PLC0415  its import takes half a second

    native.rows.warm()
    native.lists.warm()
    native.places.warm()
    native.sums.warm()
    if native.fastscan.supported():
        native.fastscan.warm()
    _made.append(native)


def compiled() -> ModuleType | None:
    """indexing.vectors.native, ready to run; None unless it was made."""
    return _made[0] if _made else None


def fastscan() -> ModuleType | None:
    """indexing.vectors.native.fastscan, ready to run; None as for `compiled`, or on a processor without AVX2."""
    code = compiled()
    if code is None or not code.fastscan.supported():
        return None
    found: ModuleType = code.fastscan
    return found
