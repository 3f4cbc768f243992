"""In which order? Three rankers: the retrieval order, a linear one set by hand, and a learnt one."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.errors import ModelError
from engine.ports import Index
from engine.types import F32, Candidates, Intent, Query
from ranking.batch import Batch, f32, mean_where
from ranking.features import FEATURES, NAMES, matrix, schema_hash
from ranking.guard import checked
from ranking.trees import Trees

MODEL_FILE: Final = "model.txt"
CARD_FILE: Final = "card.json"
#: Learning may start from the hand-weighted order, scaled so, and correct it: with few lists it cannot do much worse.
#: Which base serves is tried on held-out lists (ranking.train) and stands in the card.
BASES: Final = (0.0, 3.0)


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
    """A linear order with weights set by hand: what serves before anything was learnt, and the baseline to beat.

    A missing value counts as the list's mean of the known ones, so that it neither lifts nor sinks an item.
    """

    version: Final = "hand-weighted-1"

    WEIGHTS: Final[Mapping[str, float]] = {
        "fused": 1.0,
        "frac_hard_satisfied": 2.0,
        "frac_soft_satisfied": 0.3,
        "probability_mean": 0.3,
        "n_contradicted": -0.5,
        "negation_violation": -2.0,
        "relax_level": -0.5,
        "evidence_support_log": 0.05,
        "evidence_contradiction_rate": -0.3,
        "name_exact": 1.0,
        "title_term_share": 0.1,
        "geo_closeness": 0.2,
        "rating_bayes": 0.05,
        "popularity": 0.1,
        "freshness": 0.05,
        "kind_weight": 0.3,
        "merchant_label": -0.1,
        "sponsored_label": -0.2,
        "suspected_label": -0.5,
    }
    _columns: Final = [NAMES.index(name) for name in WEIGHTS]
    _features: Final = tuple(FEATURES[column] for column in _columns)
    _weights: Final = np.array(list(WEIGHTS.values()), dtype=np.float32)

    def score(self, index: Index, intent: Intent, query: Query, found: Candidates) -> F32:
        """Weighted sum of the named features alone: the others are not computed."""
        return self._sum(matrix(Batch(index, intent, query, found), self._features))

    def score_matrix(self, X: F32) -> F32:
        """Scores of one list from its full feature matrix (n, len(FEATURES))."""
        return self._sum(X[:, self._columns])

    def _sum(self, values: F32) -> F32:
        known = ~np.isnan(values)
        neutral = np.nan_to_num(mean_where(values, known))
        return f32(np.where(known, values, neutral) @ self._weights)


class LightGbmRanker(Explains):
    """LambdaMART as LightGBM learnt it. Loaded only when digest, structure and feature schema are right."""

    def __init__(self, model: str, card: Mapping[str, Any]) -> None:
        """`model`: text that ranking.guard has checked, or that we made. Use `load` or `fresh`."""
        self.card, self._base = card, float(card.get("base", 0.0))
        self._trees = Trees(model)

    @classmethod
    def fresh(cls, model: str, base: float) -> "LightGbmRanker":
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
    def version(self) -> str:
        return f"lambdarank-{self.card['sha256'][:12]}"

    def score(self, index: Index, intent: Intent, query: Query, found: Candidates) -> F32:
        """-> (len(found),) float32."""
        return self.score_matrix(matrix(Batch(index, intent, query, found)))

    def score_matrix(self, X: F32) -> F32:
        """Scores of one list from its full feature matrix (n, len(FEATURES)): hand weights, corrected by the trees."""
        if not len(X):
            return np.empty(0, dtype=np.float32)
        corrections = self._trees.sums(X)
        return f32(self._base * HandWeighted().score_matrix(X) + corrections if self._base else corrections)
