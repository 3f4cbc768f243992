"""How does the sample become any size? A stream of recombined items for load tests; nothing in it is real.

Items keep the mix of categories of the sample: each is a copy of a sample row under a fresh id, with its place moved
within about 3 km, its price and rating jittered, and a note's text recombined from notes of its own category.
"""

from collections.abc import Iterator
from random import Random
from typing import Any, Final

from engine.types import Kind
from indexing.sample.files import load_tables

Row = dict[str, Any]
MIX: Final[dict[Kind, float]] = {"note": 0.6, "product": 0.22, "poi": 0.18}
PREFIX: Final[dict[Kind, str]] = {"note": "xn", "product": "xg", "poi": "xp"}
MOVE: Final = 0.014  # standard deviation in degrees, about 1.5 km
ENGAGED: Final = ("impressions", "clicks", "likes", "saves", "comments", "shares")


class Scaler:
    """Holds the sample by kind, and makes one fresh row at a time."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.tables = {kind: rows for kind, rows in load_tables().items() if rows}
        self.bodies: dict[tuple[str | None, str], list[list[str]]] = {}
        for row in self.tables.get("note", []):
            key = (row.get("category"), row["lang"])
            self.bodies.setdefault(key, []).append(sentences(row["body"], row["lang"]))
        self.made: dict[Kind, int] = dict.fromkeys(PREFIX, 0)

    def item(self) -> tuple[Kind, Row]:
        """The next item; its kind drawn from MIX among the kinds that the sample holds."""
        kinds = list(self.tables)
        kind = self.rng.choices(kinds, [MIX[k] for k in kinds])[0]
        row = dict(self.rng.choice(self.tables[kind]))
        self.made[kind] += 1
        row["id"] = f"{PREFIX[kind]}-{self.made[kind]:08d}"
        self.move(row)
        self.jitter(row)
        if kind == "note":
            self.retell(row)
        return kind, row

    def move(self, row: Row) -> None:
        """Shift a position by a normal step; rows without one stay so."""
        if row.get("lat") is not None and row.get("lon") is not None:
            row["lat"] = round(max(-89.9, min(89.9, row["lat"] + self.rng.gauss(0, MOVE))), 6)
            row["lon"] = round(max(-179.9, min(179.9, row["lon"] + self.rng.gauss(0, MOVE))), 6)

    def jitter(self, row: Row) -> None:
        """Vary price by a tenth (free stays free), rating within 0..5 and the counts by half."""
        for name in ("price", "price_per_person"):
            if row.get(name):
                row[name] = float(max(1, round(row[name] * self.rng.uniform(0.9, 1.1))))
        if row.get("rating") is not None:
            row["rating"] = round(min(5.0, max(0.0, row["rating"] + self.rng.gauss(0, 0.15))), 1)
        counts = self.rng.uniform(0.5, 1.5)
        for name in (*ENGAGED, "rating_count"):
            if row.get(name) is not None:
                row[name] = float(int(row[name] * counts))

    def retell(self, row: Row) -> None:
        """First half of one note, last half of another of the same category; links go to fresh ids already made."""
        other = self.rng.choice(self.bodies[(row.get("category"), row["lang"])])
        mine = sentences(row["body"], row["lang"])
        told = mine[: (len(mine) + 1) // 2] + other[len(other) // 2 :]
        row["body"] = ("" if row["lang"] == "zh" else " ").join(told)
        links: tuple[tuple[str, Kind], ...] = (("poi_ids", "poi"), ("product_ids", "product"))
        for name, kind in links:
            row[name] = [self.earlier(kind) for _ in row.get(name) or [] if self.made[kind]]

    def earlier(self, kind: Kind) -> str:
        """The id of an item of that kind already made."""
        return f"{PREFIX[kind]}-{self.rng.randint(1, self.made[kind]):08d}"


def sentences(body: str, lang: str) -> list[str]:
    """A body cut after each full stop, question or exclamation mark; marks stay on."""
    marks = "。？！\n" if lang == "zh" else ".?!\n"
    found, start = [], 0
    for i, char in enumerate(body):
        if char in marks and i + 1 - start > 1:
            found.append(body[start : i + 1].strip())
            start = i + 1
    return [s for s in [*found, body[start:].strip()] if s]


def scale(n: int, seed: int) -> Iterator[tuple[Kind, Row]]:
    """`n` items, the same for the same seed; constant memory beside the sample itself."""
    scaler = Scaler(seed)
    for _ in range(n):
        yield scaler.item()
