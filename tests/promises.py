"""Which promise does each test keep, how long did it take, and what did it measure? The table that ends a run."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import pytest

from benchmarks import figures

#: With this variable set, the table is kept among the figures of the README.
RECORD: Final = "LIFESTYLE_RECORD_PROMISES"
_PROMISE, _FIGURE, _REQUESTS = "promise", "figure", "requests"


@dataclass
class Kept:
    """One promise: its tests, their seconds, what they measured, and those that failed."""

    tests: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    seconds: float = 0.0
    figures: list[str] = field(default_factory=list)
    failed: int = 0
    requests: int = 0

    def row(self, number: int) -> dict[str, str | int | float | None]:
        """As the README's table has it."""
        return {
            "promise": number,
            "tests": len(self.tests),
            "failed": self.failed,
            "seconds": round(self.seconds, 1),
            "measured": "; ".join([*self.figures, *([f"{self.requests} requests"] if self.requests else [])]),
            "in": ", ".join(f"`{name}`" for name in sorted(self.files)),
        }


class Promises:
    """A pytest plug-in: gathers the tests that carry `@pytest.mark.promise(number)`."""

    def __init__(self) -> None:
        self.kept: dict[int, Kept] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Reports know no marks: let each test carry its promises along."""
        for item in items:
            for mark in item.iter_markers(_PROMISE):
                item.user_properties.append((_PROMISE, mark.args[0]))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Set-up counts as well: it is work that the promise needs."""
        for number in {value for name, value in report.user_properties if name == _PROMISE}:
            kept = self.kept.setdefault(int(str(number)), Kept())
            kept.seconds += report.duration
            kept.failed += report.failed
            if report.when == "call":
                kept.tests.add(report.nodeid)
                kept.files.add(report.nodeid.partition("::")[0])
                kept.figures += [str(value) for name, value in report.user_properties if name == _FIGURE]
                kept.requests += sum(int(str(value)) for name, value in report.user_properties if name == _REQUESTS)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say it, and keep it when asked to."""
        if not self.kept:
            return
        rows = [kept.row(number) for number, kept in sorted(self.kept.items())]
        terminalreporter.section("promises")
        for row in rows:
            terminalreporter.write_line(_line(row.values()))
        if os.environ.get(RECORD):
            figures.record("promises", "make reliability", rows)


def _line(values: Iterable[object]) -> str:
    number, tests, failed, seconds, measured, _ = values
    return f"{number:>3}  {tests} tests, {failed} failed, {seconds} s. {measured}"
