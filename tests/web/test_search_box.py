"""Does the box complete what is typed, leave input methods alone, and ask what was meant?"""

from playwright.sync_api import Page, Request, expect

from engine.understand.sounds import syllables

NAME = "青禾咖啡小院"  # p-hz-078


def test_what_is_typed_is_completed_and_taken_with_the_keyboard(page: Page) -> None:
    box = page.get_by_role("combobox")
    box.press_sequentially("咖")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    texts = options.locator("span").all_text_contents()
    assert all("咖" in text for text in texts)
    assert options.locator("mark").first.text_content() == "咖"
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-0")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    expect(box).to_have_value(texts[0])
    expect(page.locator("#suggestions")).to_be_hidden()


def test_escape_closes_the_list_and_enter_then_searches_what_was_typed(page: Page) -> None:
    box = page.get_by_role("combobox")
    box.press_sequentially("咖啡")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    box.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    expect(box).to_have_value("咖啡")


def test_nothing_is_asked_while_an_input_method_composes(page: Page) -> None:
    asked: list[str] = []

    def heard(request: Request) -> None:
        if "/v1/suggest" in request.url:
            asked.append(request.url)

    page.on("request", heard)
    page.get_by_role("combobox").focus()
    tools = page.context.new_cdp_session(page)
    for half in ("k", "ka", "kafei"):
        tools.send("Input.imeSetComposition", {"text": half, "selectionStart": len(half), "selectionEnd": len(half)})
        page.wait_for_timeout(200)  # longer than the pause after which a text is completed
    assert asked == []
    tools.send("Input.insertText", {"text": "咖啡"})
    expect(page.get_by_role("option").first).to_be_visible()
    assert len(asked) == 1


def test_a_name_that_was_meant_is_offered_and_searched(page: Page) -> None:
    box = page.get_by_role("combobox")
    box.fill("".join(syllables(NAME)))
    box.press("Enter")
    page.locator("#meant button", has_text=NAME).click()
    expect(page.locator(".hit h2", has_text=NAME).first).to_be_visible()
    expect(box).to_have_value(NAME)
