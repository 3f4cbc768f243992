"""Does a comparison find a planted difference, and none where there is none?"""

from datetime import UTC, datetime

import numpy as np

from engine.trace import Served
from engine.trial import draft
from ranking.impressions import Impressions
from ranking.online import interleaved, shadowed, split, told

T0 = datetime(2026, 11, 1, tzinfo=UTC)
LOOKS = 1 / np.arange(1, 11)


def _log(pages: int, better: float, how: str, seed: int = 5) -> tuple[list[Impressions], dict[str, Served]]:
    """People of whom the challenger knows the taste better by so much, and what they clicked."""
    rng = np.random.default_rng(seed)
    out, served = [], {}
    for number in range(pages):
        wanted, user = rng.random(10), f"u{number % 50}"
        a, b = (np.argsort(-(skill * wanted + rng.random(10))) for skill in (0.5, 0.5 + better))
        arm = "b" if number % 2 else "a"
        order, teams = draft(a, b, 10, str(number)) if how == "interleave" else ((b if arm == "b" else a), "")
        clicked = rng.random(10) < LOOKS * wanted[order]
        items = tuple(str(at) for at in order)
        grades = tuple(int(hit) for hit in clicked)
        out.append(Impressions(f"q{number}", T0, items, grades, tuple(range(10)), tuple(clicked.tolist())))
        served[f"q{number}"] = Served(f"q{number}", T0, user, "q", (), items, np.zeros((10, 1), np.float32), "", "",
                                      "t", "" if teams else arm, teams)  # fmt: skip
    return out, served


def test_interleaving_finds_a_planted_difference_and_none_where_there_is_none() -> None:
    assert interleaved(*_log(1500, 1.5, "interleave"), "t").winner == "b"
    assert interleaved(*_log(1500, -0.4, "interleave"), "t").winner == "a"
    same = interleaved(*_log(1500, 0.0, "interleave"), "t")
    assert same.winner == "" and same.low < 0 < same.high and same.people == 50


def test_buckets_find_it_with_more_pages() -> None:
    assert split(*_log(4000, 1.5, "split"), "t").winner == "b"
    assert split(*_log(4000, 0.0, "split"), "t").winner == ""


def test_another_trial_and_no_pages_say_nothing() -> None:
    log = _log(20, 1.5, "interleave")
    for compared in (interleaved(*log, "other"), split(*log, "t"), interleaved([], {}, "t")):
        assert compared.winner == ""


def test_a_shadow_is_told_by_slice() -> None:
    same = shadowed("m", np.arange(10), np.arange(10), frozenset({"language zh"}))
    turned = shadowed("m", np.arange(10), np.arange(10)[::-1], frozenset({"language en"}))
    rows = told([same, turned])
    assert list(rows) == ["all", "language en", "language zh"]
    assert rows["language zh"] == {"requests": 1, "overlap@10": 1.0, "same first": 1.0, "places moved": 0.0}
    assert rows["language en"]["same first"] == 0.0 and rows["language en"]["places moved"] == 5.0
