"""Which pieces are unwanted? Cues before them in their clause turn polarity around, and hide what they cover."""

import re
from bisect import bisect_left
from itertools import pairwise
from operator import attrgetter
from typing import Final

from engine.understand.patterns import Group, Lazy, gated
from engine.understand.pieces import NOTHING, Piece

_CUE: Final = gated(
    r"(?:不要|不想要?|不用(?!为)|不需要|(?<![特分性级区个])别(?!墅|致|有|的|人|处)|不含|不带|唔要|唔食|唔想|(?<!有)没有(?!吗"
    r"|什么好)|(?<!有)没(?!有|关系|问题"
    r"|事|想)|无(?!障碍|烟|线|广|印|人机|敌|糖|麸|锡|印|所谓|论|聊|忧)|除了|除开|除去|排除|避开|避免|拒绝|谢绝|不(?:能|可以?)(?:有|放|加|含|吃|喝)|不吃|不喝|不爱|不放|不加|不是"
    r"|不去|不选|不逛|忌口?|讨厌|不喜欢|不收|不太想|非(?!常|遗|要|得))"
    r"|(?<![a-z0-9])(?:no(?! matter|rth|t only|w| more than| later| less)|not(?! too far|hing| only"
    r"| necessarily)|without|don'?t (?:want|like|need|eat|drink)"
    r"|do not (?:want|like|need|eat)|can'?t (?:eat|have|stand|do)|hates?|dislikes?"
    r"|does(?:n't| not) have|avoid(?:ing)?|skip|except(?: for)?|(?:anything"
    r"|anywhere) (?:but|except)"
    r"|other than|apart from|excluding|exclude|rather than|instead of|never|nothing"
    r"|neither|nor|minus)(?![a-z0-9])(?: (?:any|an?|the|too|in|near)\b)*"
)
_GAP: Final = Lazy(
    r"^ ?[^,。;!?的、 ]{0,4}$|^ ?(?:any |a |an |the |too |very |really |super |overly |so |that |those |much |many "
    r"|more |kind of |sort of |in |on |at |be |to |of |is |are |has |have |having |with |want "
    r"|recommend |me |any more |serving |from |by |made by |)*$"
)
#: "不能没有停车位", "没有停车位不行", "can't do without parking": denied twice is a must.
_MUST: Final = gated(
    r"(?:不能|不可以?|别|不要)(?:没有?|缺|少)|少不了|缺不了|离不开|(?:can'?t|cannot|won'?t) (?:do|live"
    r"|go) without|not without|must not lack"
)
_ELSE: Final = Lazy(r"[^,。;!?]{0,3}(?:就|可)?(?:不行|不去|不来|不买|免谈|不考虑|不可|就算了)(?!人)")
#: "any coffee shop but Starbucks": only the last word is the cue.
_BUT: Final = gated(r"\bany\b[^,.;!?]{2,24}?(?P<cue> (?:but|except)(?: for)?) ")
#: "不排斥网红店", "I don't mind stairs": neither wanted nor unwanted.
_MINDLESS: Final = gated(
    r"(?:不排斥|不介意|不在乎|不反对|不挑|\b(?:do(?:n't| not) mind|no need for|do(?:n't| not) care about"
    r"|not fussy about))(?: the| an?| any)? ?"
)
#: "除了草坪还要有秋千": as well, not except.
_BESIDES: Final = Lazy(
    r"[^,。;!?]{0,4}(?:以外|之外)?[,，]? ?(?:还|也|另外|同时)(?:想?要|得|需要?)?(?:有|带|能)(?!什么|哪|推荐|啥|没)"
)
#: What is refused after its name: "苏州以外", "坚果过敏", "Starbucks excluded".
_AFTERWARDS: Final = gated(
    r"(?:以外|之外|除外)(?!,?还)|的?(?:我)?(?:都|就)?(?:不要|免了|不考虑|不行)(?=$|[,。;!? ])"
    r"|的?(?:就|都|请)?(?:别|不要|勿)(?:再|给我?|跟我?|和我?)*(?:来|推荐?|提|上|考虑)(?:了|啦)?(?=$|[,。;!? ])"
    r"| (?:excluded|not wanted|aside)\b"
)
_ALLERGY: Final = gated(r"(?:类|制品)?过敏| ?-?(?:allergy|allergies|intolerance|intolerant)\b")
_ALLERGIC: Final = gated(r"(?:对|allergic to |intolerant (?:to|of) )(?:the |any )?$")
#: More characters than a match of it has.
_REACH: Final = 32
#: A word that an adjective denies with it: "no loud music", "nothing too pricey places".
_NOUN: Final = Lazy(
    r" (?!and\b|or\b|but\b|with\b|in\b|near\b|for\b|just\b|please\b|at\b|on\b|that\b|which\b|is\b|are\b|though\b)[a-z]+"
)
#: Right before a word of a quality it denies that word, or what that word denies: "不掉色", "isn't crowded".
_DIRECT: Final = gated(
    r"(?P<no>(?<![差要是对么])不|\b(?:(?:do|does|did|wo|is|are|was|ca)n't|(?:do|does|did|will|is|are|was) not) )"
    r"(?:会|太|怎么|易|容易|再|那么|很|be |get |feel |too |that )*"
)
_REFUSED: Final = Lazy(r"的?(?:店|地方|餐厅|酒店|民宿|那种|话)?(?:都|就)?(?:不要|别|不去|不来|不考虑|不行|免谈)")
#: What "不" alone may deny.
_QUALITIES: Final = frozenset({"amenity", "ambience", "diet", "attr.skin", "attr.home", "attr.style", "attr.body"})
#: A refusal of something that nobody knows: hidden from the encoder all the same.
_REFUSAL: Final = Lazy(
    r"不要|不想要?|不含|不带|讨厌|不喜欢|排除|避开|拒绝|谢绝|without|avoid(?:ing)?|don'?t (?:want|like|need)|no|hates?"
)
_UNKNOWN: Final = Lazy(
    r"(?!了|吧|吗)[\u4e00-\u9fff]{1,6}?(?=的|,|。|;|!|\?|、| |但|$)| ?(?!problem|idea|rush|matter"
    r"|worries|need|one|longer)[a-z'-]+(?: (?!and|or|but|with|in|near|for|just|please|at"
    r"|on|that|which|is|are)[a-z'-]+)?(?=$|[,.;!?]| (?:and|or|but|with|in|near|for|just"
    r"|please|at|on|that|which)\b)"
)

