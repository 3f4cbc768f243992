"""Do the map, related items, the developer's drawer, the language and the states of the page work?"""

import json
import re

from playwright.sync_api import Page, Route, expect

from tests.api.world import FLAGSHIP
from tests.web.acts import ask, changed


def test_places_stand_on_a_map_with_the_ring_that_was_searched(page: Page) -> None:
    ask(page, "杭州近郊的咖啡馆")
    pins = page.locator(".map .pin")
    expect(pins.first).to_be_visible()
    expect(page.locator(".map .ring")).to_have_count(1)
    expect(page.locator(".map .grid").first).to_be_attached()  # no tiles are set: a plain map
    page.locator(".map .pin", has_text=re.compile(r"^\d+$")).first.press("Enter")
    expect(page.locator(".hit.chosen")).to_be_focused()
    page.locator("#map-toggle").click()
    expect(page.locator(".map")).to_have_count(0)


def test_the_map_is_fetched_only_when_it_is_shown_and_from_nobody_else(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    ask(page, "杭州近郊的咖啡馆")
    assert not [url for url in fetched if "MapPane" in url]
    page.locator("#map-toggle").click()
    expect(page.locator(".map .pin").first).to_be_visible()
    assert [url for url in fetched if "MapPane" in url]
    assert {url.split("/")[2] for url in fetched} == {page.url.split("/")[2]}


def test_what_gave_way_is_said_and_undone_with_one_click(page: Page) -> None:
    ask(page, "杭州 咖啡馆 人均5元以内")
    gave_way = page.locator("#relaxed li").first
    expect(gave_way).to_contain_text("放宽")
    sent = changed(page, gave_way.get_by_role("button").click)
    assert len(sent["insist"]) == 1
    expect(page.locator(".chip", has_text="不许放宽")).to_have_count(1)


def test_similar_and_related_items_and_all_evidence_are_shown_on_demand(page: Page) -> None:
    ask(page, FLAGSHIP)
    card = page.locator(".hit.poi").first
    card.locator("button.similar").click()
    expect(card.locator(".brief li").first).to_be_visible()
    card.locator("button.related").click()
    expect(card.locator(".group h3").first).to_be_visible()
    card.locator("button.all_evidence").click()
    expect(card.locator(".dossier blockquote").first).to_be_visible()
    expect(card.locator(".dossier .trust").first).to_be_visible()


def test_the_drawer_tells_how_an_answer_came_about(page: Page) -> None:
    ask(page, FLAGSHIP)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#inspect").click()
    drawer = page.locator("#drawer")
    expect(drawer.locator(".waterfall li").first).to_be_visible()
    expect(drawer.get_by_role("cell", name="attributes_amenity.toml: lawn", exact=True)).to_be_visible()
    expect(drawer.locator(".contributions tbody tr").first).to_be_visible()
    expect(drawer.get_by_text("snapshot", exact=True)).to_be_visible()
    page.locator("#curl").click()
    expect(drawer.get_by_text("已复制")).to_be_visible()
    copied: str = page.evaluate("navigator.clipboard.readText()")
    assert json.loads(copied.rsplit("-d '", 1)[1][:-1])["q"] == FLAGSHIP
    assert "demo-key" not in copied
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(page.locator("#inspect")).to_be_focused()


def test_the_language_is_switched_and_kept(page: Page) -> None:
    page.locator("#language").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Search", exact=True)).to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    ask(page, "weekend family café with lawn near the city")
    expect(page.locator("#said")).to_contain_text("keep every constraint")


def test_the_address_holds_the_question_and_the_way_back_works(page: Page) -> None:
    ask(page, "杭州 咖啡馆")
    ask(page, "草坪")
    with page.expect_response("**/v1/search"):
        page.go_back()
    expect(page.get_by_role("combobox")).to_have_value("杭州 咖啡馆")
    page.reload()
    expect(page.locator(".hit").first).to_be_visible()


def test_there_is_a_picture_of_the_first_cards_before_the_others(page: Page) -> None:
    ask(page, FLAGSHIP)
    assert page.evaluate("performance.getEntriesByName('painted').length") == 1  # how soon: python -m tests.web.report
    assert page.locator("blockquote").count() == 0  # sentences are made when they are asked for


def test_nothing_found_and_nobody_there_are_said(page: Page) -> None:
    ask(page, "咖啡馆")
    nothing = {"hits": [], "total": 0, "relaxed": [], "degraded": [], "did_you_mean": None, "cursor": None}

    def empty(route: Route) -> None:
        answer = route.fetch().json()
        route.fulfill(json=answer | nothing)

    page.route("**/v1/search", empty)
    ask(page, "什么也没有")
    expect(page.locator(".empty")).to_be_visible()
    page.unroute("**/v1/search")
    error = {"error": {"code": "Overloaded", "message": "come back in a second"}}
    page.route(
        "**/v1/search", lambda route: route.fulfill(status=200 if route.request.method == "GET" else 418, json=error)
    )
    page.get_by_role("combobox").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("come back in a second")
    page.unroute("**/v1/search")
    with page.expect_response("**/v1/search"):
        page.get_by_role("button", name="再试一次").click()
    expect(page.locator(".hit").first).to_be_visible()


def test_the_next_page_is_added(page: Page) -> None:
    ask(page, "咖啡")
    before = page.locator(".hit").count()
    with page.expect_response("**/v1/search"):
        page.locator("#more").click()
    expect(page.locator(".hit").nth(before)).to_be_visible()
