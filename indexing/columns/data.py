"""What do the columns of one kind hold, and how are they written down?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.types import F64, I64, Kind
from indexing.columns.bits import Rows
from indexing.columns.grid import Grid
from indexing.columns.hours import Hours
from indexing.columns.mined import Mined
from indexing.columns.order import Order
from indexing.columns.values import Postings, Tags

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

    @staticmethod
    def of(kind: Kind, count: int, numbers: Mapping[str, F64], tags: Mapping[str, Tags], hours: Hours) -> "Columns":
        """Columns whose orders and grid are made when they are first needed."""
        orders = {name: Order(numbers[name]) for name in ORDERED}
        return Columns(kind, count, numbers, tags, hours, orders, Grid(numbers["lat"], numbers["lon"]))

    def numbered(self, rows: Rows) -> I64:
        """The rows by their numbers."""
        return np.arange(self.count)[rows] if isinstance(rows, slice) else rows


def dump(columns: Columns, folder: Path) -> None:
    """Write everything but the mined claims (they are worked out when a snapshot opens)."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {"numbers": np.stack([columns.numbers[n] for n in NUMBERS])}
    for name in TAGS:
        tags = columns.tags[name]
        arrays |= {f"{name}.starts": tags.starts, f"{name}.codes": tags.codes}
        arrays |= {f"{name}.rows": tags.postings.rows, f"{name}.first": tags.postings.first}
    for name in ORDERED:
        arrays[f"{name}.order"], arrays[f"{name}.cuts"] = columns.orders[name].made
    arrays |= dict(zip(_GRID, columns.grid.made, strict=True))
    hours = columns.hours
    arrays |= {"hours.code": hours.code, "hours.zone": hours.zone}
    arrays |= {"hours.open": np.packbits(hours.open, axis=1), "hours.maybe": np.packbits(hours.maybe, axis=1)}
    arrays |= dict(zip(_WEEK, hours.week, strict=True))
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    words = {name: list(columns.tags[name].words) for name in TAGS}
    said = {"words": words, "zones": list(hours.zones), "hours": list(hours.texts), "monday": hours.monday.isoformat()}
    text = json.dumps(said, ensure_ascii=False)
    (folder / "words.json").write_text(text, encoding="utf-8")


def load(kind: Kind, folder: Path) -> Columns:
    """Columns as they were dumped; arrays are memory-mapped."""
    said = json.loads((folder / "words.json").read_text(encoding="utf-8"))

    def array(name: str) -> Any:
        # A plain view of the map: every slice of a np.memmap pays for its subclass.
        return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))

    def bits(name: str) -> Any:
        return np.unpackbits(np.asarray(array(name)), axis=1).astype(bool)

    stacked = array("numbers")

    def filed(*names: str) -> Any:
        """None in snapshots that were written before there were such files: made when first needed."""
        there = all((folder / f"{name}.npy").exists() for name in names)
        return tuple(map(array, names)) if there else None

    def tags_of(name: str) -> Tags:
        postings = filed(f"{name}.rows", f"{name}.first")
        words, starts, codes = tuple(said["words"][name]), array(f"{name}.starts"), array(f"{name}.codes")
        return Tags(words, starts, codes, Postings(*postings) if postings else None)

    stacked = array("numbers")

    numbers = dict(zip(NUMBERS, stacked, strict=True))
    zones = tuple(said["zones"])
    monday = date.fromisoformat(said.get("monday", date.min.isoformat()))  # older snapshots know the week alone
    hours = Hours(
        array("hours.code"), bits("hours.open"), bits("hours.maybe"), zones, array("hours.zone"),
        tuple(said.get("hours", ())), monday, filed(*_WEEK),
    )  # fmt: skip
    orders = {n: Order(numbers[n], filed(f"{n}.order", f"{n}.cuts")) for n in ORDERED}
    grid, tags = Grid(numbers["lat"], numbers["lon"], filed(*_GRID)), {n: tags_of(n) for n in TAGS}
    return Columns(kind, stacked.shape[1], numbers, tags, hours, orders, grid)
