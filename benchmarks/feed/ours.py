"""What does our engine recommend? The real one: items published, deeds in the store, `Engine.feed` asked."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np

from api.feedtraining import learn_order
from api.layout import Layout
from api.settings import Settings
from api.views import Views
from benchmarks.feed.cases import Case, Deed, as_events
from benchmarks.feed.measures import K
from engine.budget import Budget
from engine.feed.settings import settings
from engine.later import LATER
from engine.search import Engine
from engine.types import F32, KINDS, Kind, Query
from indexing.encode import CachedEncoder, load_encoder
from indexing.jobs import build, publish
from indexing.publish import Publisher
from indexing.segment import Progress
from indexing.validate import check, to_table
from ranking.collab import train as learn
from ranking.gate import Learnt

UNHURRIED_MS = 60_000.0
#: Cards asked for at most.
MOST = 60


class Moment:
    """A clock that stands where it is put: each question has its own present."""

    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


def iso(at: int) -> str:
    """Seconds since 1970 -> as events give it."""
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")


@contextmanager
def nothing_drawn() -> Iterator[None]:
    """While it lasts no card of a page is drawn by lot: what exploration costs shows in the difference."""
    page = cast("dict[str, Any]", settings("page"))
    before = page["explore_at"]
    page["explore_at"] = -1  # no place has that number
    try:
        yield
    finally:
        page["explore_at"] = before


@dataclass(frozen=True)
class Ours:
    """One published index, one store, one engine."""

    views: Views
    engine: Engine
    tenant: str
    kinds: tuple[Kind, ...]
    clock: Moment
    users: frozenset[str]  # whose deeds lie in the store

    @staticmethod
    def open(
        chosen: Settings, name: str, rows: Mapping[Kind, Sequence[Mapping[str, Any]]], train: Sequence[Deed],
        moment: int, progress: Progress | None = None, say: Callable[[str], None] = lambda _: None,
    ) -> "Ours":  # fmt: skip
        """Build, publish and open an index of items and of what the train says of them; its deeds go into the store.

        All anew in <root>/feed/<name>; only vectors of texts are kept between runs, in <root>/vectors.
        """
        home = chosen.model_copy(update={"root": chosen.root / "feed" / name})
        shutil.rmtree(home.root, ignore_errors=True)
        clock, tenant = Moment(moment), home.tenant
        views = Views(home, clock)
        encoder = CachedEncoder(load_encoder(chosen.encoder, offline=True), Layout(chosen.root).vectors)
        tables = {kind: to_table(kind, [check(kind, row) for row in found]) for kind, found in rows.items()}
        events, out = as_events(train, iso), views.layout.built(tenant)
        build(tables, tenant, None, encoder, out, now=clock(), progress=progress, learnt=learn(events, say=say))
        publish(out, tenant, Publisher(home.root))
        for start in range(0, len(events), 5000):
            views.store.record(tenant, [check("event", event) for event in events[start : start + 5000]])
        engine = Engine(views.now, views.store, clock)
        views.count(tenant)
        LATER.finish()
        kinds = tuple(kind for kind in KINDS if rows.get(kind))
        return Ours(views, engine, tenant, kinds, clock, frozenset(deed.user for deed in train))

    def learn(self, train: Sequence[Deed], say: Callable[[str], None] = lambda _: None) -> Learnt:
        """Let feeds be ordered by what can be learnt of the train; raises GateRefused when it is no better."""
        learnt = learn_order(self.views, as_events(train, iso), say)
        self.views.show(self.tenant)
        return learnt

    def afresh(self) -> "Ours":
        """The same with an engine that remembers nothing."""
        return replace(self, engine=Engine(self.views.now, self.views.store, self.clock))

    def answer(self, case: Case, k: int = K) -> list[str]:
        """The first k new items of the feed of the case's person at its moment. Of a newcomer the store hears just
        before, and nothing is left afterwards. An item that they acted on may come again after a month, as the product
        wants it; what nobody may recommend here is left out, as it is for every system.
        """
        self.clock.at = case.at
        known = case.user in self.users
        user = case.user if known else case.name
        if not known:
            events = as_events([deed._replace(user=user) for deed in case.history], iso)
            self.views.store.record(self.tenant, [check("event", event) for event in events])
        asked = min(MOST, k + len(case.seen))
        query = Query(self.tenant, user=user, personalize=True, kinds=self.kinds, limit=asked, at=self.clock())
        results = self.engine.feed(query, Budget(UNHURRIED_MS))
        if not known:
            self.views.store.forget_user(self.tenant, user)
        return [hit.id for hit in results.hits if hit.id not in case.seen][:k]

    def vectors(self) -> dict[str, F32]:
        """Text vectors by id: what diversity is measured by."""
        index, found = self.views.now(self.tenant).index, dict[str, F32]()
        for kind in self.kinds:
            rows = np.arange(index.count(self.tenant, kind))
            ids = index.column(self.tenant, kind, "id", rows)
            for item, vector in zip(ids, index.vectors(self.tenant, kind, rows), strict=True):
                if np.isfinite(vector).all():
                    found[str(item)] = vector
        return found