#: "alcohol-free"
_AFTER: Final = gated(r"[ -]free\b")


_JOINED: Final = Lazy(
    r"(?:和|或者?|、|,?也不要?|,?也别|跟|与| ?,? ?or(?: any)? | ?and | ?nor |, )?(?:太|有|any |an? )?"
)
#: Foods that an allergy may speak of.
_EATEN: Final = frozenset({"ingredient", "dish"})
#: Traits of a place, any two of which "or" may refuse together: "no kids or dogs".
_TRAITS: Final = frozenset({"audience", "amenity", "ambience", "diet", "ingredient", "attr.style", "attr.material"})
#: What may be refused in one breath: "neither Italian nor pizza".
_FOODS: Final = frozenset({"cuisine", "category", "dish"})


_START: Final = attrgetter("start")
#: At most so many pieces share one place ("酒吧" is a category and a hotel's facility).
_NEAR: Final = 8


def _reaches(gap: str) -> bool:
    """Is what follows a cue after so much text still what it denies? In "不是私人的游乐场" it is not."""
    return bool(_GAP.match(gap))


_BEHIND: Final = Group(_AFTER, _ALLERGY, _ALLERGIC, _AFTERWARDS)
_TWICE: Final = Group(_MUST, _MINDLESS)
_ANY: Final = Group(_CUE, _DIRECT, _MUST, _MINDLESS, _BUT, *_BEHIND)


