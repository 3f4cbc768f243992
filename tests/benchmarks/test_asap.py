"""Does the scoring of review aspects count what it says?"""

import math

from benchmarks.quality.asap import aspects, score, told


def _row(text: str, **labels: int) -> dict[str, str]:
    return {"reviewbody": text, **{name: str(labels.get(name, -2)) for name in aspects()}}


def test_a_review_is_told_by_the_side_that_prevails() -> None:
    said = told("服务员很热情，上菜慢。\\n味道不错。")
    assert (said["service_waiters_attitude"], said["service_serving_speed"], said["dish_taste"]) == (1, -1, 1)
    assert said["environment_space"] == 0
    assert told("服务很好。服务很差。")["service_waiters_attitude"] == 0


def test_hits_misses_and_inventions_are_counted_and_pooled() -> None:
    rows = [
        _row("服务很好。", service_waiters_attitude=1),
        _row("服务很好。", service_waiters_attitude=-1),
        _row("没什么可说。", service_waiters_attitude=1),
    ]
    scores = score(rows, least=3)
    praised, blamed = scores["all", 1], scores["all", -1]
    assert tuple(map(len, (praised.hits, praised.invented, praised.missed))) == (1, 1, 1)
    assert tuple(map(len, (blamed.hits, blamed.invented, blamed.missed))) == (0, 0, 1)
    assert math.isnan(blamed.precision)
    assert set(scores) == {(name, sign) for name in ("service_waiters_attitude", "all") for sign in (1, -1)}
