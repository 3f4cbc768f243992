"""Is a LightGBM text model safe to hand to native code? LightGBM itself does not check what it parses.

Guarantee: LightGBM never reads the file's own bytes. The file is parsed here, every line by an allow-list and every
number by its range, and `checked` returns a text written anew from those numbers: so no line, separator or size in it
is one that we did not write. Each tree is a tree: children in range and numbered after their parent (no cycle).
LightGBM's known holes (lightgbm-org/LightGBM #7357, #7437, #7438) are out-of-bounds reads and writes through such
fields; a tree without the empty line at its end is read on into the next one, or past the end of the text.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple, NoReturn, TypeAlias

from engine.errors import ModelError

LARGEST_BYTES: Final = 64 * 2**20
MOST_TREES: Final = 5000
MOST_LEAVES: Final = 1024
#: No honest leaf, gain or weight comes near: sums of such numbers stay finite in float32.
LARGEST: Final = 1e30
_END: Final = "\nend of trees\n"
_INT: Final = re.compile(r"-?[0-9]{1,9}")
_FLOAT: Final = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,25})?([eE][-+]?[0-9]{1,3})?")
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,100}")
_RANGE: Final = re.compile(rf"none|\[{_FLOAT.pattern}:{_FLOAT.pattern}\]")

Numbers: TypeAlias = Sequence[int] | Sequence[float]


class Field(NamedTuple):
    """A line of a tree. `per`: how many numbers it holds; `low` and `high`: the smallest and largest allowed."""

    name: str
    per: str  # tree | node | leaf
    whole: bool
    low: float
    high: float


#: Every line that a tree may have, in the order in which they are written; all are needed but `is_linear`. A threshold
#: alone may be inf: that split tells missing values from all others. decision_type: bit 0 categorical (refused), bit 1
#: default left, bits 2-3 how missing values are told (0, 1, 2). Children: >= 0 a node, -1 - leaf a leaf.
TREE: Final = (
    Field("num_leaves", "tree", True, 1, MOST_LEAVES),
    Field("num_cat", "tree", True, 0, 0),
    Field("split_feature", "node", True, 0, 10**9),  # below the number of features: see `_check_tree`
    Field("split_gain", "node", False, -LARGEST, LARGEST),
    Field("threshold", "node", False, -1e308, math.inf),
    Field("decision_type", "node", True, 0, 10),
    Field("left_child", "node", True, -MOST_LEAVES, MOST_LEAVES),
    Field("right_child", "node", True, -MOST_LEAVES, MOST_LEAVES),
    Field("leaf_value", "leaf", False, -LARGEST, LARGEST),
    Field("leaf_weight", "leaf", False, -LARGEST, LARGEST),
    Field("leaf_count", "leaf", True, 0, 10**9),
    Field("internal_value", "node", False, -LARGEST, LARGEST),
    Field("internal_weight", "node", False, -LARGEST, LARGEST),
    Field("internal_count", "node", True, 0, 10**9),
    Field("is_linear", "tree", True, 0, 0),
    Field("shrinkage", "tree", False, -LARGEST, LARGEST),
)
_HEADER: Final = {"version": "v4", "num_class": "1", "num_tree_per_iteration": "1", "label_index": "0"}


def checked(data: bytes, n_features: int) -> str:
    """The part of a model file that LightGBM needs, written anew after every check; scores stay bit for bit the same.

    Raises ModelError naming the tree and the field. Parameters and importances behind the trees are left out.
    """
    if len(data) > LARGEST_BYTES:
        _refuse("file", f"{len(data)} bytes are more than {LARGEST_BYTES}")
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise ModelError(f"model file: not ASCII text at byte {error.start}") from error
    body, end, _ = text.partition(_END)
    head, *trees = re.split(r"^(?=Tree=)", body + end[:1], flags=re.MULTILINE)
    if not end or not 1 <= len(trees) <= MOST_TREES:
        _refuse("file", f"no trees, more than {MOST_TREES}, or no end of trees")
    names = _check_header(head, trees, n_features)
    return _written(names, [_check_tree(number, tree, n_features) for number, tree in enumerate(trees)])


def _check_header(head: str, trees: Sequence[str], n_features: int) -> Sequence[str]:
    """-> the features' names."""
    first, _, rest = head.partition("\n")
    wanted = _HEADER | {"max_feature_idx": str(n_features - 1), "objective": "lambdarank"}
    fields = _fields("header", rest, {*wanted, "feature_names", "feature_infos", "tree_sizes"})
    if first != "tree":
        _refuse("header", "not a tree model")
    for key, value in wanted.items():
        if fields.get(key) != value:
            _refuse("header", f"{key} is {fields.get(key)!r:.40}, not {value!r}")
    for key, form in (("feature_names", _NAME), ("feature_infos", _RANGE)):
        values = fields.get(key, "").split(" ")
        if len(values) != n_features or not all(form.fullmatch(value) for value in values):
            _refuse("header", f"{key} does not describe {n_features} features")
    if fields.get("tree_sizes") != " ".join(str(len(tree)) for tree in trees):
        _refuse("header", "tree_sizes do not match the trees")
    return fields["feature_names"].split(" ")


