"""How is what was deleted erased from every file? Tables, snapshots, caches, the store; a receipt says what is left."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from api.building import building
from api.kindred import learn_kindred
from api.layout import Layout
from api.settings import Settings
from engine.errors import NoSnapshot
from indexing.encode import CachedEncoder, load_encoder
from indexing.erasure import deleted, erased, settle
from indexing.files import Disk
from indexing.jobs import build, publish, settle_tables, tables_in
from indexing.live import live_store
from indexing.publish import Publisher
from indexing.segment import Progress

#: What a rebuild cannot take anything out of; each is listed in the receipt.
LEARNT = ("models", "students")


@dataclass(frozen=True)
class Erasure:
    """A receipt. `left`: files that were learnt from data since deleted; they hold no ids and no texts of items."""

    snapshot: str
    dropped_snapshots: tuple[str, ...]
    dropped_vectors: int
    settled_changes: int
    left: tuple[str, ...]


def erase(settings: Settings, clock: Callable[[], datetime], progress: Progress | None = None) -> Erasure:
    """Build and serve a snapshot that never knew what was deleted, and let everything go that still does.

    In this order, so that a crash at any point loses nothing and the next run ends it: the tables, the new snapshot,
    the old ones, the cache of vectors, the store. A running server follows within a second.
    """
    layout, tenant = Layout.of(settings), settings.tenant
    publisher = Publisher(settings.root, keep=1)
    before = _kept(publisher, tenant)
    with building(layout, tenant):
        with closing(live_store(layout.store, clock=clock)) as store:
            people, dead = erased(layout.store, tenant, "user"), deleted(layout.store, tenant)
            last = settle_tables(layout.tables(tenant), tenant, store, dead, people)
            encoder = CachedEncoder(load_encoder(settings.encoder, offline=True), layout.vectors, owner=tenant)
            tables, out = tables_in(layout.tables(tenant)), layout.built(tenant)
            Disk().remove(layout.work(tenant))
            learnt = learn_kindred(settings, store, lambda _: None)
            build(
                tables,
                tenant,
                store,
                encoder,
                out,
                now=clock(),
                progress=progress,
                voices=settings.voices,
                learnt=learnt,
            )
        served = publish(out, tenant, publisher)
        return Erasure(
            snapshot=served,
            dropped_snapshots=tuple(seq for seq in before if seq != served),
            dropped_vectors=encoder.drop_untouched(),
            settled_changes=settle(layout.store, tenant, last),
            left=tuple(_learnt(layout, tenant)),
        )


def _kept(publisher: Publisher, tenant: str) -> tuple[str, ...]:
    try:
        return publisher.kept(tenant)
    except NoSnapshot:
        return ()


def _learnt(layout: Layout, tenant: str) -> list[str]:
    """Models and students that are there: learnt before, and to be learnt anew on schedule."""
    home = layout.home(tenant)
    return sorted(
        f"{name}/{folder.name}" for name in LEARNT for folder in (home / name).glob("[0-9]*") if folder.is_dir()
    )
