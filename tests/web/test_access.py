"""Can everybody use the page? axe-core finds nothing of WCAG 2.2 AA, in each view, width and colour scheme."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.web import screens
from tests.web.conftest import PATIENCE_MS
from tests.web.screens import WIDTHS

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = "([within, tags]) => axe.run(within, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
#: Cards of a list: the others are made alike.
CARDS = 6


def broken(page: Page, within: str) -> list[str]:
    """What axe finds wrong: the rule, how grave, and where."""
    found = page.evaluate(RUN, [within, TAGS])["violations"]
    return [f"{v['id']} ({v['impact']}): {node['target']} {node['html'][:120]}" for v in found for node in v["nodes"]]


def opened(page: Page) -> None:
    """An answer with all that can be opened: the map, a proof, the menu of a chip."""
    screens.mapped(page)
    screens.proven(page)
    page.locator(".chip .what").first.click()
    page.locator(".menu").wait_for()


#: State -> how one comes there from the one before, and the part of the page that is new in it.
STATES: Final[dict[str, tuple[Callable[[Page], None], str]]] = {
    "search": (opened, "html"),
    "inspect": (screens.inspected, "#drawer"),
    "feed": (screens.fed, "html"),
    "console": (screens.console, "html"),
    "compare": (screens.compared, "#compare"),
}


def fewer(route: Route) -> None:
    """The same request for fewer cards."""
    body: dict[str, Any] = route.request.post_data_json
    route.continue_(post_data={**body, "limit": CARDS})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, url: str, scheme: str) -> None:
    width = "phone" if scheme == "dark" else "desktop"
    options = {"locale": "zh-CN", "viewport": WIDTHS[width], "color_scheme": scheme, "reduced_motion": "reduce"}
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    page, found = context.new_page(), dict[str, list[str]]()
    for path in ("search", "feed"):
        page.route(f"**/v1/{path}", fewer)
    page.goto(url)
    page.evaluate(AXE)
    for state, (reach, within) in STATES.items():
        reach(page)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[state] = broken(page, within) + ([f"{overflow} pixels to be scrolled sideways"] if overflow else [])
    context.close()
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_the_whole_of_a_search_can_be_done_with_the_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(12):
        if page.evaluate("document.activeElement.id") == "q":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("咖啡")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.locator(".hit").first.wait_for()
    seen = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.className || document.activeElement.id"))
    assert {"main", "what", "remove"} <= seen
