"""Which dishes does a text ask for? Said by name, or by the frame around them: "能吃到X的餐馆", "有X这道菜"."""

from collections.abc import Iterator
from typing import Final

from engine.types import Hardness
from engine.understand.lexicon import Mention
from engine.understand.patterns import Group, Lazy, Pattern, gated
from engine.understand.pieces import Piece, Reading, signs
from engine.understand.target import talks_of_food

_EAT: Final = gated(
    r"(?<![不忌])(?:吃到|吃上|吃吃|吃一吃|吃(?!素|完|过|饭|喝|住|着|穿|个饭|顿|好|得|饱|了|货|的)|喝到|喝上"
    r"|喝(?!完|过|酒|了|足|好|住|的)|品尝到?|尝到|尝尝|尝一尝|尝(?!试))(?:一下|一次|一口|点儿?|些|一?[个份碗顿]|道)?"
)
_MENU: Final = gated(
    r"(?:推荐菜|特色菜|招牌菜|拿手菜|主打菜|菜品|菜单|主打)(?:里面?|中|上)?(?:必须|一定|要|得|最好)?(?:有"
    r"|是|为|包括|包含|含有?|叫做?|:)?"
    r"|(?<=吃)的菜(?:肴|品)?是|点的?是|想点(?:一?[个份道])?"
)
_HAS: Final = gated(
    r"(?<!没)(?<!只)(?:能够?|可以|会)?(?:有(?!没有|什么|名|特色|关|趣|意思|点|些|一|几)|做(?!客|为|什么)"
    r"|卖|供应|提供|售卖|烤(?![肉鱼鸭鸡串])|出售)(?:得好吃的?|的)?(?:一?[道种个款])?"
)
_STOP: Final = gated(
    r"[,。;!?:()]|(?:的|得)?(?:餐馆|餐厅|饭店|饭馆|馆子|酒楼|酒家|店(?!铺)|地方|地儿|小吃店|那家|哪家|哪里"
    r"|哪儿)|(?:这|那|此)(?:[一二两三四五几]?[道个种款样份]|些|类)|的?[一二两三]?[道个]菜"
    r"|做?得(?:很|最|比较|特别)?(?:好|棒|地道|正宗)|(?:的|,)?(?:评分|人均|价格|价位|预算|消费|推荐|最好|然后"
    r"|麻烦|请|帮|给|在哪|哪|能不能|可以吗|有没有"
    r"|有什么|有啥|怎么|并且|而且|同时|还要|且|好评|特别|很|比较|非常|超级?好)"
    r"|[吗呢吧呀啊呗嘛哦](?:[,。!?]|$)|了(?:[,。!?]|$)|的(?:时候|话)|(?:4|5|三|四|五)(?:\.5)?分|\d+"
)
_SPLIT_EN: Final = gated(r",? and |, | or ")
_SPLIT: Final = gated(r"(?<=..)(?:和|与|还有|以及|、|跟|及|或者|或|加上|,| )(?=..)|(?<=.)、(?=.)| and | or |, ")
_HEAD: Final = Lazy(
    r"^(?:一下|一?[杯碗份盘口](?=.{2})|点儿?|一些|些|个|份|碗|顿|到|特色菜?|招牌菜?|正宗的?|地道的?"
    r"|美味的?|好吃的?|著名的?"
    r"|当地的?|北京的?|他们家?的?|这里的?|的|是|有|道|他家的?)"
)
_TAIL: Final = gated(
    r"(?:[、 ]|了|啦|吧|呢|呀|啊|吗|的|得|等|什么的|之类的?|这类|这些|这|那|都|也|都有|啥的|菜品|还|又|并|且|和|与)$"
)
_GENERIC: Final = gated(
    r"^(?:.{0,2}饭|东西|点?东西|(?:特色|招牌|推荐|家常|拿手|.?道|点|些|个)?菜|美食|.{0,3}美味"
    r"|.{0,2}好吃的?|[不没别].*|.餐|.?宵夜?|夜宵|什么|啥|特产|小吃"
    r"|零食|辣|甜|素|荤|肉|酒|茶|.{0,2}风味|口味|味道|这个|那个|一顿|大餐|我.*|你.*|他.*|她.*|.*什么.*"
    r"|.*朋友.*|.*吃.*|.*喝.*|完.*|.*服务|.*地方|.*附近.*|.*(?:告诉|推荐|建议|放心|好玩|合适|解决|选择"
    r"|机会|没有|评[价分]|适合|可以|满意|服务|房)"
    r".*|名的.*|口福|啥.*|这.*|那.*|多.*|好.?|.*周边|.*东西|.*饭|玩.*)$"
)
_EN: Final = gated(
    r"(?:where|which|that)?[ ]?(?:i|we|you|people)? ?(?:can|could|to|wanna|want to|will) (?:have|eat|enjoy"
    r"|taste|try|drink|get|order|take) (?:some |the |a |an |delicious |special )*"
    r"|(?:i|we|she|he|they)(?: really|'d)? (?:want|crave|love|loves|like|likes|am craving|feel like"
    r"|fancy)(?: eating| having)? (?:some |the |a |an )*"
    r"|(?:hungry for|craving(?: for)?|in the mood for|recommended dishes? (?:of|like|including)"
    r"|(?:the )?dish(?:es)? (?:of|called|named)|specialt(?:y|ies) (?:is|of)) (?:some |the |a |an )*"
    r"|\b(?:provid(?:es?|ing)|sell(?:s|ing)?|serv(?:es?|ing)|offer(?:s|ing)?|makes?|cooks?|including|has"
    r"|have) (?:some |the |a |an |special )*"
    r"|\brestaurants? (?:with|for) (?:some |the |a |an |special )*"
)
_EN_STOP: Final = gated(
    r"[.,;!?()]|\b(?:with an?|with the|for (?:me|us|a|dinner|lunch|my)|in (?:a|the|beijing|this)|at an?"
    r"|near|nearby|whose|that|which|and (?:a|an|the|has|have|is|it|its|per|with|whose|rat)|please|could|can|when"
    r"|where|tonight|tomorrow|today|there|here|at|is|are|costs?|from|per|rated|under|after|before|while"
    r"|too|as well)\b|\d"
)
_EN_GENERIC: Final = gated(
    r"^(?:.*\b(?:dinner|lunch|breakfast|meals?|food|something|it|them|this|that|these|time|fun|rest|look"
    r"|places?|dish(?:es)?|restaurants?|many|any|been|take|recommended|invite|other|more|enough|taste"
    r"|flavou?r|hotels?|attractions?|one|recommendations?|delicious|bite|to|know|find|go|visit"
    r"|walk|friends?|good|info\w*|rating|price|wifi|service|play|cost|points?|yuan|room|you|me|us)\b.*"
    r"|.{0,2})$"
)  # fmt: skip

