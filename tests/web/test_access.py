"""Can everybody use the page? axe-core finds nothing of WCAG 2.2 AA, in each view, width and colour scheme."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.web.conftest import PATIENCE_MS
from tests.web.screens import VIEWS, WIDTHS

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = "tags => axe.run({runOnly: {type: 'tag', values: tags}})"


def broken(page: Page) -> list[str]:
    """What axe finds wrong: the rule, how grave, and where."""
    page.evaluate(AXE)
    found = page.evaluate(RUN, TAGS)["violations"]
    return [f"{v['id']} ({v['impact']}): {node['target']} {node['html'][:120]}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(browser: Browser, url: str, view: str, scheme: str) -> None:
    width = "phone" if scheme == "dark" else "desktop"
    options = {"locale": "zh-CN", "viewport": WIDTHS[width], "color_scheme": scheme, "reduced_motion": "reduce"}
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(url)
    VIEWS[view](page)
    found = broken(page)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert found == []
    assert overflow == 0  # nothing to be scrolled for sideways, at 390 pixels neither


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
