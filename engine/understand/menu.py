"""What are dishes called in English, and of which parts is a Chinese name made? The words of data/dishes.toml."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from engine.understand.compiled import table
from engine.understand.fold import fold
from engine.understand.patterns import gated
from engine.understand.phrases import read

Words: TypeAlias = tuple[str, ...]

#: What a part says of a dish, by its table. What no table knows counts as NAMELESS a character.
WEIGHTS: Final = {"dish": 1.5, "ingredient": 1.0, "form": 0.7, "flavour": 0.6, "method": 0.5, "weak": 0.15}
NAMELESS: Final = 0.5
#: Words that hold an English name together and say nothing.
LINKS: Final = frozenset(
    {
        "with", "in", "and", "of", "the", "a", "an", "on", "to", "from", "its", "style", "by", "for", "or", "some",
        "served", "s", "made",
    }
)  # fmt: skip
_TOKEN: Final = gated(r"[a-z0-9']+")
_HAN: Final = gated(r"[㐀-鿿]")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a Chinese dish name: a key of the menu, or characters that it does not know."""

    key: str
    weight: float
    known: bool = True


@dataclass(frozen=True)
class Menu:
    """The dictionary, compiled. `english`: stemmed words -> ((key, rank of the rendering), ..)."""

    tables: Mapping[str, str]  # key -> table
    english: Mapping[Words, tuple[tuple[str, int], ...]]
    longest: Mapping[str, int]  # first word -> most words of a rendering
    reach: Mapping[str, int]  # first character -> most characters of a key

    def parts(self, name: str, *, whole: bool) -> list[Part]:
        """A folded dish name cut by the longest keys; `whole`: entire dishes may be a part."""
        found: list[Part] = []
        place = 0
        while place < len(name):
            key = self._key(name, place, whole)
            if key:
                found.append(Part(key, WEIGHTS[self.tables[key]]))
                place += len(key)
                continue
            if word := _TOKEN.match(name, place):
                found.append(Part(word[0], WEIGHTS["ingredient"], known=False))
                place = word.end()
                continue
            if _HAN.match(name[place]):
                found.append(Part(name[place], NAMELESS, known=False))
            place += 1
        return found

    def _key(self, name: str, place: int, whole: bool) -> str | None:
        for length in range(min(self.reach.get(name[place], 0), len(name) - place), 0, -1):
            key = name[place : place + length]
            if key in self.tables and (whole or self.tables[key] != "dish"):
                return key
        return None


def words(text: str) -> list[tuple[str, int, int]]:
    """Stemmed Latin words of a folded text, with their places."""
    return [(stem(m[0]), m.start(), m.end()) for m in _TOKEN.finditer(text)]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The singular of an English noun, roughly: both sides are stemmed alike."""
    word = word.removesuffix("'s").replace("'", "")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses", "oes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=1)
def menu() -> Menu:
    """The dictionary of this installation."""
    known = table("menu", compile_menu)
    english = {tuple(spelt): tuple((key, rank) for key, rank in keys) for spelt, keys in known["english"]}
    return Menu(known["tables"], english, _longest(english), _longest(known["tables"]))


def compile_menu() -> dict[str, Any]:
    """The words of dishes.toml, folded and stemmed, as JSON values."""
    data = read("data/dishes.toml")
    tables: dict[str, str] = {}
    english: dict[Words, dict[str, int]] = {}
    for name_of_table, entries in data.items():
        for name, said in entries.items():
            key = fold(name).text
            # A dish that is also an ingredient (臭豆腐) keeps the narrower table: it can be part of another dish.
            tables.setdefault(key, name_of_table)
            for rank, rendering in enumerate(said):
                spelt = tuple(word for word, _, _ in words(fold(rendering).text.replace("-", " ")))
                english.setdefault(spelt, {}).setdefault(key, rank)
    return {"tables": tables, "english": [[spelt, list(keys.items())] for spelt, keys in english.items()]}


def _longest(known: Iterable[Sequence[str]]) -> dict[str, int]:
    """First word (or character) -> the length of the longest that begins with it."""
    most: dict[str, int] = {}
    for spelt in known:
        most[spelt[0]] = max(most.get(spelt[0], 0), len(spelt))
    return most


def renderings(tokens: Sequence[str], known: Menu) -> Iterator[tuple[int, int, tuple[tuple[str, int], ...]]]:
    """Where in a run of stemmed words stand renderings: [start, end) and what they may stand for."""
    for start, token in enumerate(tokens):
        for end in range(start + 1, min(start + known.longest.get(token, 0), len(tokens)) + 1):
            if keys := known.english.get(tuple(tokens[start:end])):
                yield start, end, keys
