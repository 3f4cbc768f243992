"""Is the distance right?"""

import numpy as np
import pytest

from engine.geo import EARTH_KM, distance_km


def test_beijing_to_shanghai() -> None:
    assert distance_km(39.9042, 116.4074, 31.2304, 121.4737) == pytest.approx(1067, abs=3)


def test_half_way_round_and_nowhere() -> None:
    far = distance_km([0, 0, np.nan], [0, 10, 0], [0, 0, 0], [180, 10, 0])
    assert far[0] == pytest.approx(np.pi * EARTH_KM)
    assert far[1] == 0
    assert np.isnan(far[2])


def test_across_the_date_line() -> None:
    assert distance_km(0, 179.9, 0, -179.9) == pytest.approx(distance_km(0, 0, 0, 0.2))
