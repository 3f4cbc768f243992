"""How does one tenant's view keep up? Snapshot, model and changes are looked at; what is new makes a new view."""

import logging
import threading
import weakref
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeAlias

from api.models import Orders
from api.pupils import Pupils
from engine.budget import Budget
from engine.counts import Counts
from engine.errors import CorruptSnapshot, NoSnapshot, SnapshotError
from engine.later import LATER
from engine.live import View
from engine.ports import Encoder, Ranker
from engine.search import Engine
from engine.spread import PAID_SHARE
from engine.types import F32, Query
from indexing.ledger import Ledger
from indexing.manifest import Manifest
from indexing.overlay import unvoiced
from indexing.publish import Opened, Publisher
from indexing.snapshot import Opener, Snapshot
from indexing.store import SqliteStore
from indexing.student.encoder import StudentEncoder
from ranking.model import HandWeighted
from ranking.registry import Registry

_LOG = logging.getLogger(__name__)
Loaded: TypeAlias = tuple[Snapshot, int]  # and the number of the last live change that it knows
#: Passages encoded before the view is renewed: about a second on one core.
ENCODE_BATCH = 8
#: Sentences, which are short, and wait behind all passages.
SENTENCE_BATCH = 32
#: Questions asked of a snapshot before it serves: both languages, places and products, filters and evidence.
WARMING = (
    "周末带娃去的有草坪的咖啡店，人均100以内",
    "quiet café open on Sunday near the city",
    "敏感肌 防晒霜",
    "有旋转木马的公园",
    "laptop",
)
#: So many of them before a process that starts is ready.
FIRST = 3


