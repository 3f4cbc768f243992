"""How does a test look at the page as a person does? A headless Chromium, driven by Playwright, on a real server."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright

from tests.api.world import copied, listening

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE_MS: Final = 60_000
DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 900}
#: One process draws all pages: they come one after another.
LIGHT: Final = ("--no-sandbox", "--disable-gpu", "--renderer-process-limit=1", "--disable-extensions", "--no-first-run")


def found() -> str | None:
    """Where a Chromium is; with LIFESTYLE_INSTALL_BROWSER=1 it is installed first. None when there is none."""
    there = next(filter(None, map(shutil.which, NAMES)), None)
    if there is None and os.environ.get("LIFESTYLE_INSTALL_BROWSER") == "1" and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", NAMES[0]], check=False)
        there = shutil.which(NAMES[0])
    return there


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    program = found()
    if program is None:
        pytest.skip(
            "no Chromium, so nobody looked at the page: apt-get install chromium, or LIFESTYLE_INSTALL_BROWSER=1"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=LIGHT)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def deployed(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root folder of the deployment that the page is looked at over."""
    return copied(published, tmp_path_factory.mktemp("web") / "root")


@pytest.fixture(scope="package")
def url(deployed: Path) -> Iterator[str]:
    """The page of a server of its own."""
    with listening(deployed) as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture(scope="package")
def window(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """One window for all tests, so that each finds the page's files at hand; with what its console said."""
    context = browser.new_context(locale="zh-CN", viewport=DESKTOP, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    page, problems = context.new_page(), list[str]()

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "418" not in message.text:  # an error that a test made
            problems.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page, problems
    context.close()


@pytest.fixture
def page(window: tuple[Page, list[str]], url: str) -> Iterator[Page]:
    """The page in Chinese, at the width of a desktop, as one finds it who was never there. What it tells its console as
    an error fails the test."""
    page, problems = window
    problems.clear()
    page.goto(url)
    yield page
    page.unroute_all()
    page.evaluate("localStorage.clear(), sessionStorage.clear()")
    page.context.clear_permissions()
    page.set_viewport_size(DESKTOP)
    page.goto("about:blank")  # nothing that runs on is taken for the next test's
    assert problems == []
