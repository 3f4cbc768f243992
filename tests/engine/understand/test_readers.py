"""Does a reader that is passed over really have nothing to say?"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language import language
from engine.understand import pieces
from engine.understand.fold import fold
from engine.understand.lexicon import load
from engine.understand.names import NameTable
from engine.understand.parse import READERS, STEPS, opened_by
from engine.understand.patterns import GATES, RESERVED, gates
from engine.understand.pieces import Reading

_GOLDEN: Final = Path(__file__).parents[2] / "golden" / "understanding.jsonl"
NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)
QUERIES: Final[list[str]] = [json.loads(line)["query"] for line in _GOLDEN.read_text("utf-8").splitlines()]
NAMES: Final = NameTable(
    [("北京烤鸭", "dish", "北京烤鸭", 0.5), ("烤鸭店", "name", "烤鸭店", 0.5), ("健身房", "amenity", "健身房", 0.5),
     ("小镇", "place.admin", "小镇", 0.5), ("acme", "brand", "Acme", 0.1)]
)  # fmt: skip


def _passed_over(text: str) -> list[str]:
    """The readers that would have said something in a text that holds nothing for them."""
    reading = Reading.of(fold(text).text, language(text), load(), NAMES, NOW)
    return [reader.read.__name__ for reader in READERS if not reading.signs & reader.gate and reader.read(reading)]


def test_golden_queries_are_read_by_all_that_have_something_to_say() -> None:
    assert {text: over for text in QUERIES[::3] if (over := _passed_over(text))} == {}


@given(st.lists(st.sampled_from(QUERIES).map(lambda q: q[: len(q) // 2]) | st.text(max_size=8), max_size=4))
def test_any_text_is_read_by_all_that_have_something_to_say(parts: list[str]) -> None:
    assert _passed_over("".join(parts)) == []


def test_most_readers_pass_over_a_short_query() -> None:
    reading = Reading.of("咖啡店", "zh", load(), NAMES, NOW)
    assert sum(bool(reading.signs & reader.gate) for reader in READERS) <= 2


def test_gates_open_where_one_of_their_signs_is_held() -> None:
    for text in QUERIES[::7]:
        reading = Reading.of(fold(text).text, language(text), load(), NAMES, NOW)
        readers, steps = opened_by(reading)
        assert readers == [reader.read for reader in READERS if reading.signs & reader.gate]
        assert steps == [step.settle for step in STEPS if reading.signs & step.gate]


def test_gates_signs_and_patterns_share_no_bit() -> None:
    assert gates() <= GATES
    assert min(pieces._SIGN.values()) >= 1 << GATES and max(pieces._SIGN.values()) < 1 << RESERVED
    with pytest.raises(KeyError):
        pieces.signs("no such thing")
