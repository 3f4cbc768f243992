"""Does the feed give reasons, take no for an answer, and read nobody's history unless it may?"""

from playwright.sync_api import Page, expect


def test_cards_say_why_and_personalisation_is_off_until_switched_on(page: Page) -> None:
    with page.expect_request("**/v1/feed") as asked:
        page.get_by_role("link", name="推荐").click()
    assert "user_id" not in asked.value.post_data_json
    expect(page.locator("#feed .hit .why").first).not_to_be_empty()
    with page.expect_request("**/v1/feed") as asked:
        page.get_by_role("switch").check()
    sent = asked.value.post_data_json
    assert sent["personalize"] is True
    assert sent["user_id"].startswith("web-")


def test_what_is_not_wanted_goes_and_is_told_when_it_may_be(page: Page) -> None:
    page.get_by_role("link", name="推荐").click()
    page.get_by_role("switch").check()
    expect(page.locator("#feed")).to_have_attribute("aria-busy", "false")
    card = page.locator("#feed .hit").first
    name = card.get_attribute("data-id")
    with page.expect_request("**/v1/events") as told:
        card.locator("button.hide").click()
    (event,) = told.value.post_data_json["events"]
    assert (event["action"], event["object_id"]) == ("hide", name)
    expect(page.locator(f"#feed [data-id='{name}']")).to_have_count(0)
    with page.expect_response("**/v1/users/*") as forgotten:
        page.locator("#forget").click()
    assert forgotten.value.json()["deleted_rows"] >= 1


def test_the_feed_goes_on(page: Page) -> None:
    page.get_by_role("link", name="推荐").click()
    expect(page.locator("#feed")).to_have_attribute("aria-busy", "false")
    before = page.locator("#feed .hit").count()
    page.locator("#more").click()
    expect(page.locator("#feed .hit").nth(before)).to_be_visible()
