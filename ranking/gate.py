"""May a new model serve? Only when it is better than what serves now, on lists that it did not learn from."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

import lightgbm
import numpy as np

from engine.errors import BadInput, GateRefused, ModelError
from engine.types import F32, F64, Mask
from ranking.dataset import Dataset
from ranking.features import NAMES, schema_hash
from ranking.metrics import mean_known, ndcg_of_scores
from ranking.model import HandWeighted, LightGbmRanker
from ranking.plots import drawn
from ranking.registry import Registry
from ranking.settings import DEFAULTS, Settings
from ranking.significance import Difference, paired
from ranking.train import Trained, cross_validate, train

CARD_FORMAT: Final = 1


class Scorer(Protocol):
    """A ranker that scores the feature matrix of one list."""

    @property
    def version(self) -> str: ...

    def score_matrix(self, X: F32) -> F32: ...


class Learnt(NamedTuple):
    """What `learn` did: the number of the model that now serves, its card, and how it compared."""

    number: int
    card: Mapping[str, Any]
    difference: Difference


def quality(ranker: Scorer, data: Dataset, k: int = 10) -> F64:
    """nDCG@k of every list: (lists,) float64, NaN where nothing is relevant."""
    scores = [ranker.score_matrix(data.X[rows]) for rows in data.lists()]
    return ndcg_of_scores(np.concatenate(scores), data.y, data.groups, k)


def require_better(difference: Difference, new: str, old: str, alpha: float = 0.05) -> None:
    """Raise GateRefused, with the figures, unless `new` beats `old` beyond chance (one-sided p < alpha)."""
    if not (difference.gain > 0 and difference.p < alpha):
        raise GateRefused(f"{new} is not better than {old} on held-out queries: nDCG@10 {difference}; {old} stays")


def require_unharmed(new: F64, old: F64, chosen: Mask, rival: str, margin: float = 0.01) -> None:
    """Raise GateRefused when the lists that people judged fall by more than `margin`, whatever the others gain."""
    if chosen.any() and mean_known(new[chosen]) < mean_known(old[chosen]) - margin:
        raise GateRefused(
            f"the new model is worse than {rival} on queries that people judged: nDCG@10 "
            f"{mean_known(new[chosen]):.4f} against {mean_known(old[chosen]):.4f}; {rival} stays"
        )


class Margins(NamedTuple):
    """What a slice may lose: falling by more than `fall` counts when it has `least` lists and chance alone would do as
    much with a probability below `doubt`."""

    fall: float = 0.01
    least: int = 10
    doubt: float = 0.1


MARGINS: Final = Margins()


def by_slice(new: F64, old: F64, traits: Sequence[frozenset[str]]) -> dict[str, Difference]:
    """How two systems compare on the lists of each slice, by name; lists without a value count nowhere."""
    known = np.isfinite(new) & np.isfinite(old)
    return {
        name: paired(new[chosen], old[chosen])
        for name in sorted({trait for each in traits for trait in each})
        if (chosen := np.array([name in each for each in traits], np.bool_) & known).any()
    }


def require_no_slice_broken(slices: Mapping[str, Difference], rival: str, margins: Margins = MARGINS) -> None:
    """Raise GateRefused, naming the slice that loses most, when one loses more than it may, whatever the rest gain."""
    broken = [
        (told.gain, name)
        for name, told in slices.items()
        if told.queries >= margins.least and told.gain < -margins.fall and told.p > 1 - margins.doubt
    ]
    if broken:
        _, name = min(broken)
        raise GateRefused(
            f"the new model is worse than {rival} on {name}: nDCG@10 {slices[name]}, and may lose {margins.fall:g} at "
            f"most there; {rival} stays"
        )


def learn(
    kept: Dataset,
    held: Dataset,
    registry: Registry,
    clock: Callable[[], datetime],
    settings: Settings = DEFAULTS,
    by_hand: Scorer | None = None,
) -> Learnt:
    """Train on `kept`, compare on `held` with what serves now (before the first `by_hand`; None: the hand weights of
    searches), add and promote.

    Raises GateRefused (nothing is written then) and BadInput when the two parts share a query.
    """
    both = set(kept.query_ids) & set(held.query_ids)
    if both:
        raise BadInput(f"query {sorted(both)[0]!r} is both learnt from and held out; split by query")
    trained = train(kept, settings)
    serving = _serving(registry, by_hand or HandWeighted())
    new = LightGbmRanker.fresh(trained.text, trained.base)
    after, before = quality(new, held), quality(serving, held)
    difference = paired(after, before, seed=settings.seed)
    slices = by_slice(after, before, held.traits)
    require_better(difference, "the new model", serving.version)
    require_no_slice_broken(slices, serving.version)
    card = _card(trained, kept, held, difference, serving.version, clock(), slices)
    return _promote(trained, card, registry, difference)


def learn_crossed(
    data: Dataset,
    registry: Registry,
    clock: Callable[[], datetime],
    settings: Settings = DEFAULTS,
    chosen_on: Collection[str] = (),
) -> Learnt:
    """For few lists: each is held out once (cross-validation); the model that then learns from all of them serves.

    Lists that the serving model learnt from say nothing about it and are not compared; nor are those (query ids) on
    which the settings were chosen (ranking.tune). Raises GateRefused.
    """
    serving = _serving(registry, HandWeighted())
    known = {*getattr(serving, "card", {}).get("queries", ()), *chosen_on}
    fresh = np.array([query not in known for query in data.query_ids])
    if not fresh.any():
        raise GateRefused(f"{serving.version} learnt from all {len(data)} lists already; judge more queries to compare")
    scores = cross_validate(data, settings)
    crossed = np.where(_scored(scores, data), ndcg_of_scores(scores, data.y, data.groups, 10), np.nan)
    today = quality(serving, data)
    difference = paired(crossed[fresh], today[fresh], seed=settings.seed)
    require_better(difference, "the new model", serving.version)
    require_unharmed(crossed, today, fresh & data.judged(), serving.version)
    require_unharmed(crossed, quality(HandWeighted(), data), data.judged(), HandWeighted.version, margin=0.0)
    slices = by_slice(np.where(fresh, crossed, np.nan), today, data.traits)
    require_no_slice_broken(slices, serving.version)
    trained = train(data, settings)
    held = data.take(np.flatnonzero(fresh & np.isfinite(crossed)))
    card = _card(trained, data, held, difference, serving.version, clock(), slices)
    return _promote(trained, card, registry, difference)


def _scored(scores: F64, data: Dataset) -> Mask:
    """Which lists have a score for every row (lists,)."""
    return np.array([bool(np.isfinite(scores[rows]).all()) for rows in data.lists()], np.bool_)


def _promote(trained: Trained, card: Mapping[str, Any], registry: Registry, difference: Difference) -> Learnt:
    number = registry.add(trained.text, card, drawn(card))
    registry.promote(number)
    return Learnt(number, registry.card(number), difference)


def _serving(registry: Registry, by_hand: Scorer) -> Scorer:
    try:
        return registry.load() or by_hand
    except ModelError:  # a model that cannot serve (other features, damage) is no rival
        return by_hand


def _card(
    trained: Trained,
    kept: Dataset,
    held: Dataset,
    difference: Difference,
    rival: str,
    at: datetime,
    slices: Mapping[str, Difference],
) -> dict[str, Any]:
    return {
        "format": CARD_FORMAT,
        "made": at.isoformat(timespec="seconds"),
        "schema": schema_hash(),
        "features": list(NAMES),
        "data": {"sha256": kept.digest(), "lists": len(kept), "rows": len(kept.y)},
        "held_out": {"sha256": held.digest(), "lists": len(held), "rows": len(held.y)},
        "metrics": {"ndcg@10": difference.mean_new, "rival": rival, "rival_ndcg@10": difference.mean_old}
        | {"gain_low": difference.low, "gain_high": difference.high, "p": difference.p},
        "slices": {
            name: {"lists": told.queries, "ndcg@10": told.mean_new, "rival_ndcg@10": told.mean_old}
            for name, told in slices.items()
        },
        "queries": sorted(set(kept.query_ids)),
        "base": list(trained.base),
        "trees": trained.trees,
        "importance": trained.importance,
        "settings": trained.settings,
        "versions": {"lightgbm": lightgbm.__version__, "numpy": np.__version__},
    }
