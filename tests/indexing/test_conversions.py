"""Are coordinates, opening hours and numbers of other formats read as they were meant?"""

import opening_hours
import pytest

from indexing.sources.convert import CONVERTERS
from indexing.sources.datum import _shift, to_wgs84
from indexing.sources.hours_zh import hours_zh


def test_gcj02_is_undone_inside_china_only() -> None:
    lat, lon = 39.9087, 116.3975  # Tiananmen in WGS-84
    north, east = _shift(lat, lon)
    assert 0.0005 < north < 0.003 and 0.004 < east < 0.008  # about 150 m and 500 m there
    back = to_wgs84(lat + north, lon + east)
    assert back == pytest.approx((lat, lon), abs=1e-7)
    assert to_wgs84(48.1, 11.5) == (48.1, 11.5)


@pytest.mark.parametrize(
    ("said", "osm"),
    [
        ("周一至周日 10:00-22:00", "Mo-Su 10:00-22:00"),
        ("周一至周日 11:00-14:00 17:00-21:30", "Mo-Su 11:00-14:00,17:00-21:30"),
        ("周六,周日 11:00-22:00  周一至周五 11:00-14:00", "Sa,Su 11:00-22:00; Mo-Fr 11:00-14:00"),
        ("周一,周三至周日 9:00-17:00", "Mo,We-Su 09:00-17:00"),
        ("周一至周日 全天", "Mo-Su 00:00-24:00"),
        ("10:00-次日2:00", "10:00-26:00"),
        ("10：00 – 22：00", "10:00-22:00"),
        ("周一至周日 9:00-21:00  非营业时段 2018-02-15至2018-02-20 全天", "Mo-Su 09:00-21:00"),
        (
            "春季、夏季、秋季 周一至周日 9:00-21:00  冬季 周一至周日 9:00-18:00",
            "Mar-May,Jun-Aug,Sep-Nov Mo-Su 09:00-21:00; Dec-Feb Mo-Su 09:00-18:00",
        ),
        ("早餐：6:30-9:00，午餐11:00~14:00；晚餐17:00~21:00", "06:30-09:00,11:00-14:00,17:00-21:00"),
        ("9:00-21:00 周一至周日", "Mo-Su 09:00-21:00"),
        ("上午11点--晚上9点半", "11:00-21:30"),
        ("营业时间为早9：00—晚11：00", "09:00-23:00"),
        ("周一至周五：7:30–20:00；周末不开", "Mo-Fr 07:30-20:00; Sa,Su off"),
    ],
)
def test_chinese_hours_become_osm_syntax(said: str, osm: str) -> None:
    assert hours_zh(said) == osm
    assert opening_hours.validate(osm)


@pytest.mark.parametrize("said", ["周一至周日", "下雨不开 9:00-17:00", "9:70-17:00", "随时"])
def test_chinese_hours_that_are_not_understood_are_refused(said: str) -> None:
    with pytest.raises(ValueError):
        hours_zh(said)


@pytest.mark.parametrize(
    ("reader", "value", "wanted"),
    [
        ("number", "1,299 元", 1299.0),
        ("middle", "30-40 元", 35.0),
        ("minutes", "12小时 - 3天", [720.0, 4320.0]),
        ("minutes", "90 min", [90.0, 90.0]),
        ("lower_words", ["Coffee Shop"], ["coffee_shop"]),
        ("joined", {"a": "x", "b": ["y", 2.0]}, "x\ny; 2"),
    ],
)
def test_texts_are_read(reader: str, value: object, wanted: object) -> None:
    assert CONVERTERS[reader](value) == wanted
