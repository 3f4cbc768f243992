"""lifestyle understand, lifestyle search, lifestyle suggest: ask from the command line."""

import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import typer
from msgspec.structs import replace

from api.cli.shared import Json, Root, Tenant, settings, views_of
from api.layout import Layout
from api.printing import progress, say, show
from api.refiner import refiner_of
from api.render import page
from api.routes.search import READ_MS
from api.routes.suggest import to_dict
from api.schemas import MAX_QUERY, MAX_TYPED, aware
from engine.budget import Budget
from engine.clock import utc_now
from engine.errors import BadQuery, NoSnapshot
from engine.ports import Index
from engine.read import read
from engine.refine import Refinery
from engine.search import Engine
from engine.suggest.complete import suggest as completions
from engine.types import KINDS, Kind, Place, Query, Results
from engine.understand import wire
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand as parse_text

At = Annotated[str | None, typer.Option("--at", help="answer as of this time, e.g. 2026-11-22T10:00:00+08:00")]
NearPoint = Annotated[str | None, typer.Option("--near", help="the person's position as LAT,LON")]


def add(app: typer.Typer) -> None:
    """Mount the commands."""
    app.command()(understand)
    app.command()(search)
    app.command()(suggest)
    app.command()(evidence)


def understand(
    text: Annotated[str | None, typer.Argument(help="a query; leave out with --jsonl")] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option("--jsonl", help="read a query a line (or an object with 'query'), print a parse a line"),
    ] = None,
    previous: Annotated[str | None, typer.Option("--previous", help="the query before: TEXT corrects it")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="say which rule made each constraint")] = False,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """How a query is read, by a language model too where LIFESTYLE_REFINER_URL names one.

    Examples: `lifestyle understand "杭州近郊有草坪的咖啡店" --explain` · `lifestyle understand --jsonl queries.jsonl`
    · `lifestyle understand "再便宜一点" --previous "人均100以内的火锅"`
    """
    index, second = _index(root, tenant), _second(root, tenant)
    if jsonl is not None:
        with nullcontext(sys.stdin) if str(jsonl) == "-" else jsonl.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    say(msgspec.json.encode(_parse(_query_of(line, jsonl, number), index, second)).decode())
        return
    before = None if previous is None else _text(previous)
    parsed = _parse(_text(text or ""), index, second, before, explain=explain)
    rows = [
        f"  {c['slot']:14} {c['op']:12} {msgspec.json.encode(c['value']).decode():40} {c['hardness']}"
        + (" NOT" if c["polarity"] < 0 else "")
        + (f"  # {c['because'][_message_lang(parsed)]}" if explain else "")
        for c in parsed["constraints"]
    ]
    show(parsed, "\n".join([f"{parsed['intent']['name']}  ({parsed['lang']})", *rows]), as_json)


