"""What do the columns of one kind hold, and how are they written down?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.types import F64, I64, Kind
from indexing.columns.hours import Hours
from indexing.columns.mined import Mined
from indexing.columns.values import Tags

#: float64[n], NaN where missing.
NUMBERS: Final = (
    "lat", "lon", "price", "rating", "rating_count", "shortest", "longest", "published", "km_from_center",
    "popularity", "price_level", "text_length", "image_count", "author_note_count",
)  # fmt: skip
#: The value sets of a row; all folded (values.key) or ids.
TAGS: Final = (
    "category", "has", "has_not", "cuisine", "dish", "name", "brand", "currency", "hotel_class", "trust", "metro",
    "nearby", "province", "city", "district", "area", "address", "size", "text", "head", "words",
)  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """All that constraints are judged on, of one kind of one segment. n rows."""

    kind: Kind
    count: int
    numbers: Mapping[str, F64]
    tags: Mapping[str, Tags]
    hours: Hours
    mined: Mined = field(default_factory=Mined)

    @property
    def every(self) -> I64:
        """All rows."""
        return np.arange(self.count, dtype=np.int64)


def dump(columns: Columns, folder: Path) -> None:
    """Write everything but the mined claims (they are worked out when a snapshot opens)."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {"numbers": np.stack([columns.numbers[n] for n in NUMBERS])}
    for name in TAGS:
        arrays[f"{name}.starts"], arrays[f"{name}.codes"] = columns.tags[name].starts, columns.tags[name].codes
    hours = columns.hours
    arrays |= {"hours.code": hours.code, "hours.zone": hours.zone}
    arrays |= {"hours.open": np.packbits(hours.open, axis=1), "hours.maybe": np.packbits(hours.maybe, axis=1)}
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
    tags = {n: Tags(tuple(said["words"][n]), array(f"{n}.starts"), array(f"{n}.codes")) for n in TAGS}
    zones = tuple(said["zones"])
    monday = date.fromisoformat(said.get("monday", date.min.isoformat()))  # older snapshots know the week alone
    hours = Hours(
        array("hours.code"), bits("hours.open"), bits("hours.maybe"), zones, array("hours.zone"),
        tuple(said.get("hours", ())), monday,
    )  # fmt: skip
    return Columns(kind, stacked.shape[1], dict(zip(NUMBERS, stacked, strict=True)), tags, hours)
