"""In which order? Three rankers: the retrieval order, a linear one set by hand, and a learnt one."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol
from weakref import WeakMethod

import numpy as np

from engine.errors import ModelError
from engine.later import LATER
from engine.ports import Index
from engine.types import F32, F64, Candidates, Intent, Query
from ranking import machine
from ranking.batch import Batch, f32
from ranking.features import FEATURES, NAMES, matrix, schema_hash
from ranking.guard import checked
from ranking.linear import NOTHING, Base, Linear
from ranking.trees import Trees, most_leaves, read

MODEL_FILE: Final = "model.txt"
CARD_FILE: Final = "card.json"


class Explains:
    """What all rankers share: every feature's values, by name."""

    def explain(self, index: Index, intent: Intent, query: Query, found: Candidates) -> Mapping[str, F32]:
        """name -> (len(found),) float32, NaN where missing."""
        return dict(zip(NAMES, matrix(Batch(index, intent, query, found)).T, strict=True))


class KeepOrder(Explains):
    """The retrieval order: the fallback that cannot fail."""

    version: Final = "keep-order"

    def score(self, index: Index, intent: Intent, query: Query, found: Candidates) -> F32:
        """The fused scores as they are."""
        return found.fused.astype(np.float32)


class HandWeighted(Explains):
    """A linear order with weights set by hand: what serves before anything was learnt, and the baseline to beat."""

    version: Final = "hand-weighted-2"
    _linear: Final = Linear("balanced")

    def score(self, index: Index, intent: Intent, query: Query, found: Candidates) -> F32:
        """Weighted sum of the named features alone: the others are not computed."""
        return self._linear.sum_of(matrix(Batch(index, intent, query, found), self._linear.features))

    def score_matrix(self, X: F32) -> F32:
        """Scores of one list from its full feature matrix (n, len(FEATURES))."""
        return self._linear.sum(X)


class LightGbmRanker(Explains):
    """LambdaMART as LightGBM learnt it. Loaded only when digest, structure and feature schema are right."""

    def __init__(self, model: str, card: Mapping[str, Any]) -> None:
        """`model`: text that ranking.guard has checked, or that we made. Use `load` or `fresh`."""
        self._text = model
        self.card, self._base = card, Base(*card.get("base", NOTHING))
        self._trees: Sums = Trees(model)
        if find_spec("numba"):
            quicken = WeakMethod(self._quicken)  # a model that is let go meanwhile is not kept for it
            LATER.put_off(lambda: (made := quicken()) and made())
        self._needed = sorted(self._trees.used.union(self._base.columns))

    @classmethod
    def fresh(cls, model: str, base: Base) -> "LightGbmRanker":
        """A model just trained by this process, never on disk; `base` as Trained has it."""
        return cls(model, {"base": base, "sha256": hashlib.sha256(model.encode("ascii")).hexdigest()})

    @classmethod
    def load(cls, folder: Path) -> "LightGbmRanker":
        """Read model.txt and card.json. The digest is compared before anything else reads a byte of the model.

        Raises ModelError: a file is missing, changed, malformed, or was made for other features.
        """
        try:
            card = json.loads((folder / CARD_FILE).read_bytes())
            data = (folder / MODEL_FILE).read_bytes()
        except (OSError, ValueError) as error:
            raise ModelError(f"model {folder.name}: cannot be read ({error})") from error
        if not isinstance(card, dict) or hashlib.sha256(data).hexdigest() != card.get("sha256"):
            raise ModelError(f"model {folder.name}: {MODEL_FILE} is not the file that {CARD_FILE} describes; roll back")
        if card.get("schema") != schema_hash():
            raise ModelError(f"model {folder.name}: made for another list of features; train again")
        return cls(checked(data, len(FEATURES)), card)

    @property
    def base(self) -> Base:
        """The order by hand below the trees."""
        return self._base

    @cached_property
    def booster(self) -> Any:
        """The trees as LightGBM itself has them: for explanations alone (ranking/explain.py)."""
        import lightgbm  # noqa: PLC0415  a server that explains nothing does not import it

        return lightgbm.Booster(model_str=self._text)

    @property
    def version(self) -> str:
        return f"lambdarank-{self.card['sha256'][:12]}"

    def score(self, index: Index, intent: Intent, query: Query, found: Candidates) -> F32:
        """-> (len(found),) float32."""
        return self.score_matrix(matrix(Batch(index, intent, query, found), only=self._needed))

    def _quicken(self) -> None:
        """Take machine code for the trees from now on, which says the same to the bit; none for very large trees."""
        from ranking.trees_compiled import MOST_LEAVES, CompiledTrees  # noqa: PLC0415  its import takes half a second

        machine.make()
        if most_leaves(read(self._text)) <= MOST_LEAVES:
            self._trees = CompiledTrees(self._text)

    def score_matrix(self, X: F32) -> F32:
        """Scores of one list from its full feature matrix (n, len(FEATURES)): the base, corrected by the trees."""
        if not len(X):
            return np.empty(0, dtype=np.float32)
        return f32(self._base.start(X) + self.sums(X))

    def sums(self, X: F32) -> F64:
        """What the trees alone say of feature rows: LightGBM's own sums, float64."""
        return self._trees.sums(X)


class Sums(Protocol):
    """Trees that can be summed."""

    used: frozenset[int]

    def sums(self, X: F32) -> F64: ...