def search(
    text: Annotated[str, typer.Argument(help="what you look for, in Chinese or English")],
    kind: Annotated[list[str] | None, typer.Option("--kind", help="note, product or poi; may be repeated")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 5,
    budget_ms: Annotated[float | None, typer.Option("--budget-ms", min=5, max=2000)] = None,
    near: NearPoint = None,
    at: At = None,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Search the published snapshot.

    Example: `lifestyle search "weekend family café with lawn near the city" --kind poi`
    """
    kinds = tuple(_kind(name) for name in kind or [])
    chosen = settings(root, tenant)
    query = Query(chosen.tenant, _text(text), kinds=kinds, limit=limit, near=_place(near), at=_time(at))
    with views_of(chosen) as views:
        views.now(chosen.tenant)  # opened before the clock starts: a server has it open, too
        results = Engine(views.now, views.store, utc_now).search(query, Budget(budget_ms or 2000))
    show(page(results, "cli"), as_text(results), as_json)


def suggest(
    text: Annotated[str, typer.Argument(help="what is typed so far")],
    limit: Annotated[int, typer.Option(min=1, max=20)] = 8,
    lang: Annotated[str | None, typer.Option(help="zh or en: put texts of this language first")] = None,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Complete a query as it is typed, from the published snapshot.

    Examples: `lifestyle suggest "咖"` · `lifestyle suggest kfd` · `lifestyle suggest "quiet caf"`
    """
    chosen = settings(root, tenant)
    with views_of(chosen) as views:
        found = completions(views.now(chosen.tenant).index, chosen.tenant, _typed(text), limit, _language(lang))
    lines = [f"{s.text}  [{s.type}]" + (f"  ({s.id})" if s.id else "") for s in found]
    show({"q": text, "suggestions": [to_dict(s) for s in found]}, "\n".join(lines) or "nothing begins so", as_json)


def as_text(results: Results) -> str:
    """A page for a terminal: each hit with why it fits and the sentences that prove it."""
    lines = []
    for place, hit in enumerate(results.hits, 1):
        item = hit.item
        lines.append(f"{place}. [{hit.kind}] {item.get('name') or item.get('title')}  ({hit.id})")
        for e in hit.evidence:
            constraint = results.intent.constraints[e.constraint]
            label = (constraint.label or {}).get("en" if results.intent.lang == "en" else "zh") or str(constraint.value)
            proof = e.measured or (f"“{e.sentence}” ({e.note_id}, {e.note_date})" if e.sentence else "")
            lines.append(f"     {e.verdict.name.lower():12} {label}: {proof}")
    lines += [f"relaxed: {r.slot} {r.origin} -> {r.to} (+{r.gained})" for r in results.relaxed]
    lines += [f"degraded: {d.stage}: {d.reason}; instead {d.instead}" for d in results.degraded]
    lines.append("timings: " + "  ".join(f"{stage} {spent:.1f} ms" for stage, spent in results.timings.items()))
    return "\n".join(lines) if results.hits else "\n".join(["nothing found", *lines])


def _index(root: Path | None, tenant: str | None) -> tuple[str, Index] | None:
    """The published index, whose names the parser knows; without one the lexicon alone reads the query."""
    chosen = settings(root, tenant)
    if Layout(chosen.root).home(chosen.tenant).is_dir():
        try:
            with views_of(chosen) as views:
                return chosen.tenant, views.now(chosen.tenant).index
        except NoSnapshot:
            pass
    progress("hint: nothing is published yet, so names of items are not known; see 'lifestyle build --help'")
    return None


def _second(root: Path | None, tenant: str | None) -> Refinery | None:
    refiner = refiner_of(settings(root, tenant))
    return Refinery(refiner) if refiner is not None else None


def _parse(
    text: str,
    known: tuple[str, Index] | None,
    second: Refinery | None,
    previous: str | None = None,
    *,
    explain: bool = False,
) -> dict[str, Any]:
    now = utc_now()
    query = Query(known[0] if known else "default", text, previous=previous)
    intent = read(query, known[1], now) if known else parse_text(query, NO_NAMES, now)
    if second is not None and not second.resting:
        try:
            refined = second.refine(intent, READ_MS)
            intent = read(replace(query, parse=refined), known[1], now) if known else refined
        except Exception as error:  # whatever it is, the rules' parse stands
            progress(f"hint: read by the rules alone; the language model's answer is missing or unsound: {error}")
    return wire.to_json(intent, explain=explain)


def _message_lang(parsed: dict[str, Any]) -> str:
    return "en" if parsed["lang"] == "en" else "zh"


def _query_of(line: str, file: Path, number: int) -> str:
    """A line is a bare text, a JSON string, or an object with "query"."""
    if not line.lstrip().startswith(("{", '"')):
        return line.strip()
    try:
        row = msgspec.json.decode(line)
    except msgspec.DecodeError as error:
        raise BadQuery(f"{file}:{number}", f"is not JSON: {error}") from error
    text = row.get("query") if isinstance(row, dict) else row
    if not isinstance(text, str):
        raise BadQuery(f"{file}:{number}", "has no text in 'query'")
    return text


def _kind(name: str) -> Kind:
    for kind in KINDS:
        if kind == name:
            return kind
    raise BadQuery("--kind", f"'{name}' is not one of {', '.join(KINDS)}")


def _place(text: str | None) -> Place | None:
    if text is None:
        return None
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadQuery("--near", f"'{text}' is not LAT,LON") from error
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadQuery("--near", f"'{text}' is no position: LAT is within -90..90, LON within -180..180")
    return Place(lat, lon)


def _time(text: str | None) -> datetime | None:
    """A time without an offset is one of this machine's zone."""
    if text is None:
        return None
    try:
        return aware(datetime.fromisoformat(text).astimezone())
    except (ValueError, OverflowError) as error:
        raise BadQuery("--at", f"'{text}' is no ISO time such as 2026-11-22T10:00:00+08:00 ({error})") from None


def _typed(text: str) -> str:
    if len(text) > MAX_TYPED:
        raise BadQuery("text", f"is longer than {MAX_TYPED} characters ({len(text)})")
    return _text(text)


def _language(lang: str | None) -> Literal["zh", "en"] | None:
    known: dict[str | None, Literal["zh", "en"] | None] = {None: None, "zh": "zh", "en": "en"}
    if lang not in known:
        raise BadQuery("--lang", f"'{lang}' is not zh or en")
    return known[lang]


def _text(text: str) -> str:
    if not text.strip():
        raise BadQuery("text", "is empty; say what you look for")
    if len(text) > MAX_QUERY:
        raise BadQuery("text", f"is longer than {MAX_QUERY} characters ({len(text)})")
    return text


def evidence(
    item_id: Annotated[str, typer.Argument(help="the id of a place, a product or a note")],
    english: Annotated[bool, typer.Option("--en", help="labels and measured values in English")] = False,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """All that is known of an item: each attribute's verdict, the merchant's word, and the sentences behind it.

    Example: `lifestyle evidence p-hz-001`
    """
    chosen = settings(root, tenant)
    lang = "en" if english else "zh"
    with views_of(chosen) as views:
        file = views.evidence(chosen.tenant, item_id, lang)
    show(file, "\n".join(_told(file, lang)), as_json)


def _told(file: dict[str, Any], lang: str) -> list[str]:
    """A dossier as lines of text."""
    lines = [f"{file['name']} ({file['kind']} {file['id']}), {file['notes']} notes"]
    if file.get("trust"):
        lines.append(f"trust: {file['trust']} ({'; '.join(file.get('trust_why') or ())})")
    for known in file["attributes"]:
        p = "" if known["probability"] is None else f" {known['probability']:.2f}"
        merchant = {True: ", merchant: yes", False: ", merchant: no", None: ""}[known["merchant"]]
        counts = f"{known['support']} for, {known['contradictions']} against"
        disagree = ", DISAGREE" if known.get("disagrees") else ""
        lines.append(f"\n{known['label'][lang]}: {known['verdict']}{p} ({counts}{merchant}{disagree})")
        lines += [
            f"  {'-' if q['says'] == 'no' else '+'} {q['date'] or '?':10} {q['sentence']}" for q in known["quotes"]
        ]
    return lines
