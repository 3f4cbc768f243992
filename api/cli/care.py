"""lifestyle doctor, backup, restore, key, forget: for whoever runs it."""

import json
import secrets
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.cli.shared import Json, Root, Tenant, settings
from api.doctor import examine, floors
from api.forgetting import erase
from api.guard import SCOPES, digest
from api.layout import Layout
from api.printing import progress_of, say, show
from engine.clock import utc_now
from engine.errors import BadQuery, LifestyleError
from indexing.backup import BEFORE
from indexing.backup import backup as save
from indexing.backup import restore as put_back


def add(app: typer.Typer) -> None:
    """Mount the commands."""
    for command in (doctor, backup, restore, key, forget):
        app.command()(command)


def doctor(root: Root = None, tenant: Tenant = None, as_json: Json = False) -> None:
    """Look at disk, keys, store, snapshots and models; say what to do. Exit code 1 when something is amiss.

    Example: `lifestyle doctor`
    """
    findings = list(examine(settings(root, tenant), utc_now))
    lines = [
        f"{'TO DO' if f.todo else 'ok':6}{f.what}: {f.told}" + (f"\n      -> {f.todo}" * bool(f.todo)) for f in findings
    ]
    show([finding._asdict() for finding in findings], "\n".join(lines), as_json)
    if amiss := [finding.what for finding in findings if finding.todo]:
        raise LifestyleError(f"{len(amiss)} to do: {', '.join(amiss)}")


def backup(
    file: Annotated[Path, typer.Argument(help="the file to write; it must not exist")],
    root: Root = None,
    as_json: Json = False,
) -> None:
    """Copy the live store (items, deletions, events, queries of all tenants) while servers go on writing to it.

    Example: `lifestyle backup store-monday.sqlite`
    """
    size = save(Layout.of(settings(root, None)).file, file)
    show({"file": str(file), "bytes": size}, f"{file}: {size} bytes, whole and checked", as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="a file that `lifestyle backup` wrote")],
    root: Root = None,
    as_json: Json = False,
) -> None:
    """Put a backup in the place of the live store; no server may run. Who was forgotten since must be forgotten again.

    Example: `lifestyle restore store-monday.sqlite`
    """
    layout = Layout.of(settings(root, None))
    layout.root.mkdir(parents=True, exist_ok=True)
    brought = put_back(file, layout.file, floors(layout))
    show({"changes": brought}, f"{brought} changes restored; what was there is {layout.store.name}{BEFORE}", as_json)


def key(
    scope: Annotated[list[str] | None, typer.Option("--scope", help="search, write or admin; may be repeated")] = None,
    tenant: Tenant = None,
) -> None:
    """Make an API key. It is shown once; LIFESTYLE_KEYS takes the line that is printed below it.

    Example: `lifestyle key --scope search --scope write`
    """
    scopes = scope or ["search"]
    if unknown := set(scopes) - SCOPES:
        raise BadQuery("--scope", f"'{sorted(unknown)[0]}' is not one of {', '.join(sorted(SCOPES))}")
    made = secrets.token_urlsafe(32)
    entry = {"digest": digest(made), "tenant": settings(None, tenant).tenant, "scopes": sorted(scopes)}
    say(f"{made}\n{json.dumps(entry)}")


def forget(root: Root = None, tenant: Tenant = None, as_json: Json = False) -> None:
    """Erase deleted items and forgotten people from tables, snapshots, caches and store. Servers may go on serving.

    Only the new snapshot is kept, so there is nothing to roll back to. Models and students are listed: they hold no ids
    and no texts; train them anew on your schedule. Backups are yours to expire.

    Example: `lifestyle forget`
    """
    done = erase(settings(root, tenant), utc_now, progress_of)
    text = (
        f"snapshot {done.snapshot} is published; gone are {len(done.dropped_snapshots)} older ones, "
        f"{done.dropped_vectors} cached vectors, {done.settled_changes} changes of the store"
    )
    left = f"\nlearnt before, to be learnt anew: {', '.join(done.left)}" if done.left else ""
    show(asdict(done), text + left, as_json)
