"""Can any text break the parser? Whatever people paste: no exception, spans inside, bounded output, linear work.

The default suite tries some hundreds of texts, `make reliability` 20,000, `make nightly` as many new ones.
"""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.types import Intent, Query
from engine.understand import wire
from engine.understand.entries import SHADOW
from engine.understand.ground import ground
from engine.understand.lexicon import load
from engine.understand.names import NO_NAMES, NameTable
from engine.understand.parse import MAX_CHARACTERS, understand

pytestmark = pytest.mark.promise(15)

NOW: Final = datetime.fromisoformat("2026-11-22T10:00:00+08:00")
_GOLDEN: Final = Path(__file__).parents[2] / "golden" / "understanding.jsonl"
QUERIES: Final[list[str]] = [json.loads(line)["query"] for line in _GOLDEN.read_text("utf-8").splitlines()]
#: Names that cross and hold one another, and words of the lexicon.
NAMES: Final = NameTable(
    [("北京", "place.admin", "北京", 1.0), ("北京烤鸭", "dish", "北京烤鸭", 0.5), ("烤鸭店", "name", "烤鸭店", 0.5),
     ("cafe", "name", "Cafe", 0.1), ("a", "brand", "A", 0.1)]
)  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Anything, and pieces of real queries and of the lexicon with anything between them."""
    words = [w for e in load().entries.values() for w in (*e.zh[:2], *e.en[:2])]
    piece = (
        st.text(max_size=12)
        | st.sampled_from(QUERIES).flatmap(lambda q: st.integers(1, len(q)).map(lambda end: q[:end]))
        | st.sampled_from(words)
        | st.text(
            alphabet="不没无除了最好一定和或、，。 的在附近以内元块点半年月日3.5-~/k°²①½\u200d\ufe0f😀é", max_size=9
        )
    )
    return "".join(draw(st.lists(piece, max_size=12)))


def _check(text: str) -> None:
    intent = understand(Query("default", text), NAMES, NOW)
    _spans(intent, text)
    assert len(intent.text) <= 2 * MAX_CHARACTERS
    assert len(intent.constraints) <= wire.MOST
    sent = json.loads(json.dumps(wire.to_json(intent)))
    assert wire.from_json(sent).constraints == wire.from_json(json.loads(json.dumps(sent))).constraints


def _spans(intent: Intent, text: str) -> None:
    spans = [c.span for c in intent.constraints if c.span] + [span for _, _, span in intent.segments]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(text[slice(*span)] == said for said, _, span in intent.segments)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts())
def test_any_text_is_read(text: str) -> None:
    _check(text)


@pytest.mark.nightly
@settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts())
def test_twenty_thousand_texts_are_read(text: str) -> None:
    _check(text)


def _by_chance(dice: Random, words: list[str]) -> str:
    """Up to a dozen pieces: of real queries, of the lexicon, of any characters."""
    pieces = []
    for _ in range(dice.randrange(13)):
        query, size = dice.choice(QUERIES), dice.randrange(1, 13)
        some = "".join(chr(dice.choice((dice.randrange(0x250), dice.randrange(0x110000)))) for _ in range(size))
        pieces.append(dice.choice((query[:size], query[-size:], dice.choice(words), some)))
    return "".join(pieces)


@pytest.mark.reliability
def test_twenty_thousand_texts_by_chance_are_read(record_property: Callable[[str, object], None]) -> None:
    dice, words = Random(15), [w for e in load().entries.values() for w in (*e.zh[:2], *e.en[:2])]
    for _ in range(20_000):
        _check(_by_chance(dice, words))
    record_property("figure", "20000 texts: 0 exceptions, every span inside its text")


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "\ud800", "不" * 600, "最好" * 300, "a" * 512, "1" * 512, "3.5" * 170, "（" * 512, "附近" * 256,
     "不要" * 256, "咖啡店或" * 128, "near " * 102, "ａｂｃ１２３" * 85, "周" * 512, "100元" * 128,
     "à́̂" * 170, "👨‍👩‍👧‍👦" * 64,
     "比" * 512, "的" * 512, "kafeiguan" * 56, "吃" * 512, "北京烤鸭店" * 102,
     "hairdresser that's open at 8", "今晚", "杭州火锅或烤肉", "近2026年", "近100年", "past 999999999 days"],
)  # fmt: skip
def test_odd_texts_are_read(text: str) -> None:
    _check(text)


@st.composite
def choices(draw: st.DrawFn) -> tuple[str, str]:
    """ "A或B": two or three entries of the lexicon, mostly of one slot, in a sentence; and one of its words."""
    entries = [e for e in load().entries.values() if e.slot != SHADOW]
    first = draw(st.sampled_from(entries))
    alike = [e for e in entries if e.slot == first.slot]
    chinese = draw(st.booleans())
    words = []
    for entry in [first, *draw(st.lists(st.sampled_from(alike) | st.sampled_from(entries), min_size=1, max_size=2))]:
        words.append(draw(st.sampled_from((entry.zh if chinese else entry.en) or entry.en or entry.zh)))
    joined = draw(st.sampled_from(["或", "或者", "还是", "、"] if chinese else [" or ", ", or ", "/", " or any "]))
    before, after = (_AROUND_ZH, _AROUND_EN)[not chinese]
    return draw(st.sampled_from(before)) + joined.join(words) + draw(st.sampled_from(after)), words[0]


_AROUND_ZH: Final = (["", "杭州", "不要", "最好有", "想吃", "除了", "推荐"], ["", "的店", "，带娃", "怎么做", "哪个好"])
_AROUND_EN: Final = (["", "best ", "no ", "nearest "], ["", " for kids", " in beijing", " under 100 yuan", " hotel"])


@settings(max_examples=200)
@given(choices())
def test_any_two_entries_may_be_a_choice(asked: tuple[str, str]) -> None:
    text, word = asked
    _check(text)
    query = Query("default", text)
    intent = ground(understand(query, NAMES, NOW), query, NOW, lambda name: [], lambda city: True)
    assert all(c.label for c in intent.constraints)
    assert explained(intent)
    for correction in (f"不要{word}", f"{word} instead", "再便宜一点"):
        understand(Query("default", correction, previous=intent), NAMES, NOW)


def explained(intent: Intent) -> bool:
    return all(c["because"] for c in wire.to_json(intent, explain=True)["constraints"])


def _work(text: str) -> int:
    """Calls of functions, ours and others', while a text is read."""
    understand(Query("default", text), NO_NAMES, NOW)  # what is compiled or remembered once is no work of a reading
    calls = 0

    def count(_: Any, event: str, __: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        understand(Query("default", text), NO_NAMES, NOW)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("kind", ["queries", "不要咖啡店，", "100元以内 ", "near the park ", "最好有草坪的"])
def test_four_times_the_text_is_about_four_times_the_work(kind: str) -> None:
    source = "，".join(QUERIES) if kind == "queries" else kind
    short, long = ("".join(islice(cycle(source), length)) for length in (MAX_CHARACTERS // 4, MAX_CHARACTERS))
    assert _work(long) <= 6 * _work(short)


def test_what_lies_beyond_the_longest_query_is_no_work() -> None:
    longest = "".join(islice(cycle("，".join(QUERIES)), MAX_CHARACTERS))
    assert _work(longest + longest * 20) <= 1.1 * _work(longest)
