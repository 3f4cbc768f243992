"""Where are the squares, stations, parks and sights that everybody knows? (data/landmarks.toml)"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from engine.understand.fold import fold
from engine.understand.phrases import LexiconError, table

Point: TypeAlias = tuple[float, float]  # lat, lon in degrees, WGS-84


@dataclass(frozen=True)
class Landmarks:
    """All landmarks by folded name; one name may mean places in several cities."""

    points: Mapping[str, tuple[Point, ...]]

    def where(self, name: str) -> tuple[Point, ...]:
        """The points of a landmark of this name in any spelling; none when it is not known."""
        return self.points.get(_key(name), ())


@lru_cache(maxsize=1)
def landmarks() -> Landmarks:
    """The landmarks of this installation, read at the first call. Raises LexiconError."""
    points: dict[str, tuple[Point, ...]] = {}
    try:
        for rows in table("data/landmarks.toml").values():
            for name, row in rows.items():
                for spelling in {_key(n) for n in (name, *_names(row))}:
                    points[spelling] = points.get(spelling, ()) + _points(row)
    except ValueError as error:
        raise LexiconError(f"landmarks.toml: {type(error).__name__}: {error}") from error
    return Landmarks(points)


def _key(name: str) -> str:
    return " ".join(fold(name).text.split())


def _names(row: Iterable[Any]) -> list[str]:
    return [cell for cell in row if isinstance(cell, str)]


def _points(row: Iterable[Any]) -> tuple[Point, ...]:
    numbers = [float(cell) for cell in row if not isinstance(cell, str)]
    if not numbers or len(numbers) % 2:
        raise ValueError(f"a landmark needs pairs of lat and lon, not {numbers}")
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))
