"""How is Chinese spelt in pinyin, without tones? The readings of pypinyin, compiled to a table that loads in no time.

pypinyin itself takes 0.3 s and some 40 MB to import; only who compiles the table waits for it. Answers are the same:
a run of Han is cut into the longest phrases that the dictionary knows, and a phrase may be read unlike its characters.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from engine.understand.compiled import table


class Readings:
    """The dictionary. Immutable, safe to share between threads."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        """`tables`: what compile_readings gives."""
        self._han = re.compile(tables["han"])
        self._characters = {c: sound for sound, characters in tables["characters"].items() for c in characters}
        self._odd: Mapping[str, str] = tables["odd"]
        self._phrases: Sequence[str] = tables["phrases"].split("\n")
        self._longest = max(map(len, self._phrases))

    def read(self, text: str) -> list[str]:
        """A syllable for each Han character ("ü" is "v"); other characters stay, one by one."""
        found: list[str] = []
        place = 0
        for run in self._han.finditer(text):
            found += text[place : run.start()]
            for phrase in self._cut(run[0]):
                odd = self._odd.get(phrase)
                found += odd.split() if odd else [self._characters.get(c, c) for c in phrase]
            place = run.end()
        found += text[place:]
        return found

    def _cut(self, run: str) -> Iterator[str]:
        """The longest phrase from each place on; a rest that only begins one is read by its characters."""
        place = 0
        while place < len(run):
            size = next((n for n in range(min(self._longest, len(run) - place), 0, -1) if self._is(run, place, n)), 0)
            if not size and self._begins(run[place:]):
                yield from run[place:]
                return
            yield run[place : place + (size or 1)]
            place += size or 1

    def _is(self, run: str, place: int, size: int) -> bool:
        phrase = run[place : place + size]
        at = bisect_left(self._phrases, phrase)
        return at < len(self._phrases) and self._phrases[at] == phrase

    def _begins(self, text: str) -> bool:
        at = bisect_left(self._phrases, text)
        return at < len(self._phrases) and self._phrases[at].startswith(text)


def compile_readings() -> dict[str, Any]:
    """Sound -> characters that are read so; phrases in order; phrases read unlike their characters. JSON values."""
    import pypinyin  # noqa: PLC0415  # only who compiles waits for it
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT, RE_HANS  # noqa: PLC0415

    single = {chr(code): pypinyin.lazy_pinyin(chr(code))[0] for code in PINYIN_DICT if RE_HANS.match(chr(code))}
    characters: dict[str, str] = {}
    for character, sound in single.items():
        characters[sound] = characters.get(sound, "") + character
    said = {phrase: pypinyin.lazy_pinyin([phrase]) for phrase in PHRASES_DICT}
    odd = {phrase: " ".join(read) for phrase, read in said.items() if read != [single.get(c, c) for c in phrase]}
    han = RE_HANS.pattern.removeprefix("^").removesuffix("$")
    return {"han": han, "characters": characters, "odd": odd, "phrases": "\n".join(sorted(PHRASES_DICT))}


@lru_cache(maxsize=1)
def readings() -> Readings:
    """The dictionary of this installation (compiling takes seconds, once)."""
    return Readings(table("pinyin", compile_readings))
