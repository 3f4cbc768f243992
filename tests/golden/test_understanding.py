"""Is the golden set (tests/golden/understanding.jsonl) understood no worse than when these floors were set?

Floors stand a little below what was reached; whoever improves the rules raises them.
`python -m benchmarks.quality.understanding --failures` says what is still misread.
"""

from dataclasses import asdict

import pytest

from benchmarks.quality.golden import Judged, judge, load, marks
from benchmarks.quality.understanding import GOLDEN

FLOORS = {"intent": 0.86, "f1": 0.81, "hardness": 0.96, "polarity": 0.99}


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    return [judge(row) for row in load(GOLDEN)]


@pytest.mark.parametrize("figure", sorted(FLOORS))
def test_the_golden_set_is_understood_no_worse_than_before(judged: list[Judged], figure: str) -> None:
    assert asdict(marks(judged))[figure] >= FLOORS[figure]
