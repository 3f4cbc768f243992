"""A student that nobody trained: random rows for every common piece, so that shared pieces are nearness."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece

from indexing.bundled.folder import PIECES
from indexing.encode import HashEncoder, bundled_folder
from indexing.student.distill import write
from indexing.student.encoder import StudentEncoder
from indexing.student.registry import Students
from indexing.student.train import Trained

DIM, COMMON = 16, 60_000
TOKENS = sentencepiece.SentencePieceProcessor(model_file=str(bundled_folder() / PIECES))
CARD = {"teacher": HashEncoder(DIM).fingerprint, "spread": 0.5, "first": False}


def write_made(folder: Path) -> Mapping[str, Any]:
    """Its files; -> its card."""
    table = np.random.default_rng(7).standard_normal((COMMON, DIM)).astype(np.float32)
    means = {lang: np.full(DIM, 0.02, np.float32) for lang in ("zh", "en")}
    trained = Trained(table, list(range(4, 4 + COMMON)), [], means, CARD["spread"], [1.0])  # type: ignore[arg-type]
    return write(folder, trained, bundled_folder() / PIECES, CARD)


def made(root: Path) -> StudentEncoder:
    """The current student below `root`."""
    return Students(root).add(write_made, "2026-11-22", lambda _: {})
