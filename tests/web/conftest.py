"""How does a test look at the page as a person does? A headless Chromium, driven by Playwright, on a real server."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.api.world import listening

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE_MS: Final = 60_000
DESKTOP: Final = {"width": 1280, "height": 900}


def found() -> str | None:
    """Where a Chromium is; with LIFESTYLE_INSTALL_BROWSER=1 it is installed first. None when there is none."""
    there = next(filter(None, map(shutil.which, NAMES)), None)
    if there is None and os.environ.get("LIFESTYLE_INSTALL_BROWSER") == "1" and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", NAMES[0]], check=False)
        there = shutil.which(NAMES[0])
    return there


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each has a context of its own."""
    program = found()
    if program is None:
        pytest.skip(
            "no Chromium, so nobody looked at the page: apt-get install chromium, or LIFESTYLE_INSTALL_BROWSER=1"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def url(published: Path) -> Iterator[str]:
    """The page of a server of its own, over a deployment that tests of the page only read or send events to."""
    with listening(published) as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """The page in Chinese, at the width of a desktop. What it tells its console as an error fails the test."""
    context = browser.new_context(locale="zh-CN", viewport=DESKTOP)
    context.set_default_timeout(PATIENCE_MS)
    page, problems = context.new_page(), list[str]()

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "418" not in message.text:  # an error that a test made
            problems.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(url)
    yield page
    context.close()
    assert problems == []
