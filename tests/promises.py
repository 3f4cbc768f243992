"""Which promise does each test keep, how long did it take, and what did it measure? The table that ends a run.

`LIFESTYLE_RECORD_PROMISES=1 make reliability` keeps it in var/promises.json, test by test, so that runs of some of them
add up, and makes of it the figure `promises` of the README (`python -m benchmarks.report` writes it there).
"""

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
import pytest

from benchmarks import figures

#: With this variable set, the table is kept among the figures of the README.
RECORD: Final = "LIFESTYLE_RECORD_PROMISES"
KEPT: Final = Path(__file__).parents[1] / "var" / "promises.json"
_PROMISE, _FIGURE, _REQUESTS = "promise", "figure", "requests"

PROMISES: Final[Mapping[int, str]] = {
    1: "A publish is all or nothing",
    2: "No acknowledged write is lost, none invented",
    3: "Damage is found before it is served",
    4: "A bad snapshot gives way to the last good one",
    5: "Released formats stay readable",
    6: "A full disk refuses items, not deletions and searches",
    7: "The live index answers as a dictionary would",
    8: "Swaps leave nothing behind",
    9: "A swap is invisible",
    10: "The budget is kept, and what it took is said",
    11: "Overload is shed at once",
    12: "Retry-After is true",
    13: "Every input is bounded",
    14: "No request breaks the contract",
    15: "The parser cannot be broken",
    16: "Files cannot be turned against us",
    17: "Names are not paths",
    18: "Nothing runs code from data",
    19: "Text is data",
    20: "Dependencies are pinned, above their floors",
    21: "No route without a key",
    22: "A tenant never sees another's items",
    23: "A delete is a delete",
    24: "What cannot be erased is said",
    25: "A feed without leave reads no profile",
    26: "Logs carry no person",
}


class Test(msgspec.Struct):
    """What one test did: seconds with its set-up, what it measured, how often it failed."""

    __test__ = False

    promises: list[int]
    seconds: float = 0.0
    failed: int = 0
    requests: int = 0
    figures: list[str] = []


class Promises:
    """A pytest plug-in: gathers the tests that carry `@pytest.mark.promise(number)`."""

    def __init__(self) -> None:
        self.tests: dict[str, Test] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Reports know no marks: let each test carry its promises along."""
        for item in items:
            for mark in item.iter_markers(_PROMISE):
                item.user_properties.append((_PROMISE, mark.args[0]))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Set-up counts as well: it is work that the promise needs."""
        said = report.user_properties
        kept = sorted({int(str(value)) for name, value in said if name == _PROMISE})
        if not kept or report.skipped:
            return
        test = self.tests.setdefault(report.nodeid, Test(kept))
        test.seconds += report.duration
        test.failed += report.failed
        if report.when == "call":
            test.figures = [str(value) for name, value in said if name == _FIGURE]
            test.requests = sum(int(str(value)) for name, value in said if name == _REQUESTS)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say it, and keep it when asked to."""
        if not self.tests:
            return
        terminalreporter.section("promises")
        for row in table(self.tests):
            terminalreporter.write_line(
                f"{row['promise']}: {row['tests']} tests, {row['failed']} failed, {row['seconds']} s. {row['measured']}"
            )
        if os.environ.get(RECORD):
            before = msgspec.json.decode(KEPT.read_bytes(), type=dict[str, Test]) if KEPT.exists() else {}
            KEPT.parent.mkdir(exist_ok=True)
            kept = before | self.tests
            KEPT.write_bytes(msgspec.json.encode(kept))
            figures.record("promises", "make reliability", table(kept), note(kept))


def table(tests: Mapping[str, Test]) -> list[dict[str, str | int | float | None]]:
    """A row for each promise of which a test ran, as the README has it."""
    of = {number: {name: test for name, test in tests.items() if number in test.promises} for number in PROMISES}
    return [_row(number, kept) for number, kept in of.items() if kept]


def note(tests: Mapping[str, Test]) -> str:
    """How many tests there were, and what is not in the table."""
    seconds = sum(test.seconds for test in tests.values())
    missing = [str(number) for number in PROMISES if not any(number in test.promises for test in tests.values())]
    said = f"{len(tests)} tests, {seconds:.0f} s with their set-up, added up over processes that ran side by side."
    return said + (f" Not run this time: {', '.join(missing)}." if missing else "")


def _row(number: int, tests: Mapping[str, Test]) -> dict[str, str | int | float | None]:
    requests = sum(test.requests for test in tests.values())
    counted = Counter(figure for test in tests.values() for figure in test.figures)
    measured = (figure if times == 1 else f"{times} times {figure}" for figure, times in counted.items())
    return {
        "promise": f"{number}. {PROMISES[number]}",
        "tests": len(tests),
        "failed": sum(test.failed for test in tests.values()),
        "seconds": round(sum(test.seconds for test in tests.values()), 1),
        "measured": "; ".join([*measured, *([f"{requests} requests"] if requests else [])]),
        "in": ", ".join(f"`{name}`" for name in sorted({name.partition("::")[0] for name in tests})),
    }
