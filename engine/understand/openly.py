"""What does a query ask for that no lexicon knows ("能看到火车的", "with a carousel")? Frames tell what is wanted."""

from typing import Final

from engine.understand.lexicon import longest
from engine.understand.patterns import Group, Lazy, Pattern, gated
from engine.understand.pieces import Piece, Reading

#: What ends a Chinese request for a thing: the noun for a place, a comma, or the end.
_NOUN: Final = (
    r"(?=[一-鿿]*?(?:店|馆|园|厅|吧|地方|酒店|民宿|公园|景点|餐|院|楼|场|客栈|宾馆|旅馆|小镇|古镇|农家乐|咖啡|茶))"
)
_END: Final = r"(?= *(?:[,。、;!?]|$))"
_THING: Final = r"(?P<word>[一-鿿]{2,6}?)"
#: An article is no part of the thing; a thing is of one to three words and ends where another part of the query begins.
_LATIN: Final = (
    r"(?:an? |the |some |its own |their own )?(?P<word>[a-z][a-z'’-]+(?: [a-z][a-z'’-]+){0,3}?)"
    r"(?= *(?:[,.;!?]|$)| (?:in|near|for|around|at|by|on|close|within|under|and|or|that|which|where|not|but|please)\b)"
)
_WHO: Final = r"(?:you|we|i|one|guests|people|visitors|kids|children)"

_HAVING: Final = gated(rf"(?<!没)有{_THING}的{_NOUN}")
_BRINGING: Final = gated(rf"(?<![能以可我你想要适合携附])带(?P<word>[一-鿿]{{2,5}}?)的{_NOUN}")
_ABLE: Final = gated(rf"(?<![不只])(?:能够?|可以)(?P<word>[一-鿿]{{2,8}}?)的{_NOUN}")
_INSISTED: Final = gated(rf"(?:必须|一定|最好|[要得需])要?有{_THING}{_END}")
_INSISTED_ABLE: Final = gated(rf"(?:必须|一定|最好|要)要?(?:能够?|可以)(?P<word>[一-鿿]{{2,8}}?){_END}")
_LISTED: Final = gated(rf"[, ]有{_THING}{_END}")
_LISTED_ABLE: Final = gated(rf"(?:^|[, ])(?:能够?|可以)(?P<word>看[一-鿿]{{2,7}}?){_END}")
_WITH: Final = gated(rf"\b(?:with|that has|that have|which has|which have|must have|has to have|having|has) {_LATIN}")
_WHERE: Final = gated(rf"\b(?:where|that|which)?(?: |^){_WHO} (?:can|could|may) {_LATIN}")
_CAN: Final = frozenset({_ABLE, _INSISTED_ABLE, _LISTED_ABLE})
_FRAMES: Final = Group(
    _HAVING, _BRINGING, _ABLE, _INSISTED, _INSISTED_ABLE, _LISTED, _LISTED_ABLE, _WITH, _WHERE
)  # fmt: skip
GATE: Final = _FRAMES.mask

_DULL: Final = Lazy(
    r"什么|没有|哪|名|趣|意思|特色|一|这|那|点|些|推荐|意境|人|我|你|机会|时间|钱|评分|价|分|空|合适|自己|啥|好"
)
#: Of what one can do anywhere, or asks of every place.
_COMMON: Final = Lazy(
    r"去|来|玩|买|吃|喝|住|带|用|订|约|坐|逛|走|报销|刷卡|打包|外卖|接受|推荐|介绍|告诉|帮|给|什么|哪|多|少|不|吗|呢|好"
)
_COMMON_LATIN: Final = Lazy(
    r"\b(?:\w*(?:good|great|nice|best|better|cheap\w*|free|low|high|big|large|small|lots?|much|many|more|less|fewe?r?"
    r"|rat(?:ed|ings?)|reviews?|price\w*|stars?|friends?|family|kids?|child\w*|bab\w+|toddlers?|parents?|dogs?|cats?|pets?"
    r"|wife|husband|girlfriend|boyfriend|partner|group|people|my|me|our|us|it|them|this|that|eat|drink|stay|go|buy|sit"
    r"|relax|work|hang|have|order|spend|take|bring|get|find|afford|recommend\w*|help|tell|try|be|do|no|not|without|atmosphere|vibes?"
    r"|food|service|menu|options?|choices?|something|anything|everything|which|what|where))\b"
)

#: What one does anywhere, when nothing is said of it: "where I can play" asks for no thing.
_PLAIN_VERBS: Final = Lazy(
    r"(?:play|visit|travel|explore|enjoy|watch|see|rest|meet|chat|talk|walk|wander|sleep|shop|pay|enter|look|live)"
)


def unknown(reading: Reading) -> list[Piece]:
    """Things asked for that nobody knows, as wishes: what people write is asked for them (indexing/openwords.py).

    The value is the thing; of what one can do, in Chinese, with the word that says so ("能看到火车").
    """
    found: dict[tuple[int, int], Piece] = {}
    for frame in _FRAMES.able(reading.text):
        for match in frame.finditer(reading.text):
            start, end = match.span("word")
            rank = None if _common(frame, match["word"]) else _rank(reading, start, end)
            if rank is None or any(s < end and start < e for s, e in found):
                continue
            value = {"open": ("能" if frame in _CAN else "") + match["word"]}
            found[start, end] = Piece(start, end, "amenity", "open", value, "soft", 1, 0.8, rule="open", rank=rank)
    return [*found.values(), *(kind for p in found.values() if p.rank > 0 for kind in _sought(reading, p))]


def _sought(reading: Reading, thing: Piece) -> list[Piece]:
    """The kind of place that is to have a thing called by the name of a kind itself."""
    kinds = [m for m in longest(reading.mentions) if m.slot == "category"]
    apart = [m for m in kinds if m.end <= thing.start or thing.end <= m.start]
    return [Piece(m.start, m.end, "category", "eq", m.id, rule=f"lexicon.{m.id}") for m in apart[:1]]


def _rank(reading: Reading, start: int, end: int) -> int | None:
    """Of the thing at [start, end): the least, or the highest when it is called by the name of a kind of thing or place
    beside the one that is sought ("a museum with a gift shop"); None when it is known as something else."""
    spans = [(m.start, m.end, m.slot) for m in reading.mentions] + [(n.start, n.end, n.slot) for n in reading.names]
    named = [(s, e, slot) for s, e, slot in spans if s < end and start < e]
    if not named:
        return -1
    inside = all(slot == "category" and start <= s and e <= end for s, e, slot in named)
    sought = any(slot == "category" and (e <= start or end <= s) for s, e, slot in spans)
    return 2 if inside and sought else None


def _common(frame: Pattern, word: str) -> bool:
    """Is it too common a word to be a thing that a place has?"""
    if frame in (_WITH, _WHERE):
        return bool(_COMMON_LATIN.search(word) or _PLAIN_VERBS.fullmatch(word))
    return bool((_COMMON if frame in _CAN else _DULL).search(word))
