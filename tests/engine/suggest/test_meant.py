"""Is a better spelling offered when a name was missed, and only then?"""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from engine.suggest.meant import meant
from engine.suggest.table import Entry, Source, Table
from engine.types import Kind, Meant, Query
from engine.understand.names import NameTable
from engine.understand.parse import understand
from tests.fakes.index import MemoryIndex

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMES = ["山野里书房", "Luitpold Garden", "Wiesenstück", "云栖小筑"]


class Named(MemoryIndex):
    """An index with names to suggest; the last of them was deleted."""

    def completions(self, tenant: str) -> list[Source]:
        def alive(kind: Kind, rows: Sequence[int]) -> str | None:
            return None if rows[0] == len(NAMES) - 1 else str(rows[0])

        return [Source(Table.of([Entry(n, "name", 0.5, "", 2, (at,)) for at, n in enumerate(NAMES)]), alive)]


def offered(text: str, *places: str) -> Meant | None:
    index = Named(pois=[{"id": str(at), "name": name} for at, name in enumerate(places)])
    index.names = NameTable([(name, "name", name, 1.0) for name in NAMES])
    return meant(index, "demo", understand(Query("demo", text), index.names, NOW))


@pytest.mark.parametrize(
    ("said", "better"),
    [
        ("山野理书房", "山野里书房"),
        ("cafe near Luitpoldt garden", "cafe near Luitpold Garden"),
        ("wiesenstuck", None),
        ("wiesnstück brunch", "Wiesenstück brunch"),
        ("shanyelishufang", "山野里书房"),
    ],
)
def test_a_near_name_is_offered(said: str, better: str | None) -> None:
    found = offered(said)
    assert (found.query if found else None) == better
    for change in found.changed if found else ():
        assert said[slice(*change.span)] == change.said


@pytest.mark.parametrize(
    "said",
    ["山野里书房", "kafeiguan", "restuarant", "有秋千的公园", "quiet cafe", "yunqixiaozhu", "zzqx", "", "luitpold"],
)
def test_nothing_is_offered_for_what_is_known_gone_or_like_nothing(said: str) -> None:
    assert offered(said) is None


def test_a_word_that_finds_items_is_no_slip() -> None:
    assert offered("wiesnstück") is not None
    assert offered("wiesnstück", "wiesnstuck 1", "wiesnstuck 2", "wiesnstuck 3") is None
