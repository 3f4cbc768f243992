"""When do two constraints mean the same? One spelling for each meaning, whoever wrote it: a golden set or the parser.

Words go through the lexicon, places through the gazetteer and the landmarks, and what is left through equivalents.toml.
Ops that follow from the slot ("has", "eq", "in" of an attribute) are one op; those of numbers and hours are kept.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from benchmarks.quality.slot_f1 import Triple, value_of
from engine.errors import BadInput
from engine.understand.fold import fold
from engine.understand.glossary import sure_regions
from engine.understand.landmarks import landmarks
from engine.understand.lexicon import load
from engine.understand.near import NEAR_PLACE_KM
from engine.understand.unions import each
from engine.vocabulary import SLOTS

Meaning: TypeAlias = tuple[str, str, int]  # slot, value, polarity

EQUIVALENTS: Final = Path(__file__).with_name("equivalents.toml")
_NUMERIC: Final = frozenset({"lte", "gte", "between"})
#: The radius that the golden sets write where none was said.
_NEAR_KM: Final = 2.0
#: The fields of an object that are its meaning, by the first.
_KEYS: Final = (
    ("name",), ("open",), ("anchors",), ("months",), ("from", "to"), ("day", "minute"), ("minute",), ("minutes", "mode")
)  # fmt: skip
_LINE: Final = re.compile(r"(?:metro |subway )?line (\d+)|(?:地铁)?(\d+)号线")
_PLACES: Final = frozenset({"place.admin", "place.named", "place.relative", "place.transit", "name", "similar_to"})


def triple(slot: str, op: str, value: Any, polarity: int) -> Triple:
    """(slot, op, value, polarity) in the one spelling that the scorer compares."""
    words = _words(slot, value)
    op = _op(slot, op, value)
    slot, words, polarity = equivalents(EQUIVALENTS).get((slot, words, polarity), (slot, words, polarity))
    return slot, op, words, polarity


def intent(name: str) -> str:
    """An intent by its name in engine/vocabulary.py; others as they are."""
    return _tables(EQUIVALENTS)["intents"].get(name, name)


@lru_cache(maxsize=4)
def _tables(file: Path) -> Mapping[str, Mapping[str, str]]:
    return {"intents": {}, "same": {}, **tomllib.loads(file.read_text("utf-8"))}


@lru_cache(maxsize=4)
def equivalents(file: Path) -> Mapping[Meaning, Meaning]:
    """What a set says -> what the lexicon says for it. Raises BadInput for an unknown slot."""
    return {_named(name, file): _named(ours, file) for name, ours in _tables(file)["same"].items()}


def _named(name: str, file: Path) -> Meaning:
    slot, _, words = name.removeprefix("not ").partition("/")
    if slot not in SLOTS:
        raise BadInput(f"{file.name}: '{name}' begins with no slot of engine/vocabulary.py")
    return slot, _words(slot, words), -1 if name.startswith("not ") else 1


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
    """A region by its Chinese name, a landmark by where it is, a metro line by its number, else the folded words."""
    plain = " ".join(fold(name).text.replace("_", " ").split()).removeprefix("the ")
    if line := _LINE.fullmatch(plain):
        return f"line {line[1] or line[2]}"
    plain = plain if sure_regions(plain) or not sure_regions(f"the {plain}") else f"the {plain}"
    whole = [hit.region for hit in sure_regions(plain) if (hit.start, hit.end) == (0, len(plain))]
    if whole:
        return whole[0].zh
    points = landmarks().where(plain)
    return f"at {points[0][0]:.4f},{points[0][1]:.4f}" if points else plain


def _fields(slot: str, value: Mapping[str, Any]) -> str:
    """What of an object is its meaning: radii and levels that were only assumed are not."""
    if slot == "time.open" and "days" in value:
        hours = [f"{value[end]:g}" for end in ("from", "to") if value.get(end) is not None]
        return " ".join(["|".join(sorted(value["days"])), *hours])
    if "unit" in value:
        ends = [f"{value[end]:g}" if value.get(end) is not None else "" for end in ("min", "max")]
        return f"{'-'.join(ends)} {fold(value['unit']).text}"
    if slot == "place.named" and value.get("km") not in (None, NEAR_PLACE_KM, _NEAR_KM):
        return f"{_place(value['name'])} {value['km']:g} km"
    if len(regions := each(value)) > 1:
        return "|".join(sorted(_fields(slot, region) for region in regions))
    for keys in _KEYS:
        if keys[0] in value:
            return " ".join(_words(slot, value[key]) for key in keys if value.get(key) is not None)
    return " ".join(f"{key}={_place(str(value[key]))}" for key in sorted(value))
