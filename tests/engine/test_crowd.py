"""Does the crowd's score grow from what all choose to what a person's like do, the more is known of them?"""

from datetime import UTC, datetime

import numpy as np

from engine.feed.book import Trends
from engine.feed.crowd import crowd, weights
from engine.feed.explore import unchosen
from engine.feed.person import acquaint, intent_of
from engine.feed.sources import Sought
from engine.kindred import Kindred
from engine.types import F32, I8, I64, KINDS, Profile, Query
from tests.fakes.index import MemoryIndex

#: Of so many people behind an item the score is as the weights say.
BACKED = weights()["backed"]
IDS = ["a", "b", "c", "d"]
NOW = datetime(2026, 11, 20, tzinfo=UTC)
POI = KINDS.index("poi")


def index() -> MemoryIndex:
    """b is what most choose; a and c belong to one taste, and were chosen together; d is unknown to all."""
    vectors = np.array([[1, 0], [0, 1], [0.9, 0]], np.float32)
    near = np.array([[2], [-1], [0]], np.int64)
    pairs = np.array([[0.5], [np.nan], [0.5]], np.float32)
    often = np.array([0.2, 1.0, 0.2], np.float32)
    learnt = Kindred(
        IDS[:3], vectors, vectors.T @ vectors, 0.1, near, pairs, often, backing=BACKED, people=9, behind=np.full(3, 9)
    )
    return MemoryIndex(pois=[{"id": name, "name": name} for name in IDS], learnt=learnt)


def scores(liked: list[int], gain: float = 3.0) -> F32:
    kind: I8 = np.full(len(liked), POI, np.int8)
    row: I64 = np.array(liked, np.int64)
    return crowd(index(), "demo", kind, row, np.full(len(liked), gain, np.float32), ["poi"])["poi"]


def test_of_nobody_what_all_choose_decides() -> None:
    assert scores([]).tolist() == np.array([0.2, 1.0, 0.2, 0.0], np.float32).tolist()


def test_whoever_liked_one_of_a_taste_gets_the_rest_of_it() -> None:
    found = scores([0])
    assert found[2] > found[1] and found[3] == 0.0
    assert found[2] > weights()["chosen"] * 0.2 + weights()["along"] * 0.5


def test_a_taste_of_long_ago_counts_as_one_of_today() -> None:
    assert np.array_equal(scores([0], 1e-9), scores([0], 3.0))


def test_an_index_without_behaviour_gives_nothing() -> None:
    bare = MemoryIndex(pois=[{"id": "a", "name": "a"}])
    none = np.empty(0, np.int64)
    assert crowd(bare, "demo", none.astype(np.int8), none, none.astype(np.float32), ["poi"])["poi"].tolist() == [0.0]


def test_what_nobody_chose_yet_and_is_like_an_interest_may_be_drawn() -> None:
    learnt = index().learnt
    vectors = {name: np.array([1, n / 10], np.float32) / np.hypot(1, n / 10) for n, name in enumerate(IDS)}
    mine = MemoryIndex(pois=[{"id": name, "name": name} for name in IDS], learnt=learnt, vectors=vectors)
    person = acquaint(mine, "demo", Profile("u", liked=(("a", 3.0),)), 0.0, lambda _: None)
    masks = {"poi": np.array([False, True, True, True])}
    sought = Sought(mine, Query("demo"), intent_of(person, Query("demo")), person, Trends(), masks, NOW, 5)  # type: ignore[arg-type]
    kinds, rows = unchosen(sought)
    assert [(KINDS[code], IDS[row]) for code, row in zip(kinds, rows, strict=True)] == [("poi", "d")]
