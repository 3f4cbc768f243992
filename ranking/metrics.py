"""How good is an order? Rank metrics over one list; every function takes numpy arrays and returns a float.

`grades`: relevance of the answers, best answer first; `ideal`: relevance of everything judged for the query, any order.
Sources: Jarvelin and Kekalainen 2002 (nDCG, here with the gain 2^rel - 1 of Burges et al. 2005), Voorhees 1999 (MRR),
Manning, Raghavan and Schutze 2008, chapter 8 (precision, average precision), Ge et al. 2010 (coverage).
"""

from collections.abc import Collection, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from engine.types import F64


def dcg_at(grades: npt.ArrayLike, k: int) -> float:
    """Discounted cumulative gain of the first k: sum of (2^rel - 1) / log2(place + 1), places from 1."""
    top = np.asarray(grades, dtype=np.float64)[:k]
    return float(((np.exp2(top) - 1) / np.log2(np.arange(2, len(top) + 2))).sum())


def ndcg_at(grades: npt.ArrayLike, ideal: npt.ArrayLike, k: int) -> float:
    """DCG over the DCG of the best possible order; NaN when nothing judged is relevant. Binary grades: binary nDCG."""
    best = dcg_at(-np.sort(-np.asarray(ideal, dtype=np.float64)), k)
    return dcg_at(grades, k) / best if best > 0 else float("nan")


def precision_at(relevant: npt.ArrayLike, k: int) -> float:
    """Relevant answers among the first k, divided by k even when fewer came."""
    return float(np.asarray(relevant, dtype=np.bool_)[:k].sum() / k)


def reciprocal_rank(relevant: npt.ArrayLike) -> float:
    """1 / place of the first relevant answer; 0 when there is none."""
    places = np.flatnonzero(np.asarray(relevant, dtype=np.bool_))
    return 1.0 / float(places[0] + 1) if len(places) else 0.0


def average_precision(relevant: npt.ArrayLike, total: int) -> float:
    """Mean over all `total` relevant items of the precision where each stands (0 for those not found); NaN for 0."""
    hits = np.asarray(relevant, dtype=np.bool_)
    if total == 0:
        return float("nan")
    precisions = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precisions[hits].sum() / total)


def satisfaction_at(answers: Sequence[str], gold: Collection[str], k: int) -> float:
    """Constraint satisfaction: share of the first min(k, |gold|) answers that lie in gold.

    Places left empty count as wrong. NaN when nothing satisfies the query.
    """
    places = min(k, len(gold))
    return sum(answer in gold for answer in answers[:places]) / places if places else float("nan")


def judged_share_at(answers: Sequence[str], judged: Collection[str], k: int) -> float:
    """Share of the first k answers that somebody judged; NaN without answers."""
    top = answers[:k]
    return sum(answer in judged for answer in top) / len(top) if top else float("nan")


def coverage(lists: Iterable[Sequence[str]], catalogue: int) -> float:
    """Share of the catalogue that stands in at least one list; NaN for an empty catalogue."""
    shown = {answer for answers in lists for answer in answers}
    return len(shown) / catalogue if catalogue else float("nan")


def ndcg_of_scores(scores: npt.ArrayLike, grades: npt.ArrayLike, groups: npt.ArrayLike, k: int = 10) -> F64:
    """nDCG@k of every list: (lists,) float64. Equal scores keep their order; `groups` holds the lists' lengths."""
    s, g = np.asarray(scores, dtype=np.float64), np.asarray(grades, dtype=np.float64)
    ends = np.cumsum(np.asarray(groups, dtype=np.int64))
    values = [
        ndcg_at(g[start:end][np.argsort(-s[start:end], kind="stable")], g[start:end], k)
        for start, end in zip(np.concatenate([[0], ends[:-1]]), ends, strict=True)
    ]
    return np.array(values, dtype=np.float64)


def mean_known(values: npt.ArrayLike) -> float:
    """Mean without NaN; NaN when nothing else is there."""
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    return float(known.mean()) if len(known) else float("nan")
