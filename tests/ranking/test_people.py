"""Do features of people say what was known when it was asked, the same wherever they are computed, or nothing?"""

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.testing import assert_allclose

from api.history import History
from engine.counts import count
from engine.known import Known
from engine.types import F32, NOBODY, Profile
from ranking.batch import Batch
from ranking.features import FEATURES, NAMES, matrix, of_page
from tests.fakes.index import MemoryIndex
from tests.ranking import world
from tests.ranking.world import NAN

NOW = int(world.NOW.timestamp())
DAY = 86_400
#: Newest first, as a profile tells them.
DEEDS = (
    ("n2", "hide", NOW - 100),
    ("p-cafe", "save", NOW - 600),
    ("n1", "follow", NOW - 2 * DAY),
    ("p-bar", "click", NOW - 30 * DAY),
    ("n1", "impression", NOW - 31 * DAY),
    ("n1", "impression", NOW - 32 * DAY),
)
PLACES = [
    {
        "id": "p-cafe",
        "name": "A",
        "category": "cafe",
        "brand": "X",
        "lang": "zh",
        "price_per_person": 50.0,
        "has": "lawn",
    }
    | {"lat": 30.0, "lon": 120.0},
    {"id": "p-bar", "name": "B", "category": "bar", "lang": "en", "price_per_person": 100.0, "lat": 30.1, "lon": 120.0},
    {"id": "p-else", "name": "C", "category": "cafe", "lang": "zh", "has": "quiet"},
]
NOTES = [
    {"id": "n1", "title": "t", "body": "b", "author_id": "ann", "category": "bar", "poi_ids": ["p-cafe"]},
    {"id": "n2", "title": "t", "body": "b", "author_id": "bob", "category": "cafe"},
]
VECTORS = {"p-cafe": [1, 0], "p-bar": [0, 1], "n1": [0.6, 0.8]}
INDEX = MemoryIndex(
    pois=PLACES, notes=NOTES, vectors={k: np.array(v, np.float32) for k, v in VECTORS.items()}, now=world.NOW
)
FOUND = world.found(("poi", 0), ("poi", 1), ("poi", 2), ("note", 0), ("note", 1))
ANN = Known(NOW, Profile("u", deeds=DEEDS))
GAIN = {"p-cafe": 0.5 ** (600 / DAY / 30), "n1": 8 * 0.5 ** (2 / 30), "p-bar": 0.3 * 0.5}
ALL = sum(GAIN.values())


def _batch(known: Known | None) -> Batch:
    return Batch(INDEX, replace(world.intent(), known=known), world.query(), FOUND)


def _values(known: Known | None) -> dict[str, F32]:
    return dict(zip(NAMES, matrix(_batch(known)).T, strict=True))


BY_HAND: dict[str, Any] = {
    "n_user_events": [math.log(7)] * 5,
    "interacted_with_category": np.log1p([GAIN["p-cafe"], GAIN["p-bar"] + GAIN["n1"]] * 2 + [0])[[0, 1, 0, 1, 0]],
    "interacted_with_brand": [math.log1p(GAIN["p-cafe"]), NAN, NAN, NAN, NAN],
    "interacted_with_author": [NAN, NAN, NAN, math.log1p(GAIN["n1"]), 0],
    "interacted_with_tag": [GAIN["p-cafe"] / ALL, NAN, 0, NAN, NAN],
    "interacted_with_poi": [math.log1p(GAIN["p-cafe"]), math.log1p(GAIN["p-bar"]), 0, math.log1p(GAIN["p-cafe"]), 0],
    "user_category_share": np.array([GAIN["p-cafe"], GAIN["p-bar"] + GAIN["n1"]] * 2)[[0, 1, 0, 1, 0]] / ALL,
    "user_lang_match": np.array([GAIN["p-cafe"], GAIN["p-bar"], GAIN["p-cafe"], NAN, NAN])
    / (GAIN["p-cafe"] + GAIN["p-bar"]),
    "cos_user_session": [1, 0, NAN, 0.6, NAN],
    "user_distance_tolerance_ratio": [NAN] * 5,  # two places say nothing of how far somebody goes
    "seen_count": [0, 0, 0, 2, 0],
    "last_seen_hours": [NAN, NAN, NAN, 31 * 24, NAN],
    "negative_feedback_author": [NAN, NAN, NAN, 0, 1],
    "negative_feedback_category": [1, 0, 1, 0, 1],
    "follows_author": [NAN, NAN, NAN, 1, 0],
}


