"""Which category is asked for, and which are only talked about ("吃完饭想找个景点")?"""

from typing import Final

from engine.understand.lexicon import Mention
from engine.understand.offer import offered
from engine.understand.patterns import Group, Lazy, gated
from engine.understand.pieces import NOTHING, Piece, Reading, signs

#: Words around a category that make it context: a place one comes from, or an aside.
_CONTEXT_AFTER: Final = Lazy(
    r"(?:里|中)?(?:吃完|玩完|出来|出发|回来|结束|安排|订好|定好|选好|找好|解决|之后|以后|后面|附近|周边"
    r"|旁边|边上|周围|不远|的?(?:时候|电话|地址|信息|名字|名称|预[定订])|也?(?:解决|搞定|安排|订|定"
    r"|有)(?:了|好|完|妥)|就?这么?定|里的|的事|不错|很好|的话题|都?去过|怎么走|休息好)|,? (?:is|was"
    r"|has been) (?:settled|booked|arranged|done|great|nice)| information"
)
_CONTEXT_BEFORE: Final = gated(
    r"(?:从|离开|逛完|玩完|看完|吃完|去完|参观完|游完|订好|订完|定完|定好|安排好?完?|安排妥|找到|找好|选好|解决"
    r"|这些|这个|该|那个|那家|这家|离|回到?"
    r"|把)(?:了|的)?(?:好|一个|个|这个|那个|家|玩的?|吃的?)?$"
    r"|(?<![a-z])(?:after|before|from|near|around|next to|leaving|visiting|left|arranged|settled|booked|found|this"
    r"|that|these|those|the|at|of)(?: (?:the|arranging|visiting|booking|leaving|this|that|my|our|eating at"
    r"|an?|hotel and|food and))*(?: [a-z]+ing)? $"
)
#: What somebody likes doing: "a present for my dad who loves fishing", "送给爱露营的朋友".
_LIKED: Final = gated(
    r"(?:爱|喜欢|热爱|迷上?了?)(?:去|玩|看|喝)?$"
    r"|\b(?:who(?:'s| is)?|he|she|they|that) (?:really |also )?"
    r"(?:likes?|loves?|enjoys?|into|a fan of|mad about) (?:to )?$"
)
_WHO: Final = Lazy(
    r"的(?:人|朋友|闺蜜|同[学事]|男|女|爸|妈|老[爸妈公婆师板人]|孩子|小朋友|长辈|父母|他|她)|(?=[ ,.?!]|$)"
)
_THESE: Final = gated(r"(?:这些|\b(?:these|those)) ?(?:的)?$")
_ASK_BEFORE: Final = gated(
    r"(?:找|推荐|介绍|订|定|预订|预定|选|挑|换|有没有|有什么|有哪些|哪个|哪家|哪里有|哪有|想去|要去|去"
    r"|想住|入住|来|帮|求|需要|想要|想问问|安排|什么|知道)(?:我|们|我们|一下|到|下|好|一|两|几|些|个|家|间"
    r"|处)*[^,。;!?]*$"
    r"|(?<![a-z])(?:find|recommend|looking for|look for|need|want|book|suggest|search|choose|any|some|a|an|visit|try"
    r"|is there|are there|which)\b[^,.;!?]*$"
)
#: So far back a verb may ask for what is named: keeps reading linear in the text.
_REACH: Final = 96
#: Mentions that score less are context.
_CONTEXT: Final = -1.6
#: What one does, rather than where: any noun says it better.
_VERB: Final = Lazy(r"[吃喝住玩]|accommodation|dining|services?$")
_BREAK: Final = gated(r"[,。;!?]|(?:完|后|之后|以后)(?=我|想|再|去|,)")
_EATING: Final = gated(
    r"(?:想|要|去|来|请|找|打算|准备|得|地方|能|个|现在|该|先|好好)[^,。;!?完后]{0,8}?(?:吃(?!完|过|好了"
    r"|饱了?|住)|用餐|就餐|聚餐|喝(?!完|过))|饿|\b(?:have|eat|for|take|enjoy) (?:a |some )?(?:dinner|lunch"
    r"|breakfast|meal|food)|\b(?:dinner|lunch|supper)(?=$|[,.?!]| (?:with|for|in|near|tonight|tomorrow|on|under|at"
    r"|spots?|places?|ideas)\b)|[午晚]饭|[午晚]餐|宵夜|夜宵|hungry|\beat\b"
)
_SLEEPING: Final = gated(
    r"(?:想|要|去|来|找|打算|准备|得|地方|能|订|先|晚上)[^,。;!?完后]{0,8}?(?:住宿|入住|住(?:下|的|$|,"
    r"|一晚|呢|店)|过夜|落脚|休息)|住宿|(?:place|somewhere|where) to (?:stay|sleep|live)|accommodation"
    r"|check[- ]in|\blodging\b"
)
_PLAYING: Final = gated(
    r"(?:想|要|去|来|找|打算|准备|能|可以|地方|出去|出)[^,。;!?完后]{0,8}?(?:游玩|玩(?!完|累|好|够|饿|具|偶|家|法)"
    r"|逛(?!完)|游览|参观|走走|走一走|溜溜|转转)|(?:place|somewhere|where) (?:\w+ )?to (?:visit|play|go)"
    r"|sightsee|\bplay\b|for fun"
)
_FIELDS: Final = (
    (
        "sights",
        gated(
            r"门票|票价|游玩(?:的)?(?:时间|时长)|\bticket|\badmission|\bentr(?:y|ance) fee|playing (?:time|duration)"
        ),
    ),
    ("hotel", gated(r"房价|每晚|per night|check[- ]?in|酒店类型")),
    ("restaurant", gated(r"人均|推荐菜|特色菜|招牌菜|per[- ]person|per capita|\bdish")),
)


