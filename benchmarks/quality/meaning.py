"""When do two constraints mean the same? One spelling for each meaning, whoever wrote it: a golden set or the parser.

Words go through the lexicon, places through the gazetteer and the landmarks, and what is left through equivalents.toml.
Ops that follow from the slot ("has", "eq", "in" of an attribute) are one op; those of numbers and hours are kept.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from benchmarks.quality.slot_f1 import Triple, value_of
from engine.errors import BadInput
from engine.understand.fold import fold
from engine.understand.gazetteer import gazetteer
from engine.understand.landmarks import landmarks
from engine.understand.lexicon import load
from engine.vocabulary import SLOTS

EQUIVALENTS: Final = Path(__file__).with_name("equivalents.toml")
_NUMERIC: Final = frozenset({"lte", "gte", "between"})
_PLACES: Final = frozenset({"place.admin", "place.named", "place.relative", "place.transit", "name", "similar_to"})


def triple(slot: str, op: str, value: Any, polarity: int) -> Triple:
    """(slot, op, value, polarity) in the one spelling that the scorer compares."""
    words = _words(slot, value)
    same = equivalents(EQUIVALENTS).get(f"{slot}/{words}")
    if same:
        slot, _, words = same.partition("/")
    return slot, _op(slot, op, value), words, polarity


@lru_cache(maxsize=4)
def equivalents(file: Path) -> Mapping[str, str]:
    """ "slot/value" of a set -> "slot/value" of the lexicon, both spelt. Raises BadInput for an unknown slot."""
    found: dict[str, str] = {}
    for name, ours in tomllib.loads(file.read_text("utf-8")).get("same", {}).items():
        for each in (name, ours):
            if each.partition("/")[0] not in SLOTS:
                raise BadInput(f"{file.name}: '{each}' begins with no slot of engine/vocabulary.py")
        found[_spelled(name)] = _spelled(ours)
    return found


def _spelled(pair: str) -> str:
    slot, _, words = pair.partition("/")
    return f"{slot}/{_words(slot, words)}"


def _op(slot: str, op: str, value: Any) -> str:
    number = isinstance(value, int | float) or (isinstance(value, list) and op == "between")
    if op in _NUMERIC or slot == "time.open":
        return op
    return "eq" if number else "is"


def _words(slot: str, value: Any) -> str:
    if isinstance(value, bool | int | float):
        return value_of(slot, value, load())
    if isinstance(value, list):
        words = [_words(slot, each) for each in value]
        return "|".join(words if all(isinstance(each, int | float) for each in value) else sorted(words))
    if isinstance(value, dict):
        return _fields(slot, value)
    return _place(str(value)) if slot in _PLACES else _word(slot, str(value))


def _word(slot: str, value: str) -> str:
    plain = fold(value).text.strip().replace("_", " ")
    return load().normalise(slot, plain) or value_of(slot, plain, load()).replace(" ", "_")


def _place(name: str) -> str:
    """A region by its Chinese name, a landmark by where it is, else the folded words."""
    plain = " ".join(fold(name).text.replace("_", " ").split())
    whole = [f.region for f in gazetteer().find(plain) if (f.start, f.end) == (0, len(plain))]
    if whole:
        return whole[0].zh
    points = landmarks().where(plain)
    return f"at {points[0][0]:.4f},{points[0][1]:.4f}" if points else plain


def _fields(slot: str, value: Mapping[str, Any]) -> str:
    """What of an object is its meaning: radii and levels that were only assumed are not."""
    if "days" in value and slot == "time.open":
        hours = [f"{value[end]:g}" for end in ("from", "to") if value.get(end) is not None]
        return " ".join(["|".join(sorted(value["days"])), *hours])
    for keys in (("name",), ("open",), ("anchors",), ("months",), ("from", "to"), ("day", "minute"), ("minute",),
                 ("minutes", "mode"), ("min", "max", "unit")):  # fmt: skip
        if keys[0] in value:
            return " ".join(_words(slot, value[key]) for key in keys if value.get(key) is not None)
    return " ".join(f"{key}={_words(slot, value[key])}" for key in sorted(value))
