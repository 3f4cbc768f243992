"""What does the page look like? Its main views, at two widths, into docs/screens.

`python -m tests.web.screens [URL]`, or `make screenshots`. Without a URL what tests use of the sample is served.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from tests.api import world
from tests.web.conftest import found

OUT: Final = Path(__file__).parents[2] / "docs" / "screens"
WIDTHS: Final = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
PATIENCE_MS: Final = 60_000


def search(page: Page, text: str = world.FLAGSHIP) -> None:
    """A question and its answer."""
    page.get_by_role("combobox").fill(text)
    page.get_by_role("combobox").press("Enter")
    page.locator("#hits[aria-busy=false] .hit").first.wait_for()


def searched(page: Page) -> None:
    """A question, its chips and cards."""
    search(page)


def mapped(page: Page) -> None:
    """The map, with the ring."""
    search(page, "杭州近郊的咖啡馆")
    if page.locator("#map-toggle").get_attribute("aria-pressed") == "false":
        page.locator("#map-toggle").click()
    page.locator(".map .pin").first.wait_for()


def proven(page: Page) -> None:
    """A sentence that proves a constraint, and all that is known."""
    search(page)
    line = page.locator(".verdicts details").first
    line.locator("summary").click()
    line.locator(".trust").wait_for()
    line.evaluate("line => line.closest('.hit').scrollIntoView()")


def inspected(page: Page) -> None:
    """The developer's drawer."""
    search(page)
    page.locator("#inspect").click()
    page.locator(".contributions").wait_for()


def fed(page: Page) -> None:
    """The feed."""
    page.keyboard.press("Escape")  # closes the drawer
    page.get_by_role("link", name="推荐").click()
    page.locator("#feed[aria-busy=false] .hit").first.wait_for()


def console(page: Page) -> None:
    """The console."""
    page.get_by_role("link", name="管理台").click()
    page.locator("#console #versions table").wait_for()


def compared(page: Page) -> None:
    """Two ways of answering beside each other, some answers graded."""
    console(page)
    part = page.locator("#compare")
    part.locator("[name=q]").fill(world.FLAGSHIP)
    part.locator("[name=kind]").select_option("poi")
    part.locator("[name=right-model]").select_option("retrieval")
    part.locator("[type=submit]").click()
    for place, grade in enumerate((3, 3, 2)):
        button = part.locator("#side-left .graded").nth(place).locator("button").nth(grade)
        if button.get_attribute("aria-pressed") == "false":
            button.click()
        part.locator(f"#side-left .graded:nth-child({place + 1}) [aria-pressed=true]").wait_for()
    part.evaluate("part => part.scrollIntoView()")


VIEWS: Final[Mapping[str, Callable[[Page], None]]] = {
    "search": searched, "map": mapped, "evidence": proven, "inspect": inspected, "feed": fed, "console": console,
    "compare": compared,
}  # fmt: skip


def main(url: str | None = None) -> None:
    """Take them all, light; the search in the dark, too."""
    OUT.mkdir(parents=True, exist_ok=True)
    with ExitStack() as kept:
        if url is None:
            root = Path(kept.enter_context(tempfile.TemporaryDirectory()))
            world.deploy(root, world.rows())
            url = f"http://127.0.0.1:{kept.enter_context(world.listening(root))}/"
        browser = kept.enter_context(sync_playwright()).chromium.launch(executable_path=found(), args=["--no-sandbox"])
        for width, size in WIDTHS.items():
            for view, show in VIEWS.items():
                for scheme in ("light", "dark") if view == "search" else ("light",):
                    context = browser.new_context(
                        locale="zh-CN", viewport=size, color_scheme=scheme, reduced_motion="reduce"
                    )
                    context.set_default_timeout(PATIENCE_MS)
                    page = context.new_page()
                    page.goto(url)
                    show(page)
                    page.wait_for_timeout(300)
                    page.screenshot(path=OUT / f"{view}-{width}{'-dark' if scheme == 'dark' else ''}.png")
                    context.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:2])
