"""How does a parse travel to a client as JSON, and come back edited?"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from engine.errors import BadQuery
from engine.types import KINDS, Constraint, Correction, Intent
from engine.understand import assumed, forms
from engine.understand.explain import explain as told
from engine.understand.merge import relax_order
from engine.vocabulary import INTENTS, SLOTS, SORTS

#: Changes when the same text may parse to something else.
VERSION: Final = "1"
OPS: Final = frozenset({"eq", "in", "has", "open", "near", "between", "lte", "gte", "open_at", "open_during", "like"})
_FIELDS: Final = frozenset(
    {"query", "lang", "normalized", "segments", "intent", "kinds", "verticals", "constraints", "sort", "limit",
     "residual_text", "embed_text", "terms", "relax_order", "parser", "corrections"}
)  # fmt: skip
_CONSTRAINT_FIELDS: Final = frozenset(
    {
        "slot",
        "op",
        "value",
        "hardness",
        "polarity",
        "confidence",
        "span",
        "assume",
        "assumed",
        "rule",
        "label",
        "because",
    }
)
_LONGEST: Final = 2000
#: The most constraints (or other members) of a parse.
MOST: Final = 64
_LARGEST: Final = 2.0**53  # whole numbers up to here are the same for every JSON reader


def to_json(intent: Intent, *, explain: bool = False) -> dict[str, Any]:
    """The parse as QUERY.md shows it, plus kinds, terms and limit. Plain JSON values; `tastes` stays behind.

    explain: each constraint says in words which rule made it ("because").
    """
    return {
        "query": intent.query,
        "lang": intent.lang,
        "normalized": intent.normalized,
        "segments": [{"text": text, "label": label, "span": list(span)} for text, label, span in intent.segments],
        "intent": {
            "name": intent.name,
            "confidence": intent.confidence,
            "alternatives": [{"name": name, "confidence": sure} for name, sure in intent.alternatives],
        },
        "kinds": dict(intent.kinds),
        "verticals": list(intent.verticals),
        "constraints": [
            _constraint_to_json(c) | ({"because": told(c, intent.query)} if explain else {}) for c in intent.constraints
        ],
        "sort": intent.sort,
        "limit": intent.limit,
        "corrections": [{"from": c.said, "to": c.read, "span": list(c.span)} for c in intent.corrections],
        "residual_text": intent.residual,
        "embed_text": intent.text,
        "terms": intent.terms,
        "relax_order": [intent.constraints[i].slot for i in intent.relax_order],
        "parser": {"version": VERSION, "source": intent.source, "ms": round(intent.parse_ms, 3)},
    }


def _constraint_to_json(c: Constraint) -> dict[str, Any]:
    data: dict[str, Any] = {
        "slot": c.slot,
        "op": c.op,
        "value": c.value,
        "hardness": c.hardness,
        "polarity": c.polarity,
        "confidence": c.confidence,
    }
    optional = {
        "span": list(c.span) if c.span else None,
        "assume": dict(c.assume) if c.assume else None,
        "assumed": assumed.words(c),  # only told: worked out anew from assume, never read
        "rule": c.rule,
        "label": dict(c.label) if c.label else None,
    }
    return data | {key: value for key, value in optional.items() if value}


def from_json(data: Any) -> Intent:
    """A parse that a client sent back. Raises BadQuery with the field's name for anything outside the vocabulary.

    The order of relaxation is worked out anew: constraints may have been changed or removed.
    """
    whole = _object(data, "parse", _FIELDS)
    name = _object(whole.get("intent", {}), "parse.intent", {"name", "confidence", "alternatives"})
    parser = _object(whole.get("parser", {}), "parse.parser", {"version", "source", "ms"})
    raw = _list(whole.get("constraints", []), "parse.constraints")
    constraints = tuple(constraint(c, f"parse.constraints[{i}]") for i, c in enumerate(raw))
    text = _text(whole.get("embed_text", ""), "parse.embed_text")
    intent = Intent(
        name=_one_of(name.get("name", "browse"), INTENTS, "parse.intent.name"),
        kinds=_kinds(whole.get("kinds", dict.fromkeys(KINDS, 1.0))),
        constraints=constraints,
        text=text,
        terms=_text(whole.get("terms", text), "parse.terms"),
        residual=_text(whole.get("residual_text", ""), "parse.residual_text"),
        sort=None if whole.get("sort") is None else _one_of(whole["sort"], SORTS, "parse.sort"),
        confidence=_number(name.get("confidence", 1.0), "parse.intent.confidence", 0, 1),
        alternatives=_alternatives(name.get("alternatives", [])),
        verticals=tuple(_text(v, "parse.verticals") for v in _list(whole.get("verticals", []), "parse.verticals")),
        lang=_one_of(whole.get("lang", "zh"), ("zh", "en", "mixed"), "parse.lang"),
        query=_text(whole.get("query", ""), "parse.query"),
        normalized=_text(whole.get("normalized", ""), "parse.normalized"),
        segments=_segments(whole.get("segments", [])),
        limit=None if whole.get("limit") is None else int(_number(whole["limit"], "parse.limit", 1, 1000)),
        corrections=_corrections(whole.get("corrections", [])),
        source=_text(parser.get("source", "client"), "parse.parser.source"),
        parse_ms=_number(parser.get("ms", 0.0), "parse.parser.ms", 0, math.inf),
    )
    return replace(intent, relax_order=relax_order(intent.constraints))


def constraint(data: Any, where: str) -> Constraint:
    """One constraint as a client writes it; `where` names it in errors. Raises BadQuery."""
    c = _object(data, where, _CONSTRAINT_FIELDS)
    for needed in ("slot", "op", "value"):
        if needed not in c:
            raise BadQuery(f"{where}.{needed}", "is missing")
    span = c.get("span")
    if span is not None:
        span = tuple(int(_number(at, f"{where}.span", 0, 1e6)) for at in _list(span, f"{where}.span"))
        if len(span) != 2 or span[0] > span[1]:
            raise BadQuery(f"{where}.span", "is [start, end] in characters of the query")
    slot, op = _one_of(c["slot"], SLOTS, f"{where}.slot"), _one_of(c["op"], OPS, f"{where}.op")
    value = _value(c["value"], f"{where}.value")
    if (reason := forms.wrong(slot, op, value)) is not None:
        raise BadQuery(f"{where}.value", reason)
    assume = _object(c.get("assume") or {}, f"{where}.assume", None)
    if (name := forms.wrong_assumption(slot, assume)) is not None:
        raise BadQuery(f"{where}.assume.{name}", "has not the form that engine/vocabulary.py gives; leave it out")
    return Constraint(
        slot=slot,
        op=op,
        value=value,
        hardness="hard"
        if _one_of(c.get("hardness", "hard"), ("hard", "soft"), f"{where}.hardness") == "hard"
        else "soft",
        polarity=int(_one_of(c.get("polarity", 1), (1, -1), f"{where}.polarity")),
        confidence=_number(c.get("confidence", 1.0), f"{where}.confidence", 0, 1),
        span=span,
        assume=None
        if c.get("assume") is None
        else _value(_object(c["assume"], f"{where}.assume", None), f"{where}.assume"),
        rule=_text(c.get("rule", ""), f"{where}.rule"),
        label=None if c.get("label") is None else _label(c["label"], f"{where}.label"),
    )


def _label(data: Any, where: str) -> dict[str, str]:
    return {key: _text(value, f"{where}.{key}") for key, value in _object(data, where, {"zh", "en"}).items()}


def _kinds(data: Any) -> dict[Any, float]:
    kinds = _object(data, "parse.kinds", set(KINDS))
    return {kind: _number(weight, f"parse.kinds.{kind}", 0, 1) for kind, weight in kinds.items()}


def _alternatives(data: Any) -> tuple[tuple[str, float], ...]:
    where = "parse.intent.alternatives"
    rows = [_object(row, where, {"name", "confidence"}) for row in _list(data, where)]
    return tuple((_one_of(r.get("name"), INTENTS, where), _number(r.get("confidence", 0.0), where, 0, 1)) for r in rows)


def _segments(data: Any) -> tuple[tuple[str, str, tuple[int, int]], ...]:
    where = "parse.segments"
    rows = [_object(row, where, {"text", "label", "span"}) for row in _list(data, where)]
    return tuple(
        (_text(row.get("text", ""), where), _text(row.get("label", ""), where), _span(row, where)) for row in rows
    )


def _corrections(data: Any) -> tuple[Correction, ...]:
    where = "parse.corrections"
    rows = [_object(row, where, {"from", "to", "span"}) for row in _list(data, where)]
    return tuple(
        Correction(_text(row.get("from", ""), where), _text(row.get("to", ""), where), _span(row, where))
        for row in rows
    )


def _span(row: Mapping[str, Any], where: str) -> tuple[int, int]:
    span = [int(_number(at, f"{where}.span", 0, 1e6)) for at in _list(row.get("span", [0, 0]), f"{where}.span")]
    if len(span) != 2:
        raise BadQuery(f"{where}.span", "is [start, end]")
    return span[0], span[1]


def _value(value: Any, where: str, depth: int = 0) -> Any:
    """Plain JSON of bounded size, else BadQuery."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return _text(value, where)
    if isinstance(value, (int, float)):
        return _number(value, where, -_LARGEST, _LARGEST)
    if depth < 4 and isinstance(value, list) and len(value) <= 1000:
        return [_value(v, where, depth + 1) for v in value]
    if depth < 4 and isinstance(value, Mapping) and len(value) <= MOST:
        return {_text(k, where): _value(v, f"{where}.{k}", depth + 1) for k, v in value.items()}
    raise BadQuery(where, "is too deep, too long or no JSON value")


