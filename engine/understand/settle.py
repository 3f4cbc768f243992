"""Which one category is sought, and how do the pieces around it settle?"""

import itertools
import re
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from engine.understand import target
from engine.understand.by_intent import only_said
from engine.understand.intents import cues
from engine.understand.lexicon import Lexicon
from engine.understand.offer import facility
from engine.understand.patterns import Lazy, gated
from engine.understand.pieces import NOTHING, Piece, Reading, signs
from engine.understand.regions import inside
from engine.vocabulary import APPLIES

_OR: Final = gated(r"或|还是|/|\bor\b|都行|都可以|、")
#: Between two nouns: the first is the head ("cafe in a park").
_INSIDE: Final = gated(
    r"(?<=[a-z])[,;!?]|\b(?:in|near|with|at|inside|by|next|for|from|that|which|but|and|where|not|to)\b"
    r"|(?:到|离|距离?|(?<![最附])近|靠|临|邻)$"
)
_EATERY: Final = gated(r"(?:餐厅|餐馆|饭店|菜馆|馆子|restaurants?)$")
_CHOICES: Final = frozenset({"cuisine", "brand", "dish", "amenity", "diet", "ambience", "audience", "occasion",
                             "attr.style", "attr.material", "attr.skin", "attr.body", "place.admin"})  # fmt: skip
#: Of these a list is one constraint that any of its values keeps; dishes and regions are each its own wish.
_LISTED: Final = _CHOICES - {"dish", "place.admin"}
_JOINED: Final = gated(
    r"(?: ?(?:风味)?(?:餐厅|餐馆|饭店|restaurants?|places?))? ?(?:,? or|/|或者?|还是)(?: with)? ?(?:有"
    r"|带|能|可以|吃|an? )?"
)
DIET: Final = signs("diet", "category")
#: A home's size, or what is said of skin and of other things.
FITTING: Final = signs("attr.home", "attr.skin")
EITHER: Final = _JOINED.bit
#: Regions too far from each other for one place to be in two.
_FAR: Final = frozenset({"country", "province", "city"})
_NOUN_AFTER: Final = Lazy(
    r" (?!(?:for|with|without|under|below|over|above|around|about|that|which|who|and|or|in|to|from|on|at|by|of|is|are|"
    r"less|more|between|up|set|sets|please|not|no|recommend\w*|suggest\w*|brand|brands|vs|versus|gift|deals?|"
    r"i|you|we|they|he|she|it|my|your|our|can|could|should|must|will|would|has|have|"
    r"safe|suitable|available|only|also|too|even|\w+ly|but|any|rated|priced|made|reviewed|recommended|overrated|overhyped|worth|"
    r"honest|real|genuine|unsponsored|reviews?|alternatives?|dupes?|first|sizes?|colou?rs?|width)\b)[a-z]"
)
_BARE: Final = frozenset(
    {"name", "category", "brand", "audience", "attr.style", "attr.home", "attr.material", "weather", "level"}
)
_PRODUCT_SLOTS: Final = frozenset(s for s, kinds in APPLIES.items() if "product" in kinds and "poi" not in kinds)


def one_category(pieces: list[Piece], reading: Reading) -> list[Piece]:
    """Several categories asked for: joined by "or" they are one choice, else the head noun counts."""
    only_said(pieces, reading)
    named = [p for p in pieces if p.slot == "category"]
    asked = [p for p in named if p.polarity > 0]
    if len(asked) < len(named):
        _wanted_after_all(named, asked, reading.lexicon)
    if any([p.slot == "hotel_class" for p in pieces]):
        for piece in asked:
            piece.value = "hotel" if piece.value == "lodging" else piece.value
    for piece in list(asked):
        if len(asked) > 1 and _as_dish(piece, asked, reading):
            asked.remove(piece)
        elif _modifies(piece, reading) or (len(asked) > 1 and _yields(piece, asked, reading)):
            piece.slot = NOTHING
            asked.remove(piece)
    if len(asked) < 2:
        return pieces
    gaps = [reading.text[a.end : b.start] for a, b in itertools.pairwise(asked)]
    if all(_OR.search(gap) and len(gap) <= 8 for gap in gaps):
        values = list(dict.fromkeys(p.value for p in asked))
        asked[0].op, asked[0].value, asked[0].end = "in", values, asked[-1].end
        gone = asked[1:]
    else:
        head = asked[0] if _INSIDE.search(gaps[0]) else asked[-1]
        gone = [p for p in asked if p is not head]
    for piece in gone:
        piece.slot = NOTHING
    return [p for p in pieces if not (p in gone and asked[0].op == "in")]


