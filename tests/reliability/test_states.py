"""Does the index answer as a dictionary would, whatever was written, built, published, rolled back or erased before?

A state machine over the real store, builds, publisher and follower, held against a dictionary and brute force.
"""

import atexit
import functools
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from api import follower
from api.follower import Follower
from api.layout import Layout
from engine.asked import Constraint, Query
from engine.budget import Budget
from engine.errors import BadInput
from engine.ports import Encoder
from engine.search import Engine
from indexing import completions
from indexing.erasure import deleted, settle
from indexing.hash_encoder import HashEncoder
from indexing.jobs import build, link_or_copy, publish, settle_tables, tables_in
from indexing.publish import Publisher
from indexing.store import SqliteStore
from indexing.validate import check
from ranking.registry import Registry
from tests.api.world import NOW, clock

TENANT: Final = "demo"
IDS: Final = [f"p-{number}" for number in range(6)]
WORDS: Final = ("zanzibar", "quokka", "bramble", "fjord")  # no lexicon knows them
FIRST: Final = frozenset(WORDS[:1]), 10
#: Builds are most of the time: so many in one run.
BUILDS: Final = 4
#: Runs in `make reliability`, in parts whose cases differ, which its processes share; runs at night; steps of each.
RUNS, PARTS, MANY, STEPS = 500, 5, 5_000, 50
#: Order is asked for here, not durability: in memory a run's thousands of small files cost no disk.
MEMORY: Final = Path("/dev/shm")


class Deployment(RuleBasedStateMachine):
    """`truth`: id -> (words, price) of what must be found."""

    def __init__(self) -> None:
        super().__init__()
        self.root = folder()
        shutil.copytree(beginning(), self.root, copy_function=link_or_copy, ignore=STORES, dirs_exist_ok=True)
        self.layout, self.publisher = Layout(self.root), Publisher(self.root)
        shutil.copy(Layout(beginning()).file, self.layout.file)
        self.truth = {IDS[0]: FIRST}
        self.builds, self.built, self.published = 1, False, 1
        self.store = SqliteStore(self.layout.store, clock=clock)
        self.follower = self._followed()

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.root)

    @rule(item=st.sampled_from(IDS), words=st.frozensets(st.sampled_from(WORDS), min_size=1), price=st.integers(1, 99))
    def upsert(self, item: str, words: frozenset[str], price: int) -> None:
        self._write(item, words, price)
        self.truth[item] = (words, price)
        self.follower.update()

    @rule(item=st.sampled_from(IDS))
    def delete(self, item: str) -> None:
        self.store.delete(TENANT, item)
        self.truth.pop(item, None)
        assert self.follower.current() is self.follower.view

    @rule()
    def encode(self) -> None:
        while self.follower.encode_some():
            pass
        index = self.follower.refresh().index
        vector = HashEncoder().encode(["zanzibar"], "query")[0]
        found = index.dense(TENANT, "poi", index.center(vector, "en"), index.allowed(TENANT, "poi", []), 50)
        assert self._ids(found.rows) == self.truth.keys()

    @precondition(lambda self: self.builds < BUILDS and self.truth)
    @rule()
    def compact(self) -> None:
        """What is written between a build and its publishing must stay."""
        self._build()

    @precondition(lambda self: self.built)
    @rule()
    def publish(self) -> None:
        self._publish()
        self.follower.refresh()

    @precondition(lambda self: self.published > 1)
    @rule()
    def rollback(self) -> None:
        try:
            self.publisher.rollback(TENANT)
        except BadInput:
            return  # the oldest that is kept
        self.follower.refresh()

    @precondition(lambda self: self.builds < BUILDS and self.truth)
    @rule()
    def forget(self) -> None:
        dead = deleted(self.layout.store, TENANT)
        last = settle_tables(self.layout.tables(TENANT), TENANT, self.store, dead, frozenset())
        self._build()
        publish(self.layout.built(TENANT), TENANT, Publisher(self.root, keep=1))
        settle(self.layout.store, TENANT, last)
        self.published, self.built = 1, False
        self.follower.refresh()

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = SqliteStore(self.layout.store, clock=clock)
        self.follower = self._followed()

    @rule(word=st.sampled_from(WORDS))
    def search(self, word: str) -> None:
        index, wanted = self.follower.refresh().index, {i for i, (words, _) in self.truth.items() if word in words}
        found = index.lexical(TENANT, "poi", word, index.allowed(TENANT, "poi", []), 50)
        assert self._ids(found.rows) == wanted
        engine = Engine(lambda _: self.follower.refresh(), self.store, clock)
        hits = [hit.id for hit in engine.search(Query(TENANT, word, kinds=("poi",), limit=50), Budget(60_000)).hits]
        assert wanted <= set(hits) <= self.truth.keys()
        assert len(hits) == len(set(hits))

    @rule(price=st.integers(1, 99))
    def narrow(self, price: int) -> None:
        index = self.follower.refresh().index
        mask = index.allowed(TENANT, "poi", [Constraint("price", "lte", price)])
        assert self._ids(mask.nonzero()[0]) == {i for i, (_, said) in self.truth.items() if said <= price}

    @invariant()
    def is_as_written(self) -> None:
        index = self.follower.view.index if self.follower.view is not None else None
        assert index is not None
        for item in IDS:
            place = index.locate(TENANT, item)
            assert (place is not None) == (item in self.truth), item
            if place is not None:
                words, price = self.truth[item]
                (held,) = index.items(TENANT, "poi", np.array([place[1]], np.int64))
                assert (held["name"], held["price_per_person"]) == (" ".join(sorted(words)), price)

    def _ids(self, rows: Any) -> set[str]:
        view = self.follower.view
        assert view is not None
        return {item["id"] for item in view.index.items(TENANT, "poi", rows)}

    def _write(self, item: str, words: frozenset[str], price: int) -> None:
        write(self.store, item, words, price)

    def _build(self) -> None:
        made(self.layout, self.store)
        self.builds, self.built = self.builds + 1, True

    def _publish(self) -> None:
        publish(self.layout.built(TENANT), TENANT, self.publisher)
        self.published, self.built = self.published + 1, False

    def _followed(self) -> Follower:
        encoder: Future[Encoder] = Future()
        encoder.set_result(HashEncoder())
        made = Follower(TENANT, self.publisher, self.store, Registry(self.layout.models(TENANT)), encoder)
        made.refresh()
        return made


