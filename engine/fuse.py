"""How do several retrievers' scores become one order? A linear sum of normalised scores, per kind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from engine.types import F32, I8, I64, KINDS, Candidates, Kind

Real = TypeVar("Real", np.float32, np.float64)

#: A linear sum beats reciprocal ranks in published comparisons and in our own measurements; half and half for
#: meaning and words, something for what notes say, and soft wishes count like a retriever of their own.
WEIGHTS = {"dense": 0.5, "lexical": 0.5, "votes": 0.2, "soft": 0.6}


@dataclass(frozen=True, slots=True)
class Columns:
    """One kind's candidates: parallel columns."""

    kind: Kind
    row: I64
    dense: F32
    lexical: F32
    votes: F32
    fused: F32
    relax_level: I8


def normalised(scores: npt.NDArray[Real]) -> npt.NDArray[Real]:
    """Min-max to [0, 1] along the last axis. Missing scores are 0, and so is a list without spread."""
    low = np.fmin.reduce(scores, axis=-1, keepdims=True, initial=np.nan)
    spread = np.fmax.reduce(scores, axis=-1, keepdims=True, initial=np.nan) - low
    ordering = spread > 0
    known = np.isfinite(scores) & ordering
    return np.where(known, (scores - low) / np.where(ordering, spread, 1), 0).astype(scores.dtype, copy=False)


def fuse(found: Columns, soft: F32) -> Columns:
    """Fill in `fused`. `soft`: share of the soft constraints each row keeps, in [0, 1]."""
    dense, lexical, votes = normalised(np.stack([found.dense, found.lexical, found.votes]))
    fused = WEIGHTS["dense"] * dense + WEIGHTS["lexical"] * lexical + WEIGHTS["votes"] * votes + WEIGHTS["soft"] * soft
    return replace(found, fused=fused.astype(np.float32))


def gather(parts: Sequence[Columns]) -> Candidates:
    """All kinds together, in no particular order."""

    def joined(name: str, dtype: type[np.generic]) -> Any:
        columns = [getattr(part, name) for part in parts]
        return (
            columns[0].astype(dtype, copy=False)
            if len(columns) == 1
            else np.concatenate([np.empty(0, dtype), *columns])
        )

    codes, lengths = [KINDS.index(part.kind) for part in parts], [len(part.row) for part in parts]
    return Candidates(
        kind=np.repeat(np.array(codes, np.int8), np.array(lengths, np.int64)),
        row=joined("row", np.int64),
        dense=joined("dense", np.float32),
        lexical=joined("lexical", np.float32),
        votes=joined("votes", np.float32),
        fused=joined("fused", np.float32),
        relax_level=joined("relax_level", np.int8),
    )
