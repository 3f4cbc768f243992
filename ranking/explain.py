"""Why does an item stand where it stands? What each feature added to its score, and the strongest of it in words.

For trees: SHAP values (Lundberg et al. 2018) as LightGBM computes them; for orders by hand the weighted values, against
the mean of the list. LightGBM is imported when the first explanation is asked for, never by an ordinary search.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np

from engine.ports import Ranker
from engine.types import F32, F64
from ranking.features import NAMES
from ranking.linear import Base
from ranking.model import HandWeighted, LightGbmRanker

#: Reasons that a sentence names, and the share of the strongest that a reason must have.
MOST, WORTH = 3, 0.15


def contributions(ranker: Ranker, X: F32) -> F64:
    """What each feature adds to the score of each row of one list (n, len(FEATURES)), against the list's mean.

    The rows of the answer differ as the scores do: row a - row b sums to score a - score b. Zeros for a ranker that
    sums nothing.
    """
    if isinstance(ranker, LightGbmRanker):
        added = _by_hand(ranker.base, X) + _by_trees(ranker, X)
    elif isinstance(ranker, HandWeighted):
        added = _by_hand(Base("balanced", 1.0), X)
    else:
        added = np.zeros(X.shape)
    centred: F64 = added - added.mean(axis=0) if len(added) else added
    return centred


def sentence(added: F64, lang: str) -> str:
    """The strongest reasons for (and the strongest against) one row of `contributions`; "" when none has words."""
    order = np.argsort(-np.abs(added), kind="stable")
    floor = WORTH * float(np.abs(added).max(initial=0.0))
    strong = [int(at) for at in order if abs(added[at]) > floor and NAMES[at] in _words()]
    up = _distinct([at for at in strong if added[at] > 0], lang)[:MOST]
    down = _distinct([at for at in strong if added[at] < 0], lang)
    against = [said for said in down if said not in up][:1]
    if lang == "en":
        parts = ["; ".join(up)] if up else []
        parts += [f"others have the better of it here: {against[0]}"] if against else []
        return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts)
    parts = ["、".join(up)] if up else []
    parts += [f"这一点别家更好：{against[0]}"] if against else []
    return f"{'；'.join(parts)}。" if parts else ""


def named(added: F64, most: int = len(NAMES)) -> dict[str, float]:
    """name -> what it added, the strongest first; what added nothing is left out."""
    order = np.argsort(-np.abs(added), kind="stable")[:most]
    return {NAMES[at]: round(float(added[at]), 6) for at in order if abs(added[at]) > 1e-9}


def _distinct(columns: list[int], lang: str) -> list[str]:
    return list(dict.fromkeys(_words()[NAMES[at]][lang] for at in columns))


def _by_hand(base: Base, X: F32) -> F64:
    """Each weighted column by itself; a missing value counts as it does in the sum."""
    out = np.zeros(X.shape)
    for column in base.columns:
        alone = np.full(X.shape, np.nan, np.float32)
        alone[:, column] = X[:, column]
        blank = np.full(X.shape, np.nan, np.float32)
        out[:, column] = base.start(alone) - base.start(blank)
    return out


def _by_trees(ranker: LightGbmRanker, X: F32) -> F64:
    added: F64 = ranker.booster.predict(X, pred_contrib=True, num_threads=1)[:, :-1]
    return added


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("ranking").joinpath("reasons.toml").read_text("utf-8"))
