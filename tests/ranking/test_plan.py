"""Is what is grown chosen by what people graded, and do made questions teach no more than they know?"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import lightgbm
import numpy as np
import pytest

from engine.errors import GateRefused
from engine.types import I64
from ranking.dataset import MADE, Dataset, joined, ndcg
from ranking.features import NAMES
from ranking.gate import learn_crossed
from ranking.linear import BASES, NOTHING
from ranking.plan import CONSTRAINTS, plan
from ranking.registry import Registry
from ranking.settings import Settings
from ranking.train import train
from tests.ranking.synthetic import lists

#: Little to try.
BRIEF: Final = Settings(bases=(NOTHING,), few_trees=20, tried=(40,))


def _made(count: int, seed: int, *, ruled_by: str) -> Dataset:
    """Made lists whose grades one feature tells, and text length as well, which is how they were made."""
    data = lists(count, seed)
    X, rng = data.X.copy(), np.random.default_rng(seed)
    X[:, NAMES.index("text_length_log")] = data.y + 0.1 * rng.normal(size=len(data.y))
    X[:, NAMES.index(ruled_by)] = data.y + 0.3 * rng.normal(size=len(data.y))
    return replace(data, X=X, query_ids=tuple(f"{MADE}{seed}-{number}" for number in range(count)))


def _ruled(data: Dataset, name: str) -> Dataset:
    X = data.X.copy()
    X[:, NAMES.index(name)] = data.y + 0.3 * np.random.default_rng(9).normal(size=len(data.y))
    return replace(data, X=X)


def test_made_questions_teach_features_of_constraints_alone() -> None:
    trained = train(_made(40, 1, ruled_by="n_met"), BRIEF)
    assert set(trained.importance) <= {NAMES[at] for at in CONSTRAINTS}
    assert next(iter(trained.importance)) == "n_met"


def test_few_graded_lists_do_not_overrule_that() -> None:
    both = joined([_made(40, 1, ruled_by="n_met"), lists(12, seed=2)])
    assert plan(both, BRIEF).columns is CONSTRAINTS


def test_enough_graded_lists_overrule_it_where_they_tell_more() -> None:
    both = joined([_made(20, 1, ruled_by="n_met"), _ruled(lists(36, seed=2), "popularity")])
    chosen = plan(both, BRIEF)
    assert chosen.columns is None
    assert "popularity" in train(both, BRIEF).importance


def test_enough_graded_lists_that_tell_nothing_more_leave_the_usual() -> None:
    graded = _ruled(lists(36, seed=2), "n_met")
    hidden = [NAMES.index("cosine"), NAMES.index("n_unknown")]
    X = graded.X.copy()
    X[:, hidden] = np.random.default_rng(3).normal(size=(len(X), 2))
    both = joined([_made(40, 1, ruled_by="n_met"), replace(graded, X=X)])
    assert plan(both, BRIEF).columns is CONSTRAINTS


def test_the_order_by_hand_below_the_trees_is_the_one_that_does_best_on_graded_lists() -> None:
    def best(name: str) -> str:
        data = lists(12, seed=5)
        X = data.X.copy()
        X[:, NAMES.index(name)] = 5 * data.y
        return plan(replace(data, X=X), Settings(bases=BASES)).base.weights

    assert best("bm25_to_top") == "words"  # the balanced order does not read it
    assert best("fused") == "balanced"


def test_a_plan_learns_the_rule_of_graded_lists() -> None:
    seen, unseen = lists(40, seed=1), lists(20, seed=2)
    scores = _scores(train(seen, BRIEF).text, unseen)
    assert ndcg(unseen, scores) > ndcg(unseen, np.zeros(len(unseen.y))) + 0.3


def _scores(text: str, data: Dataset) -> np.ndarray:

    return np.asarray(lightgbm.Booster(model_str=text).predict(data.X, num_threads=1))


def test_no_model_serves_that_orders_what_people_graded_worse_than_by_hand(tmp_path: Path) -> None:
    graded = lists(12, seed=2)
    X = graded.X.copy()
    X[:, NAMES.index("fused")] = graded.y  # by hand all is in order
    X[:, NAMES.index("n_met")] = -graded.y  # and what made questions teach puts it upside down
    both = joined([_made(40, 1, ruled_by="n_met"), replace(graded, X=X)])
    with pytest.raises(GateRefused, match="people judged"):
        learn_crossed(both, Registry(tmp_path), lambda: datetime(2026, 11, 26, tzinfo=UTC), BRIEF)
    assert Registry(tmp_path).numbers() == []


def test_what_is_fixed_is_not_tried() -> None:
    fixed = plan(lists(40, seed=1), replace(BRIEF, fixed=True))
    none: I64 | None = None
    assert fixed == (20, NOTHING, none)