GATE: Final = signs("category")


def targets(reading: Reading) -> list[Piece]:
    """Category pieces asked for; the other mentions of categories become covering pieces."""
    found = [m for m in reading.mentions if m.slot == "category" and m.sign > 0 and not offered(reading, m)]
    if len(found) == 1 and not _against(reading.text, found[0]):
        return [_piece(found[0], "category")]
    scores = [_score(reading, m) for m in found]
    best = max(scores, default=0.0)
    tops = {m.id for score, m in zip(scores, found, strict=True) if score == best}
    pieces = []
    for score, m in zip(scores, found, strict=True):
        asked = score == best and score > _CONTEXT
        if not asked and score > _CONTEXT:  # "找个地方住宿 ... 的酒店": the finer name for what is asked
            asked = not tops.isdisjoint(reading.lexicon.ancestors(m.id))
        pieces.append(_piece(m, "category" if asked else NOTHING))
    return pieces


def _piece(m: Mention, slot: str) -> Piece:
    return Piece(m.start, m.end, slot, "eq", m.id, "hard", confidence=0.99, rule=f"lexicon.{m.id}")


def _score(reading: Reading, mention: Mention) -> float:
    """How much like the thing asked for a category mention is; at most _CONTEXT: only talked about."""
    text, start = reading.text, mention.start
    score = _against(text, mention)
    if _ASK_BEFORE.lives(text) and _ASK_BEFORE.search(_BREAK.split(text[max(0, start - _REACH) : start])[-1]):
        score += 2
    if _VERB.match(mention.surface) or set(reading.lexicon.entries[mention.id].kinds) == {"note"}:
        score -= 1.5
    return score


def _against(text: str, mention: Mention) -> float:
    """What the words around a mention say against its being asked for; 0 = nothing."""
    start, end = mention.start, mention.end
    after = -4.0 if _CONTEXT_AFTER.match(text[end : end + 24]) else 0.0
    if _LIKED.lives(text) and _LIKED.search(text, max(0, start - 40), start) and _WHO.match(text, end):
        after -= 3.0
    context = _CONTEXT_BEFORE.lives(text) and _CONTEXT_BEFORE.search(text[max(0, start - 40) : start])
    return after - 3.0 if context and not _THESE.search(text[max(0, start - 8) : start]) else after


def implied(reading: Reading, slots: set[str]) -> str | None:
    """The category that verbs and fields imply when none is named: attraction, hotel or restaurant."""
    if "dish" in slots or "cuisine" in slots:
        return "restaurant"
    if "hotel_class" in slots:
        return "hotel"
    if _FIELD.lives(reading.text):
        for category, pattern in _FIELDS:
            if pattern.search(reading.text):
                return category
    if "duration" in slots:
        return "sights"
    if not _VERBS_SAID.lives(reading.text):
        return None
    last = {c: max((m.start() for m in p.finditer(reading.text)), default=-1) for c, p in _VERBS}
    category, place = max(last.items(), key=lambda item: item[1])
    return category if place >= 0 else None


_VERBS: Final = (("restaurant", _EATING), ("hotel", _SLEEPING), ("sights", _PLAYING))
_FIELD: Final = Group(*(pattern for _, pattern in _FIELDS))
_VERBS_SAID: Final = Group(*(pattern for _, pattern in _VERBS))
#: Verbs say less than fields: their category is a wish.
SURE: Final = frozenset({"dish", "hotel_class", "duration"})


def talks_of_food(reading: Reading) -> bool:
    """Is the text about eating out (so that frames such as "有X的" may hold dishes)?"""
    named = [m.id for m in reading.mentions if m.slot == "category"]
    if any("restaurant" in (name, *reading.lexicon.ancestors(name)) for name in named):
        return True
    return not named and (bool(_EATING.search(reading.text)) or "人均" in reading.text)
