"""Are notes labelled by who wrote them, with reasons that hold, whatever they claim?"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.copies import copied
from indexing.items import TRUST
from indexing.sample.files import load_tables, rows
from indexing.trust import judge, labelled

PRAISE = "草坪超大超好拍，咖啡超好喝，店员超热情，必须五星！带朋友带家人都合适，大家快来看看吧，真的很值得。"


def _note(number: int, body: str, author: str | None = None, day: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": f"n{number}", "title": "", "body": body, "author_id": author or f"a{number}",
            "published_at": f"2026-03-{day:02d}T00:00:00Z", **more}  # fmt: skip


def _labels(notes: Sequence[Mapping[str, Any]], about: str = "p1") -> list[str | None]:
    return [v.label for v in judge(notes, {n["id"]: [about] for n in notes})]


@pytest.mark.parametrize(
    ("body", "label"),
    [
        ("本篇与品牌合作，试用了两周。", "sponsored"),
        ("Paid partnership: the brand sent me this kettle.", "sponsored"),
        ("自费，没有和品牌合作，用了两周。", None),
        ("Not sponsored, bought it myself.", None),
        ("关注我，评论区抽奖，闭眼冲，下单送小样！", "sponsored"),
        ("欢迎光临本店，新老顾客都有优惠，店里见。", "merchant"),
        ("咖啡一般，座位少，不会再来。", None),
    ],
)
def test_the_text_gives_its_writer_away(body: str, label: str | None) -> None:
    assert _labels([_note(1, body)]) == [label]


def test_what_is_declared_stands_unless_it_claims_to_be_organic() -> None:
    notes = [_note(1, "普通的一天。", trust="sponsored"), _note(2, "本篇与品牌合作。", trust="organic")]
    assert _labels(notes) == ["sponsored", "sponsored"]


def test_the_same_text_by_several_people_is_suspected() -> None:
    notes = [_note(i, PRAISE, day=i + 1) for i in range(3)] + [_note(9, "坐在河边喝了一下午手冲，孩子追着狗跑。")]
    assert _labels(notes) == ["suspected"] * 3 + [None]
    assert copied([PRAISE] * 3, ["a", "a", "a"]) == {}


def test_a_burst_needs_more_than_bursting_to_be_suspected() -> None:
    bodies = ["今天人多，等位半小时。", "豆子是新烘的，酸度偏高。", "孩子在门口追鸽子。", "下雨，只好坐在屋里看书。",
              "电影散场顺路来的。", "老板换了新杯子。", "停车绕了两圈。", "插座坏了一个，其他都好。"]  # fmt: skip
    plain = [_note(i, body, day=5) for i, body in enumerate(bodies)]
    loud = [{**n, "body": n["body"] + "天花板！无敌！"} for n in plain]
    assert set(_labels(plain)) == {None}
    assert set(_labels(loud)) == {"suspected"}


def test_an_authors_history_tells_of_the_next_note() -> None:
    notes = [_note(i, "本篇与品牌合作。", "paid") for i in range(4)] + [_note(9, "先到先得！", "paid")]
    assert _labels(notes)[-1] == "sponsored"
    assert [v.label for v in judge([_note(9, "先到先得！", "paid")], {}, {"paid": Counter(sponsored=4)})] == [
        "sponsored"
    ]


def test_likes_that_no_readers_explain_count_against_praise() -> None:
    body = "天花板！无敌！"
    assert _labels([_note(1, body, likes=900, impressions=1000)]) == ["suspected"]
    assert _labels([_note(1, body, likes=90, impressions=1000)]) == [None]


def test_the_sample_is_told_apart_with_every_declared_label_hidden() -> None:
    truth = {r["note_id"]: r["label"] for w in ("places", "products") for r in rows(f"truth/trust_{w}.jsonl")}
    about: dict[str, list[str]] = defaultdict(list)
    for row in rows("truth/links_places.jsonl") + rows("truth/links_products.jsonl"):
        about[row["note_id"]].append(row["item_id"])
    notes = [{**n, "trust": None} for n in load_tables()["note"] if n["id"] in truth]
    found = {n["id"]: v.label not in (None, "organic") for n, v in zip(notes, judge(notes, about), strict=True)}
    meant = {i for i in found if truth[i] != "organic"}
    ours = {i for i, paid in found.items() if paid}
    assert len(ours & meant) / len(ours) >= 0.95
    assert len(ours & meant) / len(meant) >= 0.85


@given(st.lists(st.tuples(st.text(max_size=40), st.sampled_from(["a", "b", None])), max_size=6))
def test_every_note_gets_a_known_label_and_a_reason(texts: list[tuple[str, str | None]]) -> None:
    notes = [{"id": str(i), "title": "", "body": body, "author_id": author} for i, (body, author) in enumerate(texts)]
    for row in labelled(notes, [(str(i), "poi", "p", 1.0) for i in range(len(texts))]):
        assert row["trust"] in TRUST
        assert row["trust_why"]
