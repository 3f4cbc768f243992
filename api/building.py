"""How is a snapshot built beside servers that go on? One build at a time: of tables, live changes and behaviour."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

from api.jobs import job
from api.kindred import forgotten, learn_kindred
from api.layout import Layout
from api.settings import Settings
from indexing.cluster.build import build_by_steps, spec_for
from indexing.cluster.engines import Engine
from indexing.encode import CachedEncoder, load_encoder
from indexing.jobs import build, publish, tables_in
from indexing.live import live_store
from indexing.publish import Publisher


@contextmanager
def building(layout: Layout, tenant: str) -> Iterator[None]:
    """Wait for the builds of others, then build alone: what one reads of the store must not be served after another
    has erased it there."""
    home = layout.home(tenant)
    home.mkdir(parents=True, exist_ok=True)
    with (home / "build.lock").open("a") as mine:
        fcntl.flock(mine, fcntl.LOCK_EX)
        yield


def build_in(
    chosen: Settings, clock: Callable[[], datetime], *, serve: bool, quiet: bool, engine: Engine | None = None
) -> dict[str, Any]:
    """A snapshot of tables and live changes, published when it is to `serve`; -> its facts, `snapshot` among them.

    What is written meanwhile stays in the store, and so does what is built in: a snapshot says up to which change it
    knows, servers lay the later ones over it, and a build that fails or is killed loses nothing.
    `engine`: where its steps run (indexing/cluster/engines.py); None: here, at once.
    """
    layout, tenant = Layout.of(chosen), chosen.tenant
    with (
        building(layout, tenant),
        job(layout.home(tenant), "build", clock) as doing,
        closing(live_store(layout.store)) as store,
    ):
        gone = {"forgotten": len(forgotten(chosen))}
        learnt = learn_kindred(chosen, store, doing.say)
        tables, out = tables_in(layout.tables(tenant)), layout.built(tenant)
        if engine is not None:
            spec = spec_for(clock(), chosen.encoder, tenant, voices=chosen.voices)
            facts = build_by_steps(
                tables, store, spec, layout.work(tenant), out, engine, progress=doing.stage, extra=gone, learnt=learnt
            )
        else:
            encoder = load_encoder(chosen.encoder, offline=True, progress=not quiet)
            cached = CachedEncoder(encoder, layout.vectors, owner=tenant)
            facts = build(tables, tenant, store, cached, out, now=clock(), progress=doing.stage, voices=chosen.voices,
                          learnt=learnt, extra=gone)  # fmt: skip
        publisher = Publisher(chosen.root)
        number = publish(layout.built(tenant), tenant, publisher, len(forgotten(chosen))) if serve else None
    return facts if number is None else {**facts, "snapshot": number}
