"""Is a page what it may be: nobody's without leave, varied, capped, drawn with the chance that it says?"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.budget import Budget
from engine.feed import worth
from engine.feed.book import Card, Listed, MemoryBook, Trends
from engine.feed.feed import Feed
from engine.feed.interests import grouped
from engine.feed.reasons import sentences
from engine.feed.settings import SOURCES, read
from engine.feed.settings import settings as chosen
from engine.feed.sources import ALIKE
from engine.feed.worth import _nearness
from engine.live import View
from engine.search import Engine
from engine.spread import PAID_SHARE
from engine.types import F32, Place, Query
from ranking.model import KeepOrder
from tests.fakes.index import MemoryIndex
from tests.fakes.store import MemoryStore

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACTIONS = ("impression", "click", "save", "like", "hide", "follow", "purchase", "report", "share")
TOPICS = ("cafe", "park", "tent", "sunscreen", "museum", "bar")


class Deaf:
    """An encoder that is not asked."""

    fingerprint, dim = "deaf", 8

    def encode(self, texts: Sequence[str], role: Literal["query", "passage"]) -> F32:
        return np.full((len(texts), 8), 8**-0.5, np.float32)


def world() -> MemoryIndex:
    """Items of six topics, each along an axis of its own; authors, brands and advertisements among them."""
    dice, vectors, kinds = np.random.default_rng(5), dict[str, F32](), dict[str, list[dict[str, Any]]]()
    for n in range(60):
        kind, topic = ("note", "product", "poi")[n % 3], n % len(TOPICS)
        item: dict[str, Any] = {"id": f"{kind}-{n}", "category": TOPICS[topic], "popularity": float(dice.random())}
        item |= {
            "city": ("杭州", "上海")[n % 2],
            "lang": "zh",
            "name" if kind == "poi" else "title": f"{TOPICS[topic]} {n}",
        }
        if kind == "note":
            item |= {"author_id": f"a{n % 7}", "trust": "sponsored" if n % 4 == 0 else "organic"}
            item |= {"published_at": NOW - timedelta(days=int(dice.integers(1, 400)))}
        if kind == "product":
            item |= {"brand": f"b{n % 5}"}
        vector = dice.normal(0, 0.25, 8)
        vector[topic] += 1
        vectors[str(item["id"])] = (vector / np.linalg.norm(vector)).astype(np.float32)
        kinds.setdefault(kind, []).append(item)
    return MemoryIndex(
        notes=kinds["note"], products=kinds["product"], pois=kinds["poi"], vectors=vectors, tenant="demo", now=NOW
    )


INDEX = world()
IDS = [str(item["id"]) for items in INDEX.by_kind.values() for item in items]


def engine(store: MemoryStore | None = None, trends: Trends | None = None, paid_share: float = PAID_SHARE) -> Engine:
    view = View(INDEX, Deaf(), KeepOrder(), paid_share=paid_share)
    return Engine(lambda _: view, store or MemoryStore(clock=lambda: NOW), lambda: NOW, None, MemoryBook(trends=trends))


def shown(of: Engine, **asked: Any) -> list[Any]:
    return list(of.feed(Query("demo", **{"limit": 20, **asked}), Budget(60_000)).hits)


def do(store: MemoryStore, user: str, *deeds: tuple[str, str, float]) -> None:
    store.record(
        "demo",
        [
            {"user_id": user, "action": action, "object_id": item, "at": (NOW - timedelta(minutes=ago)).isoformat()}
            for item, action, ago in deeds
        ],
    )


DEEDS = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from(ACTIONS), st.floats(0, 200_000)), min_size=1, max_size=40
)
PLAIN = [(hit.id, hit.why, hit.source) for hit in shown(engine())]


HISTORY = (DEEDS, st.sampled_from([None, "u", "v"]), st.lists(st.sampled_from(TOPICS), max_size=3))


@given(*HISTORY)
@settings(max_examples=50)
def test_without_leave_the_page_is_the_same_whatever_was_done(
    deeds: list[tuple[str, str, float]], asker: str | None, declared: list[str]
) -> None:
    unmoved(deeds, asker, declared)


@pytest.mark.reliability
@pytest.mark.promise(25)
@given(*HISTORY)
@settings(max_examples=1000)
def test_a_thousand_histories_change_nothing_without_leave(
    deeds: list[tuple[str, str, float]], asker: str | None, declared: list[str]
) -> None:
    unmoved(deeds, asker, declared)


def unmoved(deeds: list[tuple[str, str, float]], asker: str | None, declared: list[str]) -> None:
    """The page of somebody with a history, who did not give leave, is that of nobody."""
    store = MemoryStore(clock=lambda: NOW)
    do(store, "u", *deeds)
    store.declare("demo", "u", declared)
    assert [(hit.id, hit.why, hit.source) for hit in shown(engine(store), user=asker)] == PLAIN


def share(hits: Sequence[Any], topic: str) -> float:
    return sum(hit.item["category"] == topic for hit in hits) / len(hits)


def test_one_click_changes_the_next_page() -> None:
    store = MemoryStore(clock=lambda: NOW)
    do(store, "u", *[(item, "save", 60 * 24 * 3) for item in IDS if INDEX.locate("demo", item) and "poi" in item][:6])
    before = share(shown(engine(store), user="u", personalize=True), "museum")
    museum = next(str(item["id"]) for item in INDEX.by_kind["product"] if item["category"] == "museum")
    do(store, "u", (museum, "click", 1))
    after = shown(engine(store), user="u", personalize=True)
    assert share(after, "museum") > before
    assert "session" in {hit.source for hit in after}


@given(DEEDS)
@settings(max_examples=10)
def test_a_list_shows_everything_once_but_what_was_put_away(deeds: list[tuple[str, str, float]]) -> None:
    store = MemoryStore(clock=lambda: NOW)
    do(store, "u", *deeds)
    of, asked = engine(store), Query("demo", user="u", personalize=True, limit=9)
    results, seen = of.feed(asked, Budget(60_000)), list[str]()
    while True:
        seen += [hit.id for hit in results.hits]
        if results.next_offset is None:
            break
        asked = Query("demo", user="u", personalize=True, limit=9, offset=results.next_offset, list_id=results.list_id)
        results = of.feed(asked, Budget(60_000))
    hidden = store.profile("demo", "u").hidden
    assert len(seen) == len(set(seen)) and set(seen) == set(IDS) - hidden


@pytest.mark.parametrize("paid_share", [PAID_SHARE, 0.1, 0.0])
def test_caps_hold_over_every_window_of_the_first_pages(paid_share: float) -> None:
    hits = [hit for hit in shown(engine(paid_share=paid_share), limit=30) if hit.source != "explore"]
    for at in range(len(hits) - 9):
        window = [hit.item for hit in hits[at : at + 10]]
        for name, most in (("author_id", "author"), ("brand", "brand"), ("category", "category")):
            values = [item[name] for item in window if item.get(name)]
            assert max((values.count(value) for value in values), default=0) <= chosen("page")[most]
        assert sum(item.get("trust") == "sponsored" for item in window) <= paid_share * 10


def test_what_rises_comes_and_what_few_saw_is_tried() -> None:
    trends = Trends({"poi-2": 5.0}, dict.fromkeys(IDS, 100))
    hits = {hit.id: hit for hit in shown(engine(trends=trends))}
    assert hits["poi-2"].source == "trending" and hits["poi-2"].why[0] == "杭州最近很多人在看"
    drawn = [hit for hit in hits.values() if hit.source == "explore"]
    assert len(drawn) == 1 and 0 < drawn[0].propensity <= 1 / 40


def test_the_chance_that_is_told_is_the_chance_that_it_has() -> None:
    """Over many ten minutes, what is drawn is drawn about as often as its propensity says."""
    trends, drawn = Trends({}, dict.fromkeys(IDS, 100)), list[Any]()
    for n in range(100):
        results = engine(trends=trends).feed(
            Query("demo", limit=10, at=NOW + timedelta(minutes=10 * n)), Budget(60_000)
        )
        drawn += [hit for hit in results.hits if hit.source == "explore"]
    expected = np.mean([hit.propensity for hit in drawn])
    most = max(sum(hit.id == one for hit in drawn) for one in IDS)
    assert len(drawn) == 100 and most <= 100 * expected + 6 * (100 * expected) ** 0.5


def test_people_see_places_near_them() -> None:
    hits = shown(engine(), near=Place(30.25, 120.16))
    assert len(hits) == 20


def test_what_is_in_reach_is_worth_more_and_what_is_round_the_corner_most() -> None:
    near = _nearness(np.array([0.0, 12.0, 29.0, 31.0, np.nan], np.float32))
    assert near[0] == 1.0 and near[0] > near[1] > near[2] > 0.5 and near[3] < 0.01 and near[4] == 0


def test_a_card_says_that_it_is_like_what_was_clicked_only_when_it_is() -> None:
    store = MemoryStore(clock=lambda: NOW)
    do(store, "u", ("product-34", "click", 1.0))  # of "museum", along the fifth axis
    mine = INDEX.vectors("demo", "product", np.array([34 // 3]))[0]
    for hit in shown(engine(store), user="u", personalize=True, limit=60):
        if hit.source == "session":
            kind, row = INDEX.locate("demo", hit.id) or ("poi", -1)
            assert float(INDEX.vectors("demo", kind, np.array([row]))[0] @ mine) >= ALIKE


def test_where_behaviour_tells_nothing_likeness_says_more(monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryStore(clock=lambda: NOW)
    do(store, "u", *((f"product-{n}", "save", 9000.0) for n in (1, 7, 13)))
    view = View(INDEX, Deaf(), KeepOrder())
    weighed = {}
    for believed in (0.0, 0.5, 1.0, 3.0):
        monkeypatch.setattr(worth, "trust", lambda index, tenant, believed=believed: believed)
        feed = Feed(MemoryBook(), lambda _: Trends())
        query = Query("demo", user="u", personalize=True, limit=20)
        _, found = feed.candidates(view, store.profile("demo", "u"), query, NOW)
        weighed[believed] = float(found.fused.max())
    assert weighed[0.0] > weighed[0.5] > weighed[1.0] == weighed[3.0]


@given(st.integers(1, 60), st.integers(1, 8), st.integers(0, 1000))
def test_groups_part_the_items(count: int, most: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    vectors = dice.normal(size=(count, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    groups = grouped(vectors, dice.random(count).astype(np.float32) + 0.1, most)
    assert 1 <= len(groups) <= most
    assert sorted(np.concatenate(groups).tolist()) == list(range(count))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_source_has_its_sentence_in_both_languages(lang: str) -> None:
    assert set(SOURCES) == set(read("settings.toml")["sources"])
    for source in (*SOURCES, "declared"):
        bare = sentences(Card("x", source, source), lang)
        assert bare[0] and "{" not in bare[0] and bare[0].isascii() == (lang == "en")


def test_a_list_is_that_of_who_was_first() -> None:
    book = MemoryBook(most=2)
    list_id = book.open_list("demo", Listed("", "", "zh", (Card("a", "popular", "popular"),)))
    assert [c.id for c in book.go_on("demo", list_id, 1, [Card("b", "popular", "popular")])] == ["b"]
    assert [c.id for c in book.go_on("demo", list_id, 1, [Card("c", "popular", "popular")])] == ["b"]
    for _ in range(2):
        book.open_list("demo", Listed("", "", "zh", ()))
    assert book.read_list("demo", list_id) is None


def test_without_time_a_person_gets_a_page_and_is_told_what_it_lacks() -> None:
    store = MemoryStore(clock=lambda: NOW)
    do(store, "u", *[(item, "save", 9.0) for item in IDS[:12]])
    results = engine(store).feed(Query("demo", user="u", personalize=True, limit=10), Budget(0.001))
    assert len(results.hits) == 10 and {"retrieve", "rank"} <= {given.stage for given in results.degraded}
    assert all(hit.why for hit in results.hits)
