"""Is something measured against a named thing, or sought for its likeness? "比海底捞便宜", "cafes like % Arabica"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from engine.understand.lexicon import Mention
from engine.understand.patterns import Group, Pattern, gated
from engine.understand.phrases import table
from engine.understand.pieces import NOTHING, Piece, Reading

#: Over every reading of the words inside.
_RANK: Final = 8
_LONGEST: Final = 40
_NUMBER: Final = gated(r"\d|[一二两三四五六七八九十百千]+(?:元|块|公里|分)")
_NOBODY: Final = gated(
    r"^(?:that|this|it|these|those|them|average|usual|before|now|the last one|others?|any"
    r"|all|这|那|上次|之前|现在|别|其他|平时|它|一般)"
)
_ZH_THAN: Final = (
    r"(?<![性对相占评])(?<!价)比(?!较|如|起|例|赛|萨|利|基尼)(?P<ref>[^,。;!?]{1,16}?)(?:的)?(?:更|还要?|再|要|稍微"
    r"|略)?"
)
_ZH_TAIL: Final = r"(?:一点儿?|一些|些|点|得多|很多|多了)?"
_EN_THAN: Final = r"\bthan (?:an? |the |at )?"
_MORE: Final = gated(r"(?:更|再|还要?)(?P<zh>[\u4e00-\u9fff]{1,3})|\bbut (?:much |a bit )?(?P<en>[a-z ]{5,16})")


@dataclass(frozen=True, slots=True)
class _Words:
    """The compiled data."""

    measures: dict[str, dict[str, Any]]  # word -> its row
    zh: Pattern
    en: Pattern
    before: Pattern
    apart: Pattern
    known: Pattern
    after: Pattern
    around: Pattern
    stop: Pattern
    lead: Pattern


def _compiled() -> _Words:
    data = table("comparatives.toml")
    rows, like = data["than"], data["like"]
    measures = {word: row for row in rows.values() for word in (*row["zh"], *row["en"])}
    zh, en = (_any(sorted((w for r in rows.values() for w in r[lang]), key=len, reverse=True)) for lang in ("zh", "en"))
    after, around = _any(like["after"]), _any([*like["around"], *like["around_known"]])
    return _Words(
        measures,
        gated(f"{_ZH_THAN}(?P<word>{zh}){_ZH_TAIL}"),
        gated(rf"\b(?P<word>{en}) {_EN_THAN[2:]}"),
        gated(f"(?:{_any(like['before'])}) ?(?:the |an? )?"),
        gated(f"(?:{_any(like['apart'])}) (?:the )?"),
        gated(f"(?:{_any(like['known'])}) ?(?:the |an? )?"),
        gated(rf"(?:的| )*(?P<cue>{after})(?![a-z])"),
        gated(rf"(?:和|跟|像|与)(?P<ref>[^,。;!?]{{1,16}}?)(?:很|比较|有点)?(?P<cue>{around})"),
        gated(like["stop"]),
        gated(like["lead"]),
    )


def _any(words: list[str]) -> str:
    return "|".join(words)


_WORDS: Final = _compiled()
_THAN: Final = Group(_WORDS.zh, _WORDS.en)
_BEHIND: Final = _WORDS.after.bit
_AHEAD: Final = Group(_WORDS.before, _WORDS.apart, _WORDS.known)
_AROUND: Final = _WORDS.around.bit
GATE: Final = _THAN.mask | _BEHIND | _AHEAD.mask | _AROUND


def comparatives(reading: Reading) -> list[Piece]:
    """Comparisons with a named thing and wishes for its like; the name itself becomes no constraint of its own."""
    pieces = list(_than(reading)) if reading.signs & _THAN.mask else []
    likes = list(_likes_behind(reading)) if reading.signs & _BEHIND else []
    likes += _likes_ahead(reading) if reading.signs & _AHEAD.mask else ()
    likes += _likes_around(reading) if reading.signs & _AROUND else ()
    if likes and (more := _cheaper_still(reading, str(likes[0].value["name"]))):
        pieces.append(more)
    return pieces + likes


def _than(reading: Reading) -> Iterator[Piece]:
    words, text = _WORDS, reading.text
    for match in words.zh.finditer(text):
        ref = match["ref"].strip()
        if _names(ref):
            yield from _measured(reading, match["word"], ref, match.start(), match.start("word"), match.end())
    for match in words.en.finditer(text):
        end = _ref_end(reading, match.end())
        ref = text[match.end() : end].strip()
        if _names(ref):
            yield from _measured(reading, match["word"], ref, match.start(), match.start(), end)


def _names(ref: str) -> bool:
    return bool(ref) and not _NUMBER.search(ref) and not _NOBODY.match(ref)


def _measured(reading: Reading, word: str, ref: str, start: int, word_at: int, end: int) -> Iterator[Piece]:
    row, name = _WORDS.measures[word], ref
    if "value" not in row:
        value = {"ref": name}
        yield Piece(start, end, row["slot"], row["op"], value, rule="comparatives.than", rank=_RANK, confidence=0.85)
        return
    if word_at > start:  # "比星巴克" tells an encoder the wrong thing
        yield Piece(start, word_at, NOTHING, "", None, rule="comparatives.than", rank=_RANK)
    else:
        yield Piece(start + len(word), end, NOTHING, "", None, rule="comparatives.than", rank=_RANK)
    at = word_at if word_at > start else start
    yield Piece(at, at + len(word), row["slot"], row["op"], row["value"], "soft", confidence=0.85,
                assume={"than": name}, rule="comparatives.than", rank=_RANK)  # fmt: skip


def _ref_end(reading: Reading, start: int) -> int:
    """Where the name that begins here ends: as known, else at the next category, stop word or clause."""
    if known := _known_at(reading, start):
        return known
    stop = _WORDS.stop.search(reading.text, start)
    ends = [stop.start() if stop else len(reading.text), start + _LONGEST]
    ends += [m.start for m in reading.mentions if m.slot == "category" and m.start > start]
    return min(*ends, len(reading.text))


def _known_at(reading: Reading, start: int) -> int:
    """The end of a brand or item name that begins here; 0 when there is none."""
    ends = [m.end for m in reading.mentions if m.slot == "brand" and m.start == start]
    ends += [n.end for n in reading.names if n.slot in ("brand", "name", "place.named") and n.start == start]
    return max(ends, default=0)


def _likes_ahead(reading: Reading) -> Iterator[Piece]:
    """ "dupe for X", "类似X的": the name follows."""
    words, text = _WORDS, reading.text
    for pattern, unknown in ((words.before, True), (words.apart, True), (words.known, False)):
        for match in pattern.finditer(text):
            start = match.end()
            end = _known_at(reading, start) or (_ref_end(reading, start) if unknown else 0)
            ref = text[start:end].strip()
            if end > start and _names(ref):
                begin = match.start() if pattern is not words.apart else start
                yield _like(begin, end, ref)
                return


def _likes_behind(reading: Reading) -> Iterator[Piece]:
    """ "X平替", "X hair dryer dupe": the name stands before, a kind of thing may stand between."""
    words, text = _WORDS, reading.text
    for match in words.after.finditer(text):
        if text.startswith((" for ", " to "), match.end()):
            continue
        named = [m for m in reading.mentions if m.end <= match.start() and m.slot in ("brand", "category")]
        brands = [m for m in named if m.slot == "brand"]
        start = _first_of(brands) if brands else _clause_start(text, match.start())
        kinds = [m.start for m in named if m.slot == "category" and m.start > start and m.end > start]
        end = min([match.start(), *kinds])
        ref = text[start:end].strip(" 的")
        if ref and not _NOBODY.match(ref) and not ref.isdigit():
            yield _like(start, start + len(ref), ref)
            yield Piece(match.start("cue"), match.end("cue"), NOTHING, "", None, rule="comparatives.like", rank=_RANK)
            return


def _first_of(brands: list[Mention]) -> int:
    """Where the last brand begins; "兰蔻小黑瓶" names one twice in a row."""
    start = brands[-1].start
    for brand in reversed(brands[:-1]):
        if start - brand.end not in (0, 1):
            break
        start = brand.start
    return start


def _clause_start(text: str, end: int) -> int:
    begin = max((m.end() for m in re.finditer(r"[,。;!?]", text[:end])), default=0)
    lead = _WORDS.lead.match(text[begin:end])
    return begin + (lead.end() if lead else 0)


def _likes_around(reading: Reading) -> Iterator[Piece]:
    """ "和X类似的"."""
    for match in _WORDS.around.finditer(reading.text):
        start, ref = match.start("ref"), match["ref"].strip()
        known = _known_at(reading, start + len(match["ref"]) - len(match["ref"].lstrip()))
        loose = match["cue"] in ("一样", "那样", "那种", "似的", "同款")
        if _names(ref) and (known or not loose):
            yield _like(match.start(), match.end(), ref)
            return


def _like(start: int, end: int, ref: str) -> Piece:
    return Piece(start, end, "similar_to", "like", {"name": ref}, rule="comparatives.like", rank=_RANK, confidence=0.9)


def _cheaper_still(reading: Reading, name: str) -> Piece | None:
    """ "类似海底捞但是更便宜的": cheaper than the same thing."""
    for match in _MORE.finditer(reading.text):
        word = (match["zh"] or match["en"] or "").strip()
        row = next((r for w, r in _WORDS.measures.items() if word.startswith(w) and "value" not in r), None)
        if row:
            value = {"ref": name}
            return Piece(
                match.start(), match.end(), row["slot"], row["op"], value, rule="comparatives.still", rank=_RANK
            )
    return None
