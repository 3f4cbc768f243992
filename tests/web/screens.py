"""What does the page look like? Its main views, at two widths, into docs/screens.

`python -m tests.web.screens [URL|-] [VIEW ...]`, or `make screenshots`. Without a URL, what tests use of the sample
is served.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import Page, sync_playwright

from api.jobs import job
from api.layout import Layout
from indexing.ingest import ingest
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


class Hour:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = world.NOW

    def __call__(self) -> datetime:
        return self.now


def lived(url: str, root: Path, hour: Hour) -> None:
    """Three quarters of an hour of a few people, some of whom had no time; a training; a file with a bad row."""
    bad = root / "events.csv"
    bad.write_text("user_id,action,object_id,at\nu1,looked,p-hz-078,2026-11-20T10:00:00Z\n", "utf-8")
    tables = Layout(root).tables("default")
    ingest([bad], "event", None, tables, hour)
    with job(Layout(root).home("default"), "train", hour) as doing:
        doing.stage("folds", 5, 5)
    texts = ("青岛 有旋转木马的火锅店", "杭州近郊的咖啡馆", world.FLAGSHIP)
    with httpx.Client(base_url=url, headers=world.KEY, timeout=60) as client:
        for minute in range(45):
            hour.now += timedelta(minutes=1)
            body = {
                "q": texts[minute % 3],
                "user_id": f"u{minute // 3 % 6}",
                "budget_ms": 5 if minute % 9 == 8 else 2000,
            }
            client.post("/v1/search", json=body)  # one that is cut is shown as failed


def main(url: str | None = None, *wanted: str) -> None:
    """Take them all, or the wanted ones, light; the search in the dark, too."""
    OUT.mkdir(parents=True, exist_ok=True)
    chosen = {view: show for view, show in VIEWS.items() if not wanted or view in wanted}
    with ExitStack() as kept:
        if url is None:
            root = Path(kept.enter_context(tempfile.TemporaryDirectory()))
            world.deploy(root, world.rows())
            hour = Hour()
            url = f"http://127.0.0.1:{kept.enter_context(world.listening(root, hour))}/"
            lived(url, root, hour)
        browser = kept.enter_context(sync_playwright()).chromium.launch(executable_path=found(), args=["--no-sandbox"])
        for width, size in WIDTHS.items():
            for view, show in chosen.items():
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
    main(sys.argv[1] if sys.argv[1:] and sys.argv[1] != "-" else None, *sys.argv[2:])
