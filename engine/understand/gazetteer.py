"""Which provinces, cities, districts and quarters does a text name, and where are the cities? (data/places.toml)"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from engine.understand.entries import LexiconError
from engine.understand.lexicon import canonical
from engine.understand.scan import Scanner, Target

Level: TypeAlias = Literal["province", "city", "district", "area"]

#: English quarter names that are ordinary words or somebody else's.
_QUIET: Final = frozenset({"science park", "oct", "beijing road", "high tech zone"})
#: Chinese districts whose name without the ending means something else.
_WHOLE: Final = frozenset({"高新区", "光明区", "白云区", "上城区", "西湖区", "金山区", "青羊区", "金牛区"})
_ENDINGS: Final = ("新区", "区", "县")


@dataclass(frozen=True, slots=True)
class Region:
    """A named piece of the map. City fields hold for cities, and for a district those of its city."""

    id: str
    level: Level
    zh: str
    en: str
    names: tuple[str, ...]  # every other name, as written
    province: str = ""
    city: str = ""  # zh name of the city; for a province empty
    country: str = "CN"
    lat: float = float("nan")  # centre of the city, WGS-84
    lon: float = float("nan")
    radius_km: float = float("nan")  # of the city's built-up core
    tz: str = "Asia/Shanghai"
    own: tuple[float, float, float] | None = None  # lat, lon, radius in km of a district or area itself


City: TypeAlias = Region


class Found(NamedTuple):
    """A region named in a text at [start, end)."""

    start: int
    end: int
    region: Region


class Gazetteer:
    """All regions, searchable by name and in texts. Immutable, safe to share between threads."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self.regions = {r.id: r for r in regions}
        self._cities: dict[str, Region] = {}
        self._centres: dict[str, list[tuple[float, float, float]]] = {}
        words = []
        for region in self.regions.values():
            for word in {canonical(w) for w in (region.zh, region.en, *region.names)} - _QUIET:
                words.append((word, Target(region.id, region.level)))
                if region.own:
                    self._centres.setdefault(word, []).append(region.own)
                if region.level == "city":
                    self._cities.setdefault(word, region)
        self._scanner = Scanner(words)

    def city(self, name: str) -> Region | None:
        """The city of this name in any of its languages ("München", "杭州市"), or None."""
        key = canonical(name)
        return self._cities.get(key) or self._cities.get(key.removesuffix("市")) or self._cities.get(key + "市")

    def centres(self, name: str) -> list[tuple[float, float, float]]:
        """(lat, lon, radius in km) of the districts and areas of this name whose own centre is known."""
        return self._centres.get(canonical(name), [])

    def find(self, folded: str) -> list[Found]:
        """Every region named in a folded text, overlaps included, by (start, end)."""
        return [Found(m.start, m.end, self.regions[m.id]) for m in self._scanner.scan(folded)]


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of this installation, read and compiled at the first call. Raises LexiconError."""
    file = files(__package__) / "data" / "places.toml"
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        cities = [*_chinese(tables["city"]["cn"]), *_abroad(tables["city"]["world"])]
        known = {c.zh: c for c in cities}
        parts = [r for level in ("district", "area") for r in _parts(level, tables[level], known)]
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise LexiconError(f"places.toml: {type(error).__name__}: {error}") from error
    provinces = [
        Region(f"province:{zh}", "province", zh, names[0], tuple(names[1:]), zh)
        for zh, names in tables["province"].items()
    ]
    return Gazetteer([*provinces, *cities, *parts])


def city(name: str) -> Region | None:
    """gazetteer().city(name)."""
    return gazetteer().city(name)


def find(folded: str) -> list[Found]:
    """gazetteer().find(folded)."""
    return gazetteer().find(folded)


def _chinese(rows: dict[str, list[Any]]) -> Iterable[Region]:
    for zh, (en, province, lat, lon, km, *names) in rows.items():
        full = () if zh.endswith("市") else (zh + "市",)
        yield Region(f"city:{zh}", "city", zh, en, (*names, *full), province, zh, "CN", lat, lon, km)


def _abroad(rows: dict[str, list[Any]]) -> Iterable[Region]:
    for zh, (en, country, lat, lon, km, tz, *names) in rows.items():
        yield Region(f"city:{zh}", "city", zh, en, tuple(names), "", zh, country, lat, lon, km, tz)


def _parts(level: str, tables: dict[str, dict[str, Any]], cities: dict[str, Region]) -> Iterable[Region]:
    for city_zh, rows in tables.items():
        inside = cities[city_zh]
        for zh, row in rows.items():
            cells: list[Any] = [row] if isinstance(row, str) else row
            en, own = cells[0], cells[1:]
            yield Region(
                f"{level}:{city_zh}:{zh}",
                "district" if level == "district" else "area",
                zh,
                en,
                (*_short(zh), *own[3:]) + (f"{en} District",) * (level == "district"),
                inside.province,
                city_zh,
                inside.country,
                inside.lat,
                inside.lon,
                inside.radius_km,
                inside.tz,
                (own[0], own[1], own[2]) if own else None,
            )


def _short(zh: str) -> Iterable[str]:
    """ "海淀" for "海淀区"; nothing where that would be another word."""
    if zh in _WHOLE:
        return
    for ending in _ENDINGS:
        if zh.endswith(ending) and len(zh) - len(ending) >= 2:
            yield zh.removesuffix(ending)
            return
