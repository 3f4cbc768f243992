"""Can a malformed model file reach native code?"""

import re
import subprocess
import sys

import lightgbm
import numpy as np
import pytest

from engine.errors import ModelError
from ranking.dataset import Dataset
from ranking.features import NAMES
from ranking.guard import checked
from ranking.train import Settings, train
from tests.ranking.synthetic import lists

N = len(NAMES)
MODEL = train(lists(15, seed=1), Settings(most_trees=8, patience=8, leaves=7)).text


def test_a_sound_model_passes_and_scores_as_before() -> None:
    X = lists(3, seed=2).X
    kept = lightgbm.Booster(model_str=checked(MODEL.encode(), N)).predict(X, num_threads=1)
    np.testing.assert_array_equal(kept, lightgbm.Booster(model_str=MODEL).predict(X, num_threads=1))


def test_a_stump_passes() -> None:
    blind = Dataset(np.zeros((20, N), np.float32), np.arange(20) % 3, np.array([10, 10]), ("a", "b"))
    text = checked(train(blind, Settings(few_trees=3)).text.encode(), N)
    assert "num_leaves=1\n" in text
    np.testing.assert_array_equal(lightgbm.Booster(model_str=text).predict(blind.X, num_threads=1), 0)


def _changed(pattern: str, new: str) -> bytes:
    changed, count = re.subn(pattern, new, MODEL, count=1)
    assert count == 1
    return _resized(changed)


def _resized(text: str) -> bytes:
    """tree_sizes made right again, so that the check under test is the one that speaks."""
    trees = re.split(r"^(?=Tree=)", text.partition("end of trees\n")[0], flags=re.MULTILINE)[1:]
    return re.sub(r"tree_sizes=.*", "tree_sizes=" + " ".join(str(len(t)) for t in trees), text).encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_changed(r"left_child=-?\d+", "left_child=99"), "do not form a tree"),
        (_changed(r"left_child=-?\d+", "left_child=-99"), "do not form a tree"),
        (_changed(r"left_child=-?\d+", "left_child=0"), "do not form a tree"),
        (_changed(r"split_feature=\d+", f"split_feature={N}"), "split_feature outside"),
        (_changed(r"split_feature=\d+", "split_feature=-1"), "split_feature outside"),
        (_changed(r"threshold=\S+", "threshold=1e999"), "not finite"),
        (_changed(r"threshold=\S+", "threshold=nan"), "list of"),
        (_changed(r"leaf_value=\S+ ", "leaf_value="), "list of"),
        (_changed(r"num_leaves=\d+", "num_leaves=1000000"), "1000000 leaves"),
        (_changed(r"num_cat=0", "num_cat=3"), "categorical"),
        (_changed(r"is_linear=0", "is_linear=1"), "categorical splits and linear"),
        (_changed(r"decision_type=\d+", "decision_type=1"), "decision_type"),
        (_changed(r"shrinkage=", "surprise=1\nshrinkage="), "unexpected line"),
        (_changed(r"leaf_value=", "\nleaf_value="), "unexpected line ''"),  # LightGBM aborts the process here
        (_changed(r"max_feature_idx=\d+", "max_feature_idx=7"), "max_feature_idx"),
        (_changed(r"objective=lambdarank", "objective=regression"), "lambdarank"),
        (_changed(r"Tree=1\n", "Tree=7\n"), "out of order"),
        (MODEL.replace("tree_sizes=", "tree_sizes=1").encode(), "tree_sizes"),
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
        checked(_resized(text.replace(tree, loop)), N)


_CHILD = """
import sys, numpy, lightgbm
X = numpy.random.default_rng(0).normal(size=(50, int(sys.argv[1]))).astype("float32")
for text in sys.stdin.buffer.read().decode("ascii").split("\\0"):
    lightgbm.Booster(model_str=text).predict(X, num_threads=1)
print("alive")
"""


def _mutated(rng: np.random.Generator, data: bytes) -> bytes:
    """One byte changed, one byte lost, two lines swapped, or one value of a list replaced by a special one."""
    place, text, lines = int(rng.integers(len(data))), data.decode(), data.decode().split("\n")
    a, b = rng.integers(len(lines), size=2)
    match int(rng.integers(4)):
        case 0:
            return data[:place] + bytes([int(rng.integers(128))]) + data[place + 1 :]
        case 1:
            return _resized(text[:place] + text[place + 1 :])
        case 2:
            lines[a], lines[b] = lines[b], lines[a]
        case _:
            key, equals, value = lines[a].partition("=")
            values = value.split(" ")
            values[int(rng.integers(len(values)))] = str(rng.choice(["-1", "0", "2", "9999999", "1e308", "inf", "8"]))
            lines[a] = key + equals + " ".join(values)
    return _resized("\n".join(lines))


def test_no_damaged_file_that_passes_kills_native_code() -> None:
    rng, passed = np.random.default_rng(5), []
    sound = checked(MODEL.encode(), N).encode()
    for _ in range(800):
        try:
            passed.append(checked(_mutated(rng, sound), N))
        except ModelError:
            continue
    assert 100 < len(passed) < 500  # changed digits of thresholds and values pass: the digest is there for them
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(N)],
        input="\0".join(passed).encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert done.stdout.strip() == b"alive"
