"""Does the index answer as a dictionary would, whatever was written, built, published, rolled back or erased before?

A state machine over the real store, builds, publisher and follower, held against a dictionary and brute force.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

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
from indexing.jobs import build, publish, settle_tables, tables_in
from indexing.publish import Publisher
from indexing.store import SqliteStore
from indexing.validate import check
from ranking.registry import Registry
from tests.api.world import NOW, clock

TENANT: Final = "demo"
IDS: Final = [f"p-{number}" for number in range(6)]
WORDS: Final = ("zanzibar", "quokka", "bramble", "fjord")  # no lexicon knows them
#: Builds are most of the time: so many in one run.
BUILDS: Final = 4
#: Runs in `make reliability`, and at night; steps of each.
RUNS, MANY, STEPS = 25, 500, 50


class Deployment(RuleBasedStateMachine):
    """`truth`: id -> (words, price) of what must be found."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="states-"))
        self.layout, self.publisher = Layout(self.root), Publisher(self.root)
        self.truth: dict[str, tuple[frozenset[str], int]] = {}
        self.builds, self.built, self.published = 0, False, 0
        self.store = SqliteStore(self.layout.store, clock=clock)
        self._write("p-0", frozenset(WORDS[:1]), 10)
        self.truth["p-0"] = (frozenset(WORDS[:1]), 10)
        self._build()
        self._publish()
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
        made = check("poi", {"id": item, "name": " ".join(sorted(words)), "price_per_person": price, "city": "杭州"})
        self.store.upsert(TENANT, [("poi", made)])

    def _build(self) -> None:
        tables = tables_in(self.layout.tables(TENANT))
        build(tables, TENANT, self.store, HashEncoder(), self.layout.built(TENANT), now=NOW)
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


@contextmanager
def without_completions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The lexicon's completions are the same in every snapshot, and half the time of building a small one."""
    with monkeypatch.context() as patch:
        patch.setattr(completions, "vocabulary", lambda _: [])
        yield


def run(runs: int, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]) -> None:
    steps = settings(
        max_examples=runs, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
    )
    with without_completions(monkeypatch):
        run_state_machine_as_test(Deployment, settings=steps)
    record_property("figure", f"{runs} runs of up to {STEPS} steps against a dictionary and brute force: 0 differences")


@pytest.mark.promise(7)
def test_the_index_is_a_dictionary(
    monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    run(RUNS, monkeypatch, record_property)


@pytest.mark.promise(7)
@pytest.mark.nightly
def test_the_index_is_a_dictionary_in_many_runs(
    monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    run(MANY, monkeypatch, record_property)
