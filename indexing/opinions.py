"""Who praises or blames what? A thing spoken of and what is said of it: "服务员态度特别差" blames the service.

The lexicon knows words that name an attribute; reviews often name the thing ("上菜") and judge it apart ("挺快的").
Which words go together is data: opinions.toml. Chinese only: English reviews say it in the lexicon's own words.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from engine.understand import cues
from indexing.doubt import asks

#: So far behind the thing, in characters, an opinion may still be about it; before it, with "的" between.
REACH: Final = 9
_CLAUSE: Final = re.compile(
    r"[,，。!！?？;；:：…~()（）【】#\n\\]+|\s+(?=[\u4e00-\u9fff])|但是?|不过|可是|只是|然而|虽然|而且|就是(?=有)"
)
#: Right before an opinion they turn it around.
_NOT: Final = re.compile(
    r"(?:不是?|没有?|没那么|没有那么|谈不上|算不上|称不上|说不上|不算|不够|不太|不怎么|不会|并不|毫不|无|别)"
    r"(?:很|太|那么|特别的?|够|怎么|是|算|多|非常|十分|想象中?的?|说的那么|再|见得|得|什么|啥|任何|那种|显得|感觉到?|觉得|有|~~的?){0,3}$"
    r"|没有?[一-鿿]{1,5}(?:做|弄|烧)?得$"
)
#: Not to this degree: that is no blame yet ("不是特别热情", "不算大").
_VERY: Final = re.compile(r"(?:~~|特别|非常|十分|想象中?)的?$|不是?算[很太]?$|算不上[很太]?$|(?:什么|啥|任何|那种)$")
#: ... said by the opinion itself ("不是特别新鲜", "没有好吃到爆").
_HIGH: Final = re.compile(r"很|特别|非常|太|超|十分|贼|巨|惊艳|好吃到|一级|绝佳|完美|极佳")
#: Nobody need fear it: it is well ("不用担心没有停车位").
_FEAR: Final = re.compile(r"(?:不用|不必|无需|不需要|别|不|没有?)(?:再|太|会)?(?:怕|愁|担心|发愁|害怕|顾虑)[^,]{0,4}$")
#: What may stand before an opinion of one character; else it is the end of a longer word ("私密", "突破").
_LED: Final = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|[很太好挺蛮真更最超极特还也都就又的得地是有没不略偏较够老巨贼忒倍虽非]|有点儿?|有些|一点|比较|非常|特别|十分|相当|超级|极其|极度|异常|格外|尤其|简直|一个|预期|真的|确实|稍微?"
    r"|相对|普遍|一般|不算|算|感觉|觉得|显得|变|会|怎么|实在|真心|依然|依旧|那么|这么|如此|了|着|过|样)$"
)
#: What follows them in the clause is wished for, supposed, or compared with.
_LESS: Final = re.compile(
    r"(?:怕|担心|如果|要是|假如|不然|要不|否则|万一|希望|建议|应该|要不是|本以为|以为|听说|据说|原以为|想象|期待|相比|比起|应当|能再|再)[^,]*$"
)
#: Between two things that share an opinion: "环境和服务都很好", "环境、服务都好".
_JOINS: Final = re.compile(r"(?:都|和|与|及|以及|跟|也|还有|加上|,|、| |方面|的)*")
#: What may follow an opinion of one character; else it is part of a longer word ("好热情", "大厅").
_WHOLE: Final = re.compile(
    r"$|[^\u4e00-\u9fff]|[的了啊呀哦呢吧哈嘛也又且得到极多些点哒滴噢]|过|一点|而|不|很|都|就|和|及"
)
#: In opinions.toml: neither praise nor blame; a word that only looks like an opinion.
_PLAIN, _SHADOW = 0, 9
#: Of an attribute that is told of several things, each by its own table: "good_value/price".
_PART: Final = "/"


class Opinion(NamedTuple):
    """sign +1 or -1 of an attribute, said at [start, end) of the folded text; 0: faint ("一般"), neither."""

    attribute: str
    sign: int
    start: int
    end: int


class _Words:
    """Words with a number each, found in one pass: the longest at each place, from left to right."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self._automaton = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest)
        self._numbers, self.words = list(words.values()), dict(words)

    @property
    def meant(self) -> frozenset[str]:
        """The words that are no shadows."""
        return frozenset(word for word, number in self.words.items() if number != _SHADOW)

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """(start, end, number)."""
        return [(start, end, self._numbers[i]) for i, start, end in self._automaton.find_matches_as_indexes(text)]


@dataclass(frozen=True)
class _Aspect:
    """One table of opinions.toml. `about`: 1 where general opinions count too; the others: +1, -1 or 0."""

    about: _Words
    own: _Words
    general: _Words  # the own ones and those that fit everything
    alone: _Words
    faint: _Words  # drawbacks that damp praise and are no blame ("偏咸")

    @staticmethod
    def of(row: Mapping[str, Sequence[str]], every: Mapping[str, Sequence[str]]) -> "_Aspect":
        shadows = dict.fromkeys(every["not"], _SHADOW) | dict.fromkeys(every["plain"], _PLAIN)
        common = dict.fromkeys(every["good"], 1) | dict.fromkeys(every["bad"], -1)
        own = dict.fromkeys(row["good"], 1) | dict.fromkeys(row["bad"], -1) | dict.fromkeys(row.get("plain", ()), 0)
        unlike = dict.fromkeys(every["unlike"], _SHADOW)
        return _Aspect(
            _Words(unlike | dict.fromkeys(row["about"], 0) | dict.fromkeys(row.get("judged", ()), 1)),
            _Words(shadows | own),
            _Words(shadows | common | own),
            _Words(unlike | dict.fromkeys(row["says"], 1) | dict.fromkeys(row["denies"], -1)),
            _Words(dict.fromkeys(row.get("faint", ()), 0)),
        )


