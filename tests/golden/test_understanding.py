"""Are the golden sets (understanding.jsonl, fresh.jsonl) understood no worse than when these floors were set?

Floors stand a little below what was reached; whoever improves the rules raises them.
`python -m benchmarks.quality.understanding [FILE] --failures` says what is still misread.
"""

from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.quality.golden import Marks, judge, load, marks
from benchmarks.quality.understanding import GOLDEN

FLOORS = {
    GOLDEN: {"intent": 0.96, "f1": 0.93, "hardness": 0.95, "polarity": 0.99},
    GOLDEN.with_name("fresh.jsonl"): {"intent": 0.97, "f1": 0.95, "hardness": 0.94, "polarity": 0.99},
}


@pytest.fixture(scope="module")
def reached() -> dict[Path, Marks]:
    return {file: marks([judge(row) for row in load(file)]) for file in FLOORS}


@pytest.mark.parametrize(
    ("file", "figure"),
    [(file, figure) for file, floors in FLOORS.items() for figure in floors],
    ids=lambda part: getattr(part, "stem", part),
)
def test_a_golden_set_is_understood_no_worse_than_before(reached: dict[Path, Marks], file: Path, figure: str) -> None:
    assert asdict(reached[file])[figure] >= FLOORS[file][figure]