@pytest.mark.parametrize("name", BY_HAND)
def test_by_hand(name: str) -> None:
    assert_allclose(_values(ANN)[name], BY_HAND[name], rtol=1e-5, atol=1e-6)


def test_prices_are_held_against_what_is_usually_paid() -> None:
    usual = (GAIN["p-cafe"] * math.log(50) + GAIN["p-bar"] * math.log(100)) / (GAIN["p-cafe"] + GAIN["p-bar"])
    expected = [math.log(50) - usual, math.log(100) - usual, NAN, NAN, NAN]
    assert_allclose(_values(ANN)["user_price_affinity_diff"], expected, rtol=1e-4)


def test_tastes_point_to_what_was_liked_most() -> None:
    found = _values(ANN)["cos_user_longterm"]
    assert found[3] > found[0] and found[3] > found[1] and np.isnan(found[2])


def test_somebody_with_three_places_has_a_usual_distance() -> None:
    places = [{"id": f"p{n}", "name": "x", "lat": 30.0 + n / 10, "lon": 120.0} for n in range(5)]
    index = MemoryIndex(pois=places, now=world.NOW)
    known = Known(NOW, Profile("u", deeds=tuple((f"p{n}", "save", NOW - 5) for n in range(3))))
    found = world.found(*(("poi", row) for row in range(5)))
    ratios = matrix(Batch(index, replace(world.intent(), known=known), world.query(), found))
    assert_allclose(ratios[:, NAMES.index("user_distance_tolerance_ratio")], [1, 0, 1, 2, 3], rtol=1e-3)


@pytest.mark.parametrize("known", [None, Known(NOW), Known(NOW, NOBODY)])
def test_without_leave_nothing_of_a_person_is_in_any_feature(known: Known | None) -> None:
    values = _values(known)
    personal = [feature.name for feature in FEATURES if feature.source == "person"]
    assert len(personal) >= 17
    assert all(np.isnan(values[name]).all() for name in personal)


def test_what_is_done_later_changes_nothing() -> None:
    later = tuple((item, "save", NOW + 60) for item in ("p-else", "n2"))
    told = matrix(_batch(Known(NOW, Profile("u", deeds=(*later, *DEEDS)))))
    assert told.tobytes() == matrix(_batch(ANN)).tobytes()


def test_somebody_may_find_nothing() -> None:
    known = Known(NOW, ANN.person, count([], NOW // 3600 * 3600))
    empty = Batch(INDEX, replace(world.intent(), known=known), world.query(), FOUND.take(np.arange(0)))
    assert matrix(empty).shape == (0, len(NAMES))


@pytest.mark.parametrize("page", [[2, 0], [4, 3, 1], [1], [0, 1, 2, 3, 4]])
def test_a_page_is_logged_as_it_was_scored_to_the_bit(page: list[int]) -> None:
    events = [("p-cafe", "click", NOW - 5000, "", "p"), ("p-cafe", "impression", NOW - 5000, "", "p")]
    batch = _batch(Known(NOW, ANN.person, count(events, NOW // 3600 * 3600)))
    at = np.array(page, np.int64)
    assert of_page(batch, at).tobytes() == np.ascontiguousarray(matrix(batch)[at]).tobytes()


EVENTS = [
    {"user_id": "u", "action": action, "object_id": item, "query_id": page, "at": f"2026-11-{day:02d}T10:30:00Z"}
    for item, action, page, day in [
        ("p-cafe", "impression", "one", 2),
        ("p-cafe", "click", "one", 2),
        ("p-bar", "impression", "two", 9),
        ("p-bar", "save", "two", 9),
    ]
]


def test_the_past_knows_nothing_of_what_came_after() -> None:
    at = world.NOW.replace(day=9, hour=10, minute=30)
    history, until_then = History(EVENTS), History(EVENTS[:2])
    now, then = (h.known("two", at.timestamp()) for h in (history, until_then))
    assert now.person.deeds == until_then.known("one", at.timestamp()).person.deeds
    assert now.counts is not None and then.counts is not None
    assert now.counts.of(["p-cafe", "p-bar"]).tobytes() == then.counts.of(["p-cafe", "p-bar"]).tobytes()
