"""Is one test skipped aloud for each missing package, and every other one run that can be?"""

import pytest

from tests.optional import OptionalPackages

pytest_plugins = ["pytester"]

TESTS = """
import pytest

def test_plain(): pass

@pytest.mark.needs("json")
def test_with_what_is_there(): pass

@pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.needs("absent_one"))])
def test_some(n): assert n == 1

@pytest.mark.needs("absent_one", "json")
def test_also_needs_it(): assert False

@pytest.mark.needs("absent_one", "absent_two")
def test_needs_both(): assert False

@pytest.mark.needs("absent_two")
def test_needs_the_other(): assert False
"""


def test_a_missing_package_is_told_once_and_what_can_run_runs(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_inprocess("-rs", "-Wignore", plugins=[OptionalPackages()])
    result.assert_outcomes(passed=3, skipped=2, deselected=2)
    result.stdout.fnmatch_lines(
        ["*absent_one is not installed: 3 tests need it*", "*absent_two is not installed: 2 tests need it*"]
    )
