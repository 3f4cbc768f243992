"""Does the README say what figures.json says, and is a difference seen?"""

from pathlib import Path

import pytest

from benchmarks import figures, report
from benchmarks.figures import load, record
from benchmarks.report import filled, latency
from engine.errors import BadInput

ROWS = [{"system": "ours", "nDCG@10": 0.71}, {"system": "BM25 | plain", "nDCG@10": None}]
EMPTY = "# Title\n\n<!-- figures: quality -->\n<!-- end -->\n\nAfter.\n"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(figures, "PATH", tmp_path / "figures.json")
    monkeypatch.setattr(report, "README", tmp_path / "README.md")
    monkeypatch.setattr(report, "DOCS", ())
    record("quality", "lifestyle evaluate sample", ROWS, "Higher is better.", figures.PATH)
    return tmp_path


def test_the_block_is_written_and_then_stands(places: Path) -> None:
    report.README.write_text(EMPTY, "utf-8")
    assert report.main(["--check"]) == 1
    assert report.README.read_text("utf-8") == EMPTY  # a check changes nothing
    assert report.main([]) == 0
    text = report.README.read_text("utf-8")
    assert "| ours | 0.71 |\n| BM25 \\| plain |  |\n\nHigher is better. `lifestyle evaluate sample`, " in text
    assert text.startswith("# Title\n\n<!-- figures: quality -->\n| system | nDCG@10 |\n|---|---|\n")
    assert text.endswith("<!-- end -->\n\nAfter.\n")
    assert report.main(["--check"]) == 0


def test_a_figure_changed_by_hand_is_seen(places: Path) -> None:
    report.README.write_text(EMPTY, "utf-8")
    report.main([])
    report.README.write_text(report.README.read_text("utf-8").replace("0.71", "0.99"), "utf-8")
    assert report.main(["--check"]) == 1


def test_a_new_measurement_is_seen(places: Path) -> None:
    report.README.write_text(EMPTY, "utf-8")
    report.main([])
    record("quality", "lifestyle evaluate sample", [{"system": "ours", "nDCG@10": 0.72}], path=figures.PATH)
    assert report.main(["--check"]) == 1


def test_recording_keeps_the_other_figures(places: Path) -> None:
    record("load", "python -m benchmarks.load.http", [{"p50 ms": 9.5}], path=figures.PATH)
    known = load(figures.PATH)
    assert sorted(known) == ["load", "quality"]
    assert known["quality"].rows == ROWS
    assert "Python" in known["load"].machine


@pytest.mark.parametrize(
    "text",
    [
        "<!-- figures: nobody -->\n<!-- end -->\n",
        "<!-- figures: quality -->\nwithout an end\n",
        "<!-- figures: quality -->\n<!-- figures: quality -->\n<!-- end -->\n",
    ],
)
def test_a_wrong_block_is_named(places: Path, text: str) -> None:
    with pytest.raises(BadInput):
        filled(text, load(figures.PATH))


def test_without_a_readme_it_says_so(places: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report.main(["--check"]) == 2
    assert "README.md" in capsys.readouterr().out


def test_rows_must_have_the_same_columns(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="same columns"):
        record("odd", "none", [{"a": 1}, {"b": 1}], path=tmp_path / "figures.json")


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text('{"quality": {"rows": []}}', "utf-8")
    with pytest.raises(BadInput, match=r"figures\.json"):
        load(path)


def test_seconds_become_milliseconds() -> None:
    run = {
        "group": "search",
        "params": {"bench": "sample", "vectors": "cached"},
        "stats": {"median": 0.0123456},
        "extra_info": {"p90_ms": 20.004, "p99_ms": 40.0},
    }
    assert latency({"benchmarks": [run]}) == [
        {"stage": "search", "index": "sample", "case": "cached", "median ms": 12.35, "p90 ms": 20.0, "p99 ms": 40.0}
    ]
