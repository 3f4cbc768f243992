"""Should people look at what an item says before others do? A label with its reason: vulgar, unsafe or illegal.

Rules of words (safety.toml) are built in; a model is put in their place by anything that is a `ContentJudge`.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, Protocol, get_args

from engine.errors import BadInput
from engine.types import Kind
from engine.understand.fold import fold
from indexing.items import TITLE

Label = Literal["illegal", "unsafe", "vulgar"]
#: The gravest first.
LABELS: Final[tuple[Label, ...]] = get_args(Label)
_RULE: Final = frozenset({"label", "reason", "any", "with", "unless"})


class Flag(NamedTuple):
    """Why somebody should look: the label, the reason, and the words that gave it."""

    label: Label
    reason: str
    words: tuple[str, ...]


#: Fields that hold several texts.
_LISTS = ("aliases", "tags", "topics")


class ContentJudge(Protocol):
    """Texts -> flags; a model behind it may be slow, so it is asked when items are written, never in a search."""

    def judge(self, texts: Sequence[str]) -> list[Flag | None]:
        """Parallel to the texts; None: nothing to look at."""
        ...


class Rules:
    """The words of safety.toml, or of another file of its form. Raises BadInput for one that is not."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or Path(__file__).with_suffix(".toml")
        rules = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
        for number, rule in enumerate(rules):
            if rule.keys() - _RULE or rule.get("label") not in LABELS or not rule.get("any") or not rule.get("reason"):
                raise BadInput(f"{path.name}, rule {number}: needs label ({', '.join(LABELS)}), reason and any")
        gravest_first = sorted(rules, key=lambda rule: LABELS.index(rule["label"]))
        names = ("any", "with", "unless")
        self._rules = [(r["label"], r["reason"], *(_words(r.get(name)) for name in names)) for r in gravest_first]

    def judge(self, texts: Sequence[str]) -> list[Flag | None]:
        """See ContentJudge; the gravest label of a text counts."""
        return [self._one(fold(text).text) for text in texts]

    def _one(self, text: str) -> Flag | None:
        for label, reason, some, beside, unless in self._rules:
            found = some.findall(text) if some else []
            if found and (beside is None or beside.search(text)) and not (unless and unless.search(text)):
                return Flag(label, reason, tuple(dict.fromkeys(found)))
        return None


@cache
def built_in() -> Rules:
    """The rules that come with the engine."""
    return Rules()


def text_of(kind: Kind, item: Mapping[str, Any]) -> str:
    """All that an item says in words: its name and text, and what else it is called and tagged with."""
    lists = (one for name in _LISTS for one in item.get(name) or ())
    return "\n".join([*(str(item.get(name) or "") for name in (TITLE[kind], "body", "brand")), *map(str, lists)])


def _words(words: Sequence[str] | None) -> re.Pattern[str] | None:
    if not words:
        return None
    folded = [re.escape(fold(word).text) for word in words]
    return re.compile("|".join(rf"\b{word}\b" if word.isascii() else word for word in folded))