_PROOF: Final = Lazy(r"的?[这那此]|的?[一二两三]?[道个]菜")
_WORD: Final = gated(r"[a-z]{4}")
GATE: Final = signs("named dish") | Group(_EAT, _MENU, _HAS, _EN).mask
#: Characters that a frame looks ahead: keeps reading linear in the text.
_REACH: Final = 48


def dishes(reading: Reading) -> list[Piece]:
    """Dish pieces. Frames that hotels and shops share count only in a text about eating out."""
    known, food = _known(reading), talks_of_food(reading)
    told = [(s, e) for s, e in known if food and _telling(reading, s, e)]
    pieces = [_piece(s, e, known[s, e], 0.9, "dishes.name", "hard") for s, e in told]
    for start, end, sure in _frames(reading.text, food):
        pieces += _values(reading, start, end, known, sure)
    return pieces


def _known(reading: Reading) -> dict[tuple[int, int], str]:
    """Dishes of the index by where they stand; its own spelling counts before what English words mean."""
    named = [n for n in reading.names if n.slot == "dish"]
    named.sort(key=lambda n: str(n.value).isascii() or not reading.text[n.start : n.end].isascii())
    return {(n.start, n.end): str(n.value) for n in named}


def _telling(reading: Reading, start: int, end: int) -> bool:
    """Is the name alone, without a frame, clearly a dish?"""
    words = reading.text[start:end]
    return len(words) >= (5 if words.isascii() else 3) and not (words.isascii() and _named(reading, start, end))


def _piece(start: int, end: int, value: str, confidence: float, rule: str, hardness: str) -> Piece:
    kind: Hardness = "hard" if hardness == "hard" else "soft"
    return Piece(
        start,
        end,
        "dish",
        "has",
        value,
        kind,
        confidence=confidence,
        rule=rule,
        rank=4,
        label={"zh": value, "en": value},
    )


