"""Can a malformed model file reach native code?"""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import lightgbm
import numpy as np
import pytest

from engine.errors import ModelError
from ranking.dataset import Dataset
from ranking.features import NAMES
from ranking.guard import checked
from ranking.train import train
from tests.ranking.mutations import mutated, resized
from tests.ranking.synthetic import QUICK, lists

pytestmark = pytest.mark.promise(16)

N = len(NAMES)
MODEL = train(lists(15, seed=1), replace(QUICK, leaves=7)).text
SMALL, OTHER = (train(lists(15, seed=s), replace(QUICK, few_trees=6, leaves=n)).text for s, n in ((3, 5), (4, 9)))


def test_a_sound_model_passes_and_scores_as_before() -> None:
    X = lists(3, seed=2).X
    kept = lightgbm.Booster(model_str=checked(MODEL.encode(), N)).predict(X, num_threads=1)
    np.testing.assert_array_equal(kept, lightgbm.Booster(model_str=MODEL).predict(X, num_threads=1))


def test_a_stump_passes() -> None:
    blind = Dataset(np.zeros((20, N), np.float32), np.arange(20) % 3, np.array([10, 10]), ("a", "b"))
    text = checked(train(blind, replace(QUICK, few_trees=3)).text.encode(), N)
    assert "num_leaves=1\n" in text
    np.testing.assert_array_equal(lightgbm.Booster(model_str=text).predict(blind.X, num_threads=1), 0)


