"""Is there machine code for what features of a list share? Where numba is installed and a model serves; else numpy."""

from importlib.util import find_spec
from types import ModuleType

_made: list[ModuleType] = []


def make() -> None:
    """Have it from now on, where numba is installed: takes a second, so no request should wait for it."""
    if _made or find_spec("numba") is None:
        return
    from ranking import compiled  # noqa: PLC0415  its import takes half a second

    compiled.warm()
    _made.append(compiled)


def machine() -> ModuleType | None:
    """ranking.compiled, ready to run; None unless it was made."""
    return _made[0] if _made else None