class _Gate:
    """Which attributes can a clause be about? One pass over the words of all: most clauses are about none."""

    def __init__(self, aspects: Sequence[tuple[str, _Aspect]]) -> None:
        whose: dict[str, set[int]] = {}
        for number, (_, aspect) in enumerate(aspects):
            for word in aspect.about.meant | aspect.alone.meant | aspect.faint.meant:
                whose.setdefault(word, set()).add(number)
        self._aspects, self._whose = aspects, list(whose.values())
        self._automaton = AhoCorasick(list(whose), matchkind=MatchKind.Standard)

    def open(self, clause: str) -> list[tuple[str, _Aspect]]:
        """Those with a word in the clause, in the order of the file; the others have nothing to say of it."""
        found = self._automaton.find_matches_as_indexes(clause, overlapping=True)
        return [self._aspects[number] for number in sorted({n for i, _, _ in found for n in self._whose[i]})]


@lru_cache(maxsize=1)
def _table() -> tuple[Sequence[tuple[str, _Aspect]], _Words, _Gate]:
    """(attribute, its words), all things that can be spoken of, and who is asked about a clause."""
    data: dict[str, Any] = tomllib.loads((files(__package__) / "opinions.toml").read_text(encoding="utf-8"))
    every = data.pop("any")
    things = _Words({word: 0 for row in data.values() for word in row["about"]})
    aspects = [(name.partition(_PART)[0], _Aspect.of(row, every)) for name, row in data.items()]
    return aspects, things, _Gate(aspects)


def attributes() -> tuple[str, ...]:
    """Which attributes of the lexicon have opinions."""
    return tuple(dict.fromkeys(name for name, _ in _table()[0]))


def opinions(folded: str) -> list[Opinion]:
    """What a folded sentence says for or against things, clause by clause; by clause, then attribute."""
    return [opinion for opinion in judgements(folded) if opinion.sign]


def judgements(folded: str) -> list[Opinion]:
    """opinions(), and the faint ones among them: what damps the praise of a whole review."""
    found, begin, gate = [], 0, _table()[2]
    for stop, onward in [*(m.span() for m in _CLAUSE.finditer(folded)), (len(folded), 0)]:
        clause = folded[begin:stop]
        asked = clause.endswith("吗") or folded[stop : stop + 1] == "?" or asks(clause)
        for name, aspect in gate.open(clause) if clause and not asked else ():
            found += [
                Opinion(name.partition(_PART)[0], sign, begin + at, begin + to)
                for sign, at, to in _read(clause, aspect)
            ]
        begin = onward
    return found


def _read(clause: str, aspect: _Aspect) -> Iterator[tuple[int, int, int]]:
    """(sign, start, end): what tells it all by itself; else each thing with the first opinion that is about it."""
    yield from ((0, at, to) for at, to, _ in aspect.faint.find(clause) if not _NOT.search(clause[:at]))
    told = [(at, to, sign) for at, to, sign in aspect.alone.find(clause) if sign != _SHADOW]
    signed = [(_signed(clause, at, to, sign), at, to, sign) for at, to, sign in told]
    alone = [(said, at, to) for said, at, to, sign in signed if said or (sign > 0 and _NOT.search(clause[:at]))]
    if alone:
        yield from alone
        return
    for start, end, judged in aspect.about.find(clause):
        if judged == _SHADOW:
            continue
        for at, to, sign in (aspect.general if judged else aspect.own).find(clause):
            if sign == _SHADOW or not _belongs(clause, (start, end), (at, to)):
                continue
            yield _signed(clause, at, to, sign), min(start, at), max(end, to)
            break


def _belongs(clause: str, thing: tuple[int, int], opinion: tuple[int, int]) -> bool:
    """ "服务很好", "热情的服务员"; not "店里的服务很好" of the place."""
    (start, end), (at, to) = thing, opinion
    if to - at == 1 and not (_WHOLE.match(clause, to) and (at == end or _LED.search(clause[:at]))):
        return False
    if to <= start:
        return start - to <= 2 and "的" in clause[to:start]
    return end <= at <= end + REACH and _bridged(clause[end:at])


def _bridged(between: str) -> bool:
    """Is a thing still the subject, across what stands between it and an opinion?"""
    last = 0
    for start, end, _ in _table()[1].find(between):
        if not _JOINS.fullmatch(between[last:start]):
            return False
        last = end
    return True


def _signed(clause: str, at: int, to: int, sign: int) -> int:
    """The sign of an opinion at [at, to), turned by a denial before it; 0: nothing is stated ("不差", "希望快点")."""
    if _FEAR.search(clause[:at]):
        return max(0, -sign)
    if _LESS.search(clause[:at]):
        return 0
    denied = _NOT.search(cues.FALSE.sub(lambda m: "~" * len(m.group()), clause[:at]))
    if not denied:
        return sign
    mild = _VERY.search(denied.group()) or _HIGH.match(clause, at, to)
    return 0 if mild else min(0, -sign)