def _wanted_after_all(pieces: Sequence[Piece], asked: Sequence[Piece], lexicon: Lexicon) -> None:
    """ "no bars, a pub": what is refused is the wider kind, of which one sort is wanted; so the wish alone counts."""
    for piece in pieces:
        refused = piece.slot == "category" and piece.polarity < 0
        if refused and any(piece.value in (o.value, *lexicon.ancestors(o.value)) for o in asked):
            piece.slot = NOTHING


def _as_dish(piece: Piece, others: Sequence[Piece], reading: Reading) -> bool:
    """ "a restaurant that serves noodles": the restaurant is sought, the noodles are a dish. Rewrites the piece."""
    if not (_below_restaurant(piece, reading) and facility(reading.text, piece.start)):
        return False
    if all(other is piece or other.value != "restaurant" for other in others):
        return False
    piece.slot, piece.op, piece.value = "dish", "has", reading.text[piece.start : piece.end]
    piece.hardness, piece.confidence, piece.rule = "soft", 0.6, "wants.dish"
    return True


def _yields(piece: Piece, others: Sequence[Piece], reading: Reading) -> bool:
    return _below(piece, others, reading.lexicon) or facility(reading.text, piece.start)


def _below_restaurant(piece: Piece, reading: Reading) -> bool:
    return any("restaurant" in reading.lexicon.ancestors(value) for value in piece.values)


def _modifies(piece: Piece, reading: Reading) -> bool:
    """ "laptop case", "mouse pad": an English noun right after a product makes the product a mere attribute."""
    kinds = reading.lexicon.entries[piece.value].kinds
    return "poi" not in kinds and reading.text.isascii() and bool(_NOUN_AFTER.match(reading.text, piece.end))


def _below(piece: Piece, others: Sequence[Piece], lexicon: Lexicon) -> bool:
    """Does another piece name a finer kind of the same thing, or the same thing later on?"""
    return any(
        other is not piece
        and (
            piece.value in lexicon.ancestors(other.value) or (piece.value == other.value and other.start > piece.start)
        )
        for other in others
    )


def suppose(pieces: list[Piece], reading: Reading) -> list[Piece]:
    """Add the category that verbs and fields imply when none is named."""
    slots = {p.slot for p in pieces if p.slot and p.polarity > 0}
    if cues(reading).weights.get("itinerary", 0.0) > 1:
        return _of_a_trip(pieces)
    if "category" in slots or slots & _PRODUCT_SLOTS:
        return pieces
    category, weights = target.implied(reading, slots), cues(reading).weights
    if max(weights.get("deal", 0.0), weights.get("howto", 0.0)) > 2:  # a bargain of whatever kind, a question
        return pieces
    browsing = weights.get("browse", 0.0) > 2  # "where to go": anything may be shown
    if browsing and category == "sights" and not slots & target.SURE:
        return pieces
    if category is None or category not in reading.lexicon.entries:
        return pieces
    sure = bool(slots & target.SURE) or ("price" in slots and "cuisine" not in slots) or _eatery(pieces, reading.text)
    piece = Piece(0, 0, "category", "eq", category, "hard" if sure else "soft", 1, 0.85 if sure else 0.6,
                  {"implied": True}, "target.implied")  # fmt: skip
    return [piece, *pieces]


def _eatery(pieces: Sequence[Piece], text: str) -> bool:
    """Does the word for a cuisine name the restaurant too ("中餐厅", "Chinese restaurant")?"""
    return any(
        p.slot in ("cuisine", "diet") and p.polarity > 0 and _EATERY.search(text, p.start, p.end) for p in pieces
    )


def _of_a_trip(pieces: list[Piece]) -> list[Piece]:
    """The days of a journey are not those of a visit."""
    for piece in pieces:
        if piece.slot == "duration":
            piece.assume = {**(piece.assume or {}), "of": "the whole trip"}
    return pieces


def diet_first(pieces: list[Piece], reading: Reading) -> list[Piece]:
    """ "vegan restaurant": what must be right is the diet; few places are filed under a category of that name."""
    out: list[Piece] = []
    for piece in pieces:
        if piece.slot == "diet" and piece.polarity < 0:
            entry = reading.lexicon.entries.get(piece.value)
            if entry is not None and entry.opposite:  # "not too spicy" is mild
                piece.value, piece.polarity = entry.opposite, 1
                piece.hardness = reading.lexicon.entries[entry.opposite].hardness
        elif piece.slot == "category" and piece.value == "vegetarian_restaurant":
            words = reading.text[piece.start : piece.end]
            diet = "vegan" if re.search(r"vegan|纯素|全素", words) else "vegetarian"
            out.append(replace(piece, slot="diet", op="has", value=diet, rule=f"lexicon.{diet}"))
            piece.value = "cafe" if "cafe" in words else "restaurant"
        out.append(piece)
    return out