def negate(pieces: list[Piece], text: str) -> tuple[list[Piece], list[tuple[int, int]]]:
    """-> pieces with polarity, and the spans of negation cues that govern a piece (or hide an unknown word)."""
    hidden: list[tuple[int, int]] = []
    if not _ANY.lives(text):
        return pieces, hidden
    musts = _musts(pieces, text, hidden)
    settled = len(hidden)
    for match in _CUE.finditer(text):
        begin = match.end()
        if text[begin - 1] == "有" and any(p.start == begin - 1 for p in _before(pieces, begin)):
            begin -= 1  # "没有停车": the lexicon's word is "有停车"
        if any(match.start() < p.end and _blocks(p) for p in _before(pieces, begin)):
            continue
        if any(start < match.end() and match.start() < end for start, end in (*hidden[:settled], *hidden[-_NEAR:])):
            continue
        if match.group().startswith("除") and _is_besides(pieces, match.end(), text):
            continue
        reach = _deny(pieces, begin, text, musts)
        if reach > begin:
            hidden.append((match.start(), reach))
        elif _REFUSAL.fullmatch(match.group().strip()) and (end := _free(_UNKNOWN, pieces, text, match.end())):
            hidden.append((match.start(), end))
    _all_but(pieces, text, musts, hidden)
    _directly(pieces, text, musts, hidden)
    if _BEHIND.lives(text):
        _afterwards(pieces, text, hidden)
    return pieces, hidden


def _before(pieces: list[Piece], end: int) -> list[Piece]:
    """The last few pieces that begin before a place: all that could reach beyond it, since pieces do not cross."""
    at = bisect_left(pieces, end, key=_START)
    return pieces[max(0, at - _NEAR) : at]


def _all_but(pieces: list[Piece], text: str, musts: set[int], hidden: list[tuple[int, int]]) -> None:
    """ "any cafe but Starbucks", where no other cue has spoken of it."""
    for match in _BUT.finditer(text):
        if any(start <= match.end() and match.start("cue") <= end for start, end in hidden):
            continue
        if (reach := _deny(pieces, match.end(), text, musts)) > match.end():
            hidden.append((match.start("cue"), reach))


def _directly(pieces: list[Piece], text: str, musts: set[int], hidden: list[tuple[int, int]]) -> None:
    """ "不掉色": the word right behind, unless it is asked whether ("干净不干净", "能不能停车")."""
    if not _DIRECT.lives(text):
        return
    taken = bytearray(len(text))
    for start, end in hidden:
        taken[start:end] = b"x" * (end - start)
    for match in _DIRECT.finditer(text):
        if any(taken[match.start() : match.end()]):
            continue
        at = bisect_left(pieces, match.end("no"), key=_START)
        for piece in pieces[at : at + _NEAR]:
            if piece.start <= match.end() and piece.slot in _QUALITIES and id(piece) not in musts:
                _turn(piece, text, match.start(), hidden)
    for one, other in pairwise(pieces):
        if one.end == other.start and (one.slot, one.value, one.polarity) == (other.slot, other.value, -other.polarity):
            asked = one if one.polarity < 0 else other  # "吵不吵": whether it is; the good of the two is wished for
            asked.slot = NOTHING


def _turn(piece: Piece, text: str, cue: int, hidden: list[tuple[int, int]]) -> None:
    """What the cue at `cue` makes of the piece right behind it."""
    said = text[piece.start : piece.end]
    if _REFUSED.match(text, piece.end):
        piece.hardness, piece.fixed = "hard", True  # "不能停车的店不要"
    elif text.endswith((said, said[0]), max(0, cue - len(said)), cue):
        return
    else:
        piece.polarity, piece.fixed = -piece.polarity, False
    hidden.append((cue, piece.end))


def _blocks(piece: Piece) -> bool:
    """Is the cue a part of a longer word that is known ("没问题", "不吵")?"""
    return piece.slot != NOTHING or piece.rule.startswith("shadow")


