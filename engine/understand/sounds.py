"""Which Chinese words do letters spell in pinyin? "kafeiguan" -> 咖啡馆, "chaoyanggongyuanfujin" -> 朝阳公园 附近."""

from collections.abc import Container, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from engine.understand import phrases
from engine.understand.compiled import table
from engine.understand.entries import SHADOW, Entry
from engine.understand.fold import fold
from engine.understand.gazetteer import gazetteer
from engine.understand.landmarks import landmarks
from engine.understand.lexicon import load
from engine.understand.pinyin import readings

#: A word of the vocabulary has at least so many syllables and letters; shorter ones sound like too much else.
SYLLABLES, LETTERS = 2, 4
_LONGEST: Final = 24  # letters of one word
_HAN: Final = range(0x3400, 0xA000)
#: Which slot is meant when words sound alike: what is sought before what it is like.
_ORDER: Final = ("", "category", "cuisine", "brand", "amenity", "audience", "diet")


#: Initials and rhymes of syllables without tones. Not every pair exists; a few too many do no harm.
_INITIALS: Final = ("", *"bpmfdtnlgkhjqxrzcsyw", "zh", "ch", "sh")
_RHYMES: Final = (
    *("a", "o", "e", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ong", "er"),
    *("i", "ia", "ie", "iao", "iu", "ian", "in", "iang", "ing", "iong"),
    *("u", "ua", "uo", "uai", "ui", "uan", "un", "uang", "ue", "v", "ve"),
)
_SYLLABLES: Final = frozenset(initial + rhyme for initial in _INITIALS for rhyme in _RHYMES)


class Sounded(NamedTuple):
    """A word and the letters [start, end) that spell it."""

    start: int
    end: int
    word: str


def data() -> Mapping[str, Any]:
    """spelling.toml."""
    return phrases.table("spelling.toml")


def is_han(character: str) -> bool:
    """Has it a sound in pinyin?"""
    return ord(character) in _HAN


@lru_cache(maxsize=4096)
def is_pinyin(letters: str) -> bool:
    """Can the letters be cut into syllables?"""
    cut = [True, *[False] * len(letters)]
    for end in range(1, len(letters) + 1):
        cut[end] = any(
            cut[end - size] and letters[end - size : end] in _SYLLABLES for size in range(1, min(6, end) + 1)
        )
    return cut[-1]


def whole_syllables(letters: str) -> list[int]:
    """From each place, as bits, the places that whole syllables written one after another reach."""
    reached = [0] * (len(letters) + 1)
    for start in range(len(letters) - 1, -1, -1):
        for end in range(start + 1, min(start + 6, len(letters)) + 1):
            if letters[start:end] in _SYLLABLES:
                reached[start] |= 1 << end | reached[end]
    return reached


def syllables(text: str) -> list[str]:
    """The pinyin of each Han character, without tones ("ü" is "v"); other characters stay, one by one."""
    import rjieba  # noqa: PLC0415  # only who compiles waits

    return [syllable for word in rjieba.cut(text) for syllable in _spoken(word)]


@lru_cache(maxsize=65_536)
def _spoken(word: str) -> tuple[str, ...]:
    """A word's syllables: words come again and again, and reading one costs ten times as much as finding it."""
    return tuple(readings().read(word))


def compile_sounds(
    words: Iterable[str],
    small: Iterable[str],
    spelt: Iterable[tuple[str, str]] = (),
    pairs: Container[str] = (),
) -> dict[str, Any]:
    """The tables of Sounds, as JSON values.

    `words`: folded, those that win among homophones first; `small`: words that only stand between them;
    `spelt`: (letters, word) where the letters are known; `pairs`: words of two characters that a slip may mean.
    """
    spoken_as = {letters: word for letters, word in spelt if _fits(letters) and all(map(is_han, word))}
    near: dict[tuple[str, int, str], str] = {}
    for word in words:
        spoken = syllables(word)
        key = "".join(spoken)
        if len(spoken) >= SYLLABLES and _fits(key):
            spoken_as.setdefault(key, word)
            if len(word) <= 5 and (len(word) > 2 or word in pairs):
                for at, sound in enumerate(spoken):
                    near.setdefault((word[:at] + word[at + 1 :], at, sound), word)
    return {
        "words": spoken_as,
        "small": {"".join(syllables(word)): word for word in small},
        "near": [[*key, word] for key, word in near.items()],
        "sounds": _character_sounds(),
    }


def _character_sounds() -> dict[str, str]:
    """The pinyin of each Han character by itself."""
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415  # only who compiles waits
    from pypinyin.contrib.tone_convert import to_normal  # noqa: PLC0415

    return {chr(c): to_normal(said.partition(",")[0]) for c, said in PINYIN_DICT.items() if c in _HAN}


_NO_WAYS: Final[frozenset[tuple[int, int]]] = frozenset()


class Sounds:
    """Words by their pinyin. Immutable, safe to share between threads."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        """`tables`: what compile_sounds gives."""
        self._words: Mapping[str, str] = tables["words"]
        self._small: Mapping[str, str] = tables["small"]
        self._sounds: Mapping[str, str] = tables["sounds"]
        self._near = {(rest, at, sound): word for rest, at, sound, word in tables["near"]}
        #: A neighbour, the sound of the character beside it, the side -> (length of a word that has both, place in it).
        self._ways: dict[tuple[str, str, int], frozenset[tuple[int, int]]] = {}
        #: The sound of a character -> what stands right before it in some word, and right behind it at the beginning.
        self._before: dict[str, set[str]] = {}
        self._behind: dict[str, set[str]] = {}
        for rest, at, sound in self._near:
            beside = (rest[at - 1], sound, 1) if at else (rest[0], sound, -1)
            self._ways[beside] = self._ways.get(beside, _NO_WAYS) | {(len(rest) + 1, at)}
            (self._before if at else self._behind).setdefault(sound, set()).add(beside[0])

    def __contains__(self, letters: str) -> bool:
        return letters in self._words

    def read(self, letters: str, *, small: bool = False) -> list[Sounded]:
        """The words that spell all of the letters, as few as can be; else nothing.

        One of them is of the vocabulary, unless `small` ones are enough: where more of a text is pinyin.
        """
        best: list[tuple[int, list[Sounded]] | None] = [(0, []), *[None] * len(letters)]
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - _LONGEST), end):
                before, piece = best[start], letters[start:end]
                word = self._words.get(piece) or self._small.get(piece)
                if before is None or word is None:
                    continue
                if (now := best[end]) is None or before[0] + 1 < now[0]:
                    best[end] = (before[0] + 1, [*before[1], Sounded(start, end, word)])
        found = best[-1][1] if best[-1] else []
        return found if small or any(letters[w.start : w.end] in self._words for w in found) else []

    def neighbours(self, character: str) -> tuple[Container[str], Container[str]] | None:
        """What must stand right before a character, or right behind it, for it to be a slip; None: it is none."""
        sound = self._sounds.get(character, "")
        before, behind = self._before.get(sound), self._behind.get(sound)
        return (before or (), behind or ()) if before or behind else None

    def slip(self, text: str, at: int) -> Sounded | None:
        """The word of the vocabulary that stands around text[at] but for this one character, which sounds the same."""
        sound = self._sounds.get(text[at], "")
        inside = self._ways.get((text[at - 1 : at], sound, 1))
        first = self._ways.get((text[at + 1 : at + 2], sound, -1))
        if inside is first:  # neither is known
            return None
        inside, first = inside or _NO_WAYS, first or _NO_WAYS
        for size, place in sorted(inside | first, key=_long_first):
            start = at - place
            if start < 0 or start + size > len(text):
                continue
            rest = text[start:at] + text[at + 1 : start + size]
            word = self._near.get((rest, place, sound))
            if word and word[place] != text[at]:
                return Sounded(start, start + size, word)
        return None


def _long_first(way: tuple[int, int]) -> tuple[int, int]:
    return -way[0], -way[1]


def _fits(letters: str) -> bool:
    return LETTERS <= len(letters) <= _LONGEST and letters.isascii() and letters.isalpha()


@lru_cache(maxsize=1)
def sounds() -> Sounds:
    """The Chinese words of the lexicon, the gazetteer and the landmarks (compiling takes half a second, once)."""
    return Sounds(table("sounds", _compiled))


def _compiled() -> dict[str, Any]:
    words = dict.fromkeys(w for w in _vocabulary() if len(w) > 1 and all(map(is_han, w)))
    sought = {fold(w).text for e in load().entries.values() if e.slot in ("category", "cuisine") for w in e.zh}
    return compile_sounds(words, data()["pinyin"]["words"], _romanised(), sought)


def _vocabulary() -> Iterable[str]:
    entries = sorted(load().entries.values(), key=_sought)
    first = [e for e in entries if _sought(e) == 0]
    for entry in first:
        yield from (fold(word).text for word in entry.zh)
    yield from landmarks().points
    for region in gazetteer().best_known.values():
        yield from (fold(word).text for word in (region.zh, *region.names))
    for entry in entries[len(first) :]:
        yield from (fold(word).text for word in entry.zh)


def _sought(entry: Entry) -> int:
    """Kinds of places come first, words that only hide others last."""
    if entry.slot == "category" and "poi" in entry.kinds:
        return 0
    return _ORDER.index(entry.slot) if entry.slot in _ORDER else len(_ORDER) + (entry.slot == SHADOW)


def _romanised() -> Iterable[tuple[str, str]]:
    """Names of the map as the map itself spells them: 朝阳 is Chaoyang, whatever else the characters may sound like."""
    for region in gazetteer().best_known.values():
        if region.country == "CN":
            word = fold(region.names[0] if region.level == "district" and region.names else region.zh).text
            yield fold(region.en).text.replace(" ", "").replace("'", ""), word.removesuffix("市")
