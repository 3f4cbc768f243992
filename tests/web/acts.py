"""What does a person do on the page? Ask, change something and see what is sent."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect


def ask(page: Page, text: str) -> None:
    """Type a question and wait for its answer."""
    page.get_by_role("combobox").fill(text)
    with page.expect_response("**/v1/search"):
        page.get_by_role("combobox").press("Enter")
    expect(page.locator("#hits")).to_have_attribute("aria-busy", "false")


def changed(page: Page, act: Callable[[], None]) -> dict[str, Any]:
    """What is sent when something is done."""
    with page.expect_request("**/v1/search") as sent:
        act()
    expect(page.locator("#hits")).to_have_attribute("aria-busy", "false")
    body: dict[str, Any] = sent.value.post_data_json
    return body