STORES: Final = shutil.ignore_patterns("store.sqlite*")


def folder() -> Path:
    """A new one, in memory where there is plenty."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 1 << 30
    return Path(tempfile.mkdtemp(prefix="states-", dir=MEMORY if roomy else None))


def write(store: SqliteStore, item: str, words: frozenset[str], price: int) -> None:
    """One upsert."""
    checked = check("poi", {"id": item, "name": " ".join(sorted(words)), "price_per_person": price, "city": "杭州"})
    store.upsert(TENANT, [("poi", checked)])


def made(layout: Layout, store: SqliteStore) -> None:
    """A build of what tables and store hold."""
    build(tables_in(layout.tables(TENANT)), TENANT, store, HashEncoder(), layout.built(TENANT), now=NOW)


@functools.cache
def beginning() -> Path:
    """The deployment of one item with which every run begins: linked, not copied, since no file is written twice."""
    root = folder()
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    layout = Layout(root)
    store = SqliteStore(layout.store, clock=clock)
    write(store, IDS[0], *FIRST)
    made(layout, store)
    publish(layout.built(TENANT), TENANT, Publisher(root))
    store.close()
    return root


@pytest.fixture
def spared(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is the same in every snapshot, and half the time of a small one: the lexicon's completions, warming up."""
    monkeypatch.setattr(completions, "vocabulary", lambda _: [])
    monkeypatch.setattr(follower, "WARMING", ())


def run(machine: type[Deployment], runs: int, record_property: Callable[[str, object], None]) -> None:
    steps = settings(
        max_examples=runs, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(machine, settings=steps)
    record_property("figure", f"{runs} runs of up to {STEPS} steps against a dictionary and brute force: 0 differences")


@pytest.mark.promise(7)
@pytest.mark.usefixtures("spared")
@pytest.mark.parametrize("part", range(PARTS))
def test_the_index_is_a_dictionary(part: int, record_property: Callable[[str, object], None]) -> None:
    run(seed(part)(type(f"Part{part}", (Deployment,), {})), RUNS // PARTS, record_property)


@pytest.mark.promise(7)
@pytest.mark.nightly
@pytest.mark.usefixtures("spared")
def test_the_index_is_a_dictionary_in_many_runs(record_property: Callable[[str, object], None]) -> None:
    run(Deployment, MANY, record_property)
