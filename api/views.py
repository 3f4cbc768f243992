"""What is live for each tenant? One follower each; a background thread keeps them up with what others publish."""

import logging
import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from api.batch import all_different, checked, evidence, published
from api.compacting import Compactor
from api.follower import Follower
from api.history import counted
from api.indexes import opener_of
from api.layout import Layout
from api.pupils import Pupils
from api.settings import Settings
from engine.counts import hour_before
from engine.errors import (
    BadQuery,
    LifestyleError,
    NoRoom,
    NoSnapshot,
    Overloaded,
    SnapshotError,
    UnknownItem,
    UnknownTenant,
)
from engine.live import View
from engine.ports import Receipt
from engine.suggest import popular
from engine.suggest.table import Source
from engine.types import Kind, Results
from engine.understand import spelling
from indexing.encode import start_loading
from indexing.ledger import Ledger
from indexing.live import live_store
from indexing.publish import Publisher
from indexing.student.registry import Students
from indexing.validate import check
from ranking.registry import Registry

_LOG = logging.getLogger(__name__)
#: How often is asked whether other processes wrote something: after so long, and the work on it, everybody sees it.
LAG_S = 0.05
#: How often the queries of many people are counted.
POPULAR_SECONDS = 60.0


class Views:
    """The views of all tenants over one root folder, one store and one encoder."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.settings, self.clock = settings, clock
        self.layout = Layout.of(settings)
        self.store = live_store(self.layout.store, clock=clock)
        self.ledger = Ledger(self.layout.store, clock, settings.log_pages)
        self._opened = opener_of(settings)
        self.publisher = Publisher(settings.root, clock=clock)
        self.encoder = start_loading(settings.encoder)  # while the application and its snapshots are put together
        self._followers: dict[str, Follower] = {}
        self._popular: dict[str, Source] = {}
        self._compactor = Compactor(settings)
        self._counted = 0.0
        self._until: dict[str, int] = {}  # the hour until which events are counted
        self._lock = threading.Lock()
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._follow, name="follower", daemon=True)

    def now(self, tenant: str) -> View:
        """The current view; a look-up in the store whether anything was deleted, once it is loaded.

        Raises NoSnapshot, UnknownTenant.
        """
        follower = self._followers.get(tenant) or self._follower(tenant)
        return follower.current() or follower.refresh()

    def facts(self, tenant: str) -> Mapping[str, Any]:
        """The manifest's facts of the served snapshot; empty when there is none."""
        try:
            return self.publisher.verify(tenant).facts
        except SnapshotError:
            return {}

    def upsert(
        self, tenant: str, items: Sequence[tuple[Kind, Mapping[str, Any]]], receipt: Receipt | None = None
    ) -> tuple[int, list[str]]:
        """Check all, commit all, show all; -> the last sequence number and the ids. Raises BadQuery."""
        follower = self._writable(tenant, len(items))
        clean = [(kind, checked(number, kind, item)) for number, (kind, item) in enumerate(items)]
        ids = [item["id"] for _, item in clean]
        all_different(ids)
        seq = self.store.upsert(tenant, clean, receipt)
        self._show(follower)
        return seq, ids

    def take_in(self, tenant: str, items: Sequence[tuple[Kind, Mapping[str, Any]]]) -> int:
        """Commit items that were checked, a stretch of many, without showing them yet: `show` does. -> the last seq."""
        self._refuse_without_room(self._follower(tenant), len(items))
        return self.store.upsert(tenant, items)

    def show(self, tenant: str) -> None:
        """Let the next search see what was committed."""
        self._show(self._follower(tenant))

    def patch(
        self, tenant: str, item_id: str, fields: Mapping[str, Any], receipt: Receipt | None = None
    ) -> tuple[int, list[tuple[Kind, dict[str, Any]]]]:
        """Change some fields of an item (None takes one away); -> the sequence number, and what it is now (nothing
        when the receipt was given before). Raises BadQuery, UnknownItem."""
        if fields.get("id", item_id) != item_id:
            raise BadQuery("id", f"cannot be changed; it is '{item_id:.80}'")
        follower = self._writable(tenant, 1)
        index, made = follower.update().index, list[tuple[Kind, dict[str, Any]]]()

        def change(held: tuple[Kind | None, Mapping[str, Any] | None] | None) -> tuple[Kind, dict[str, Any]]:
            kind, item = held or published(index, tenant, item_id)
            if kind is None or item is None:
                raise UnknownItem(f"no item '{item_id}'; it may have been deleted")
            made[:] = [(kind, check(kind, {**item, **fields, "id": item_id}))]
            return made[0]

        seq = self.store.amend(tenant, item_id, change, receipt)
        self._show(follower)
        return seq, made

    def _writable(self, tenant: str, more: int) -> Follower:
        """The follower of a tenant, up to date; what cannot be shown or kept is refused before it is committed."""
        follower = self._follower(tenant)
        follower.update()
        self._refuse_without_room(follower, more)
        return follower

    def _refuse_without_room(self, follower: Follower, more: int) -> None:
        """Raises Overloaded, NoRoom."""
        most = self.settings.overlay_items
        if follower.changed + more > most:
            raise Overloaded(
                f"{follower.changed} changed items wait to be built in, {more} more would pass the {most} that may; "
                "run 'lifestyle build --publish', then go on"
            )
        if (free := self._free_mb()) < self.settings.spare_mb:
            raise NoRoom(f"only {free} MB are free on the disk; make room, or set LIFESTYLE_SPARE_MB")

    def _free_mb(self) -> int:
        return shutil.disk_usage(self.settings.root).free // 2**20

    def _show(self, follower: Follower) -> None:
        follower.update()
        self._wake.set()

    def delete(self, tenant: str, item_id: str) -> int:
        """Gone at once; -> its sequence number. Raises UnknownItem when there is nothing of that name."""
        follower = self._follower(tenant)
        if follower.update().index.locate(tenant, item_id) is None:
            raise UnknownItem(f"no item '{item_id}'; it may have been deleted already")
        seq = self.store.delete(tenant, item_id)
        follower.update()
        return seq

    def remember(self, tenant: str, user: str, text: str, results: Results) -> None:
        """Keep a person's query, and whether it found anything, when the settings say so and it tells of nobody."""
        query = popular.memorable(text) if self.settings.remember_queries else None
        if query is not None:
            gave_way = dict.fromkeys(relaxed.slot for relaxed in results.relaxed)
            self.store.remember(tenant, user, query, results.total, tuple(gave_way))

    def forget(self, tenant: str, user: str) -> int:
        """Delete all that is kept of a person, and what was suggested with their help; -> rows deleted."""
        gone = self.store.forget_user(tenant, user)
        self._count_popular(tenant)
        self._until.pop(tenant, None)  # what that person did is counted no longer
        return gone

    def popular(self, tenant: str) -> Source:
        """The queries of many people, as they were at most POPULAR_SECONDS ago."""
        return self._popular.get(tenant) or self._count_popular(tenant)

    def count(self, tenant: str) -> None:
        """Let answers know what people did until this hour, unless they do."""
        at = self.clock().timestamp()
        if self._until.get(tenant) != hour_before(at):
            follower = self._follower(tenant)
            view = follower.refresh()
            follower.take(counted(self.layout, self.store, self.ledger, view.index, tenant, at))
            self._until[tenant] = hour_before(at)

    def _count_popular(self, tenant: str) -> Source:
        found = self._popular[tenant] = popular.source(self.store.popular(tenant))
        return found

    def item(self, tenant: str, item_id: str) -> Mapping[str, Any] | None:
        """An item as stored, with its kind."""
        index = self.now(tenant).index
        kind, found = published(index, tenant, item_id)
        return None if found is None else {"kind": kind, **found}

    def evidence(self, tenant: str, item_id: str, lang: str) -> dict[str, Any]:
        """All that is known of an item's attributes, and how many notes speak of it. Raises UnknownItem."""
        return evidence(self.now(tenant).index, tenant, item_id, lang)

    def ready(self) -> dict[str, str]:
        """tenant -> snapshot version, of all that are loaded."""
        views = {tenant: follower.view for tenant, follower in list(self._followers.items())}
        return {tenant: view.index.version for tenant, view in views.items() if view is not None}

    def trouble(self) -> str | None:
        """Why this process should get no requests; None when nothing is wrong."""
        if not self.ready():
            return "no snapshot is loaded; run 'lifestyle build --publish'"
        if not self._thread.is_alive():
            return "it no longer follows what changes; start it anew"
        return self.store.trouble()

    def notices(self) -> list[str]:
        """What works, but not as it should: for whoever runs it. No paths and no names of items."""
        told = [f"{tenant}: stale snapshot" for tenant, f in list(self._followers.items()) if f.view and f.view.notices]
        if self._free_mb() < self.settings.spare_mb:
            told.append("little room on the disk: nothing but deletions is written")
        full = [t for t, f in list(self._followers.items()) if f.changed > 0.8 * self.settings.overlay_items]
        return told + [f"{tenant}: many changes wait to be built in" for tenant in full]

    def changed(self, tenant: str) -> int:
        """How many items differ from the snapshot, and wait to be built in."""
        return self._follower(tenant).changed

    def pending_count(self) -> int:
        """Upserts that have no vector yet, over all tenants."""
        return sum(len(follower.pending()) for follower in list(self._followers.values()))

    def start(self) -> None:
        """Load what is published for the tenants that are configured, and follow from now on."""
        for tenant in self._expected():
            try:
                self.now(tenant)
            except (LifestyleError, OSError) as error:
                _LOG.warning("%s", error)
        self.encoder.result()  # without a snapshot one can wait for the next; without an encoder nothing will ever do
        self._thread.start()

    def close(self) -> None:
        """Stop following; let the store go."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)
        self._compactor.close()
        self.encoder.exception()  # a process that ends amid its loading is aborted by the native code
        self.store.close()

    def _follower(self, tenant: str) -> Follower:
        with self._lock:
            follower = self._followers.get(tenant)
            if follower is None:
                if not self.layout.home(tenant).is_dir():
                    raise UnknownTenant(f"nothing is published for '{tenant}'; ingest, build and publish first")
                models = Registry(self.layout.models(tenant))
                pupils = Pupils(Students(self.layout.students(tenant)), self.settings.query_encoder)
                follower = self._followers[tenant] = Follower(
                    tenant, self.publisher, self.store, models, self.encoder, pupils, self.ledger,
                    self.settings.paid_share, self._opened,
                )  # fmt: skip
            return follower

    def _follow(self) -> None:
        """Until stopped: take in what is new, encode what waits. A failure is logged and tried again."""
        spelling.warm()
        while not self._stop.is_set():
            self._wait()
            due = time.monotonic() - self._counted > POPULAR_SECONDS
            self._counted = time.monotonic() if due else self._counted
            for tenant in dict.fromkeys([*self._expected(), *self._followers]):
                try:
                    follower = self._follower(tenant)
                    follower.refresh()
                    self._compactor.consider(tenant, follower.changed)
                    if due:
                        self._count_popular(tenant)
                        self.count(tenant)
                    while follower.encode_some() and not self._stop.is_set():
                        pass
                except (NoSnapshot, UnknownTenant):
                    pass  # said at the start and in every answer
                except Exception as error:  # whatever it is, the next round may do better
                    _LOG.error("following %s: %s: %s", tenant, type(error).__name__, error)

    def _wait(self) -> None:
        """Until it is time to look, or something was written, here or by another process."""
        until = time.monotonic() + self.settings.follow_seconds
        while (left := until - time.monotonic()) > 0 and not self._wake.wait(min(left, LAG_S)):
            if any(follower.behind() for follower in list(self._followers.values())):
                break
        self._wake.clear()

    def _expected(self) -> list[str]:
        """The tenants that the settings name."""
        return list(dict.fromkeys([self.settings.tenant, *(key.tenant for key in self.settings.keys)]))
