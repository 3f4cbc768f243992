"""Is the intent of a query read as a person would name it?"""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.types import Query
from engine.understand.intents import WEIGHTS, Cues, choose, cues
from engine.understand.lexicon import load
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand
from engine.understand.pieces import Reading
from engine.vocabulary import INTENTS

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUERIES = {
    "find_place": [
        "适合带老人去的温泉酒店",
        "cozy bookshop cafes in Hangzhou",
        "哪里有能带狗的民宿",
        "want a quiet bar near the river",
        "有套餐的火锅店",
        "评价好的川菜馆",
        "不踩雷的日料店推荐",
        "停车方便的亲子农场",
        "restaurants with a set lunch",
        "想找个可以看书的地方",
    ],
    "find_product": [
        "油头洗发水推荐",
        "lightweight stroller for travel",
        "送女友的生日礼物",
        "男士保湿面霜 200以内",
        "gift for my dad under $50",
        "降噪耳机",
    ],
    "find_note": [
        "出租屋改造灵感",
        "梨形身材秋冬穿搭",
        "wedding guest outfit ideas",
        "small balcony decor inspiration",
        "短发发型推荐",
        "capsule wardrobe lookbook",
        "考研经验分享",
        "极简风客厅布置",
    ],
    "howto": [
        "怎么给猫剪指甲",
        "红烧肉的做法",
        "how do I clean a cast iron pan",
        "beginner makeup tutorial",
        "敏感肌怎么选防晒",
        "咖啡豆如何保存",
        "why does my sourdough not rise",
        "零基础怎么学尤克里里",
    ],
    "compare": [
        "戴森和徕芬哪个值得买",
        "iPhone 还是 安卓 拍照好",
        "difference between latte and flat white",
        "Sony or Bose headphones, which is better",
        "兰蔻小黑瓶 vs 雅诗兰黛小棕瓶",
        "防晒霜和防晒喷雾有什么区别",
        "should I buy an air fryer or an oven",
        "海底捞和呷哺呷哺对比",
        "迪士尼还是欢乐谷更适合带娃",
        "长隆欢乐世界还是海洋王国更适合亲子游",
        "is the zoo or the aquarium better for kids",
        "is the national museum or the science and technology museum more fun for toddlers",
    ],
    "itinerary": [
        "西安五日游行程安排",
        "weekend trip to Suzhou with kids",
        "北京3天怎么玩",
        "two days in Kyoto",
        "plan a day in Munich",
        "云南自驾路线",
        "厦门两天一夜攻略",
        "5 day Yunnan itinerary",
    ],
    "review_check": [
        "这款空气炸锅好用吗",
        "is the Eye of Shanghai cruise worth it",
        "环球影城值得去吗",
        "XX医美靠谱吗",
        "亚朵酒店怎么样",
        "是不是智商税 美容仪",
        "is La Mer overrated",
        "any good: Manner coffee?",
        "有没有人用过石头扫地机 真实反馈",
    ],
    "lookup": [
        "星巴克南京西路店",
        "海底捞三里屯店电话",
        "where is Din Tai Fung in Xintiandi",
        "喜茶营业时间",
        "opening hours of Blue Bottle Zhangyuan",
        "全聚德怎么走",
    ],
    "book": [
        "帮我订一家明晚6点能坐8个人的包间",
        "reserve a table for four on Friday night",
        "周六下午美甲预约",
        "book a massage tomorrow at 3 pm",
        "订两张今晚的脱口秀票",
    ],
    "similar_to": [
        "有没有海蓝之谜的平替",
        "dupes for Charlotte Tilbury lipstick",
        "somewhere like Blue Bottle",
        "跟蓝瓶差不多风格的咖啡馆",
        "cheaper alternative to Dyson Airwrap",
        "类似无印良品的收纳盒",
    ],
    "deal": [
        "火锅双人套餐",
        "自助餐团购",
        "hotel deals this weekend",
        "coupons for bubble tea",
        "买一送一的奶茶",
        "discounted spa packages",
    ],
    "browse": [
        "周末去哪儿玩",
        "things to do in Chengdu",
        "无聊 附近有什么好玩的",
        "what's on tonight",
        "下雨天干点啥",
        "上海有什么好玩的",
    ],
}


def told(text: str) -> Cues:
    return cues(Reading.of(text, "mixed", load(), NO_NAMES, NOW))


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in QUERIES.items() for text in texts])
def test_the_intent(name: str, text: str) -> None:
    assert understand(Query("default", text), NO_NAMES, NOW).name == name


def test_the_kinds_follow_the_intent() -> None:
    kinds = {
        q: understand(Query("default", q), NO_NAMES, NOW).kinds for q in ("怎么给猫剪指甲", "reserve a hotpot for four")
    }
    assert max(kinds["怎么给猫剪指甲"], key=lambda k: kinds["怎么给猫剪指甲"][k]) == "note"
    assert set(kinds["reserve a hotpot for four"]) == {"poi"}


def test_what_only_looks_like_a_cue_is_none() -> None:
    assert "review_check" not in told("不踩雷的餐厅").weights
    assert "similar_to" not in told("明星同款").weights


def test_confidences_are_shares_and_the_runner_up_is_named() -> None:
    name, sure, others = choose({"deal": 2.3, "find_place": 2.0, "browse": -9.0})
    assert (name, others[0][0]) == ("deal", "find_place")
    assert 0 < others[0][1] < sure < 1


@given(st.text(max_size=60))
@settings(max_examples=100)
def test_cues_of_any_text_lie_inside_it(text: str) -> None:
    found = told(text.lower())
    assert set(found.weights) <= {*INTENTS, "notes"}
    assert all(0 <= start < end <= len(text.lower()) for _, start, end in found.spans)
    assert all(weight >= min(WEIGHTS.values()) for weight in found.weights.values())
