"""How is a server started in a fraction of a second, so that it can be killed hundreds of times?

A process that has read the code and the lexicons, and holds nothing open, forks; the child serves as any server does.
"""

import multiprocessing
import os
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

import uvicorn

from api.app import create_app
from engine.understand import spelling
from indexing.columns.words import naming
from tests.api.world import settings

_FORKS: Final = multiprocessing.get_context("forkserver")
if multiprocessing.parent_process() is None and os.environ.get("LIFESTYLE_FORKS") is None:
    _FORKS.set_forkserver_preload([__name__])
else:
    naming()
    spelling.warm()


def forked(root: Path, port: int) -> BaseProcess:
    """A server of its own process over `root`; kill it as you like."""
    os.environ["LIFESTYLE_FORKS"] = "1"  # who is preloaded has no parent, but this
    process = _FORKS.Process(target=_serve, args=(root, port), daemon=True)
    process.start()
    return process


def _serve(root: Path, port: int) -> None:
    app = create_app(settings(root, budget_ms=2000.0))
    uvicorn.run(app, port=port, log_level="critical", access_log=False)
