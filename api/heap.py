"""How does a server keep the garbage collector off what lives as long as it does? A quiet load, then a frozen heap."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def settled() -> Iterator[None]:
    """Load without collections, which would walk all that is loaded again and again; then leave it out of later ones.

    A full collection over lexicons and snapshots stops every thread for some tenths of a second. `release` undoes it.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


def release() -> None:
    """Let what was frozen be collected: an application that ends in a process that goes on leaves nothing behind."""
    gc.unfreeze()
