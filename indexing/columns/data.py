"""What do the columns of one kind hold, and how are they written down?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.types import F64, I64, Kind
from indexing.arrays import mapped, save
from indexing.columns.bits import Rows
from indexing.columns.grid import Grid
from indexing.columns.hours import Hours
from indexing.columns.lexis import FILES, Lexis
from indexing.columns.mined import Mined
from indexing.columns.order import Order
from indexing.columns.values import Holders, Postings, Tags

#: float64[n], NaN where missing.
NUMBERS: Final = (
    "lat", "lon", "price", "rating", "rating_count", "shortest", "longest", "published", "km_from_center",
    "popularity", "price_level", "text_length", "image_count", "author_note_count",
)  # fmt: skip
#: The numbers that are asked for by range.
ORDERED: Final = (
    "price", "rating", "shortest", "longest", "published", "km_from_center", "popularity", "price_level",
)  # fmt: skip
#: The value sets of a row; all folded (values.key) or ids.
TAGS: Final = (
    "category", "has", "has_not", "cuisine", "dish", "name", "brand", "currency", "hotel_class", "trust", "metro",
    "nearby", "province", "city", "district", "area", "address", "size", "text", "head", "words",
)  # fmt: skip
#: The files of the week and of the grid: see Hours.week and indexing/columns/grid.py.
_WEEK: Final = ("hours.sets", "hours.set")
_GRID: Final = ("grid.rows", "grid.cells", "grid.first")
#: Up to so many words of a column are read when it is opened; more stay on disk and are looked up there.
EAGER: Final = 20_000


@dataclass(frozen=True)
class Columns:
    """All that constraints are judged on, of one kind of one segment. n rows."""

    kind: Kind
    count: int
    numbers: Mapping[str, F64]
    tags: Mapping[str, Tags]
    hours: Hours
    orders: Mapping[str, Order]  # of the numbers of ORDERED
    grid: Grid
    mined: Mined = field(default_factory=Mined)
    holders: Holders | None = None  # of the column "text", where there are many

    @staticmethod
    def of(kind: Kind, count: int, numbers: Mapping[str, F64], tags: Mapping[str, Tags], hours: Hours) -> "Columns":
        """Columns whose orders and grid are made when they are first needed."""
        orders = {name: Order(numbers[name]) for name in ORDERED}
        return Columns(kind, count, numbers, tags, hours, orders, Grid(numbers["lat"], numbers["lon"]))

    def numbered(self, rows: Rows) -> I64:
        """The rows by their numbers."""
        return np.arange(self.count)[rows] if isinstance(rows, slice) else rows


def dump(columns: Columns, folder: Path) -> None:
    """Write everything but the mined claims (they are worked out when a snapshot opens).

    What no row says anything of has no files: each of hundreds is checked and opened whenever a snapshot is.
    """
    arrays: dict[str, Any] = {"numbers": np.stack([columns.numbers[n] for n in NUMBERS])}
    told = [name for name in TAGS if columns.tags[name].words]
    for name in told:
        tags = columns.tags[name]
        arrays |= {f"{name}.starts": tags.starts, f"{name}.codes": tags.codes}
        arrays |= {f"{name}.rows": tags.postings.rows, f"{name}.first": tags.postings.first}
        arrays |= {f"{name}.{part}": array for part, array in Lexis.of(tags.words).arrays().items()}
    for name in ORDERED:
        arrays[f"{name}.order"], arrays[f"{name}.cuts"] = columns.orders[name].made
    arrays |= dict(zip(_GRID, columns.grid.made, strict=True))
    hours = columns.hours
    arrays |= {"hours.code": hours.code, "hours.zone": hours.zone}
    arrays |= {"hours.open": np.packbits(hours.open, axis=1), "hours.maybe": np.packbits(hours.maybe, axis=1)}
    arrays |= dict(zip(_WEEK, hours.week, strict=True))
    save(arrays, folder)
    said = {"zones": list(hours.zones), "hours": list(hours.texts), "monday": hours.monday.isoformat(), "tags": told}
    (folder / "hours.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def load(kind: Kind, folder: Path) -> Columns:
    """Columns as they were dumped; arrays are memory-mapped."""
    said = json.loads((folder / "hours.json").read_text(encoding="utf-8"))
    told = set(said.get("tags", TAGS))  # snapshots of format 1 have files for all

    def array(name: str) -> Any:
        return mapped(f"{folder}/{name}.npy")

    def bits(name: str) -> Any:
        return np.unpackbits(np.asarray(array(name)), axis=1).astype(bool)

    def tags_of(name: str) -> Tags:
        words = Lexis.from_arrays({part: array(f"{name}.{part}") for part in FILES})
        postings = Postings(array(f"{name}.rows"), array(f"{name}.first"))
        few = len(words) <= EAGER
        return Tags(tuple(words[:]) if few else words, array(f"{name}.starts"), array(f"{name}.codes"), postings)

    stacked = array("numbers")
    silent = Tags((), np.zeros(stacked.shape[1] + 1, np.int64), np.empty(0, np.int32))
    numbers = dict(zip(NUMBERS, stacked, strict=True))
    hours = Hours(
        array("hours.code"), bits("hours.open"), bits("hours.maybe"), tuple(said["zones"]), array("hours.zone"),
        tuple(said["hours"]), date.fromisoformat(said["monday"]), tuple(map(array, _WEEK)),
    )  # fmt: skip
    orders = {n: Order(numbers[n], (array(f"{n}.order"), array(f"{n}.cuts"))) for n in ORDERED}
    grid = Grid(numbers["lat"], numbers["lon"], tuple(map(array, _GRID)))
    tags = {name: tags_of(name) if name in told else silent for name in TAGS}
    return Columns(kind, stacked.shape[1], numbers, tags, hours, orders, grid)
