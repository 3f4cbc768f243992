"""Is mining measured rightly, and does it stay as good on the sample as it was?"""

from pathlib import Path

import pytest

from benchmarks.quality import sample
from benchmarks.quality.mining import Case, is_hidden, measure, parts, report
from benchmarks.quality.scores import Score
from benchmarks.quality.statements import Statement


@pytest.fixture(scope="module")
def mined(tmp_path_factory: pytest.TempPathFactory) -> tuple[Score[Statement], list[Case]]:
    folder: Path = tmp_path_factory.mktemp("mining")
    return measure(sample.load(None, folder).tables)


def test_the_notes_of_the_sample_are_read_as_readers_do(mined: tuple[Score[Statement], list[Case]]) -> None:
    score, _ = mined
    assert score.precision >= 0.95 and score.recall >= 0.86


def test_no_lawn_is_never_read_as_a_lawn(mined: tuple[Score[Statement], list[Case]]) -> None:
    assert all(case.passed for case in mined[1] if case.kind == "no lawn")


def test_each_statement_is_counted_once(mined: tuple[Score[Statement], list[Case]]) -> None:
    score = mined[0]
    assert not score.hits & score.invented and not score.hits & score.missed and not score.invented & score.missed
    halves = parts(score)
    assert halves["open"].all | halves["hidden"].all == score.all
    assert halves["new"].all <= halves["hidden"].all


def test_sentences_of_the_hidden_half_are_not_reported(mined: tuple[Score[Statement], list[Case]]) -> None:
    assert not any(is_hidden(row["note"]) for row in report(*mined)["failed"])
