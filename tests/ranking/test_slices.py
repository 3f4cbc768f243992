"""Does the gate refuse a model that wins overall and breaks a slice? With real LightGBM models."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from engine.errors import GateRefused
from ranking.dataset import Dataset, joined
from ranking.features import NAMES, schema_hash
from ranking.gate import by_slice, learn
from ranking.registry import Registry
from ranking.train import cross_validate, train
from tests.ranking.synthetic import QUICK, lists

ZH, EN = frozenset({"language zh"}), frozenset({"language en"})


def _of(data: Dataset, lang: int) -> Dataset:
    """Lists of one language; in English the rule behind the grades is turned around."""
    X = data.X.copy()
    X[:, NAMES.index("query_lang")] = lang
    if lang:
        for name in ("cosine", "n_unknown"):
            X[:, NAMES.index(name)] *= -1
    return replace(data, X=X, traits=(EN if lang else ZH,) * len(data), query_ids=tuple(
        f"{lang}-{name}" for name in data.query_ids))  # fmt: skip


HELD = joined([_of(lists(60, seed=3), 0), _of(lists(15, seed=4), 1)])


def _serving(root: Path) -> Registry:
    """Chinese learnt badly, English well."""
    taught = joined([_of(lists(12, seed=1, noise=6), 0), _of(lists(20, seed=2, noise=4), 1)])
    trained, registry = train(taught, QUICK), Registry(root)
    registry.promote(registry.add(trained.text, {"schema": schema_hash(), "base": list(trained.base)}))
    return registry


def test_a_model_that_wins_overall_and_breaks_a_slice_is_refused(tmp_path: Path) -> None:
    registry = _serving(tmp_path)
    better_in_chinese = joined([_of(lists(80, seed=5), 0), _of(lists(2, seed=6, noise=9), 1)])
    with pytest.raises(GateRefused, match=r"on language en: nDCG@10 0\.\d+ against 0\.\d+"):
        learn(better_in_chinese, HELD, registry, lambda: datetime(2026, 11, 23, tzinfo=UTC), QUICK)
    assert registry.numbers() == [1]
    better = joined([better_in_chinese, _of(lists(80, seed=7), 1)])
    learnt = learn(better, HELD, registry, lambda: datetime(2026, 11, 23, tzinfo=UTC), QUICK)
    assert registry.current() == 2
    told = learnt.card["slices"]
    assert told["language zh"]["lists"] == 60 and told["language zh"]["ndcg@10"] > told["language zh"]["rival_ndcg@10"]
    for name in ("importance.png", "slices.png"):
        assert (registry.folder(2) / name).read_bytes().startswith(b"\x89PNG")


def test_small_slices_and_chance_refuse_nothing() -> None:
    rng = np.random.default_rng(1)
    old = rng.random(200)
    new = old + 0.02 + 0.1 * rng.normal(size=200)
    slices = by_slice(new, old, (ZH,) * 195 + (EN,) * 5)
    assert slices["language en"].queries == 5 and slices["language zh"].gain > 0


def test_pages_are_learnt_from_before_and_compared_after() -> None:
    pages = replace(
        lists(40, seed=8), query_ids=tuple(f"logged-{n}" for n in range(40)), times=np.arange(40, dtype=np.float64)
    )
    scores = cross_validate(joined([lists(30, seed=9), pages]), QUICK)
    scored = np.isfinite(scores).reshape(70, 20).all(axis=1)
    assert scored[:30].all() and not scored[30:62].any() and scored[62:].all()
    assert train(pages, QUICK).trees == QUICK.few_trees
