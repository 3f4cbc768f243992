"""Do mined mentions and their sums say what the notes say?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from engine.types import KINDS
from indexing.aggregate import EVIDENCE, aggregate
from indexing.evidence import HEARSAY, MENTIONS, mine, read
from indexing.items import NOTES
from indexing.links import LINKS, NAMED
from indexing.sentences import sentences, split
from indexing.witnesses import attribute

NOW = datetime(2026, 11, 1, tzinfo=UTC)
POI = KINDS.index("poi")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("有草坪。没有秋千！！停车？", ["有草坪。", "没有秋千！！", "停车？"]),
        (
            "Rated 4.5 stars. Dr. Wu said e.g. tea is fine. Go!",
            ["Rated 4.5 stars.", "Dr. Wu said e.g. tea is fine.", "Go!"],
        ),
        ("人均3.5元\n\n很好……推荐", ["人均3.5元", "很好……", "推荐"]),
        ("他说“真安静。”然后走了", ["他说“真安静。”", "然后走了"]),
        ("。！\n", []),
    ],
)
def test_sentences(text: str, pieces: list[str]) -> None:
    assert sentences(text) == pieces


@pytest.mark.parametrize(
    ("sentence", "attribute", "sign"),
    [
        ("后院有一大片草坪，孩子跑疯了", "lawn", 1),
        ("可惜没有草坪", "lawn", -1),
        ("草坪去年改成停车场了", "lawn", -1),
        ("停车不方便，绕了三圈", "parking", -1),
        ("周末很吵", "quiet", -1),
        ("一点也不吵", "quiet", 1),
        ("谢绝12岁以下儿童入内", "family_with_kids", -1),
        ("谢绝宠物", "dogs_allowed", -1),
        ("可以带狗", "pets_allowed", 1),
        ("完全不用排队", "no_queue", 1),
        ("排队排了两个小时", "no_queue", -1),
        ("停车场是免费停车", "parking", 1),
        ("Dogs are not allowed on the terrace", "dogs_allowed", -1),
        ("There's plenty of space and a big lawn", "lawn", 1),
        ("not noisy at all", "quiet", 1),
        ("敏感肌用了刺痛", "sensitive_skin", -1),
        ("不含酒精，敏感肌可用", "alcohol", -1),
        ("The cream is fragrance-free", "fragrance", -1),
        ("we used to love the lawn but it's been removed", "lawn", -1),
    ],
)
def test_a_sentence_is_read(sentence: str, attribute: str, sign: int) -> None:
    assert {(f[0], f[1]) for f in read(sentence) if f[0] == attribute} == {(attribute, sign)}


@pytest.mark.parametrize(
    "sentence", ["有草坪吗？", "有没有草坪", "要是有草坪就好了", "Does it have a lawn?", "今天没带娃"]
)
def test_questions_and_wishes_state_nothing(sentence: str) -> None:
    assert not {f[0] for f in read(sentence)} & {"lawn", "family_with_kids"}


def test_hearsay_and_neighbours_count_little() -> None:
    assert dict((f[0], f[2]) for f in read("听说有草坪"))["lawn"] == pytest.approx(HEARSAY)
    assert dict((f[0], f[2]) for f in read("隔壁公园有草坪"))["lawn"] < 0.5


@pytest.mark.parametrize(
    "sentence",
    ["听同事说这里有草坪", "店员说有草坪，我没看到", "The reviews say there is a lawn", "有没有停车场呀，求告知"],
)
def test_what_others_say_and_questions_prove_little(sentence: str) -> None:
    assert all(fact[2] <= HEARSAY for fact in read(sentence) if fact[0] in {"lawn", "parking"})


@pytest.mark.parametrize(
    ("sentence", "attribute", "ended"),
    [
        ("以前有草坪，现在改成停车场了", "lawn", True),
        ("没有草坪", "lawn", False),
        ("Dogs aren't allowed any more", "dogs_allowed", True),
        ("露台封起来了", "outdoor_seating", True),
    ],
)
def test_what_is_no_longer_is_told_apart(sentence: str, attribute: str, ended: bool) -> None:
    assert [(f[1], f[3]) for f in read(sentence) if f[0] == attribute] == [(-1, ended)]


def test_two_things_in_one_sentence_keep_their_own_signs() -> None:
    assert {(f[0], f[1]) for f in read("有草坪，没有秋千，停车免费") if f[4]} == {
        ("lawn", 1),
        ("swing", -1),
        ("parking", 1),
        ("free_parking", 1),
    }


def _notes(*rows: dict[str, Any]) -> pa.Table:
    base: dict[str, Any] = {"trust": "organic", "published_at": NOW - timedelta(days=30), "title": "记录"}
    filled = [
        {**dict.fromkeys(NOTES.names), **base, "id": f"n{i}", "author_id": f"a{i}", **row} for i, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(filled, schema=NOTES)


def _judge(*rows: dict[str, Any], name: str = "lawn") -> dict[str, Any]:
    """Evidence about `name` when every note is about place 7."""
    notes = _notes(*rows)
    mentions = mine(split(notes))
    assert mentions.schema == MENTIONS
    links = pa.Table.from_pylist(
        [{"note": i, "kind": POI, "item": 7, "confidence": 1.0, "how": "id"} for i in range(len(rows))], schema=LINKS
    )
    table = aggregate(mentions, attribute(mentions, links, NAMED.empty_table()), notes, NOW)
    assert table.schema == EVIDENCE
    return next((row for row in table.to_pylist() if row["attribute"] == name), {})


def test_one_sentence_makes_it_likely_and_two_authors_sure() -> None:
    one = _judge({"body": "有大草坪。"})
    two = _judge({"body": "有大草坪。"}, {"body": "草坪很舒服。"})
    assert 0.6 < one["probability"] < 0.8 <= two["probability"]
    assert (two["support"], two["against"], two["authors"]) == (2, 0, 2)
    assert (one["item"], one["contradiction"], one["best"]) == (7, -1, 1)


def test_the_same_author_does_not_count_twice() -> None:
    once = _judge({"body": "有草坪。", "author_id": "x"})
    often = _judge(*[{"body": "有草坪。", "author_id": "x"}] * 5)
    assert often["probability"] == pytest.approx(once["probability"], abs=1e-6)
    assert (often["support"], often["authors"]) == (5, 1)


def test_rumours_and_suspects_alone_are_not_enough() -> None:
    assert _judge({"body": "听说有草坪。"})["probability"] < 0.5
    assert _judge({"body": "有草坪。", "trust": "suspected"})["probability"] < 0.5
    assert (
        _judge({"body": "有草坪。", "trust": "sponsored"})["probability"] < _judge({"body": "有草坪。"})["probability"]
    )


def test_a_newer_end_beats_many_older_yeses() -> None:
    old = {"body": "有草坪。", "published_at": NOW - timedelta(days=400)}
    gone = _judge(old, old, old, {"body": "草坪去年拆了。"})
    assert gone["probability"] < 0.5 and gone["ended"]
    assert (gone["support"], gone["against"]) == (3, 1)
    again = _judge(
        {"body": "草坪去年拆了。", "published_at": NOW - timedelta(days=400)},
        {"body": "新草坪很大。"},
        {"body": "有草坪。"},
    )
    assert again["probability"] > 0.5 and not again["ended"]


def test_contradictions_are_kept_with_their_sentence() -> None:
    row = _judge({"body": "有草坪。"}, {"body": "草坪很大。"}, {"body": "没有草坪。"})
    assert row["probability"] > 0.5
    assert row["contradiction"] == 5 and row["newest_against"] == NOW - timedelta(days=30)


def test_slots_go_only_where_they_apply() -> None:
    assert _judge({"body": "纯棉的。"}, name="cotton") == {}


def test_no_mentions_give_an_empty_table() -> None:
    assert _judge({"body": "今天天气不错"}) == {}
