"""Can what was understood be removed, hardened, softened and changed, and does each answer show what it keeps?"""

import pytest
from playwright.sync_api import Page, expect

from tests.api.world import FLAGSHIP
from tests.web.acts import ask, changed


@pytest.fixture
def asked(page: Page) -> Page:
    """The page with the flagship question answered."""
    ask(page, FLAGSHIP)
    return page


def test_each_constraint_is_a_chip_that_can_be_removed(asked: Page) -> None:
    chips = asked.locator(".chip")
    before = chips.count()
    assert before >= 3
    sent = changed(asked, asked.locator(".chip .remove").first.click)
    assert len(sent["parse"]["constraints"]) == before - 1
    expect(chips).to_have_count(before - 1)


def test_a_chip_is_hardened_and_softened(asked: Page) -> None:
    soft = asked.locator(".chip.soft").first
    name = (soft.locator(".what").text_content() or "")[:2]
    soft.locator(".what").click()
    sent = changed(asked, asked.locator(".menu .hard").click)
    assert "soft" not in [c["hardness"] for c in sent["parse"]["constraints"]][:1]
    hard = asked.locator(".chip.hard", has_text=name)
    expect(hard).to_be_visible()
    hard.locator(".what").click()
    changed(asked, asked.locator(".menu .soft").click)
    expect(asked.locator(".chip.soft", has_text=name)).to_be_visible()


def test_a_chip_is_changed_by_words(page: Page) -> None:
    ask(page, "杭州 咖啡馆 人均50以内")
    page.locator(".chip", has_text="50").locator(".what").click()
    page.locator(".menu input").fill("人均80以内")
    sent = changed(page, lambda: page.locator(".menu input").press("Enter"))
    assert [c["value"] for c in sent["parse"]["constraints"] if c["slot"] == "price"] == [80]
    expect(page.locator(".chip", has_text="80")).to_be_visible()


def test_the_menu_of_a_chip_closes_with_escape_and_gives_the_focus_back(asked: Page) -> None:
    opener = asked.locator(".chip .what").first
    opener.press("Enter")
    expect(asked.locator(".menu")).to_be_visible()
    opener.press("Escape")
    expect(asked.locator(".menu")).to_have_count(0)
    expect(opener).to_be_focused()


def test_the_sentence_that_proves_it_is_shown_on_demand_with_date_and_trust(asked: Page) -> None:
    line = asked.locator(".verdicts details").first
    expect(line.locator("blockquote")).to_be_hidden()
    line.locator("summary").click()
    expect(line.locator("blockquote")).to_be_visible()
    expect(line.locator("time")).to_be_visible()
    expect(line.locator(".trust")).to_be_visible()


def test_tabs_show_one_kind(asked: Page) -> None:
    sent = changed(asked, asked.get_by_role("button", name="笔记", exact=True).click)
    assert sent["kinds"] == ["note"]
    assert set(asked.locator(".heading .kind").all_text_contents()) == {"笔记"}
    changed(asked, asked.get_by_role("button", name="全部", exact=True).click)


def test_a_follow_up_corrects_the_question_before(page: Page) -> None:
    ask(page, "杭州 咖啡馆 人均50以内")
    box = page.locator("#refine input")
    box.fill("再便宜一点")
    sent = changed(page, lambda: box.press("Enter"))
    assert sent["previous"]["query"] == "杭州 咖啡馆 人均50以内"
    expect(page.locator(".chip", has_text="50元")).to_have_count(0)
    assert page.locator(".chip").count() >= 3
