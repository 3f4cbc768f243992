"""What do the gazetteer's files say? places.toml by hand; the .tsv files made by indexing/gazetteer/make.py.

Names written by hand need no guard (engine/understand/division_names.py).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any, Final, NamedTuple

from engine.understand.compiled import table
from engine.understand.division_names import ANYWHERE, GUARDS, english, short, spellings
from engine.understand.lexicon import canonical
from engine.understand.phrases import LexiconError, read
from engine.understand.region import NAN, Region, region_of

_CODES: Final = {guard: code for code, guard in enumerate(GUARDS)}
#: English quarter names that are ordinary words or somebody else's.
_QUIET: Final = frozenset({"science park", "oct", "beijing road", "high tech zone"})
#: Provinces that are one city: code -> the city.
_MUNICIPALITIES: Final = {"11": "北京", "12": "天津", "31": "上海", "50": "重庆", "81": "香港", "82": "澳门"}
#: Where the cities of the United States are that are written by hand; "Boston, Lincolnshire" is another.
_STATES_BY_HAND: Final = ("NY", "CA", "WA", "IL", "MA", "DC", "NV", "FL", "TX", "HI")


class Atlas:
    """All names and regions. Regions of the generated files are made when they are asked for."""

    def __init__(self) -> None:
        self._forms: dict[str, int | list[int]] = {}  # folded name -> 4 * place of the region + guard, best known first
        self._regions: list[Region | str] = []  # a region, or the line of a file that tells it
        self._parents: dict[int, int] = {}  # place of a county's line -> place of its city
        self._states: Mapping[str, str] = {}
        self._by_hand = 0

    @staticmethod
    def of(told: Mapping[str, Any]) -> "Atlas":
        """What `told` gave."""
        made = Atlas()
        made._forms, made._states, made._by_hand = told["forms"], told["states"], told["by_hand"]
        made._parents = dict(told["parents"])
        made._regions = [each if isinstance(each, str) else region_of(each) for each in told["regions"]]
        return made

    def told(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            "forms": self._forms,
            "states": dict(self._states),
            "by_hand": self._by_hand,
            "parents": list(self._parents.items()),
            "regions": [
                each if isinstance(each, str) else [None if value is NAN else value for value in each]
                for each in self._regions
            ],
        }

    @property
    def by_hand(self) -> int:
        """How many regions, the first ones, were written by hand."""
        return self._by_hand

    def __len__(self) -> int:
        return len(self._regions)

    @property
    def forms(self) -> Collection[str]:
        """All folded names; to look whether one is among them is quick."""
        return self._forms

    def targets(self, form: str) -> list[tuple[int, str]]:
        """(place of a region, guard) for a folded name, best known first."""
        codes = self._forms.get(form)
        if codes is None:
            return []
        return [(code >> 2, GUARDS[code & 3]) for code in (codes if isinstance(codes, list) else (codes,))]

    def region(self, at: int) -> Region:
        """The region at a place of the list."""
        known = self._regions[at]
        if isinstance(known, str):
            cells = known.split("\t")
            known = self._division(at, cells) if cells[0].isdigit() else self._abroad(cells)
            self._regions[at] = known
        return known

    def city_spots(self) -> list[tuple[int, float, float, float]]:
        """(place, lat, lon, radius in km) of every city, without making regions of them."""
        found = []
        for at, told in enumerate(self._regions):
            if isinstance(told, Region):
                if told.level == "city":
                    found.append((at, told.lat, told.lon, told.radius_km))
            elif at not in self._parents:
                lat, lon, km = told.split("\t")[4:7] if told[0].isdigit() else told.split("\t")[6:9]
                if lat:
                    found.append((at, float(lat), float(lon), float(km)))
        return found

    def add(self, told: Region | str, names: Iterable[tuple[str, str]]) -> int:
        """Append a region under folded names with their guards; -> its place."""
        self._regions.append(told)
        at = len(self._regions) - 1
        self.name(at, names)
        return at

    def name(self, at: int, names: Iterable[tuple[str, str]]) -> None:
        """More names of a region that is there; a guard that stands is kept."""
        forms = self._forms
        for form, guard in names:
            code, codes = 4 * at + _CODES[guard], forms.get(form)
            if codes is None:
                forms[form] = code
            elif isinstance(codes, int):
                if codes >> 2 != at:
                    forms[form] = [codes, code]
            elif all(other >> 2 != at for other in codes):
                codes.append(code)

    def _division(self, at: int, cells: Sequence[str]) -> Region:
        code, zh, stem, pinyin, lat, lon, km, _ = cells
        en, own = english(pinyin), (float(lat), float(lon), float(km)) if lat else None
        parent = self._parents.get(at)
        if parent is None:
            centre = own or (NAN, NAN, float(km))
            return Region(f"city:{code}", "city", stem, en, (zh,), self._states.get(code[:2], ""), stem, "CN", *centre)
        of = self.region(parent)
        return Region(f"district:{code}", "district", zh, en, (stem,), of.province, of.city, "CN", of.lat, of.lon,
                      of.radius_km, of.tz, own, True)  # fmt: skip

    def _abroad(self, cells: Sequence[str]) -> Region:
        zh, en, han, latin, country, state, lat, lon, km, tz, _ = cells
        names = tuple(n for n in (*han.split("|"), *latin.split("|")) if n)
        return Region(f"city:{country}{state}:{en}", "city", zh or en, en, names, self._states.get(country + state, ""),
                      zh or en, country, float(lat), float(lon), float(km), tz)  # fmt: skip

    def read_divisions(self, lines: Iterable[str], hand: "Hand") -> None:
        """Chinese cities and counties; what is written by hand gets their names and centres."""
        self._states, self._by_hand = hand.states, len(self)
        cities: dict[str, int] = {}
        for line in lines:
            code, zh, stem, pinyin, lat, lon, km, guard = line.split("\t")
            province = hand.states.get(code[:2], "")
            if code[2:] == "0000":
                if code[:2] in hand.municipal:
                    cities[code[:2]] = hand.municipal[code[:2]]
                continue
            city = code[4:] == "00"
            known = hand.city(stem, province)
            if city:
                at = known if known is not None else self.add(line, ())
                cities[code[:4]] = at
            else:
                parent = cities.get(code[:4], cities.get(code[:2]))
                of = self.region(parent).zh if parent is not None else ""
                if known is None:
                    known = hand.districts.get((of, zh))
                at = known if known is not None else self.add(line, ())
                if known is None and parent is not None:
                    self._parents[at] = parent
                elif (
                    lat and isinstance(told := self._regions[at], Region) and told.level == "district" and not told.own
                ):
                    self._regions[at] = told._replace(own=(float(lat), float(lon), float(km)), estimated=True)
            self.name(at, spellings(zh, stem, pinyin, guard, city or at in hand.best))

    def read_cities(self, lines: Iterable[str], hand: "Hand") -> None:
        """Cities abroad; those written by hand get the other names."""
        for line in lines:
            _, _, han, latin, country, more = line.split("\t", 5)
            names = [(n, line[-1]) for n in latin.split("|")]
            if han:
                names += [(n, line[-2]) for n in han.split("|")]
            known = None
            if any(n in self._forms for n, _ in names):
                known = next((at for n, _ in names if (at := hand.abroad.get((country, n))) is not None), None)
            if known is not None and (country != "US" or more.startswith(_STATES_BY_HAND)):
                self.name(known, names)
            else:
                self.add(line, names)


class Hand(NamedTuple):
    """Where what is written by hand stands."""

    cities: Mapping[tuple[str, str], int]  # (zh, province)
    districts: Mapping[tuple[str, str], int]  # (city, zh)
    abroad: Mapping[tuple[str, str], int]  # (country, folded name)
    municipal: Mapping[str, int]  # code of a municipality -> the city
    best: frozenset[int]  # everybody knows these districts
    states: Mapping[str, str]  # code of a province, or country + state -> zh

    def city(self, stem: str, province: str) -> int | None:
        """The city of this short name in this province."""
        return self.cities.get((stem, province), self.cities.get((stem + "市", province)))


def atlas() -> Atlas:
    """As read_atlas(), kept between starts. Raises LexiconError."""
    return Atlas.of(table("atlas", lambda: read_atlas().told()))


def read_atlas() -> Atlas:
    """Read all files. Raises LexiconError."""
    home = files(__package__) / "data"
    atlas = Atlas()
    try:
        tables = read("data/places.toml")
        hand = _by_hand(atlas, tables)
        atlas.read_divisions(_lines((home / "divisions.tsv").read_text(encoding="utf-8")), hand)
        atlas.read_cities(_lines((home / "cities.tsv").read_text(encoding="utf-8")), hand)
    except (KeyError, ValueError) as error:
        raise LexiconError(f"places.toml, divisions.tsv or cities.tsv: {type(error).__name__}: {error}") from error
    return atlas


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line and line[0] != "#"]


def _by_hand(atlas: Atlas, tables: Mapping[str, Any]) -> Hand:
    states: dict[str, str] = {}
    for zh, (code, en, *names) in tables["province"].items():
        region = Region(f"province:{zh}", "province", zh, en, tuple(names), zh)
        atlas.add(region, _own_names(region))
        states[code] = zh
    for zh, (state, en, *names) in tables["state"]["us"].items():
        region = Region(
            f"province:US:{state}", "province", zh, en, tuple(names), zh, country="US", tz="America/New_York"
        )
        atlas.add(region, _own_names(region))
        states[f"US{state}"] = zh
    cities = [*_chinese(tables["city"]["cn"]), *_world(tables["city"]["world"])]
    places = {c.zh: (atlas.add(c, _own_names(c)), c) for c in cities}
    districts: dict[tuple[str, str], int] = {}
    for level in ("district", "area"):
        for part in _parts(level, tables[level], {zh: c for zh, (_, c) in places.items()}):
            districts[part.city, part.zh] = atlas.add(part, _own_names(part))
    return Hand(
        {(zh, c.province): at for zh, (at, c) in places.items() if c.country == "CN"},
        districts,
        {(c.country, form): at for at, c in places.values() if c.country != "CN" for form, _ in _own_names(c)},
        {code: places[zh][0] for code, zh in _MUNICIPALITIES.items()},
        frozenset(districts.values()),
        states,
    )


def _own_names(region: Region) -> list[tuple[str, str]]:
    words = {canonical(w) for w in (region.zh, region.en, *region.names)} - _QUIET
    return [(word, ANYWHERE) for word in sorted(words)]


def _chinese(rows: Mapping[str, list[Any]]) -> Iterable[Region]:
    for zh, (en, province, lat, lon, km, *names) in rows.items():
        full = () if zh.endswith("市") else (zh + "市",)
        yield Region(f"city:{zh}", "city", zh, en, (*names, *full), province, zh, "CN", lat, lon, km)


def _world(rows: Mapping[str, list[Any]]) -> Iterable[Region]:
    for zh, (en, country, lat, lon, km, tz, *names) in rows.items():
        yield Region(f"city:{zh}", "city", zh, en, tuple(names), "", zh, country, lat, lon, km, tz)


def _parts(level: str, tables: Mapping[str, Mapping[str, Any]], cities: Mapping[str, Region]) -> Iterable[Region]:
    for city_zh, rows in tables.items():
        of = cities[city_zh]
        for zh, row in rows.items():
            cells: list[Any] = [row] if isinstance(row, str) else row
            en, own = cells[0], cells[1:]
            names = (*short(zh), *own[3:], *((f"{en} District",) if level == "district" else ()))
            yield Region(f"{level}:{city_zh}:{zh}", "district" if level == "district" else "area", zh, en, names,
                         of.province, city_zh, of.country, of.lat, of.lon, of.radius_km, of.tz,
                         (own[0], own[1], own[2]) if own else None)  # fmt: skip
