"""lifestyle models, trial, compare, why, rules: which order serves, which one is tried, and what is moved by hand."""

import math
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from pydantic import ValidationError

from api.cli.shared import Json, Root, Tenant, settings, views_of
from api.errors import misfits
from api.layout import Layout
from api.printing import show
from api.schemas_house import RuleBody
from api.settings import Settings
from engine.blend import language_of
from engine.clock import utc_now
from engine.errors import BadQuery
from engine.rules import Rule
from engine.search import Engine
from engine.types import Query
from indexing.ledger import Ledger
from indexing.live import live_store

if TYPE_CHECKING:
    from ranking.registry import Registry

Feeds = Annotated[bool, typer.Option("--feed", help="of the order of feeds instead of that of searches")]


def add(app: typer.Typer) -> None:
    """Mount the commands."""
    for command in (models, trial, compare, why, rules):
        app.command()(command)


def models(
    back: Annotated[bool, typer.Option("--back", help="serve the newest usable model before the current one")] = False,
    promote: Annotated[int | None, typer.Option("--promote", help="serve this one, without asking the gate")] = None,
    feed: Feeds = False,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """The ranking models that are kept, and which one serves; a running server follows within a second.

    Examples: `lifestyle models` · `lifestyle models --back`
    """
    registry = _registry(settings(root, tenant), feed)
    if back:
        registry.rollback()
    if promote is not None:
        if promote not in registry.numbers():
            raise BadQuery("--promote", f"there is no model {promote}; there are {registry.numbers()}")
        registry.promote(promote)
    serving = registry.current()
    rows = [_row(number, registry.card(number), number == serving) for number in registry.numbers()]
    lines = [
        f"{'->' if row['serves'] else '  '} {row['number']}  {row['made']}  nDCG@10 {row['ndcg@10']}" for row in rows
    ]
    show(rows, "\n".join(lines) or "no model yet: the weights set by hand serve; see 'lifestyle train --help'", as_json)


def trial(
    how: Annotated[str | None, typer.Argument(help="shadow, interleave, split, or end; left out: what runs")] = None,
    model: Annotated[int | None, typer.Option("--model", help="the challenger's number (lifestyle models)")] = None,
    share: Annotated[float, typer.Option("--share", help="of the people, or of the pages that are drafted")] = 0.5,
    feed: Feeds = False,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Try a model on live requests beside the one that serves.

    shadow: it scores after the answer, nobody sees it; interleave: pages of both orders; split: a share of the people.
    Example: `lifestyle trial interleave --model 3`
    """
    registry = _registry(settings(root, tenant), feed)
    if how == "end":
        registry.end()
    elif how is not None:
        if model is None or model not in registry.numbers():
            raise BadQuery("--model", f"names the challenger: one of {registry.numbers()}")
        registry.begin(model, how, share, utc_now())
    said = registry.trial()
    text = "no trial runs" if said is None else f"{said['name']}: model {said['model']}, {said['how']} {said['share']}"
    show(dict(said or {}), text, as_json)


def compare(
    name: Annotated[str | None, typer.Argument(help="a trial's name; left out: the one that runs")] = None,
    feed: Feeds = False,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Who wins a trial, by what people did on the pages that were logged: the difference with its 95 % interval.

    Example: `lifestyle compare`
    """
    from api.training import logged_pages  # noqa: PLC0415  as in api/cli/models.py
    from ranking.online import interleaved, split  # noqa: PLC0415

    chosen = settings(root, tenant)
    said = _registry(chosen, feed).trial()
    wanted = name or (str(said["name"]) if said else None)
    if wanted is None:
        raise BadQuery("name", "no trial runs; name one that ran, or begin one with 'lifestyle trial'")
    with views_of(chosen) as views:
        pages, served = logged_pages(chosen, views), views.ledger.pages(chosen.tenant)
    compared = (split if "-split-" in wanted else interleaved)(pages, served, wanted)
    winner = {"a": "what serves wins", "b": "the challenger wins", "": "no winner yet"}[compared.winner]
    seen = f"{compared.pages} pages of {compared.people} people"
    text = f"{wanted}: {winner}; {compared.gain:+.4f} (95% {compared.low:+.4f} to {compared.high:+.4f}) over {seen}"
    if not math.isfinite(compared.gain):
        text = f"{wanted}: {winner}; too little to go by: {seen}"
    show({"trial": wanted, "winner": compared.winner, **compared._asdict()}, text, as_json)


def why(
    text: Annotated[str, typer.Argument(help="the query")],
    item: Annotated[str, typer.Argument(help="an item's id")],
    other: Annotated[str | None, typer.Argument(help="another item's id, to compare with")] = None,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Why an item stands where it stands for a query; with two, why the first above the second (or below).

    Example: `lifestyle why "有草坪的咖啡店" p-hz-001 p-hz-002`
    """
    from api.explained import why as explain  # noqa: PLC0415  as in api/cli/models.py

    chosen = settings(root, tenant)
    query = Query(chosen.tenant, text)
    with views_of(chosen) as views:
        view, intent, found = Engine(views.now, views.store, utc_now).candidates(query)
        told: dict[str, Any] = explain(view, intent, query, found.candidates, item, other, language_of(intent, query))
    lines = [f"{one['id']}: place {one['place']}, score {one['score']}" for one in told["items"]]
    lines += [str(told["because"]), *(f"  {worth:+.4f}  {name}" for name, worth in told["features"].items())]
    show(told, "\n".join(lines), as_json)


def rules(
    put: Annotated[Path | None, typer.Option("--put", help="a JSON file: a rule with its id, or a list")] = None,
    drop: Annotated[str | None, typer.Option("--drop", help="the id of a rule to take away")] = None,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """What the house moves by hand (pin, boost, bury, hide): shown, put, taken away; every change is logged.

    Example: `lifestyle rules --put spring.json`
    """
    chosen = settings(root, tenant)
    store = Layout.of(chosen).store
    with closing(live_store(store)):
        ledger = Ledger(store, utc_now)
        for rule in [] if put is None else _rules(put):
            ledger.put(chosen.tenant, rule, "command")
        if drop is not None:
            ledger.drop(chosen.tenant, drop, "command")
        kept, log = ledger.rules(chosen.tenant), ledger.rule_log(chosen.tenant)
    rows = msgspec.to_builtins({"rules": kept, "log": log})
    show(rows, "\n".join(_line(rule) for rule in kept) or "no rules", as_json)


def _line(rule: Rule) -> str:
    """What a rule moves, of what it speaks, and when."""
    far = f" {rule.places}" if rule.action != "hide" else ""
    spoken = " ".join(said for said in (rule.query, rule.slot, rule.value) if said)
    since = f" from {rule.since.isoformat()}" if rule.since else ""
    until = f" until {rule.until.isoformat()}" if rule.until else ""
    over = " (over)" if rule.until and rule.until <= utc_now() else ""
    return f"{rule.id}: {rule.action}{far} {', '.join(rule.items)} for {spoken}{since}{until}{over}"


def _registry(chosen: Settings, feed: bool) -> "Registry":
    from ranking.registry import Registry  # noqa: PLC0415  as in api/cli/models.py

    registry = Registry(Layout(chosen.root).models(chosen.tenant))
    return registry.feeds if feed else registry


def _rules(path: Path) -> list[Rule]:
    """The rules of a file, checked as the route checks them."""
    try:
        said = msgspec.json.decode(path.read_bytes())
        rows = [dict(row) for row in (said if isinstance(said, list) else [said])]
        bodies = [(str(row.pop("id")), RuleBody.model_validate(row).model_dump()) for row in rows]
    except ValidationError as error:
        raise BadQuery(str(path), f"holds a rule that does not fit: {misfits(error)}") from None
    except (OSError, msgspec.DecodeError, ValueError, KeyError, TypeError) as error:
        raise BadQuery(str(path), f"holds no rule with id, action, items and query or slot ({error})") from None
    return [Rule(name, **{**body, "items": tuple(body["items"])}) for name, body in bodies]


def _row(number: int, card: Any, serves: bool) -> dict[str, Any]:
    metrics = card.get("metrics", {})
    return {
        "number": number,
        "serves": serves,
        "made": card.get("made", datetime.min.isoformat()),
        "ndcg@10": metrics.get("ndcg@10"),
        "rival": metrics.get("rival"),
        "lists": card.get("data", {}).get("lists"),
    }