class Follower:
    """One tenant: the loaded snapshot with the changes since, and the view made of it.

    Readers take `view` and never wait; whoever renews it holds the lock.
    """

    def __init__(
        self,
        tenant: str,
        publisher: Publisher,
        store: SqliteStore,
        registry: Registry,
        encoder: Future[Encoder],
        pupils: Pupils | None = None,
        ledger: Ledger | None = None,
        paid_share: float = PAID_SHARE,
        opened: Opener = Snapshot.open,
    ) -> None:
        self.tenant, self._open = tenant, opened
        self.view: View | None = None
        self._publisher, self._store, self._loading = publisher, store, encoder
        self._pupils, self._ledger, self._paid_share = pupils, ledger, paid_share
        self._lock, self._opening = threading.RLock(), threading.Lock()
        self._index: Snapshot | None = None
        self._folder: Path | None = None
        self._refused: tuple[Path | None, SnapshotError] | None = None  # what CURRENT named when nothing was sound
        self._notices: tuple[str, ...] = ()
        self._seq = self._seen = 0  # the newest change that is in the index, and in the view
        self._vectors: dict[str, tuple[str, F32]] = {}  # of live items, kept across snapshots
        self._voices: dict[str, F32] = {}  # of sentences of live notes
        self._orders = Orders[Ranker](tenant, registry, HandWeighted())
        self._feeds = Orders[None](f"the feeds of {tenant}", registry.feeds, None)
        self._counts: Counts | None = None

    def refresh(self) -> View:
        """Take in whatever is new and swap the view; cheap when nothing is. Raises SnapshotError."""
        return self._renew(self._opened())

    def update(self) -> View:
        """Take in what was written, and wait for no snapshot that is being opened. Raises SnapshotError."""
        return self._renew(None) if self._index is not None else self.refresh()

    def _renew(self, opened: Opened[Loaded] | None) -> View:
        with self._lock:
            index = self._with_changes(self._taken(opened))
            old, look = self.view, self._look(index, self._orders.ranker(), self._student())
            if old is None or opened is not None or index is not self._index or _differ(old, look):
                self._index = index
                self.view = old = look
            self._seen = self._seq
            return old

    def current(self) -> View | None:
        """The view, in which nothing is that was deleted by now, by whatever process; None before the first."""
        view = self.view
        if view is not None and self._store.removed(self.tenant, self._seen):
            return self.update()
        return view

    def behind(self) -> bool:
        """Was anything written that the view does not know yet?"""
        return self.view is not None and self._store.sequence(self.tenant) > self._seen

    def take(self, counts: Counts) -> None:
        """Let answers know from now on what people did."""
        with self._lock:
            self._counts = counts
            if self.view is not None:
                self.view = replace(self.view, counts=counts)

    def encode_some(self) -> int:
        """Give vectors to some of the upserts that have none; -> how many were waiting."""
        waiting = self.pending()[:ENCODE_BATCH]
        if waiting:
            vectors = self._encoder.encode([text for _, text in waiting], "passage")
            made = {item_id: (text, vector) for (item_id, text), vector in zip(waiting, vectors, strict=True)}
            with self._lock:
                self._vectors |= made
                self._index = self._taken(None).with_changes([], made)
                self.view = self._look(self._index, self._orders.last, self._student())
        return len(waiting) or self._encode_sentences()

    def _encode_sentences(self) -> int:
        """The same for the sentences of live notes, once all upserts have theirs."""
        index = self._index
        waiting = unvoiced(index.base, index.layers, index.changes)[:SENTENCE_BATCH] if index is not None else []
        if waiting:
            vectors = self._encoder.encode([text for _, text in waiting], "passage")
            made = {name: vector for (name, _), vector in zip(waiting, vectors, strict=True)}
            with self._lock:
                self._voices |= made
                self._index = self._taken(None).with_changes([], None, made)
                self.view = self._look(self._index, self._orders.last, self._student())
        return len(waiting)

    def pending(self) -> list[tuple[str, str]]:
        """(id, text) of each upsert that only words and filters can find so far."""
        return self._index.changes.pending() if self._index is not None else []

    @property
    def changed(self) -> int:
        """How many items differ from the snapshot."""
        return len(self._index.changes.changed) if self._index is not None else 0

    def _opened(self) -> Opened[Loaded] | None:
        """What was published since, loaded and warm, with the changes since it was built; None when nothing was."""
        with self._one_at_a_time() as mine:
            folder = self._published()
            if not mine or (self._index is not None and folder in (None, self._folder)):
                return None
            if self._refused is not None and self._refused[0] == folder:
                raise type(self._refused[1])(str(self._refused[1]))  # until another is published: reading costs much
            try:
                opened = self._publisher.open(self.tenant, self._load)
            except SnapshotError as error:
                if self._index is None:
                    self._refused = (folder, error)
                    raise
                _LOG.error("%s keeps the snapshot it has: %s", self.tenant, error)
                self._notices = (f"stale-snapshot: {error}",)
                opened = None
            self._folder = folder
            return opened

    @contextmanager
    def _one_at_a_time(self) -> Iterator[bool]:
        """May this thread open a snapshot? Who has none waits for the one that does."""
        mine = self._opening.acquire(blocking=self._index is None)
        try:
            yield mine
        finally:
            if mine:
                self._opening.release()

    def _taken(self, opened: Opened[Loaded] | None) -> Snapshot:
        """The index to go on with: what was opened, or the one we have."""
        if opened is not None:
            self._notices = (f"stale-snapshot: {opened.reason}",) if opened.reason else ()
            index, self._seq = opened.value
            waiting = index.changes.items
            self._vectors = {item_id: made for item_id, made in self._vectors.items() if item_id in waiting}
            self._voices.clear()  # what still waits is read again
            self._index = index.with_changes([], self._vectors) if self._vectors else index
        if self._index is None:
            raise NoSnapshot(f"nothing is loaded for {self.tenant}")
        return self._index

    def _published(self) -> Path | None:
        """The folder that CURRENT names; None when CURRENT is damaged: then the newest sound snapshot serves on."""
        try:
            return self._publisher.current(self.tenant)
        except CorruptSnapshot:
            return None

    def _with_changes(self, index: Snapshot) -> Snapshot:
        fresh = list(self._store.changes(self.tenant, self._seq))
        if not fresh:
            return index
        self._seq = fresh[-1][0]
        for _, item_id, kind, _ in fresh:
            if kind is None:
                self._vectors.pop(item_id, None)
        return index.with_changes(fresh, self._vectors, self._voices)

    def _look(self, index: Snapshot, ranker: Ranker, student: StudentEncoder | None) -> View:
        first = student is not None and self._pupils is not None and self._pupils.first(student)
        rules = self._ledger.rules(self.tenant) if self._ledger is not None else ()
        return View(
            index, self._encoder, ranker, self._notices, student=student, student_first=first,
            trial=self._orders.rival(), feeding=self._feeds.ranker(), feed_trial=self._feeds.rival(), rules=rules,
            counts=self._counts, paid_share=self._paid_share,
        )  # fmt: skip

    def _student(self) -> StudentEncoder | None:
        return self._pupils.of(self._encoder) if self._pupils is not None else None

    @property
    def _encoder(self) -> Encoder:
        return self._loading.result()

    def _load(self, folder: Path, manifest: Manifest) -> Loaded:
        """A warm snapshot with the changes since it was built, and the number of the last change that it knows."""
        snapshot = self._open(folder, self.tenant, manifest.seq)
        manifest.expect(encoder=self._encoder.fingerprint)
        view, at = View(snapshot, self._encoder, self._orders.ranker()), snapshot.base.now
        if self._index is not None:
            _warm(view, self.tenant, self._store, at, WARMING)
        else:  # a start: nobody is answered until it is over, so the rest waits
            _warm(view, self.tenant, self._store, at, WARMING[:FIRST])
            LATER.put_off(partial(_warm_rest, weakref.ref(self), at))
        others = self._publisher.adopted(self.tenant, manifest.seq)  # its numbers are those of another store
        built_in = 0 if others else int(manifest.facts.get("store_seq", 0))
        since = list(self._store.changes(self.tenant, built_in))
        return (snapshot.with_changes(since), since[-1][0]) if since else (snapshot, built_in)


def _differ(old: View, new: View) -> bool:
    """Is anything of the view another, the index aside?"""
    return (
        old.ranker is not new.ranker
        or old.student is not new.student
        or old.trial is not new.trial
        or old.feeding is not new.feeding
        or old.feed_trial is not new.feed_trial
        or old.rules != new.rules
        or old.notices != new.notices
    )


def _warm(view: View, tenant: str, store: SqliteStore, at: datetime, questions: Sequence[str]) -> None:
    """Ask what touches every part, so that no person pays for lexicons, pages of files and native set-up."""
    engine = Engine(lambda _: view, store, lambda: at)
    for text in questions:
        engine.search(Query(tenant, text, limit=10), Budget(60_000))


def _warm_rest(of: "weakref.ref[Follower]", at: datetime) -> None:
    """The questions that a start left out, unless the follower is gone by now."""
    follower = of()
    if follower is not None and follower.view is not None:
        view = follower.view
        _warm(view, follower.tenant, follower._store, at, WARMING[FIRST:])
        Engine(lambda _: view, follower._store, lambda: at).feed(Query(follower.tenant, limit=10), Budget(60_000))
