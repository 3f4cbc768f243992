"""lifestyle review, mentions: what waits for somebody to look at it, and what is decided."""

from typing import Annotated

import typer

from api.cli.shared import Json, Root, Tenant, settings, views_of
from api.printing import show
from api.reviewing import decided, moderation
from api.reviewing import scan as look_at_all
from api.routes.mentions import aliased, listed
from engine.errors import BadQuery

_DECISIONS = ("block", "unblock", "keep")


def add(app: typer.Typer) -> None:
    """Mount the commands."""
    for command in (review, mentions):
        app.command()(command)


def review(
    item: Annotated[str | None, typer.Argument(help="an item to decide on; none = list what waits")] = None,
    decide: Annotated[str | None, typer.Option("--decide", help="block, unblock or keep")] = None,
    why: Annotated[str, typer.Option("--why", help="the reason, for the log")] = "",
    scan: Annotated[bool, typer.Option("--scan", help="first look at everything that is served")] = False,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """What people reported and what the content rules flagged, the gravest first; or a decision on one item.

    Examples: `lifestyle review --scan` · `lifestyle review n-001 --decide block --why "sells forged papers"`
    """
    if (item is None) != (decide is None):
        raise BadQuery("--decide", "an item and a decision go together; neither lists what waits")
    if decide is not None and (decide not in _DECISIONS or not why):
        raise BadQuery("--decide", f"is one of {', '.join(_DECISIONS)}, with its reason in --why")
    chosen = settings(root, tenant)
    with views_of(chosen) as views:
        if item is not None and decide is not None:
            done = decided(views, chosen.tenant, item, decide, "command", why)
            show(done, f"{item}: {decide}" + ("" if done["changed"] or decide == "keep" else " (it was so)"), as_json)
            return
        if scan:
            look_at_all(views, chosen.tenant)
        waiting, log = moderation(views).queue(chosen.tenant), moderation(views).log(chosen.tenant)
    lines = [f"{w.id}  {w.label or 'reported'}  {w.why or ''}  reports: {dict(w.reasons)}".rstrip() for w in waiting]
    rows = {"waiting": [w._asdict() for w in waiting], "log": log}
    show(rows, "\n".join(lines) or "nothing waits", as_json)


def mentions(
    name: Annotated[str | None, typer.Argument(help="a name to give to a place; none = list them")] = None,
    of: Annotated[str | None, typer.Option("--of", help="the id of the place that is called so")] = None,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Names in notes that lead to nothing, with counts and examples; or another name for a place.

    Examples: `lifestyle mentions` · `lifestyle mentions 鹭洲咖啡 --of p-hz-001`, then `lifestyle build --publish`
    """
    if (name is None) != (of is None):
        raise BadQuery("--of", "a name and the place that is called so go together; neither lists the names")
    chosen = settings(root, tenant)
    with views_of(chosen) as views:
        if name is not None and of is not None:
            done = aliased(views, chosen.tenant, of, name)
            show(done, f"{of} is also called {', '.join(done['aliases'])}; the next build links by it", as_json)
            return
        rows = listed(views, chosen.tenant)
    lines = [
        f"{row['notes']:4}  {row['name']}  {', '.join(row['examples'])}  like {row['like'] or '-'}" for row in rows
    ]
    show({"mentions": rows}, "\n".join(lines) or "every marked name leads somewhere", as_json)
