"""What does a correction make of the query before it? "再便宜一点", "不要日料", "make it Sunday" change one thing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from msgspec.structs import replace

from engine.types import Constraint, Intent
from engine.understand.fold import fold
from engine.understand.labels import label
from engine.understand.lexicon import load
from engine.understand.merge import relax_order
from engine.understand.patterns import Lazy
from engine.understand.phrases import table
from engine.understand.wants import verticals

#: Of these a query has one: what is said again replaces what was said before. Others add up.
_ONE: Final = frozenset(
    {"category", "cuisine", "brand", "name", "similar_to", "hotel_class", "price", "price_level", "rating", "distance",
     "travel_time", "duration", "party_size", "recency", "place.zone", "place.named", "place.relative", "place.transit",
     "time.open", "time.when", "time.season", "attr.size", "language", "level", "popularity"}
)  # fmt: skip
#: Slots that say the same kind of thing: a new one drops the others too.
_KIN: Final = (frozenset({"price", "price_level"}), frozenset({"distance", "travel_time"}),
               frozenset({"time.open", "time.when"}))  # fmt: skip
#: A refusal of these goes on as a filter; of the others it only takes back what was asked.
_REFUSED: Final = frozenset({"category", "cuisine", "brand", "ingredient", "diet", "place.admin", "dish", "name"})
_GUESSED: Final = frozenset({"find_place", "find_product", "find_note", "browse"})
_KEPT: Final = "previous: "


@dataclass(frozen=True, slots=True)
class _Move:
    """A relative change of an amount."""

    name: str
    slot: str
    factor: float
    step: float
    otherwise: str
    words: Lazy


@dataclass(frozen=True, slots=True)
class _Words:
    moves: tuple[_Move, ...]
    waived: Lazy
    instead: Lazy
    talk: Lazy


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = table("refine.toml")
    moves = tuple(
        _Move(
            row["name"], row["slot"], row.get("factor", 1.0), row.get("step", 0.0), row["otherwise"], _any(row["words"])
        )
        for row in data["move"]
    )
    cue = data["cue"]
    talk = Lazy("|".join(rf"(?<![a-z])(?:{word})(?![a-z])" for word in cue["talk"]))
    return _Words(moves, _any(cue["waived"]), _any(cue["instead"]), talk)


def _any(words: Iterable[str]) -> Lazy:
    return Lazy("|".join(f"(?:{word})" for word in words))


def refine(previous: Intent, said: Intent) -> Intent:
    """The previous intent with what the new text says: restated slots replaced, refused ones dropped, the rest kept.

    Kept constraints lose their span (they are not said in this text) and their rule says where they are from.
    """
    text = said.normalized
    fresh, moves = _fresh(said, text)
    kept = [_from_before(c) for c in previous.constraints if not _dropped(c, fresh, text)]
    fresh = [_completed(c, previous) for c in fresh if not _taken_back(c, previous, text)]
    kept, moved, sort = _moved(kept, fresh, moves)
    constraints = tuple(_caused([*kept, *moved, *fresh]))
    gone = [c for c in previous.constraints if not any(_same(c, k) for k in constraints)]
    named = any(c.slot == "category" and c.polarity > 0 for c in fresh)
    name = (
        said
        if (said.name not in _GUESSED and said.confidence >= 0.9) or (named and previous.name in _GUESSED)
        else previous
    )
    words = [_without(previous.text, gone, previous.query), _plain(said.text, moves)]
    terms = [_without(previous.terms, gone, previous.query), _plain(said.terms, moves)]
    return replace(
        said,
        name=name.name,
        kinds=name.kinds,
        confidence=name.confidence,
        alternatives=name.alternatives,
        constraints=constraints,
        text=" ".join(filter(None, words)),
        terms=" ".join(filter(None, terms)),
        residual=" ".join(filter(None, [previous.residual, _plain(said.residual, moves)])),
        sort=sort or said.sort or previous.sort,
        limit=said.limit or previous.limit,
        verticals=verticals(constraints, load()),
        relax_order=relax_order(constraints),
    )


def _fresh(said: Intent, text: str) -> tuple[list[Constraint], list[_Move]]:
    """What the new text itself asks for (the last of each single slot), and the amounts it moves."""
    moves = [move for move in _words().moves if move.words.search(text)]
    fresh: dict[Any, Constraint] = {}
    for at, c in enumerate(_waived(c, said) for c in said.constraints):
        supposed = c.rule == "implied" or "implied" in (c.assume or {}) or "implied_by" in (c.assume or {})
        relative = any(c.slot == "price_level" or c.value == "good_value" for move in moves if move.slot == "price")
        if not supposed and not relative:
            fresh[(c.slot, c.polarity) if c.slot in _ONE and c.polarity > 0 else at] = c
    return list(fresh.values()), moves


def _waived(c: Constraint, said: Intent) -> Constraint:
    """ "forget the lawn": as a refusal, so that it takes back what was asked."""
    before = said.query[: c.span[0]].casefold() if c.span else ""
    hits = [m.end() for m in _words().waived.finditer(before)]
    return replace(c, polarity=-1) if hits and hits[-1] == len(before) else c


def _from_before(c: Constraint) -> Constraint:
    return replace(c, span=None, rule=c.rule if c.rule.startswith(_KEPT) else _KEPT + c.rule)


def _same(one: Constraint, other: Constraint) -> bool:
    return (one.slot, one.op, repr(one.value), one.polarity) == (
        other.slot,
        other.op,
        repr(other.value),
        other.polarity,
    )


def _values(c: Constraint) -> list[Any]:
    return list(c.value) if isinstance(c.value, list | tuple) else [c.value]


def _dropped(c: Constraint, fresh: Sequence[Constraint], text: str) -> bool:
    """Does the new text replace or take back what was asked before?"""
    instead = bool(_words().instead.search(text))
    return any(_ousts(new, c, instead) for new in fresh)


def _ousts(new: Constraint, old: Constraint, instead: bool) -> bool:
    if new.slot == "place.admin" and old.slot in ("place.admin", "place.named", "place.transit"):
        return new.polarity > 0 and (old.slot != "place.admin" or _level(new) <= _level(old))
    if new.slot != old.slot and not any({new.slot, old.slot} <= kin for kin in _KIN):
        return False
    if new.polarity < 0 or old.polarity < 0:
        return bool({repr(v) for v in _values(new)} & {repr(v) for v in _values(old)})
    if new.slot in _ONE:
        return True
    return _same(new, old) or (instead and "implied_by" not in (old.assume or {}))


def _level(c: Constraint) -> int:
    level = c.value.get("level") if isinstance(c.value, Mapping) else None
    return {"province": 0, "city": 1, "district": 2, "area": 3}.get(str(level), 1)


def _taken_back(c: Constraint, previous: Intent, text: str) -> bool:
    """ "不用停车了": asked no longer, and not refused."""
    if c.polarity < 0 and c.slot not in _REFUSED and _words().waived.search(text):
        return True
    asked = any(old.slot == c.slot and old.value == c.value and old.polarity > 0 for old in previous.constraints)
    return c.polarity < 0 and asked and (c.slot not in _REFUSED or bool(_words().waived.search(text)))


def _completed(c: Constraint, previous: Intent) -> Constraint:
    """ "换成周日" keeps the hour, "改成8点" keeps the day."""
    old = next((o for o in previous.constraints if o.slot == "time.open" and o.op == "open_at"), None)
    if c.slot != "time.open" or old is None or not isinstance(old.value, Mapping) or not isinstance(c.value, Mapping):
        return c
    days = list(c.value.get("days") or [])
    if c.op == "open_during" and len(days) == 1 and "from" not in c.value and "minute" in old.value:
        value = {"day": days[0], "minute": old.value["minute"]}
        return replace(c, op="open_at", value=value, hardness=old.hardness, label=_label(c.slot, "open_at", value))
    return c


def _moved(
    kept: list[Constraint], fresh: Sequence[Constraint], moves: Sequence[_Move]
) -> tuple[list[Constraint], list[Constraint], str | None]:
    """Tighten (or widen) the kept amounts; -> kept, what is asked for where there was none, and a sort."""
    added: list[Constraint] = []
    sort: str | None = None
    for move in moves:
        if any(c.slot == move.slot for c in fresh):  # a number was said: it needs no guess
            continue
        changed = [_shift(c, move) for c in kept]
        if changed == kept and move.otherwise.startswith("sort/"):
            sort = move.otherwise.removeprefix("sort/")
        elif changed == kept and move.otherwise:
            slot, op, value = move.otherwise.split("/")
            added.append(Constraint(slot, op, int(value), "soft", confidence=0.8, rule=f"refine.{move.name}",
                                    assume={"than": "before"}, label=_label(slot, op, int(value))))  # fmt: skip
        kept = changed
    return kept, added, sort


def _shift(c: Constraint, move: _Move) -> Constraint:
    """One constraint moved; as it is when the move does not speak of it."""
    value: Any = c.value
    if move.slot == "price" and c.slot == "price_level" and isinstance(value, int):
        value = max(1, min(4, value + (-1 if move.factor < 1 else 1)))
    elif c.slot == move.slot and c.op in ("lte", "between", "gte") and c.polarity > 0:
        value = [_scaled(v, move) for v in value] if c.op == "between" else _scaled(value, move)
    elif move.slot == "distance" and c.slot in ("place.named", "travel_time") and isinstance(value, Mapping):
        name = "km" if c.slot == "place.named" else "minutes"
        value = {**value, name: _scaled(value.get(name), move)}
    if value == c.value or (isinstance(value, Mapping) and None in value.values()):
        return c
    assume = {k: v for k, v in (c.assume or {}).items() if k not in ("km", "about")}
    assume |= {"before": c.value, "refined": move.name}
    return replace(c, value=value, assume=assume, rule=f"refine.{move.name}", label=_label(c.slot, c.op, value, assume))


def _scaled(value: Any, move: _Move) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    moved = round(min(value + move.step, max(value, 4.9)) if move.step else value * move.factor, 2)
    return int(moved) if moved == int(moved) else moved


def _label(slot: str, op: str, value: Any, assume: Mapping[str, Any] | None = None) -> Mapping[str, str]:
    return label(slot, op, value, load(), assume)


def _caused(constraints: list[Constraint]) -> list[Constraint]:
    """What was implied by a thing that is no longer asked for goes with it."""
    said = {str(v) for c in constraints for v in _values(c) if c.polarity > 0} | {"book"}
    return [c for c in constraints if str((c.assume or {}).get("implied_by", "book")) in said]


def _without(text: str, gone: Sequence[Constraint], query: str) -> str:
    """The words of the text without those that said what is gone."""
    for c in gone:
        words = fold(query[c.span[0] : c.span[1]]).text.strip() if c.span else ""
        text = text.replace(words, " ") if words else text
    return " ".join(text.split())


def _plain(text: str, moves: Sequence[_Move]) -> str:
    """The new words without the turns of conversation."""
    for move in moves:
        text = move.words.sub(" ", text)
    return " ".join(_words().talk.sub(" ", text).split())
