"""How good, how wide, how new are recommendations? Means over cases with bootstrap intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from benchmarks.feed.cases import Case, Split
from engine.types import F32, F64
from ranking.metrics import coverage, mean_known, ndcg_at

K: Final = 20
DRAWS: Final = 2000


@dataclass(frozen=True)
class Quality:
    """Per case, NaN where a slice leaves nothing to find: recall@20, nDCG@20."""

    recall: F64
    ndcg: F64


def quality(answers: Sequence[Sequence[str]], truths: Sequence[frozenset[str]], k: int = K) -> Quality:
    """Recall@k over min(k, |truth|), so that a perfect page has 1; binary nDCG@k."""
    recall, ndcg = np.full(len(truths), np.nan), np.full(len(truths), np.nan)
    for at, (answer, truth) in enumerate(zip(answers, truths, strict=True)):
        if truth:
            hits = [item in truth for item in answer[:k]]
            recall[at] = sum(hits) / min(k, len(truth))
            ndcg[at] = ndcg_at(hits, np.ones(len(truth)), k)
    return Quality(recall, ndcg)


def slices(split: Split) -> dict[str, list[frozenset[str]]]:
    """Truths of each case by slice; empty where the case is not in it."""
    cases, nothing = split.cases, frozenset[str]()
    whole = {"overall": [c.truth if c.slice != "cold user" else nothing for c in cases]}
    for name in dict.fromkeys(c.slice for c in cases):
        whole[name] = [c.truth if c.slice == name else nothing for c in cases]
    whole["cold items"] = [
        frozenset(item for item in c.truth if split.cold(item)) if c.slice != "cold user" else nothing for c in cases
    ]
    if not any(whole["overall"]):
        whole["overall"] = [c.truth for c in cases]
    return whole


def interval(values: F64, people: Sequence[str], seed: int = 7) -> tuple[float, float]:
    """95% of the mean, people drawn with replacement (a person's cases together)."""
    known = np.isfinite(values)
    if not known.any():
        return float("nan"), float("nan")
    _, of = np.unique(np.array(people)[known], return_inverse=True)
    sums, counts = np.bincount(of, values[known]), np.bincount(of)
    drawn = np.random.default_rng(seed).integers(0, len(sums), (DRAWS, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def breadth(
    answers: Sequence[Sequence[str]], counts: Mapping[str, int], people: int, vectors: Mapping[str, F32], catalogue: int
) -> dict[str, float]:
    """coverage: share of the catalogue shown. novelty: mean bits, -log2 of the share of people who knew an item.
    diversity: 1 - mean cosine within a page. popularity: mean percentile of what is shown, 1 the best known.
    """
    shown = [item for answer in answers for item in answer[:K]]
    order = np.sort(np.array(list(counts.values()) or [0]))
    ranks = np.searchsorted(order, [counts.get(item, 0) for item in shown], side="right") / len(order)
    bits = [-np.log2((counts.get(item, 0) + 1) / (people + 1)) for item in shown]
    return {
        "coverage": coverage([answer[:K] for answer in answers], catalogue),
        "novelty": float(np.mean(bits)),
        "diversity": mean_known([_diversity(answer[:K], vectors) for answer in answers]),
        "popularity": float(np.mean(ranks)),
    }


def _diversity(answer: Sequence[str], vectors: Mapping[str, F32]) -> float:
    known = [vectors[item] for item in answer if item in vectors]
    if len(known) < 2:
        return float("nan")
    cosines = np.stack(known) @ np.stack(known).T
    return float(1 - (cosines.sum() - len(known)) / (len(known) * (len(known) - 1)))


def told(cases: Sequence[Case], values: F64) -> dict[str, Any]:
    """A mean with its interval and how many cases it is of."""
    low, high = interval(values, [case.user for case in cases])
    return {"mean": mean_known(values), "low": low, "high": high, "cases": int(np.isfinite(values).sum())}