def _frames(text: str, food: bool) -> Iterator[tuple[int, int, bool]]:
    """-> [start, end) of what stands in a frame, and whether the frame alone proves a dish."""
    if any(c in text for c in "吃喝尝菜"):
        for pattern in (_EAT, _MENU):
            for match in pattern.finditer(text):
                yield match.end(), _stop(_STOP, text, match.end())[0], True
    if food and not text.isascii():
        for match in _HAS.finditer(text):
            end, stop = _stop(_STOP, text, match.end())
            yield match.end(), end, bool(_PROOF.match(stop))
    if food and _WORD.search(text):
        for match in _EN.finditer(text):
            yield match.end(), _stop(_EN_STOP, text, match.end())[0], False


def _stop(pattern: Pattern, text: str, start: int) -> tuple[int, str]:
    """-> where what begins here ends, and the words that end it."""
    match = pattern.search(text, start, start + _REACH)
    return (match.start(), match[0]) if match else (min(len(text), start + _REACH), "")


def _values(reading: Reading, start: int, end: int, known: dict[tuple[int, int], str], sure: bool) -> list[Piece]:
    """Split what stands in a frame into dishes; names of the index decide its borders where they can."""
    inside = sorted((s - e, s, e) for s, e in known if s >= start and s <= end and s < start + 40)
    for _, s, e in inside:
        if s == start and e >= end:
            return [_piece(s, e, known[s, e], 0.97, "dishes.frame", "hard")]
    if english := [(s, e) for _, s, e in inside if s < end and _translated(reading, known, s, e)]:
        return [_piece(s, e, known[s, e], 0.97, "dishes.english", "hard") for s, e in english]
    pieces = []
    place = start
    for part in _cut(reading.text, start, end):
        apart = part[0] > start and reading.text[part[0] - 1] == " "  # "吃火锅 小锅": on its own, perhaps no dish
        place = part[0]
        piece = _one(reading, place, part[1], known, sure and not apart)
        if piece:
            pieces.append(piece)
    return pieces


def _translated(reading: Reading, known: dict[tuple[int, int], str], start: int, end: int) -> bool:
    """Is a Chinese dish called by an English name here?"""
    return reading.text[start:end].isascii() and not known[start, end].isascii()


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    place = start
    split = _SPLIT_EN if text[start:end].isascii() else _SPLIT
    for match in split.finditer(text, start, end):
        yield place, match.start()
        place = match.end()
    yield place, end


#: "somewhere to eat in Gulou": what follows is where, not what.
_PLACE: Final = Lazy(r"(?:in|at|near|around|on|by|within) ")


def _one(reading: Reading, start: int, end: int, known: dict[tuple[int, int], str], sure: bool) -> Piece | None:
    text = reading.text
    while (start, end) not in known and (head := _HEAD.match(text[start:end])) and head.end() < end - start:
        start += head.end()
    while (start, end) not in known and (tail := _TAIL.search(text[start:end])) and tail.start() > 0:
        end = start + tail.start()
    while start < end and text[start] == " ":
        start += 1
    words = text[start:end].strip()
    end = start + len(words)
    if (start, end) in known:
        return _piece(start, end, known[start, end], 0.97, "dishes.frame", "hard")
    if not words or _PLACE.match(words) or _GENERIC.match(words) or len(words) > (40 if words.isascii() else 12):
        return None
    if words[0].isascii() and " " in words and (_EN_GENERIC.match(words) or not words.isascii()):
        return None
    if (
        _named(reading, start, end)
        or (not sure and _touched(reading, start, end))
        or (words.isascii() and _EN_GENERIC.match(words))
    ):
        return None
    if len(words) < 2:
        return None
    return _piece(start, end, words, 0.85 if sure else 0.55, "dishes.frame", "hard" if sure else "soft")


def _touched(reading: Reading, start: int, end: int) -> bool:
    """Does the lexicon read a part of these words as a facility, a mood, a company ("露台的意大利")?"""
    other = ("amenity", "ambience", "audience", "occasion", "diet", "cuisine", "hotel_class")
    return any(m.slot in other for m in reading.mentions if m.start < end and start < m.end)


def _named(reading: Reading, start: int, end: int) -> bool:
    """Does the lexicon read these very words as something else: a cuisine, a kind of place, a facility?"""
    covering = [m for m in reading.mentions if m.start <= start and end - 1 <= m.end and m.start < end]
    return any(m.slot not in ("dish", "shadow", "ingredient") and not _food(reading, m) for m in covering)


def _food(reading: Reading, mention: Mention) -> bool:
    """ "想吃火锅，找个餐馆": where a restaurant is named, a kind of restaurant that is eaten is a dish."""
    return (
        mention.slot == "category"
        and "restaurant" in reading.lexicon.ancestors(mention.id)
        and any(m.id == "restaurant" and m.start != mention.start for m in reading.mentions)
    )
