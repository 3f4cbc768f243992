"""Does the console show what serves, and carry out what is decided there?"""

from playwright.sync_api import Page, expect


def test_a_rule_is_put_and_taken_away(page: Page, url: str) -> None:
    page.goto(f"{url}console")
    rules = page.locator("#rules")
    rules.get_by_role("textbox", name="ID").fill("spring")
    rules.get_by_role("textbox", name="条目").fill("p-hz-078")
    rules.get_by_role("textbox", name="查询").fill("春天的咖啡")
    rules.get_by_role("button", name="加上").click()
    row = rules.locator("li", has_text="spring")
    expect(row).to_contain_text("pin p-hz-078")
    row.get_by_role("button").click()
    expect(row).to_have_count(0)


def test_versions_and_latencies_are_shown(page: Page, url: str) -> None:
    page.goto(f"{url}console")
    expect(page.locator("#versions")).to_contain_text("00000001")
    expect(page.locator("#versions")).to_contain_text("使用中")
    expect(page.locator("#latencies tbody tr").first).to_be_visible()


def test_what_waits_for_a_decision_is_listed(page: Page, url: str) -> None:
    page.goto(f"{url}console")
    expect(page.locator("#review")).to_contain_text("没有")
    expect(page.locator("#mentions")).to_be_visible()
