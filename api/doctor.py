"""Is a deployment well? Settings, disk, clock, store, snapshots and models looked at, each with what to do about it."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from api.layout import Layout
from api.settings import Settings
from engine.errors import LifestyleError, ModelError, SnapshotError
from indexing import manifest
from indexing.manifest import Manifest
from indexing.publish import Publisher
from indexing.store_schema import connect, prepare
from ranking.registry import Registry

#: Much of the room for changes is used: time to build them in.
_MUCH: Final = 0.8
#: A snapshot from so far in the future was not built by a clock that goes right.
_AHEAD: Final = timedelta(minutes=5)
_PREFIX: Final = "LIFESTYLE_"
#: Variables that are no settings of a server: of caches and benchmarks, of tests, of clients.
_OTHERS: Final = frozenset(
    {"CACHE", "DATA", "CORPORA", "VECTORS", "FORKS", "RECORD_PROMISES", "INSTALL_BROWSER", "URL", "KEY"}
)


class Finding(NamedTuple):
    """`todo`: what to do about it; empty when it is as it should be."""

    what: str
    told: str
    todo: str = ""


def examine(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """One finding after another; a damaged part stops none of the others. Reads every byte of the served snapshots."""
    layout = Layout.of(settings)
    if not settings.root.is_dir():
        yield Finding("root", f"{settings.root} is no folder", "ingest and build, or name another one with --root")
        return
    yield _disk(settings)
    yield _keys(settings)
    yield from _misspelt()
    yield from _store(layout)
    tenants = sorted({settings.tenant, *(key.tenant for key in settings.keys)})
    for tenant in tenants:
        yield from _snapshot(settings, layout, tenant, clock())
        yield _model(layout, tenant)


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.root).free // 2**20
    told = f"{free} MB free at {settings.root}"
    if not os.access(settings.root, os.W_OK):
        return Finding("disk", f"{settings.root} cannot be written", "give this user the right to write there")
    small = free < settings.spare_mb
    return Finding("disk", told, f"make room: below {settings.spare_mb} MB only deletions are written" if small else "")


def _keys(settings: Settings) -> Finding:
    told = f"{len(settings.keys)} keys" + (", and the published demo key" if settings.demo_key else "")
    lost = not settings.keys and not settings.demo_key
    return Finding("keys", told, "set LIFESTYLE_KEYS: nobody can ask" if lost else "")


def _misspelt() -> Iterator[Finding]:
    """A setting of no known name does nothing, and nobody says so when a server starts."""
    known = {*(name.upper() for name in Settings.model_fields), *_OTHERS}
    for name in sorted(os.environ):
        if name.startswith(_PREFIX) and name.removeprefix(_PREFIX).split("__")[0].upper() not in known:
            yield Finding(
                "settings", f"{name} is set, but there is no such setting", "look how it is spelt, or unset it"
            )


def _store(layout: Layout) -> Iterator[Finding]:
    if not layout.store.exists():
        yield Finding("store", "none yet: nothing was written live")
        return
    try:
        with closing(connect(layout.store)) as base:
            prepare(base, layout.store)
            told = base.execute("PRAGMA quick_check").fetchone()[0]
            items, events = (base.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("items", "events"))
    except (LifestyleError, sqlite3.Error) as error:
        yield Finding("store", str(error), "restore it: lifestyle restore BACKUP")
        return
    sound = told == "ok"
    yield Finding("store", f"{items} items and deletions, {events} events" if sound else told,
                  "" if sound else "restore it: lifestyle restore BACKUP")  # fmt: skip


def _snapshot(settings: Settings, layout: Layout, tenant: str, now: datetime) -> Iterator[Finding]:
    name = f"snapshot of {tenant}"
    publisher = Publisher(settings.root)
    try:
        served = publisher.verify(tenant)
    except SnapshotError as error:
        yield Finding(name, str(error), "lifestyle rollback, or lifestyle build --publish")
        return
    yield Finding(name, f"{served.seq} of {served.created}, {len(served.files)} files, every byte as it was published")
    built = datetime.fromisoformat(str(served.facts["built_at"]))
    if built > now + _AHEAD:
        yield Finding(
            "clock", f"it is {now:%F %T}, the snapshot was built at {built:%F %T}", "set this machine's clock"
        )
    yield _waiting(settings, layout, tenant, served)


def _waiting(settings: Settings, layout: Layout, tenant: str, served: Manifest) -> Finding:
    """How many changes lie over the snapshot."""
    others = Publisher(settings.root).adopted(tenant, served.seq)
    name, after = f"changes of {tenant}", 0 if others else int(served.facts.get("store_seq", 0))
    if not layout.store.exists():
        return Finding(name, "none")
    try:
        with closing(connect(layout.store)) as base:
            asked = "SELECT count(*) FROM items WHERE tenant = ? AND seq > ?"
            count = int(base.execute(asked, (tenant, after)).fetchone()[0])
    except (LifestyleError, sqlite3.Error) as error:
        return Finding(name, str(error), "see the store")
    much = count > _MUCH * settings.overlay_items
    told = f"{count} since the snapshot, of at most {settings.overlay_items}"
    return Finding(name, told, "build them in: lifestyle build --publish" if much else "")


def _model(layout: Layout, tenant: str) -> Finding:
    name = f"model of {tenant}"
    try:
        number = Registry(layout.models(tenant)).current()
        Registry(layout.models(tenant)).load()
    except ModelError as error:
        return Finding(name, str(error), "lifestyle train; until then the order set by hand serves")
    return Finding(name, "none: the order set by hand serves" if number is None else f"{number}, sound")


def floors(layout: Layout) -> dict[str, int]:
    """Tenant -> the newest change that any of its kept snapshots has built in."""
    found: dict[str, int] = {}
    for home in sorted(path for path in layout.root.iterdir() if (path / "snapshots").is_dir()):
        for folder in (home / "snapshots").iterdir():
            try:
                seq = int(manifest.read(folder).facts.get("store_seq", 0))
            except SnapshotError:
                continue
            found[home.name] = max(found.get(home.name, 0), seq)
    return found
