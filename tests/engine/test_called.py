"""Is a product known by the first part of its title, and by no less than that?"""

from typing import Any, ClassVar

import pytest

from engine.called import called, squeezed
from engine.read import read
from engine.refer import likened, meant, mentioned
from engine.types import Found, Intent, Kind, Mask, Query
from tests.engine.test_refer import NOW
from tests.fakes.index import MemoryIndex

PRODUCTS: list[dict[str, Any]] = [
    {"id": "s", "title": "岚朵 海盐防晒 50ml 防水", "brand": "岚朵", "category": "sunscreen", "price": 75.0},
    {"id": "l", "title": "岚朵 海盐防晒 90ml 防水", "brand": "岚朵", "category": "sunscreen", "price": 119.0},
    {"id": "f", "title": "Solvane Featherveil Sunscreen SPF 50", "brand": "Solvane", "category": "sunscreen"}
    | {"price": 165.0},
    {"id": "t", "title": "Solvane Pore Reset Toner", "brand": "Solvane", "category": "toner", "price": 60.0},
]
INDEX = MemoryIndex(notes=[], products=PRODUCTS, vectors={}, tenant="demo", now=NOW)


def _ids(text: str) -> list[list[str]]:
    return [[PRODUCTS[row]["id"] for row in line.rows] for line in called(INDEX, "demo", text)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("岚朵海盐防晒和Solvane Featherveil哪个好", [["s", "l"], ["f"]]),
        ("Solvane Pore Reset or solvane featherveil sunscreen?", [["t"], ["f"]]),
        ("岚朵 海盐防晒90ml", [["l"]]),
        ("Solvane sunscreen", []),  # the brand alone
        ("岚朵怎么样", []),
        ("海盐防晒", []),  # no beginning of a title
        ("", []),
    ],
)
def test_a_line_stands_for_all_of_its_sizes_and_a_brand_for_none(text: str, ids: list[list[str]]) -> None:
    assert _ids(text) == ids
    assert all(squeezed(text)[line.start : line.end] for line in called(INDEX, "demo", text))


def test_a_brand_that_was_said_with_more_means_what_was_said() -> None:
    query = Query("demo", "cheaper alternative to Solvane Featherveil")
    assert meant(INDEX, query, "solvane")["product"].tolist() == [2]
    assert meant(INDEX, Query("demo", "like Solvane"), "solvane")["product"].tolist() == [2, 3]
    assert mentioned(INDEX, query, Intent("similar_to", {"product": 1.0})) == [("product", 2)]


@pytest.mark.parametrize("text", ["Solvane Featherveil Sunscreen dupe", "Solvane Featherveil防晒平替"])
def test_a_dupe_costs_less_than_what_was_named_in_part(text: str) -> None:
    intent = read(Query("demo", text), INDEX, NOW)
    assert intent.name == "similar_to" and likened(intent) == {"f"}
    price = next(c for c in intent.constraints if c.slot == "price")
    assert (price.op, price.value, price.hardness) == ("lte", 164.99, "hard")
    assert "product" in intent.kinds


def test_what_is_compared_is_what_is_asked_for_and_wishes_filter_nothing() -> None:
    intent = read(Query("demo", "岚朵海盐防晒和Solvane Featherveil哪个更适合敏感肌"), INDEX, NOW)
    assert intent.name == "compare"
    name = next(c for c in intent.constraints if c.slot == "name")
    assert name.assume == {"part_of_name": [PRODUCTS[0]["title"], PRODUCTS[2]["title"]]}
    assert [c.hardness for c in intent.constraints if c is not name] == ["soft"]
    assert not any(c.slot == "brand" for c in intent.constraints)


class Counted(MemoryIndex):
    """An index that notes what it is asked."""

    asked: ClassVar[list[str]] = []

    def lexical(
        self, tenant: str, kind: Kind, text: str, allowed: Mask | None, k: int, *, exact: bool = False
    ) -> Found:
        self.asked.append(text)
        return super().lexical(tenant, kind, text, allowed, k, exact=exact)


def test_one_text_is_looked_up_once_in_one_index() -> None:
    first, second = (Counted(notes=[], products=PRODUCTS, vectors={}, tenant="demo", now=NOW) for _ in range(2))
    for index in (first, first, second, first):
        assert [line.rows.tolist() for line in called(index, "demo", "Solvane Featherveil")] == [[2]]
    assert len(Counted.asked) == 3  # a change makes another index
