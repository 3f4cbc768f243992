"""Is a LightGBM text model safe to hand to native code? LightGBM itself does not check what it parses.

Guarantee: what `checked` returns is ASCII, holds only known keys, and each tree is a tree: children in range and
numbered after their parent (no cycle), split features below their number, all numbers finite, numeric splits only.
A threshold alone may be inf: that split tells missing values from all others.
Its known holes (lightgbm-org/LightGBM #7357, #7437, #7438) are out-of-bounds reads and writes through such fields.
"""

import math
import re
from collections.abc import Mapping
from typing import Final, NoReturn

from engine.errors import ModelError

LARGEST_BYTES: Final = 64 * 2**20
MOST_TREES: Final = 5000
MOST_LEAVES: Final = 1024
_INT = re.compile(r"-?[0-9]{1,9}")
_FLOAT = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,25})?([eE][-+]?[0-9]{1,3})?")
_THRESHOLD = re.compile(rf"inf|{_FLOAT.pattern}")
_NAME = re.compile(r"[A-Za-z0-9_]{1,100}")
_RANGE = re.compile(r"none|\[[-+0-9.eE]{1,30}:[-+0-9.eE]{1,30}\]")

#: decision_type: bit 0 categorical (refused), bit 1 default left, bits 2-3 how missing values are told (0, 1, 2).
_DECISIONS: Final = frozenset({0, 2, 4, 6, 8, 10})
_HEADER: Final = ("version", "num_class", "num_tree_per_iteration", "label_index", "max_feature_idx", "objective")
_NODES_INT: Final = ("split_feature", "decision_type", "left_child", "right_child", "internal_count")
_NODES_FLOAT: Final = ("split_gain", "internal_value", "internal_weight")
_TREE: Final = frozenset(
    {"num_leaves", "num_cat", "is_linear", "shrinkage", "threshold", "leaf_value", "leaf_weight", "leaf_count"}
    | {*_NODES_INT, *_NODES_FLOAT}
)


def checked(data: bytes, n_features: int) -> str:
    """The part of a model file that LightGBM needs, after every check.

    Raises ModelError naming the tree and the field. Parameters and importances behind the trees are left out.
    """
    if len(data) > LARGEST_BYTES:
        _refuse("file", f"{len(data)} bytes are more than {LARGEST_BYTES}")
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise ModelError(f"model file: not ASCII text at byte {error.start}") from error
    body, end, _ = text.partition("end of trees\n")
    head, *trees = re.split(r"^(?=Tree=)", body, flags=re.MULTILINE)
    if not end or not trees:
        _refuse("file", "no trees, or no end of trees")
    _check_header(head, trees, n_features)
    for number, tree in enumerate(trees):
        _check_tree(number, tree, n_features)
    return body + end


def _check_header(head: str, trees: list[str], n_features: int) -> None:
    first, _, rest = head.partition("\n")
    fields = _fields("header", rest, {*_HEADER, "feature_names", "feature_infos", "tree_sizes"})
    wanted = {"version": "v4", "num_class": "1", "num_tree_per_iteration": "1", "label_index": "0"}
    wanted["max_feature_idx"] = str(n_features - 1)
    for key, value in wanted.items():
        if fields.get(key) != value:
            _refuse("header", f"{key} is {fields.get(key)!r}, not {value!r}")
    if first != "tree" or fields.get("objective") != "lambdarank":
        _refuse("header", "not a lambdarank tree model")
    for key, form in (("feature_names", _NAME), ("feature_infos", _RANGE)):
        values = fields.get(key, "").split(" ")
        if len(values) != n_features or not all(form.fullmatch(value) for value in values):
            _refuse("header", f"{key} does not describe {n_features} features")
    # LightGBM jumps by these sizes: one that is wrong reads somewhere else.
    sizes = _ints("header", fields, "tree_sizes", len(trees))
    if len(trees) > MOST_TREES or sizes != [len(tree) for tree in trees]:
        _refuse("header", f"tree_sizes do not match the trees, or more than {MOST_TREES} trees")


def _check_tree(number: int, tree: str, n_features: int) -> None:
    where = f"tree {number}"
    first, _, rest = tree.partition("\n")
    if first != f"Tree={number}":
        _refuse(where, "out of order")
    fields = _fields(where, rest, _TREE)
    (leaves,) = _ints(where, fields, "num_leaves", 1)
    if not 1 <= leaves <= MOST_LEAVES:
        _refuse(where, f"{leaves} leaves")
    if fields.get("num_cat") != "0" or fields.get("is_linear", "0") != "0":
        _refuse(where, "categorical splits and linear leaves are not used here")
    nodes = leaves - 1
    _floats(where, fields, "leaf_value", leaves)
    _floats(where, fields, "leaf_weight", leaves if nodes or fields.get("leaf_weight") else 0)  # a stump has none
    for key in _NODES_FLOAT:
        _floats(where, fields, key, nodes)
    _floats(where, fields, "shrinkage", 1)
    _floats(where, fields, "threshold", nodes, _THRESHOLD)
    _ints(where, fields, "leaf_count", leaves)
    whole = {key: _ints(where, fields, key, nodes) for key in _NODES_INT}
    if not all(0 <= feature < n_features for feature in whole["split_feature"]):
        _refuse(where, f"split_feature outside 0..{n_features - 1}")
    if not all(decision in _DECISIONS for decision in whole["decision_type"]):
        _refuse(where, "decision_type of no numeric split")
    _check_children(where, whole["left_child"], whole["right_child"], leaves)


def _check_children(where: str, left: list[int], right: list[int], leaves: int) -> None:
    """Each node but the root has one parent, numbered below it; each leaf (written as -1 - leaf) has one parent."""
    children = sorted(left + right)
    if children != [*range(-leaves, 0), *range(1, leaves - 1)] and leaves > 1:
        _refuse(where, "children do not form a tree")
    if any(0 <= child <= node for pair in (left, right) for node, child in enumerate(pair)):
        _refuse(where, "a child is numbered before its parent")


def _fields(where: str, text: str, known: set[str] | frozenset[str]) -> Mapping[str, str]:
    """key=value lines without a gap: LightGBM stops reading at the first empty line, so none may stand between."""
    fields: dict[str, str] = {}
    for line in text.rstrip("\n").split("\n"):
        key, equals, value = line.partition("=")
        if not equals or key not in known or key in fields:
            _refuse(where, f"unexpected line {line[:40]!r}")
        fields[key] = value
    return fields


def _split(where: str, fields: Mapping[str, str], key: str, count: int, form: re.Pattern[str]) -> list[str]:
    text = fields.get(key, "")
    values = text.split(" ") if text else []
    if count == 0 and not values:
        return []
    if len(values) != count or not all(form.fullmatch(value) for value in values):
        _refuse(where, f"{key} is not a list of {count} numbers")
    return values


def _ints(where: str, fields: Mapping[str, str], key: str, count: int) -> list[int]:
    return [int(value) for value in _split(where, fields, key, count, _INT)]


def _floats(where: str, fields: Mapping[str, str], key: str, count: int, form: re.Pattern[str] = _FLOAT) -> None:
    values = _split(where, fields, key, count, form)
    if not all(value == "inf" or math.isfinite(float(value)) for value in values):
        _refuse(where, f"{key} holds a number that is not finite")


def _refuse(where: str, why: str) -> NoReturn:
    raise ModelError(f"model file, {where}: {why}; restore it from a backup or train again")
