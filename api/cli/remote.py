"""lifestyle push, lifestyle pull: published snapshots to other machines, by way of an object store."""

import time
from dataclasses import asdict
from typing import Annotated

import typer

from api.cli.shared import Json, Root, Tenant, settings
from api.layout import Layout
from api.printing import progress_of, say, show
from engine.errors import LifestyleError
from indexing.cluster.objects import Objects
from indexing.cluster.replicate import Moved
from indexing.cluster.replicate import pull as fetch
from indexing.cluster.replicate import push as send
from indexing.publish import Publisher

Url = Annotated[str, typer.Argument(help="a folder, s3://bucket/path, gs://.., hdfs://.. (what pyarrow knows)")]


def add(app: typer.Typer) -> None:
    """Mount the commands."""
    for command in (push, pull):
        app.command()(command)


def push(url: Url, root: Root = None, tenant: Tenant = None, as_json: Json = False) -> None:
    """Put the snapshot that is served where other machines can pull it. Files that are there are not sent again.

    Example: `lifestyle push s3://snapshots/lifestyle`
    """
    chosen = settings(root, tenant)
    progress = None if as_json else progress_of
    done = send(Publisher(chosen.root), chosen.tenant, Objects(url, chosen.tenant), progress)
    show(asdict(done), _told("pushed", done), as_json)


def pull(
    url: Url,
    every: Annotated[
        float | None, typer.Option("--every", min=0.1, help="go on, looking again after so many seconds")
    ] = None,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Serve what was pushed last: fetch the files that differ, check them, swap. Servers follow within a second.

    What cannot be fetched or has a wrong byte changes nothing; run it again and it goes on where it stopped.

    Example: `lifestyle pull s3://snapshots/lifestyle --every 10`
    """
    chosen = settings(root, tenant)
    home, publisher = Layout(chosen.root).home(chosen.tenant), Publisher(chosen.root)
    while True:
        try:
            done = fetch(publisher, chosen.tenant, home, Objects(url, chosen.tenant), None if as_json else progress_of)
            if done.news or every is None:
                show(asdict(done), _told("pulled", done), as_json)
        except (LifestyleError, OSError) as error:  # a store that is away, a disk that is full
            if every is None:
                raise
            say(f"not pulled: {error}")
        if every is None:
            return
        time.sleep(every)


def _told(verb: str, done: Moved) -> str:
    if not done.news:
        return f"snapshot {done.snapshot} is here already"
    return (
        f"snapshot {done.snapshot} is {verb}: {done.files} files, {done.bytes / 1e6:.1f} MB; {done.reused} were there"
    )
