"""lifestyle build, publish, rollback, verify: tables into a served snapshot, and back."""

from typing import Annotated, Final

import typer

from api.building import build_in
from api.cli.shared import Json, Root, Tenant, settings
from api.kindred import forgotten
from api.layout import Layout
from api.printing import show
from engine.clock import utc_now
from engine.errors import BadQuery
from indexing.cluster.engines import Engine, Local, Ray
from indexing.jobs import publish as publish_files
from indexing.publish import Publisher

ENGINES: Final = ("local", "steps", "ray")


def add(app: typer.Typer) -> None:
    """Mount the commands."""
    for command in (build, publish, rollback, verify):
        app.command()(command)


def build(
    then_publish: Annotated[bool, typer.Option("--publish", help="serve it at once")] = False,
    engine: Annotated[
        str, typer.Option("--engine", help="local: here, at once; steps: here, by parts; ray: parts on a Ray cluster")
    ] = "local",
    address: Annotated[
        str | None, typer.Option("--address", help="of a running Ray cluster; default: one here")
    ] = None,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Make a snapshot from the tables and from what the live store has taken since. Serving goes on unchanged.

    With steps and ray a build that was killed goes on where it was when it is run again; all three make the same bytes.

    Example: `lifestyle build --publish`
    """
    chosen = settings(root, tenant)
    facts = build_in(chosen, utc_now, serve=then_publish, quiet=as_json, engine=_engine(engine, address))
    text = "built " + ", ".join(f"{count} {kind}s" for kind, count in facts["counts"].items())
    mining = facts["cost"]["mining"]
    text += f"; mining took {mining['share']:.0%} of its processor time, {mining['notes_per_second']:g} notes a second"
    if then_publish:
        text += f"; snapshot {facts['snapshot']} is published"
    show(facts, text, as_json)


def publish(root: Root = None, tenant: Tenant = None, as_json: Json = False) -> None:
    """Serve the last build. Running servers follow within a second, between two requests.

    Example: `lifestyle publish`
    """
    chosen = settings(root, tenant)
    gone = len(forgotten(chosen))
    seq = publish_files(Layout(chosen.root).built(chosen.tenant), chosen.tenant, Publisher(chosen.root), gone)
    show({"snapshot": seq}, f"snapshot {seq} is published", as_json)


def rollback(
    to: Annotated[str | None, typer.Option("--to", help="a snapshot number; default: the one before")] = None,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Serve an older snapshot again; it is verified first. Deletions of the live store stay in force.

    Example: `lifestyle rollback --to 00000002`
    """
    chosen = settings(root, tenant)
    seq = Publisher(chosen.root).rollback(chosen.tenant, to)
    show({"snapshot": seq}, f"snapshot {seq} is served again", as_json)


def verify(
    seq: Annotated[str | None, typer.Option("--snapshot", help="default: the one served")] = None,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Check every byte of a snapshot against its manifest. Exit code 1 when one differs.

    Example: `lifestyle verify`
    """
    chosen = settings(root, tenant)
    checked = Publisher(chosen.root).verify(chosen.tenant, seq)
    show({"snapshot": checked.seq, "files": len(checked.files)}, f"snapshot {checked.seq} is sound", as_json)


def _engine(name: str, address: str | None) -> Engine | None:
    if name not in ENGINES:
        raise BadQuery("--engine", f"'{name:.40}' is not one of {', '.join(ENGINES)}")
    if address is not None and name != "ray":
        raise BadQuery("--address", "is of a Ray cluster: add --engine ray")
    return None if name == "local" else Local() if name == "steps" else Ray(address)
