"""How many trees, over which order by hand, from which features? What does best on the lists that people graded.

Questions made of the index are graded by the constraints that an item keeps, so nothing but features of constraints
can be learnt from them; of all else they would teach how they were made. Where people graded enough lists, it is found
by cross-validation on those alone whether more than that is worth learning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import lightgbm
import numpy as np

from engine.types import F64, I64, Mask
from ranking.dataset import Dataset, folds, ndcg, split, thin
from ranking.features import FEATURES, constraints
from ranking.linear import NOTHING, Base
from ranking.metrics import mean_known, ndcg_of_scores
from ranking.settings import Settings, lists_of
from ranking.significance import paired

#: The columns of what an item keeps of a question.
CONSTRAINTS: Final[I64] = np.array(
    [at for at, feature in enumerate(FEATURES) if feature.function.__module__ == constraints.__name__], np.int64
)
#: From so many graded lists on, the order by hand below the trees is the one that does best on them.
FEWEST_FOR_A_BASE: Final = 10
_FOLDS: Final = 4
#: Rows of a list that a plan is tried on: what is chosen is the same, in a third of the time.
_LONGEST: Final = 30


class Plan(NamedTuple):
    """What is grown. `columns` are learnt from; None: those of most gain (Settings.strongest)."""

    trees: int
    base: Base
    columns: I64 | None


def plan(data: Dataset, settings: Settings, names: tuple[str, ...] | None = None) -> Plan:
    """The plan for these lists; `names` of columns that are not ours: no order by hand knows them."""
    bases = settings.bases if names is None else (NOTHING,)
    if settings.fixed:
        return Plan(settings.few_trees, bases[-1], None)
    graded = np.flatnonzero(data.judged())
    count = len({data.query_ids[at] for at in graded})
    near = _of_the_best(data.take(graded), bases) if count >= FEWEST_FOR_A_BASE else bases
    taught = names is None and settings.made_teach_constraints and bool(data.made().any())
    usual = Plan(settings.few_trees, near[-1], CONSTRAINTS if taught else None)
    if count >= settings.enough:
        return _crossed(data, settings, names, near, usual)
    if not taught and len({*data.query_ids}) >= settings.many_lists:
        return _stopped_early(data, settings, names, bases)
    return usual


def without(data: Dataset, columns: I64 | None) -> Dataset:
    """The same with all but these columns missing: no tree reads the others, no server computes them."""
    if columns is None:
        return data
    X = np.full_like(data.X, np.nan)
    X[:, columns] = data.X[:, columns]
    return replace(data, X=X)


def _of_the_best(graded: Dataset, bases: Sequence[Base]) -> Sequence[Base]:
    """The bases of the order by hand that does best on its own, whatever their scale."""

    def alone(base: Base) -> float:
        return ndcg(graded, np.concatenate([base.start(graded.X[rows]) for rows in graded.lists()]))

    best = max(reversed(bases), key=alone)  # the last one where several do as well
    return [base for base in bases if base.weights == best.weights and bool(base.scale) == bool(best.scale)]


def _crossed(
    data: Dataset, settings: Settings, names: tuple[str, ...] | None, bases: Sequence[Base], usual: Plan
) -> Plan:
    """What does best on graded lists, each ordered by trees that did not see it; the usual unless that is beaten
    beyond chance: of many plans the best on few lists is mostly a lucky one."""
    graded = data.judged()
    measured = data.take(np.flatnonzero(graded))
    counts = sorted({count for count in settings.tried if count < settings.most_trees} | {usual.trees})
    columns = (None,) if usual.columns is None else (usual.columns, None)
    tried = [
        (Plan(count, base, chosen), ndcg_of_scores(scores, measured.y, measured.groups, 10))
        for base in bases
        for chosen in columns
        for count, scores in _curve(data, settings, names, base, chosen, counts, graded)
    ]
    expected = next(found for each, found in tried if _same(each, usual))
    best, found = max(tried, key=lambda each: mean_known(each[1]))
    return best if paired(found, expected, seed=settings.seed).p < settings.doubt else usual


def _same(one: Plan, other: Plan) -> bool:
    return one[:2] == other[:2] and (one.columns is None) == (other.columns is None)


def _curve(
    data: Dataset,
    settings: Settings,
    names: tuple[str, ...] | None,
    base: Base,
    columns: I64 | None,
    counts: Sequence[int],
    graded: Mask,
) -> Iterator[tuple[int, F64]]:
    """(trees, scores of the rows of graded lists) for each number of trees."""
    spans = list(data.lists())
    scores = np.zeros((len(counts), len(data.y)))
    for seen, unseen in folds(data, _FOLDS, settings.seed + 1):
        kept = np.union1d(seen, np.flatnonzero(~graded))  # nobody graded those: they are not measured by
        learnt = thin(data.take(kept), _LONGEST, settings.seed)
        lists = lists_of(without(learnt, columns), settings, names, base, start=learnt)
        booster = lightgbm.train(settings.parameters(), lists, num_boost_round=max(counts))
        for number in unseen[graded[unseen]]:
            rows = spans[number]
            for at, count in enumerate(counts):
                told = booster.predict(data.X[rows], num_iteration=count, num_threads=1)
                scores[at, rows] = told + base.start(data.X[rows])
    return zip(counts, scores[:, graded.repeat(data.groups)], strict=True)


def _stopped_early(data: Dataset, settings: Settings, names: tuple[str, ...] | None, bases: Sequence[Base]) -> Plan:
    """For many lists that nobody graded by hand: early stopping on some of them, for each base."""
    kept, held = split(data, settings.held_out, settings.seed)
    tried = []
    for base in bases:
        inner = lists_of(kept, settings, names, base)
        booster = lightgbm.train(
            settings.parameters(),
            inner,
            num_boost_round=settings.most_trees,
            valid_sets=[lists_of(held, settings, names, base, inner)],
            callbacks=[lightgbm.early_stopping(settings.patience, verbose=False)],
        )
        tried.append((booster.best_score["valid_0"]["ndcg@10"], base, max(1, int(booster.best_iteration))))
    _, base, trees = max(tried)
    return Plan(trees, base, None)