def nearest(pieces: list[Piece], _: Reading) -> list[Piece]:
    """ "附近2公里": the distance that is said replaces the one that "nearby" assumes."""
    said = any(p.slot in ("distance", "travel_time") and p.rule.startswith(("measures", "near.me")) for p in pieces)
    for piece in pieces:
        if said and piece.rule == "near.here":
            piece.slot = NOTHING
    return pieces


def fitting(pieces: list[Piece], reading: Reading) -> list[Piece]:
    """ "waterproof" is said of make-up and of jackets: without cosmetics a skin attribute is only a wish."""
    if any(p.slot == "attr.home" and isinstance(p.value, dict) for p in pieces):  # the area says how small the flat is
        for piece in pieces:
            piece.slot = NOTHING if piece.value == "small_flat" else piece.slot
    sought = [value for p in pieces if p.slot == "category" for value in p.values]
    if sought and not any("beauty" in (c, *reading.lexicon.ancestors(c)) for c in sought):
        for piece in pieces:
            if piece.slot == "attr.skin":
                piece.hardness, piece.confidence = "soft", 0.5
                if any(p.slot == "attr.home" and p.start < piece.end and piece.start < p.end for p in pieces):
                    piece.slot = NOTHING  # "lightweight boots": said of the thing, not of a cream
    return pieces


def origins(pieces: list[Piece], reading: Reading) -> list[Piece]:
    """A city right before a food ("兰州牛肉面") may be where the recipe is from; two cities cannot both be filters."""
    regions = [p for p in pieces if p.slot == "place.admin" and p.value.get("level") in _FAR]
    apart = {p.value["name"] for p in regions if not any(inside(p.value, o.value) for o in regions if o is not p)}
    for piece in regions:
        food = any(
            p.start - piece.end in (0, 1)
            and "的" not in reading.text[piece.end : p.start]
            and (p.slot == "dish" or (p.slot == "category" and _below_restaurant(p, reading)))
            for p in pieces
        )
        if food or len(apart) > 1:
            piece.hardness, piece.confidence = "soft", 0.5
    return pieces


def either(pieces: list[Piece], reading: Reading) -> list[Piece]:
    """ "Vietnamese or Thai", "露台或者草坪": one choice; of dishes and what is unlike each becomes a wish."""
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        if last and last.slot == "category" and len(out) > 1 and out[-2].slot == piece.slot == "cuisine":
            last = out[-2]  # "French restaurant or Spanish restaurant"
        if (
            last
            and last.slot == piece.slot
            and piece.slot in _CHOICES
            and _JOINED.fullmatch(reading.text, last.end, piece.start)
        ):
            if (
                piece.slot in _LISTED
                and isinstance(piece.value, str)
                and not isinstance(last.value, dict)
                and last.polarity == piece.polarity > 0
            ):
                last.op, last.value, last.end = "in", [*last.values, piece.value], piece.end
                continue
            last.hardness = piece.hardness = "soft"
        out.append(piece)
    return out


def once(pieces: list[Piece], _: Reading) -> list[Piece]:
    """Each (slot, op, value, polarity) once; the firmest saying of it stays."""
    if len({piece.slot for piece in pieces}) == len(pieces):
        return pieces
    best: dict[tuple[str, str, str, int], Piece] = {}
    kept = []
    for piece in pieces:
        if piece.slot == NOTHING:
            kept.append(piece)
            continue
        value = piece.value if isinstance(piece.value, str) else repr(piece.value)
        key = (piece.slot, piece.op, value, piece.polarity)
        first = best.get(key)
        if first is None:
            best[key] = piece
            kept.append(piece)
            continue
        if piece.hardness == "hard":
            first.hardness = "hard"
        first.assume = first.assume or piece.assume  # "a family trip, the child is 4": the age stays
    return kept


#: Many more than stand between three words; most texts have too many to be worth cutting.
_MOST_SPACES: Final = 12


def is_bare(text: str) -> bool:
    """A few Latin words and nothing else: a catalogue search, in which every word counts ("xbox one", "d battery")."""
    return text.isascii() and text.count(" ") < _MOST_SPACES and 0 < len(text.split()) <= 3


def _is_product(piece: Piece, lexicon: Lexicon) -> bool:
    return any("product" in lexicon.entries[value].kinds for value in piece.values)


def catalogue(pieces: list[Piece], reading: Reading) -> list[Piece]:
    """A few bare words ("usb fan", "samsung") search a catalogue that may sort its goods otherwise: nothing is firm."""
    if not is_bare(reading.text):
        return pieces
    said = [p for p in pieces if p.slot]
    if any(p.slot == "category" and not _is_product(p, reading.lexicon) for p in said):
        return pieces  # places are filed by kind
    if any(p.rule == "lookups" for p in said):
        return pieces  # "Decathlon Pudong store": one place by its name
    if all(p.slot in _BARE and p.polarity > 0 for p in said):
        for piece in said:
            piece.hardness, piece.confidence = "soft", min(piece.confidence, 0.6)
    return pieces
