"""Do logged pages teach with the features of then, and is knowledge of what came after found?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from api.history import History
from engine.counts import rate, window
from engine.errors import BadInput
from engine.trace import Served
from engine.types import F32
from ranking.features import NAMES, schema_hash
from ranking.impressions import Impressions
from ranking.logs import AHEAD, PAGES, looked_at, refuse_leaks, replayed, unaware, weighed
from ranking.propensity import Propensities

T0 = datetime(2026, 11, 1, tzinfo=UTC)
ITEMS = ("a", "b", "c", "d")
FEW = len(ITEMS)


def _page(number: int, grades: tuple[int, ...]) -> Impressions:
    clicked = tuple(grade > 0 for grade in grades)
    return Impressions(f"q{number}", T0 + timedelta(hours=number), ITEMS, grades, (0, 1, 2, 3), clicked)


def _served(number: int, features: F32, schema: str = "") -> Served:
    shown = features[::-1]  # logged in another order than the client tells of it
    return Served(f"q{number}", T0, "u", "what", ("language zh",), ITEMS[::-1], shown, schema or schema_hash(), "m")


def _log(count: int, seed: int = 1) -> tuple[list[Impressions], dict[str, Served]]:
    rng = np.random.default_rng(seed)
    pages = [_page(n, tuple(int(x) for x in rng.permutation([0, 0, 1, 2]))) for n in range(count)]
    return pages, {f"q{n}": _served(n, rng.normal(size=(FEW, len(NAMES))).astype(np.float32)) for n in range(count)}


def test_rows_carry_the_features_of_then_bit_for_bit() -> None:
    pages, served = _log(3)
    data = replayed(pages, served)
    assert data is not None and data.query_ids == ("logged-q0", "logged-q1", "logged-q2")
    assert data.X[:FEW].tobytes() == np.ascontiguousarray(served["q0"].features[::-1]).tobytes()
    assert data.y[:FEW].tolist() == list(pages[0].grades)
    assert data.places is not None and data.places[:FEW].tolist() == [1, 2, 3, 4]
    assert data.times is not None and data.times.tolist() == [page.at.timestamp() for page in pages]
    assert data.traits[0] == {"language zh"} and data.logged().all()


def test_pages_of_other_features_or_without_a_deed_are_left_out() -> None:
    pages, served = _log(2)
    served["q0"] = _served(0, np.zeros((FEW, 3), np.float32), "another list")
    assert replayed([pages[0], _page(1, (0, 0, 0, 0))], served) is None


def test_a_click_where_few_look_weighs_more() -> None:
    data = replayed(*_log(1))
    assert data is not None
    weights = weighed(data, Propensities(np.array([1.0, 0.5, 0.25, 0.05]), 9)).weights
    assert weights is not None
    assert weights.tolist() == [{1: 1.0, 2: 2.0, 3: 4.0, 4: 10.0}[p] if y else 1.0
                                for p, y in zip((1, 2, 3, 4), data.y, strict=True)]  # fmt: skip


def test_looks_are_estimated_where_the_question_is_known() -> None:
    pages, served = _log(200)
    assert looked_at(pages, {}).clicks == 0
    shuffled = [Impressions(p.query_id, p.at, p.items[n % FEW :] + p.items[: n % FEW], p.grades, p.places, p.clicked)
                for n, p in enumerate(pages)]  # fmt: skip
    assert looked_at(shuffled, served).clicks > 100


def test_a_planted_leak_is_found_by_name_and_honest_features_are_not() -> None:
    pages, served = _log(PAGES + 10)
    honest = replayed(pages, served)
    assert honest is not None
    refuse_leaks(honest)
    leaking = honest.X.copy()
    leaking[:, NAMES.index("click_rate")] = honest.y + 0.01  # counted after the page was shown
    planted = replayed(
        pages,
        {
            page.query_id: _served(number, leaking[FEW * number : FEW * (number + 1)])
            for number, page in enumerate(pages)
        },
    )
    assert planted is not None
    with pytest.raises(BadInput, match="'click_rate' alone tells 100%"):
        refuse_leaks(planted)
    refuse_leaks(unaware(planted))  # the features that look ahead are blanked where they are made again
    assert np.isnan(unaware(planted).X[:, [NAMES.index(name) for name in AHEAD]]).all()


@pytest.mark.parametrize("late", [0, 3])
def test_a_leak_planted_in_the_counts_is_found(late: int) -> None:
    """Pages are made with what was counted until the hour before (late 0), or three hours too late: with the clicks
    that the page itself led to."""
    items = [f"i{n}" for n in range(400)]
    rng, events, pages = np.random.default_rng(3), list[dict[str, Any]](), list[Impressions]()
    for number in range(PAGES + 20):
        at, shown = T0 + timedelta(hours=5 * number), tuple(rng.permutation(items)[:FEW].tolist())
        chosen = int(rng.integers(FEW))
        grades = tuple(int(place == chosen) for place in range(FEW))
        pages.append(Impressions(f"q{number}", at, shown, grades, (0, 1, 2, 3), tuple(map(bool, grades))))
        base = {"user_id": "u", "query_id": f"q{number}"}
        events += [{**base, "action": "impression", "object_id": item, "at": at} for item in shown]
        events += [{**base, "action": "click", "object_id": shown[chosen], "at": at + timedelta(minutes=1)}]
    history = History(events)
    lists = []
    for page in pages:
        counts = history.known(page.query_id, page.at.timestamp() + 3600 * late).counts
        assert counts is not None
        features = np.full((FEW, len(NAMES)), np.nan, np.float32)
        features[:, NAMES.index("rate_ctr_7d")] = counts.of(page.items)[rate("click", 7)]
        features[:, NAMES.index("window_count_click_1d")] = counts.of(page.items)[window("click", 1)]
        lists.append(features)
    served = {
        page.query_id: Served(page.query_id, page.at, "u", "x", (), page.items, found, schema_hash(), "m")
        for page, found in zip(pages, lists, strict=True)
    }
    data = replayed(pages, served)
    assert data is not None
    if late:
        with pytest.raises(BadInput, match="window_count_click_1d"):
            refuse_leaks(data)
    else:
        refuse_leaks(data)
