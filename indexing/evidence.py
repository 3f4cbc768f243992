"""What do notes say about attributes? Sentences -> mentions with sign and confidence, nothing guessed."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Final

import pyarrow as pa

from engine.understand.fold import fold
from engine.understand.lexicon import Lexicon, load, longest
from engine.understand.negation import scope
from engine.understand.scan import Mention
from engine.vocabulary import MINED
from indexing.opinions import opinions

#: MENTIONS: one row per (sentence, attribute). sign: +1 has it, -1 has it not; ended: it had it once.
#: stated: said in so many words (false: follows from another attribute).
MENTIONS: Final = pa.schema(
    [
        ("sentence", pa.int64()),  # row of the SENTENCES table
        ("note", pa.int64()),
        ("number", pa.int32()),
        ("attribute", pa.string()),
        ("sign", pa.int8()),
        ("confidence", pa.float32()),
        ("ended", pa.bool_()),
        ("stated", pa.bool_()),
    ]
)

#: Confidence of hearsay ("听说有草坪"), of a statement about a neighbour, and of what follows from a statement.
HEARSAY, NEIGHBOUR = 0.15, 0.3
#: Confidence of what a note tells without naming it ("猫比人多"): plain statements prove better, and are shown first.
LOOSE: Final = 0.8
IMPLIED, OPPOSITE, CONTRAPOSITIVE = 0.9, 0.6, 0.8
#: Shorter names are common words ("草坪").
SHORTEST_NAME: Final = 3
#: Stands for a name in a text; no cue holds it.
_BLANK: Final = "~"

#: Sentences whose facts are kept.
REMEMBERED: Final = 65_536

_ELSEWHERE: Final = re.compile(
    r"(?:隔壁|对面|旁边那家|另一家|别家|别的店|上一家)[^,]{0,8}$"
    r"|\b(?:next door|across the (?:street|road)|the other (?:cafe|place|one))\b"
)
_CLAUSE: Final = re.compile(r"[,。!?;:]")
_ANYWHERE: Final = frozenset({"parking", "free_parking", "paid_parking", "metro_nearby"})


Fact = tuple[str, int, float, bool, bool]  # attribute, sign, confidence, ended, stated


def read(text: str, lexicon: Lexicon | None = None, names: Sequence[str] = ()) -> list[Fact]:
    """One sentence -> its facts, the surest per attribute. Questions and wishes state nothing and give none.

    `names`: folded names of what the note is about; a word inside a name is no statement ("云上草坪咖啡").
    """
    lexicon = lexicon or load()
    folded = fold(text).text
    for name in names:
        folded = folded.replace(name, _BLANK * len(name))
    return _facts_of(folded, lexicon)


@lru_cache(maxsize=REMEMBERED)
def _facts_of(folded: str, lexicon: Lexicon) -> list[Fact]:
    """What a folded sentence states; people write the same short ones again and again, and copies are read once."""
    best: dict[str, Fact] = {}
    for fact in chain(_named(folded, lexicon), _judged(folded, lexicon)):
        known = best.get(fact[0])
        if known is None or (fact[2], -fact[1]) > (known[2], -known[1]):  # "敏感肌用了刺痛": the no decides
            best[fact[0]] = fact
    return list(best.values())


def mine(
    sentences: pa.Table, lexicon: Lexicon | None = None, names: Mapping[int, Sequence[str]] = MappingProxyType({})
) -> pa.Table:
    """SENTENCES -> MENTIONS, in the order of the sentences. `names`: note -> what `spelled` gives of its items."""
    lexicon = lexicon or load()
    columns: list[list[object]] = [[] for _ in MENTIONS]
    notes, numbers = sentences.column("note").to_pylist(), sentences.column("number").to_pylist()
    for row, text in enumerate(sentences.column("text").to_pylist()):
        for fact in read(text, lexicon, names.get(notes[row], ())):
            for column, value in zip(columns, (row, notes[row], numbers[row], *fact), strict=True):
                column.append(value)
    return pa.table(columns, schema=MENTIONS)


def spelled(names: Iterable[str]) -> list[str]:
    """Names as `read` takes them: folded, the longest first, without those too short to be told from words."""
    forms = {fold(name).text.strip() for name in names}
    return sorted((form for form in forms if len(form) >= SHORTEST_NAME), key=lambda form: (-len(form), form))


def stated(sentences: Sequence[str]) -> list[list[tuple[str, int]]]:
    """For each sentence, the (attribute, sign) pairs said in so many words: what the truth file of the sample holds."""
    return [[(name, sign) for name, sign, _, _, said in read(text) if said] for text in sentences]


def _named(folded: str, lexicon: Lexicon) -> Iterator[Fact]:
    """Facts by the words that name them: "有草坪"."""
    for mention in longest(lexicon.scan_notes(folded)):
        if mention.slot in MINED:
            yield from _facts(folded, mention, lexicon)


def _judged(folded: str, lexicon: Lexicon) -> Iterator[Fact]:
    """Facts by a thing and an opinion of it: "上菜挺快"."""
    for opinion in opinions(folded):
        elsewhere = NEIGHBOUR if _elsewhere(folded, opinion.start) else 1.0
        yield from _with_consequences(opinion.attribute, opinion.sign, elsewhere, False, lexicon)


def _facts(folded: str, mention: Mention, lexicon: Lexicon) -> Iterator[Fact]:
    polarity = scope(folded, mention.start, mention.end)
    if polarity.question or polarity.wish:
        return
    sign = mention.sign * polarity.sign
    confidence = HEARSAY if polarity.hedge else 1.0
    if lexicon.loose(mention):
        confidence *= LOOSE
    if mention.id not in _ANYWHERE and _elsewhere(folded, mention.start):
        confidence *= NEIGHBOUR
    yield from _with_consequences(mention.id, sign, confidence, polarity.ended and sign < 0, lexicon)


def _with_consequences(attribute: str, sign: int, confidence: float, ended: bool, lexicon: Lexicon) -> Iterator[Fact]:
    yield attribute, sign, confidence, ended, True
    for name, factor, times in _consequences(lexicon)[attribute, sign]:
        yield name, times, confidence * factor, ended and times < 0, False


def _elsewhere(folded: str, start: int) -> bool:
    clause = _CLAUSE.split(folded[max(0, start - 40) : start])[-1]
    return bool(_ELSEWHERE.search(clause))


@lru_cache(maxsize=8)
def _consequences(lexicon: Lexicon) -> dict[tuple[str, int], list[tuple[str, float, int]]]:
    """(attribute, sign) -> what follows: (attribute, factor, sign).

    Free parking is parking; no parking is no free parking; a place that is lively is not quiet.
    """
    mined = {name: entry for name, entry in lexicon.attributes.items() if entry.mined}
    table: dict[tuple[str, int], list[tuple[str, float, int]]] = {(n, s): [] for n in mined for s in (1, -1)}
    for name, entry in mined.items():
        for other in _others(lexicon.implied(name), name, mined):
            table[name, 1].append((other, IMPLIED, 1))
            table[other, -1].append((name, CONTRAPOSITIVE, -1))
        if entry.opposite in mined:
            table[name, 1].append((entry.opposite, OPPOSITE, -1))
    return table


def _others(names: Iterable[str], name: str, known: Container[str]) -> list[str]:
    return sorted(n for n in names if n != name and n in known)
