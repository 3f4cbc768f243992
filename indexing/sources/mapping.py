"""How do foreign fields become ours? A small TOML file says it.

    table = "poi"                 # note | product | poi | event
    format = "json"               # optional: jsonl, json, csv, parquet, geojson; else by the file's name
    datum = "GCJ-02"              # optional: lat and lon are converted to WGS-84

    [skip]                        # rows with one of these values are left out, and counted as skipped
    "营业状态" = ["停业"]

    [fields.FIELD]                # for each field of the table, exactly one origin:
    from = "a.b"                  #   a source field, or a dotted path; of a list of them, the first that is there
    value = "CNY"                 #   a constant
    template = "bj-{名称}"         #   text with source fields; missing when one of them is missing, unless it
                                  #   ends in "?"; of a list of templates, the first that is whole
    concat = ["a", "b"]           #   several list fields, one after another; single values count as lists
    collect = ["attr_*"]          #   a map of all source fields that match, but those with "@"; `strip = "attr_"`
                                  #   (a regular expression) shortens the names where that leaves them distinct
                                  # then, in this order, all optional:
    regex = "(..区)"              #   the first group of the first match; no match: missing
    split = ";"                   #   text (or each text of a list) -> list, by a regular expression
    map = {"免费" = 0}             #   values (or list elements) by table; the others stay, or with
    only = true                   #   ... are dropped
    as = "number"                 #   a reader from indexing/sources/convert.py: number, minutes, hours_zh, ...
    scale = 0.01                  #   numbers only
    lenient = true                #   a value that cannot be read, or that our table refuses, is dropped and
                                  #   counted as a warning, instead of the whole row being refused

    [flags]                       # source field -> amenity, as OSM tags say it; places only
    outdoor_seating = "outdoor_seating"                       # "no" -> no_amenities, any other value -> amenities
    wheelchair = { yes = "wheelchair", no = "!wheelchair" }   # value by value; "!" = known to be absent

Only what is named is taken. Text is trimmed, empty values count as missing, and numbers become text where
the field is text. Sources add "@line" (the row's number in its file), "@file" (its name up to the first dot),
"@key" (the name beside an object in JSON pairs), and for GeoJSON "@lat" and "@lon".
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec
import pyarrow as pa

from engine.errors import BadInput, BadQuery
from indexing.items import TABLES, TableName
from indexing.sources.convert import CONVERTERS, as_text
from indexing.sources.datum import to_wgs84
from indexing.sources.rules import ORIGINS, Rule, lookup, origin, transform
from indexing.validate import check_field


class _File(msgspec.Struct, forbid_unknown_fields=True):
    table: TableName
    fields: dict[str, Rule]
    format: str | None = None
    datum: Literal["WGS-84", "GCJ-02"] = "WGS-84"
    skip: dict[str, list[Any]] = {}
    flags: dict[str, str | dict[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Mapped:
    """A row in our fields; `row` None = skipped on purpose. `warnings`: (field, reason) of what was dropped."""

    row: dict[str, Any] | None
    warnings: list[tuple[str, str]] = field(default_factory=list)


class FieldMap:
    """A mapping file that was read and found sound."""

    def __init__(self, spec: _File) -> None:
        self.table: TableName = spec.table
        self.format = spec.format
        self._spec = spec
        self._types = {each.name: each.type for each in TABLES[spec.table]}

    def apply(self, source: Mapping[str, Any], *, file: str = "", line: int = 0) -> Mapped:
        """One source row -> one of ours, not yet validated. Raises BadQuery(field, reason) when it cannot be read."""
        source = {**source, "@line": line, "@file": file.split(".", maxsplit=1)[0]}
        if any(lookup(source, path) in values for path, values in self._spec.skip.items()):
            return Mapped(None)
        row: dict[str, Any] = {}
        warnings: list[tuple[str, str]] = []
        for name, rule in self._spec.fields.items():
            try:
                value = self._value(name, rule, source)
            except BadQuery as error:
                if not rule.lenient:
                    raise
                warnings.append((name, error.reason))
                continue
            if value is not None:
                row[name] = value
        _raise_flags(self._spec.flags, source, row)
        if self._spec.datum == "GCJ-02" and "lat" in row and "lon" in row:
            row["lat"], row["lon"] = to_wgs84(row["lat"], row["lon"])
        return Mapped(row, warnings)

    def _value(self, name: str, rule: Rule, source: Mapping[str, Any]) -> Any:
        try:
            value = _fit(self._types[name], transform(rule, origin(rule, source)))
        except ValueError as error:
            raise BadQuery(name, str(error)) from None
        if rule.lenient and value is not None:
            return check_field(self.table, name, value)
        return value


def load(path: Path) -> FieldMap:
    """Read a mapping file; raises BadInput that says what is wrong in it."""
    try:
        spec = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except FileNotFoundError:
        raise BadInput(f"there is no mapping file {path}") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name} is no mapping: {error}") from None
    for name, rule in spec.fields.items():
        if name not in TABLES[spec.table].names:
            raise BadInput(f"{path.name}: {spec.table} has no field {name!r}")
        if sum(getattr(rule, each) is not None for each in ORIGINS) != 1:
            raise BadInput(f"{path.name}: field {name!r} needs exactly one of from, value, template, concat, collect")
        if rule.as_ is not None and rule.as_ not in CONVERTERS:
            raise BadInput(f"{path.name}: field {name!r}: as = {rule.as_!r} is none of {', '.join(CONVERTERS)}")
    if spec.flags and spec.table != "poi":
        raise BadInput(f"{path.name}: only places have flags")
    return FieldMap(spec)


def _fit(kind: pa.DataType, value: Any) -> Any:
    """Into the field's shape: text where it is text, a list where it is a list; None for what is empty."""
    if value is None or value in ("", [], {}):
        return None
    if pa.types.is_string(kind):
        return as_text(value)
    if pa.types.is_list(kind) and pa.types.is_string(kind.value_type):
        values = value if isinstance(value, list) else [value]
        return [as_text(each) for each in values if each not in (None, "")]
    return value


def _raise_flags(flags: Mapping[str, str | dict[str, str]], source: Mapping[str, Any], row: dict[str, Any]) -> None:
    """Add to the row's amenities and no_amenities what its flags say."""
    for path, flag in flags.items():
        value = source.get(path)
        if value in (None, ""):
            continue
        known = flag if isinstance(flag, dict) else {"no": f"!{flag}", "*": flag}
        amenity = known.get(as_text(value), known.get("*"))
        if amenity:
            where = "no_amenities" if amenity.startswith("!") else "amenities"
            row.setdefault(where, []).append(amenity.removeprefix("!"))
