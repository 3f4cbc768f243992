"""What do notes say about attributes? Sentences -> mentions with sign and confidence, nothing guessed."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import pyarrow as pa

from engine.understand.fold import fold
from engine.understand.lexicon import Lexicon, load, longest
from engine.understand.negation import scope
from engine.understand.scan import Mention, plain
from engine.vocabulary import MINED
from indexing.doubt import changed, elsewhere, lost, reported
from indexing.lasting import shorter
from indexing.opinions import Opinion, judgements
from indexing.sentences import folded
from indexing.tellings import lookalikes, proves, tellings, touched
from indexing.then_now import Change, change, returned

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
#: ... and what is left of it where a denial turned what is told around: what is told outright decides over it.
TURNED: Final = 0.9
IMPLIED, OPPOSITE, CONTRAPOSITIVE = 0.9, 0.6, 0.8
#: Shorter names are common words ("草坪").
SHORTEST_NAME: Final = 3
#: Stands for a name in a text; no cue holds it.
_BLANK: Final = "~"

#: Sentences whose facts are kept.
REMEMBERED: Final = 65_536

_ANYWHERE: Final = frozenset({"parking", "free_parking", "paid_parking", "metro_nearby"})


Fact = tuple[str, int, float, bool, bool]  # attribute, sign, confidence, ended, stated


def read(text: str, lexicon: Lexicon | None = None, names: Sequence[str] = ()) -> list[Fact]:
    """One sentence -> its facts, the surest per attribute. Questions and wishes state nothing and give none.

    `names`: folded names of what the note is about; a word inside a name is no statement ("云上草坪咖啡").
    """
    lexicon = lexicon or load()
    return _facts_of(_without(folded(text), names), lexicon)


@lru_cache(maxsize=REMEMBERED)
def _facts_of(folded: str, lexicon: Lexicon) -> list[Fact]:
    """What a folded sentence states; people write the same short ones again and again, and copies are read once."""
    two = change(folded)
    best = _of_two_times(folded, two, lexicon) if two else _of_one_time(folded, lexicon)
    best = _come_back(folded, best, lexicon)
    best |= {name: (name, -1, LOOSE * TURNED, True, True) for name in shorter(folded)}
    most = HEARSAY if best and reported(folded) else 1.0
    return [(name, sign, min(sure, most), ended, said) for name, sign, sure, ended, said in best.values()]


def _of_one_time(folded: str, lexicon: Lexicon) -> dict[str, Fact]:
    best = _surest(_told(folded, lexicon), {})
    judged = judgements(folded)
    for facts in (_judged(folded, judged, lexicon), _named(folded, judged, lexicon)):
        best = _surest(_agreeing(facts, best), best)
    return best


def _of_two_times(folded: str, two: Change, lexicon: Lexicon) -> dict[str, Fact]:
    """What holds today; and what was so once and is set against it, has ended."""
    today = _of_one_time(two.now, lexicon).values()
    best = _surest(((name, sign, sure, _over(name, sign, lexicon), said) for name, sign, sure, _, said in today), {})
    if not two.decided:
        return _surest((f for name, f in _of_one_time(folded, lexicon).items() if name not in best), best)
    for name, sign, sure, ended, said in _of_one_time(two.then, lexicon).values():
        if said and (ended or _today(sign, two)):
            after = sign if ended else _today(sign, two)
            over = _over(name, after, lexicon)
            best = _surest(_agreeing(_with_consequences(name, after, sure * TURNED, over, lexicon), best), best)
    across = ((name, sign, sure, sign < 0, said) for name, sign, sure, _, said in _told(folded, lexicon) if sign < 0)
    return _surest(_agreeing(across, best), best)


def _today(sign: int, two: Change) -> int:
    """The sign that something of then has now; 0: the sentence does not tell."""
    if two.opposed or (sign < 0 and two.restored):
        return -sign
    return sign if sign > 0 and two.bettered else 0


def _come_back(folded: str, best: dict[str, Fact], lexicon: Lexicon) -> dict[str, Fact]:
    """With what was over made good again, where a clause tells that it (or, unnamed, all of it) is back."""
    told = returned(folded)
    if told is None:
        return best
    clause, unnamed = told
    named = {mention.id for mention in longest(lexicon.scan_notes(clause)) if mention.slot in MINED}
    again = [f for f in best.values() if f[1] < 0 and f[3] and f[4] and (f[0] in named or (unnamed and not named))]
    if not again:
        return best
    best = {name: fact for name, fact in best.items() if fact not in again and (fact[4] or not fact[3])}
    return _surest((f for a in again for f in _with_consequences(a[0], 1, max(a[2], LOOSE), False, lexicon)), best)


def _over(name: str, sign: int, lexicon: Lexicon) -> bool:
    """Is it an end, of what is so today and was not: free of an ingredient no longer, or without what was there?"""
    return sign < 0 or lexicon.entries[name].slot == "ingredient"


def _agreeing(facts: Iterable[Fact], best: Mapping[str, Fact]) -> Iterator[Fact]:
    """The facts that do not gainsay what is stated already: whoever reads closer decides on the sign."""
    settled = {name: sign for name, sign, _, _, said in best.values() if said}
    return (fact for fact in facts if settled.get(fact[0], fact[1]) == fact[1])


def _surest(facts: Iterable[Fact], best: dict[str, Fact]) -> dict[str, Fact]:
    """`best` with what is surer among the facts, by attribute: the stated before what follows from others, and of two
    as sure the denial ("敏感肌用了刺痛")."""
    for fact in facts:
        known = best.get(fact[0])
        if known is None or _weight(fact) > _weight(known):
            best[fact[0]] = fact
    return best


def _weight(fact: Fact) -> tuple[bool, float, int]:
    _, sign, confidence, _, said = fact
    return said and confidence > NEIGHBOUR, confidence, -sign


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


@lru_cache(maxsize=REMEMBERED)
def _flat(name: str) -> str:
    return plain(name)


def _without(folded: str, names: Sequence[str]) -> str:
    """The text with the names blanked, however they are hyphenated."""
    flat = plain(folded) if names else ""
    for name in map(_flat, names):
        at = flat.find(name)
        while at >= 0:
            folded = folded[:at] + _BLANK * len(name) + folded[at + len(name) :]
            at = flat.find(name, at + len(name))
        flat = plain(folded) if _BLANK in folded else flat
    return folded


def _told(folded: str, lexicon: Lexicon) -> Iterator[Fact]:
    """Facts by what happened to whom: "孩子玩疯了"."""
    for told in tellings(folded):
        confidence = (HEARSAY if told.hedged else 1.0) * (NEIGHBOUR if elsewhere(folded, told.start) else 1.0)
        plainly = LOOSE * (TURNED if told.turned else 1.0)
        yield from _with_consequences(told.attribute, told.sign, confidence * plainly, told.ended, lexicon)


def _named(folded: str, judged: Sequence[Opinion], lexicon: Lexicon) -> Iterator[Fact]:
    """Facts by the words that name them: "有草坪"; faint words ("空间不大") state nothing."""
    unlike = [*lookalikes(folded), *((o.start, o.end, o.attribute) for o in judged if not o.sign)]
    for mention in longest(lexicon.scan_notes(folded)):
        if mention.slot in MINED and proves(mention.id, mention.surface) and not touched(mention, mention.id, unlike):
            yield from _facts(folded, mention, lexicon)


def _judged(folded: str, judged: Sequence[Opinion], lexicon: Lexicon) -> Iterator[Fact]:
    """Facts by a thing and an opinion of it: "上菜挺快"."""
    unlike = lookalikes(folded)
    for opinion in judged:
        if not opinion.sign or touched(opinion, opinion.attribute, unlike):
            continue
        near = NEIGHBOUR if elsewhere(folded, opinion.start) else 1.0
        ended = opinion.sign < 0 and changed(folded)
        yield from _with_consequences(opinion.attribute, opinion.sign, near, ended, lexicon)


def _facts(folded: str, mention: Mention, lexicon: Lexicon) -> Iterator[Fact]:
    split = (
        folded[mention.start - 1 : mention.start + 1] == "没有"
    )  # "有没|有停车": the word begins within the question
    polarity = scope(folded, mention.start + split, mention.end)
    if polarity.question or polarity.wish:
        return
    over = polarity.sign > 0 and mention.sign > 0 and lost(folded, mention.start, mention.end)
    sign = -1 if over else mention.sign * polarity.sign
    confidence = HEARSAY if polarity.hedge else 1.0
    if lexicon.loose(mention):
        confidence *= LOOSE
    if mention.id not in _ANYWHERE and elsewhere(folded, mention.start):
        confidence *= NEIGHBOUR
    ended = _over(mention.id, sign, lexicon) and (over or polarity.ended or changed(folded))
    yield from _with_consequences(mention.id, sign, confidence, ended, lexicon)


def _with_consequences(attribute: str, sign: int, confidence: float, ended: bool, lexicon: Lexicon) -> Iterator[Fact]:
    yield attribute, sign, confidence, ended, True
    for name, factor, times in _consequences(lexicon)[attribute, sign]:
        yield name, times, confidence * factor, ended and times < 0, False


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
