"""Does a model serve only when it is better, and can it be rolled back?"""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from engine.errors import BadInput, GateRefused, ModelError
from ranking.dataset import Dataset, split
from ranking.gate import learn, learn_crossed, quality
from ranking.model import HandWeighted, LightGbmRanker
from ranking.registry import Registry
from ranking.settings import Settings
from tests.ranking.synthetic import QUICK, lists

NOISY = lists(12, seed=1, noise=5)
CLEAN = lists(60, seed=2)
HELD = lists(40, seed=3)


def _clock() -> datetime:
    return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Two models: the second learnt from more."""
    registry = Registry(tmp_path_factory.mktemp("models"))
    learn(lists(12, seed=7), HELD, registry, _clock, QUICK)
    learn(CLEAN, HELD, registry, _clock, QUICK)
    return registry


def test_the_better_model_serves_and_its_card_tells_all(kept: Registry) -> None:
    assert (kept.numbers(), kept.current()) == ([1, 2], 2)
    card = kept.card(2)
    assert card["metrics"]["ndcg@10"] > card["metrics"]["rival_ndcg@10"]
    assert card["metrics"]["rival"].startswith("lambdarank-")
    assert kept.card(1)["metrics"]["rival"] == HandWeighted.version
    assert card["data"] == {"sha256": CLEAN.digest(), "lists": 60, "rows": 1200}
    assert card["made"] == "2026-11-22T12:00:00+00:00"
    serving = kept.load()
    assert serving is not None
    assert np.nanmean(quality(serving, HELD)) == pytest.approx(card["metrics"]["ndcg@10"])


def test_the_same_again_is_refused_with_figures_and_writes_nothing(kept: Registry) -> None:
    before = sorted(path.name for path in kept.root.rglob("*"))
    with pytest.raises(GateRefused, match=r"nDCG@10 0\.\d+ against 0\.\d+ .*p=.*40 queries"):
        learn(CLEAN, HELD, kept, _clock, QUICK)
    assert sorted(path.name for path in kept.root.rglob("*")) == before


def test_a_first_model_must_beat_the_hand_weights(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    nonsense = Dataset(NOISY.X, rng.permutation(NOISY.y), NOISY.groups, NOISY.query_ids)
    held = Dataset(HELD.X, rng.permutation(HELD.y), HELD.groups, HELD.query_ids)
    with pytest.raises(GateRefused, match=HandWeighted.version):
        learn(nonsense, held, Registry(tmp_path), _clock, Settings(few_trees=20))  # it tries orders by hand as well
    assert Registry(tmp_path).current() is None


def test_a_query_may_not_stand_on_both_sides(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="both learnt from and held out"):
        learn(CLEAN, CLEAN.take([0, 1]), Registry(tmp_path), _clock, QUICK)
    a, b = split(CLEAN, 0.25, seed=1)
    assert not set(a.query_ids) & set(b.query_ids)
    assert len(b) == 15


def test_few_lists_are_each_held_out_once_and_taught_only_once(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    few = CLEAN.take(range(30))
    learnt = learn_crossed(few, registry, _clock, QUICK)
    assert learnt.difference.gain > 0 and learnt.card["queries"] == sorted(few.query_ids)
    with pytest.raises(GateRefused, match="learnt from all 30 lists already"):
        learn_crossed(few, registry, _clock, QUICK)
    rng = np.random.default_rng(0)
    nonsense = Dataset(few.X, rng.permutation(few.y), few.groups, few.query_ids)
    with pytest.raises(GateRefused, match="not better"):
        learn_crossed(nonsense, Registry(tmp_path / "other"), _clock, QUICK)


def _copy(registry: Registry, root: Path) -> Registry:
    for number in registry.numbers():
        Registry(root).add((registry.folder(number) / "model.txt").read_text("ascii"), registry.card(number))
    Registry(root).promote(2)
    return Registry(root)


def test_rollback_serves_the_older_one_and_ends_there(kept: Registry, tmp_path: Path) -> None:
    registry = _copy(kept, tmp_path)
    assert registry.rollback() == 1
    assert registry.current() == 1
    with pytest.raises(ModelError, match="no older model"):
        registry.rollback()


def test_damage_is_found_before_native_code_and_rolled_back(kept: Registry, tmp_path: Path) -> None:
    registry = _copy(kept, tmp_path)
    model = registry.folder(2) / "model.txt"
    model.write_bytes(model.read_bytes().replace(b"num_cat=0", b"num_cat=9", 1))
    with pytest.raises(ModelError, match="not the file"):
        registry.load()
    (registry.root / "CURRENT").write_text("seven")
    with pytest.raises(ModelError, match="roll back"):
        registry.current()
    assert registry.rollback() == 1


def test_a_model_of_other_features_is_refused(kept: Registry, tmp_path: Path) -> None:
    registry = _copy(kept, tmp_path)
    path = registry.folder(2) / "card.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema": "0" * 64}))
    with pytest.raises(ModelError, match="another list of features"):
        LightGbmRanker.load(registry.folder(2))


@pytest.mark.parametrize("missing", ["model.txt", "card.json"])
def test_a_missing_file_is_named(kept: Registry, tmp_path: Path, missing: str) -> None:
    registry = _copy(kept, tmp_path)
    (registry.folder(2) / missing).unlink()
    with pytest.raises(ModelError, match=missing):
        registry.load()