def _changed(pattern: str, new: str) -> bytes:
    changed, count = re.subn(pattern, new, MODEL, count=1)
    assert count == 1
    return resized(changed)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_changed(r"left_child=-?\d+", "left_child=99"), "do not form a tree"),
        (_changed(r"left_child=-?\d+", "left_child=-99"), "do not form a tree"),
        (_changed(r"left_child=-?\d+", "left_child=0"), "do not form a tree"),
        (_changed(r"split_feature=\d+", f"split_feature={N}"), "split_feature is not below"),
        (_changed(r"split_feature=\d+", "split_feature=-1"), "split_feature is -1"),
        (_changed(r"threshold=\S+", "threshold=1e999"), "threshold is 1e999"),
        (_changed(r"threshold=\S+", "threshold=nan"), "list of"),
        (_changed(r"leaf_value=\S+ ", "leaf_value="), "list of"),
        (_changed(r"num_leaves=\d+", "num_leaves=1000000"), "num_leaves is 1000000"),
        (_changed(r"num_cat=0", "num_cat=3"), "num_cat is 3"),
        (_changed(r"is_linear=0", "is_linear=1"), "is_linear is 1"),
        (_changed(r"decision_type=\d+", "decision_type=1"), "decision_type"),
        (_changed(r"shrinkage=", "surprise=1\nshrinkage="), "unexpected line"),
        (_changed(r"leaf_value=", "\nleaf_value="), "unexpected line ''"),  # LightGBM aborts the process here
        (_changed(r"max_feature_idx=\d+", "max_feature_idx=7"), "max_feature_idx"),
        (_changed(r"objective=lambdarank", "objective=regression"), "lambdarank"),
        (_changed(r"Tree=1\n", "Tree=7\n"), "out of order"),
        (MODEL.replace("tree_sizes=", "tree_sizes=1").encode(), "tree_sizes"),
        (_changed(r"leaf_value=\S+", "leaf_value=1e31"), "leaf_value is 1e31"),
        (_changed(r"leaf_count=\d+", "leaf_count=-5"), "leaf_count is -5"),
        (MODEL.partition("end of trees")[0].encode(), "no end of trees"),
        (MODEL.encode() + "ü".encode(), "not ASCII"),
        (b"", "no trees"),
    ],
)
def test_each_kind_of_damage_is_named(data: bytes, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        checked(data, N)


def test_a_loop_between_nodes_is_refused() -> None:
    lines = {"num_leaves": "4", "left_child": "-1 2 1", "right_child": "-2 -3 -4"}
    text = MODEL
    tree = text[text.index("Tree=0") : text.index("Tree=1")]
    loop = tree
    for key, value in lines.items():
        loop = re.sub(rf"^{key}=.*$", f"{key}={value}", loop, flags=re.MULTILINE)
    for key in ("split_feature", "split_gain", "threshold", "decision_type", "internal_value", "internal_weight"):
        loop = re.sub(rf"^{key}=.*$", f"{key}=2 2 2", loop, flags=re.MULTILINE)
    loop = re.sub(r"^internal_count=.*$", "internal_count=2 2 2", loop, flags=re.MULTILINE)
    for key in ("leaf_value", "leaf_weight", "leaf_count"):
        loop = re.sub(rf"^{key}=.*$", f"{key}=1 1 1 1", loop, flags=re.MULTILINE)
    with pytest.raises(ModelError, match="before its parent"):
        checked(resized(text.replace(tree, loop)), N)


def test_a_tree_that_runs_into_the_next_one_never_reaches_native_code() -> None:
    """LightGBM reads a tree up to the first empty line: without one it aborts, or reads past the end of the text."""
    joined = resized(MODEL.replace("\n\n\nTree=1\n", "\nTree=1\n"))
    endless = resized(MODEL.replace("\n\n\nend of trees\n", "\nend of trees\n\n\n"))
    assert checked(joined, N) == checked(endless, N) == checked(MODEL.encode(), N)


def test_what_is_written_is_a_fixed_point() -> None:
    text = checked(MODEL.encode(), N)
    assert checked(text.encode(), N) == text


_CHILD = """
import sys, numpy, lightgbm
X = numpy.random.default_rng(0).normal(size=(50, int(sys.argv[1]))).astype("float32")
X[:10] = numpy.nan
X[10:20] *= 1e30
for number, text in enumerate(sys.stdin.buffer.read().decode("ascii").split("\\0")):
    assert numpy.isfinite(lightgbm.Booster(model_str=text).predict(X, num_threads=1)).all()
    print(number, flush=True)
"""


def _survives(texts: list[str], seed: int) -> None:
    """All of them loaded and asked in a child; the one that kills it is named."""
    child, calm = [sys.executable, "-c", _CHILD, str(N)], {**os.environ, "OMP_NUM_THREADS": "1"}
    fed = "\0".join(texts).encode()
    try:
        done = subprocess.run(child, input=fed, capture_output=True, timeout=120, check=False, env=calm)
    except subprocess.TimeoutExpired as late:
        raise AssertionError(f"seed {seed}: model {len((late.stdout or b'').split())} hangs") from late
    alive = len(done.stdout.split())
    assert (done.returncode, alive) == (0, len(texts)), f"seed {seed}, model {alive}: {done.stderr[-500:]!r}"


@pytest.mark.parametrize(
    "count",
    [200, pytest.param(1700, marks=pytest.mark.reliability), pytest.param(40_000, marks=pytest.mark.nightly)],
)
def test_no_damaged_file_that_passes_kills_native_code(
    count: int, record_property: Callable[[str, object], None]
) -> None:
    seed = int(np.random.SeedSequence().generate_state(1)[0])
    rng, passed, other = np.random.default_rng(seed), 0, checked(OTHER.encode(), N)
    sounds = [SMALL.encode(), checked(SMALL.encode(), N).encode()]
    for start in range(0, count, 1000):
        texts = []
        for number in range(start, min(start + 1000, count)):
            with contextlib.suppress(ModelError):
                texts.append(checked(mutated(rng, sounds[number % 2], other), N))
        _survives(texts, seed)
        passed += len(texts)
    assert count * 0.05 < passed < count * 0.6, f"seed {seed}: {passed}"  # changed digits pass: the digest is there
    record_property("figure", f"{count} changed model files: {count - passed} refused, 0 deaths, 0 hangs")
