"""Is one place asked for by its name, known to the index or not? "海底捞五道口店", "Summer Palace opening hours"."""

from typing import Final

from engine.understand.intents import cues
from engine.understand.patterns import gated
from engine.understand.pieces import Piece, Reading, signs

#: What a name nobody knows may end with, when it begins with a region or a brand.
_PROPER: Final = gated(
    r"^[^,。;!?的 ]{2,14}(?:博物院|博物馆|动物园|植物园|图书馆|大剧院|音乐厅|科技馆|国宾馆|机场|火车站|大学|乐园|影城)$"
)
_BRANCH: Final = gated(r"^[^,。;!?的]{3,24}(?:分|总|旗舰)?店$|^[a-z][^,;!?]{2,40} (?:branch|store|flagship)$")
#: A road or quarter right before "店" makes it a branch.
_ROAD: Final = gated(r"(?:路|街|里|城|广场|门|道|滩|巷)(?:分|总|旗舰)?店$")
_SHOP: Final = gated(r"[^,。;!?咖餐饭茶书酒]{0,3}(?:分|总|旗舰)?店| (?:branch|store|flagship)")
#: Not the name of one place: a wish, a kind near somewhere.
_WISH: Final = gated(
    r"的|最|附近|哪|什么|推荐|有没有|想|要|找|吗|好吃|便宜|\b(?:nearest|closest|best|good|near|in|with|for|any|some|a|an|cheap)\b"
)
_LEAD: Final = gated(r"(?:of|for|to|the address of|is|请问|查一下|查) ?")
#: A fact that is asked, a landmark, or what a name begins with or has the form of.
_ASKED: Final = signs("cue lookup")
_BRAND: Final = frozenset({"brand"})
GATE: Final = _ASKED | signs("named name", "named place.named", "brand", "regions") | _BRANCH.bit
_SHARE: Final = 0.75
_MOST: Final = 0.6


def looked_up(reading: Reading) -> list[Piece]:
    """The item that the text is little more than the name of, else the name that it is or asks a fact about.

    Nothing when it asks for a kind of thing.
    """
    return _item(reading) or _name(reading)


def _item(reading: Reading) -> list[Piece]:
    """The longest of the index's items, when it is most of the text."""
    names = [n for n in reading.names if n.slot == "name"]
    longest = max(names, key=lambda n: n.end - n.start, default=None)
    if longest is None or longest.end - longest.start < _MOST * len(reading.text.strip()):
        return []
    return [Piece(longest.start, longest.end, "name", "eq", longest.value, confidence=0.9, rule="names.name", rank=6)]


def _name(reading: Reading) -> list[Piece]:
    """A name that no item of the index bears."""
    start, end, asked = _rest(reading)
    words = reading.text[start:end]
    if not 2 <= len(words) <= 40 or (_WISH.lives(reading.text) and _WISH.search(words)):
        return []
    if not (
        _known(reading, start, end)
        or (_proper(reading, words, start, end) if not asked else _named(reading, start, end))
    ):
        return []
    brand = next((m.surface for m in reading.mentions if m.slot == "brand" and start <= m.start and m.end <= end), "")
    assume = {"part_of_name": [brand]} if brand else None
    words = words.removesuffix(" branch")
    return [Piece(start, end, "name", "eq", words, confidence=0.7, assume=assume, rule="lookups", rank=9,
                  label={"zh": words, "en": words})]  # fmt: skip


def _rest(reading: Reading) -> tuple[int, int, bool]:
    """The text without the fact that is asked ("电话", "opening hours of"), and whether one is asked."""
    text, start, end, asked = reading.text, 0, len(reading.text), False
    spans = cues(reading, _BRAND).spans if reading.signs & _ASKED else ()
    for intent, first, last in spans:
        if intent != "lookup" or (first, last) == (0, len(text)) or text[first:last].endswith("店"):
            continue
        if not text[last:end].strip(" ?。!的"):
            end, asked = first, True
        elif not text[start:first].strip():
            start, asked = last, True
    end = start + len(text[start:end].rstrip(" ,。?!的"))
    start = end - len(text[start:end].lstrip(" ,"))
    lead = _LEAD.match(text, start, end)
    return (lead.end() if lead else start), end, asked


def _known(reading: Reading, start: int, end: int) -> bool:
    """Does one known landmark make up the words?"""
    spans = [n.end - n.start for n in reading.names if n.slot == "place.named" and start <= n.start and n.end <= end]
    return max(spans, default=0) >= _SHARE * (end - start)


def _proper(reading: Reading, words: str, start: int, end: int) -> bool:
    """A name by its form alone: region or brand, then what institutions and branches are called."""
    brands = [m for m in reading.mentions if m.slot == "brand" and m.start == start]
    regions = [hit for hit in reading.regions if start <= hit.start and hit.end <= end]
    if _PROPER.search(words):
        return bool(brands) or any(hit.start == start for hit in regions)
    if _BRANCH.search(words):
        ends = [reading.text[hit.end : end] for hit in regions if hit.start > start]
        placed = any(_SHOP.fullmatch(rest) for rest in ends) or bool(_ROAD.search(words))
        return placed and (bool(brands) or not words.isascii())
    last = [hit for hit in regions if hit.end == end and hit.region.level in ("area", "district")]
    return bool(brands) and bool(last) and len(words.split()) <= 5


def _named(reading: Reading, start: int, end: int) -> bool:
    """A fact is asked about it: any words that are no mere kind of thing and hold nothing measured."""
    kinds = [m for m in reading.mentions if m.slot in ("category", "amenity") and start <= m.start and m.end <= end]
    covered = sum(m.end - m.start for m in kinds if m.slot == "category")
    measured = any(
        not any(hit.start <= q.start and q.end <= hit.end + 1 for hit in reading.regions) for q in reading.quantities
    )
    return not measured and covered < 0.8 * (end - start)
