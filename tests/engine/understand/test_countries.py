"""Is a country a place where somebody goes there, and only there?"""

from datetime import UTC, datetime

import pytest

from engine.types import Constraint, Query
from engine.understand.countries import code_of, known
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand
from engine.understand.unions import each

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def places(text: str) -> list[Constraint]:
    return [c for c in understand(Query("default", text), NO_NAMES, NOW).constraints if c.slot == "place.admin"]


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("日本自由行", ["日本"]),
        ("去泰国带娃玩什么", ["泰国"]),
        ("希腊海岛酒店", ["希腊"]),
        ("hotels in Portugal", ["葡萄牙"]),
        ("Norway road trip", ["挪威"]),
        ("road trip in Turkey", ["土耳其"]),
        ("葡萄牙或西班牙的酒店", ["葡萄牙", "西班牙"]),
        ("things to do in the UK with kids", ["英国"]),
    ],
)
def test_a_country_where_somebody_goes_is_a_hard_place(text: str, countries: list[str]) -> None:
    (found,) = places(text)
    assert ([region["name"] for region in each(found.value)], found.hardness) == (countries, "hard")
    assert {region["level"] for region in each(found.value)} == {"country"}


@pytest.mark.parametrize(
    "text",
    [
        "日本料理",
        "法国面包店",
        "韩国护肤品",
        "knives made in Japan",
        "how to roast turkey",
        "中国美术馆",
        "uk plug adapter",
    ],
)
def test_how_something_is_made_or_called_is_no_place(text: str) -> None:
    assert not [c for c in places(text) if c.value["level"] == "country"]


def test_a_country_and_its_city_are_both_kept_and_two_journeys_are_wishes() -> None:
    assert [c.hardness for c in places("日本东京自由行")] == ["hard", "hard"]
    assert [c.hardness for c in places("意大利和法国自由行")] == ["soft", "soft"]


def test_countries_are_found_by_any_of_their_names() -> None:
    assert {code_of(name) for name in ("美国", "USA", "United States", "america")} == {"US"}
    assert code_of("Atlantis") is None
    assert len({country.code for country in known().values()}) > 190