def _musts(pieces: list[Piece], text: str, hidden: list[tuple[int, int]]) -> set[int]:
    """What is denied twice is hard; what one does not mind is dropped. -> ids of pieces that no cue turns around."""
    settled: set[int] = set()
    if not _TWICE.lives(text):
        return settled
    for pattern, waived in ((_MUST, False), (_MINDLESS, True)):
        for match in pattern.finditer(text):
            for piece in pieces:
                if 0 <= piece.start - match.end() <= 4 and piece.slot != NOTHING:
                    if waived:
                        piece.slot = NOTHING
                    else:
                        piece.hardness, piece.fixed = "hard", True
                    settled.add(id(piece))
                    hidden.append((match.start(), piece.end if waived else match.end()))
                    break
    return settled


def _is_besides(pieces: list[Piece], reach: int, text: str) -> bool:
    return any(0 <= p.start - reach <= 4 and _BESIDES.match(text, p.end) for p in pieces)


def _deny(pieces: list[Piece], start: int, text: str, musts: set[int]) -> int:
    """Turn around what the cue reaches; -> where its reach ends (`start`, the cue's own end: nowhere)."""
    reach, slot = start, ""
    last: Piece | None = None
    for piece in pieces:
        if last and (piece.start, piece.end, piece.slot) == (last.start, last.end, last.slot):  # 干敏皮 says two things
            piece.polarity, piece.hardness, piece.fixed = last.polarity, last.hardness, last.fixed
            continue
        if piece.start < reach or (piece.slot == NOTHING and not piece.rule.startswith("lexicon")):
            continue
        gap = text[reach : piece.start]
        joined = reach > start and _JOINED.fullmatch(gap)
        alike = piece.slot == slot or (bool(gap) and _alike(piece.slot, slot, gap))
        if (not (joined or (reach == start and _reaches(gap)))) or (joined and not alike):
            break
        if id(piece) in musts or (reach == start and _ELSE.match(text, piece.end)):
            piece.hardness, piece.fixed = "hard", True  # "没有停车位不行"
        else:
            piece.polarity, piece.fixed = -piece.polarity, False
        reach, slot, last = piece.end, piece.slot, piece
    if reach > start and text[reach - 1].isascii():
        reach = _free(_NOUN, pieces, text, reach) or reach
    return reach


def _free(pattern: Lazy, pieces: list[Piece], text: str, start: int) -> int:
    """The end of a word that the pattern finds here and no piece covers; 0 when there is none."""
    word = pattern.match(text, start)
    return word.end() if word and all(p.end <= word.start() or word.end() <= p.start for p in pieces) else 0


def _alike(one: str, other: str, gap: str) -> bool:
    """May both be refused in one breath?"""
    if {one, other} <= _FOODS:
        return True
    return {one, other} <= _TRAITS and bool(re.search(r"或|、|也|\bor\b|\bnor\b", gap))


def _afterwards(pieces: list[Piece], text: str, hidden: list[tuple[int, int]]) -> None:
    for piece in pieces:
        if piece.slot == "ingredient" and _AFTER.match(text, piece.end):
            piece.polarity = -abs(piece.polarity)
            hidden.append((piece.start, piece.end))
        elif piece.slot in _EATEN and (match := _ALLERGY.match(text, piece.end)):
            piece.polarity, piece.hardness, piece.fixed = -abs(piece.polarity), "hard", True
            hidden.append((piece.start, match.end()))
        elif piece.slot in _EATEN and (match := _ALLERGIC.search(text, max(0, piece.start - _REACH), piece.start)):
            piece.polarity, piece.hardness, piece.fixed = -abs(piece.polarity), "hard", True
            hidden.append((match.start(), piece.end))
        elif (
            piece.slot not in ("", "price", "rating")
            and piece.polarity > 0
            and (match := _AFTERWARDS.match(text, piece.end))
        ):
            piece.polarity = -1
            hidden.append((piece.start, match.end()))