def _object(data: Any, where: str, fields: Any) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise BadQuery(where, "must be an object")
    unknown = [] if fields is None else [str(key) for key in data if key not in fields]
    if unknown:
        raise BadQuery(f"{where}.{unknown[0]}", f"is no field; known: {', '.join(sorted(fields))}")
    return data


def _list(data: Any, where: str) -> list[Any]:
    if not isinstance(data, (list, tuple)) or len(data) > MOST:
        raise BadQuery(where, f"must be a list of at most {MOST}")
    return list(data)


def _text(data: Any, where: str) -> str:
    if not isinstance(data, str) or len(data) > _LONGEST:
        raise BadQuery(where, f"must be text of at most {_LONGEST} characters")
    return data


def _number(data: Any, where: str, low: float, high: float) -> float:
    if isinstance(data, bool) or not isinstance(data, (int, float)) or not low <= data <= high:
        raise BadQuery(where, f"must be a number between {low} and {high}")
    return data


def _one_of(data: Any, known: Any, where: str) -> Any:
    check: Callable[[Any], bool] = known.__contains__
    if isinstance(data, bool) or not isinstance(data, (str, int)) or not check(data):
        raise BadQuery(where, f"'{str(data)[:60]}' is unknown; known: {', '.join(map(str, sorted(known)))}")
    return data