def _check_tree(number: int, tree: str, n_features: int) -> Mapping[str, Numbers]:
    where = f"tree {number}"
    first, _, rest = tree.partition("\n")
    if first != f"Tree={number}":
        _refuse(where, "out of order")
    said = {"is_linear": "0"} | _fields(where, rest, {field.name for field in TREE})
    leaves = int(_numbers(where, TREE[0], said, 1)[0])
    if leaves == 1 and not said.get("leaf_weight"):
        said["leaf_weight"] = "0"  # LightGBM writes none for a tree without a split
    count = {"tree": 1, "node": leaves - 1, "leaf": leaves}
    fields = {field.name: _numbers(where, field, said, count[field.per]) for field in TREE}
    if not all(feature < n_features for feature in fields["split_feature"]):
        _refuse(where, f"split_feature is not below {n_features}")
    if any(decision % 2 for decision in fields["decision_type"]):
        _refuse(where, "decision_type of a categorical split")
    _check_children(where, fields["left_child"], fields["right_child"], leaves)
    return fields


def _check_children(where: str, left: Numbers, right: Numbers, leaves: int) -> None:
    """Each node but the root has one parent, numbered below it; each leaf (written as -1 - leaf) has one parent."""
    children = sorted([*left, *right])
    if children != [*range(-leaves, 0), *range(1, leaves - 1)] and leaves > 1:
        _refuse(where, "children do not form a tree")
    if any(0 <= child <= node for side in (left, right) for node, child in enumerate(side)):
        _refuse(where, "a child is numbered before its parent")


def _fields(where: str, text: str, known: Collection[str]) -> dict[str, str]:
    """key=value lines without a gap, each key once."""
    fields: dict[str, str] = {}
    for line in text.rstrip("\n").split("\n"):
        key, equals, value = line.partition("=")
        if not equals or key not in known or key in fields:
            _refuse(where, f"unexpected line {line[:40]!r}")
        fields[key] = value
    return fields


def _numbers(where: str, field: Field, said: Mapping[str, str], count: int) -> Numbers:
    text = said.get(field.name, "")
    values = text.split(" ") if text else []
    form = _INT if field.whole else _FLOAT
    if len(values) != count or not all(form.fullmatch(v) or (v == "inf" and field.high == math.inf) for v in values):
        _refuse(where, f"{field.name} is not a list of {count} numbers")
    numbers: Numbers = [int(v) for v in values] if field.whole else [float(v) for v in values]
    for value, number in zip(values, numbers, strict=True):
        if not field.low <= number <= field.high or (number == math.inf and value != "inf"):
            _refuse(where, f"{field.name} is {value:.40}, outside {field.low:g} to {field.high:g}")
    return numbers


def _written(names: Sequence[str], trees: Sequence[Mapping[str, Numbers]]) -> str:
    """As LightGBM writes it: floats by their shortest exact form, an empty line after each tree."""
    texts = []
    for number, tree in enumerate(trees):
        lines = [f"{field.name}={' '.join(map(repr, tree[field.name]))}" for field in TREE]
        texts.append("\n".join([f"Tree={number}", *lines, "", "", ""]))
    sizes = " ".join(str(len(text)) for text in texts)
    fixed = [f"{key}={value}" for key, value in _HEADER.items()]
    about = [f"max_feature_idx={len(names) - 1}", "objective=lambdarank", f"feature_names={' '.join(names)}"]
    infos = f"feature_infos={' '.join(['none'] * len(names))}"  # ranges of the training data: no score depends on them
    return "\n".join(["tree", *fixed, *about, infos, f"tree_sizes={sizes}", "", "".join(texts)]) + _END[1:]


def _refuse(where: str, why: str) -> NoReturn:
    raise ModelError(f"model file, {where}: {why}; restore it from a backup or train again")
