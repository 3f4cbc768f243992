"""Does the page do in a browser what it is there for: complete, search, ask what was meant, without an error?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.understand.sounds import syllables
from tests.api.world import FLAGSHIP, listening
from tests.web import browser

NAME = "青禾咖啡小院"  # p-hz-078


@pytest.fixture(scope="module")
def url(published: Path) -> Iterator[str]:
    """The page of a server of its own."""
    with listening(published) as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
def page(url: str, tmp_path: Path) -> Iterator[browser.Page]:
    program = browser.found()
    if program is None:
        pytest.skip(
            "no Chromium, so nobody looked at the page: apt-get install chromium, or LIFESTYLE_INSTALL_BROWSER=1"
        )
    with browser.opened(program, url, tmp_path / "browser") as page:
        page.run("document.getElementById('q').focus()")
        yield page
        assert page.problems == []


def test_what_is_typed_is_completed_and_taken_with_the_keyboard(page: browser.Page) -> None:
    page.type("咖")
    options = page.until("[...document.querySelectorAll('[role=option] span')].map(o => o.textContent)")
    assert all("咖" in option for option in options)
    assert page.run("document.querySelector('[role=option] mark').textContent") == "咖"
    assert page.run("document.getElementById('q').ariaExpanded") == "true"
    page.press("ArrowDown")
    active = page.run(
        "document.getElementById(document.getElementById('q').getAttribute('aria-activedescendant')).ariaSelected"
    )
    assert active == "true"
    page.press("Enter")
    assert page.until("document.querySelectorAll('.hit').length") > 0
    assert page.run("document.getElementById('q').value") == options[0]
    assert page.run("document.getElementById('suggestions').hidden") is True


def test_escape_closes_the_list_and_enter_then_searches_what_was_typed(page: browser.Page) -> None:
    page.type("咖啡")
    page.until("document.querySelectorAll('[role=option]').length")
    page.press("Escape")
    assert page.run("document.getElementById('suggestions').hidden") is True
    page.press("Enter")
    page.until("document.querySelectorAll('.hit').length")
    assert page.run("document.getElementById('q').value") == "咖啡"


def test_a_name_that_was_meant_is_offered_and_searched(page: browser.Page) -> None:
    page.type("".join(syllables(NAME)))
    page.press("Enter")
    assert page.until("document.querySelector('#meant button')?.textContent") == NAME
    page.run("document.querySelector('#meant button').click()")
    assert page.until(f"[...document.querySelectorAll('.hit h2')].some(h => h.textContent === '{NAME}')")
    assert page.run("document.getElementById('q').value") == NAME


def test_the_flagship_query_shows_chips_proof_and_can_lose_a_constraint(page: browser.Page) -> None:
    page.type(FLAGSHIP)
    page.press("Enter")
    assert page.until("document.querySelectorAll('.hit blockquote').length") > 0
    chips = page.run("document.querySelectorAll('.chip').length")
    assert chips >= 3
    page.run("document.querySelector('.chip button').click()")
    assert page.until(f"document.querySelectorAll('.chip').length === {chips - 1}")
