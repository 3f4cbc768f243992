"""Does the console show what serves, and carry out what is decided there?"""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from api.jobs import job
from api.layout import Layout
from indexing.ingest import ingest
from tests.api.test_live import eventually
from tests.api.world import FLAGSHIP, KEY, clock
from tests.web import screens

NOTHING = "青岛 有旋转木马的火锅店"  # no place keeps all of it


def test_a_rule_is_put_and_taken_away(page: Page, url: str) -> None:
    page.goto(f"{url}console")
    rules = page.locator("#rules")
    rules.get_by_role("textbox", name="ID").fill("spring")
    rules.get_by_role("textbox", name="条目").fill("p-hz-078")
    rules.get_by_role("textbox", name="查询").fill("春天的咖啡")
    rules.get_by_role("button", name="加上").click()
    row = rules.locator("li.row", has_text="spring")
    expect(row).to_contain_text("pin p-hz-078")
    row.get_by_role("button", name="修改").click()
    rules.get_by_role("combobox", name="动作").select_option("boost")
    rules.get_by_role("spinbutton", name="位次").fill("2")
    rules.get_by_role("textbox", name="槽位").fill("amenity")
    rules.get_by_role("button", name="加上").click()
    expect(row).to_contain_text("boost p-hz-078 — 春天的咖啡 · amenity")
    row.get_by_role("button", name="去掉").click()
    expect(row).to_have_count(0)
    rules.get_by_text("谁改了什么").click()
    expect(rules.locator("details li").first).to_contain_text("drop spring")


def test_versions_and_latencies_are_shown(page: Page, url: str) -> None:
    page.goto(f"{url}console")
    expect(page.locator("#versions")).to_contain_text("00000001")
    expect(page.locator("#versions")).to_contain_text("使用中")
    expect(page.locator("#latencies tbody tr").first).to_be_visible()


def test_what_waits_for_a_decision_is_listed(page: Page, url: str) -> None:
    page.goto(f"{url}console")
    expect(page.locator("#review")).to_contain_text("没有")
    expect(page.locator("#mentions")).to_be_visible()


def test_curves_show_how_fast_answers_are_over_time(page: Page, url: str) -> None:
    screens.search(page, "咖啡")
    page.goto(f"{url}console")
    curves = page.locator("#curves")
    expect(curves.get_by_role("img", name=re.compile(r"p99 [\d.]+ 毫秒"))).to_be_visible()
    expect(curves.locator("polyline.p50")).not_to_have_count(0)
    expect(curves).to_contain_text("次失败")
    with page.expect_request("**/v1/house/curves?hours=24"):
        curves.get_by_role("button", name="24 小时").click()
    expect(curves.get_by_role("button", name="24 小时")).to_have_attribute("aria-pressed", "true")


def test_questions_that_go_wrong_are_listed_when_five_people_met_them(page: Page, url: str) -> None:
    page.goto(f"{url}console")
    listed = page.locator("#asked-nothing li", has_text=NOTHING)
    ask = """([text, key, people]) => Promise.all(people.map((user_id) => fetch('/v1/search', {method: 'POST',
        headers: {Authorization: key, 'Content-Type': 'application/json'},
        body: JSON.stringify({q: text, user_id})})))"""
    page.evaluate(ask, [NOTHING, KEY["Authorization"], ["w1", "w2", "w3", "w4"]])
    page.reload()
    expect(page.locator("#asked-top")).to_be_visible()
    expect(listed).to_have_count(0)
    page.evaluate(ask, [NOTHING, KEY["Authorization"], ["w5"]])
    assert eventually(lambda: NOTHING in page.request.get(f"{url}v1/house/queries", headers=KEY).text())
    page.reload()
    expect(listed).to_contain_text("5 人")
    expect(page.locator("#asked-relaxed li", has_text=NOTHING)).to_contain_text("place.admin")
    with page.expect_response("**/v1/search"):
        listed.get_by_role("link").click()
    expect(page.get_by_role("combobox")).to_have_value(NOTHING)


def test_two_ways_stand_side_by_side_and_clicks_grade_for_training(page: Page, url: str) -> None:
    screens.compared(page)
    part = page.locator("#compare")
    expect(part.locator("#side-left h4")).to_contain_text("hand-weighted")
    expect(part.locator("#side-right h4")).to_contain_text("keep-order")
    expect(part).to_contain_text("已评 3 条")
    first = part.locator("#side-left .graded").first
    name = first.get_attribute("data-id")
    kept = page.request.get(f"{url}v1/house/judgments", headers=KEY)
    (judged,) = [row for row in kept.json()["judgments"] if row["query"] == FLAGSHIP]
    assert (judged["grades"][name], judged["kinds"], len(judged["grades"])) == (3, ["poi"], 3)
    with page.expect_request("**/v1/house/judgments") as sent:
        first.locator("button").nth(3).click()  # the same again takes it away
    assert sent.value.post_data_json["grades"] == {name: None}
    expect(part).to_contain_text("已评 2 条")


def test_jobs_and_refused_rows_are_told(page: Page, url: str, deployed: Path, tmp_path: Path) -> None:
    layout = Layout(deployed)
    with job(layout.home("default"), "train", clock) as doing:
        doing.stage("folds", 2, 5)
        page.goto(f"{url}console")
        line = page.locator("#jobs [data-job=train]")
        expect(line).to_contain_text("folds")
        expect(line.get_by_role("progressbar")).to_have_attribute("value", "2")
    expect(line).to_contain_text("好了")  # it asks again while one runs
    file = tmp_path / "events.jsonl"
    file.write_text('{"id": 5}\n', "utf-8")
    ingest([file], "event", None, layout.tables("default"), clock)
    page.reload()
    refused = page.locator("#rejects details")
    refused.locator("summary").click()
    expect(refused).to_contain_text("events.jsonl:1")
