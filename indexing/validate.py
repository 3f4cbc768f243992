"""Which rows may enter? Rows are held against the schemas of indexing/items.py, field by field.

A clean item is plain JSON data: missing fields are absent, times are ISO text in UTC, maps are objects.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pyarrow as pa

from engine.errors import BadQuery, BadRow
from indexing import checks
from indexing.checks import Check
from indexing.items import ACTIONS, TABLES, TRUST, TableName

_WORDS, _COUNT = checks.text(500), checks.number(0)
_TEXTS = checks.listed(_WORDS)
_IDS = checks.listed(checks.identifier)

#: Fields that need more than their Arrow type says; a name means the same in every table.
_SPECIAL: Final[dict[str, Check]] = {
    **dict.fromkeys(("id", "user_id", "object_id"), checks.identifier),
    **dict.fromkeys(("poi_ids", "product_ids"), _IDS),
    **dict.fromkeys(("price", "price_per_person", "rating_count"), _COUNT),
    **dict.fromkeys(("impressions", "clicks", "likes", "saves", "comments", "shares"), _COUNT),
    "body": checks.text(50_000),
    "lat": checks.number(-90, 90),
    "lon": checks.number(-180, 180),
    "rating": checks.number(0, 5),
    "trust": checks.one_of(TRUST),
    "action": checks.one_of(ACTIONS),
    "lang": checks.pattern(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*|mixed", "a language code such as zh or en"),
    "currency": checks.pattern(r"[A-Z]{3}", "a currency code of three capitals such as CNY"),
    "tz": checks.zone,
    "opening_hours": checks.hours,
    "visit_minutes": checks.interval,
    "media": checks.media,
    "image": checks.url,
    "position": checks.whole,
}

_BY_TYPE: Final[dict[pa.DataType, Check]] = {
    pa.string(): _WORDS,
    pa.float64(): checks.number(),
    pa.timestamp("s", tz="UTC"): checks.moment,
    pa.list_(pa.string()): _TEXTS,
    pa.map_(pa.string(), pa.string()): checks.pairs(checks.text(200), checks.text(10_000)),
}

_CHECKS: Final[dict[TableName, dict[str, Check]]] = {
    table: {field.name: _SPECIAL.get(field.name) or _BY_TYPE[field.type] for field in schema}
    for table, schema in TABLES.items()
}
_NEEDED: Final = {table: [field.name for field in schema if not field.nullable] for table, schema in TABLES.items()}


def check(table: TableName, item: Mapping[str, Any]) -> dict[str, Any]:
    """One item -> the clean item; raises BadQuery(field, reason). Clean items pass unchanged."""
    if not isinstance(item, Mapping):
        raise BadQuery("", f"must be an object, is {type(item).__name__}")
    known, done = _CHECKS[table], {}
    for name, value in item.items():
        if name not in known:
            raise BadQuery(f"{name!s:.80}", f"is no field of {table}; known are {', '.join(known)}")
        if value is not None and (value := known[name](name, value)) is not None:
            done[name] = value
    for name in _NEEDED[table]:
        if name not in done:
            raise BadQuery(name, "is needed, but missing or empty")
    if ("lat" in done) != ("lon" in done):
        raise BadQuery("lon" if "lat" in done else "lat", "is missing: lat and lon come together")
    return done


def check_field(table: TableName, name: str, value: Any) -> Any:
    """One field's value -> the clean value; raises BadQuery(field, reason)."""
    return _CHECKS[table][name](name, value)


class Sieve:
    """Takes rows one by one; keeps the clean ones, refuses the others, and refuses a second row of the same id."""

    def __init__(self, table: TableName) -> None:
        self._table = table
        self._seen: dict[str, str] = {}
        self.items: list[dict[str, Any]] = []

    def take(self, row: Mapping[str, Any], file: str, line: int) -> None:
        """Keep a row; raises BadRow."""
        try:
            item = check(self._table, row)
        except BadQuery as error:
            raise BadRow(file, line, error.field, error.reason) from None
        if (name := item.get("id")) is not None:
            if name in self._seen:
                raise BadRow(file, line, "id", f"was given before: {name!r:.80} in {self._seen[name]}")
            self._seen[name] = f"{file}:{line}"
        self.items.append(item)


def validate(
    table: TableName, rows: Iterable[Mapping[str, Any]], *, file: str = "rows"
) -> tuple[pa.Table, list[BadRow]]:
    """Rows -> (the good ones as a table, what was refused); rows count from line 1 of `file`."""
    sieve, refused = Sieve(table), []
    for line, row in enumerate(rows, 1):
        try:
            sieve.take(row, file, line)
        except BadRow as error:
            refused.append(error)
    return to_table(table, sieve.items), refused


def to_table(table: TableName, items: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Clean items -> an Arrow table of the table's schema."""
    schema = TABLES[table]
    return pa.table([_column(field, items) for field in schema], schema=schema)


def _column(field: pa.Field, items: Sequence[Mapping[str, Any]]) -> pa.Array:
    values: Iterator[Any] = (item.get(field.name) for item in items)
    if pa.types.is_timestamp(field.type):
        values = (None if value is None else datetime.fromisoformat(value) for value in values)
    elif pa.types.is_map(field.type):
        values = (None if value is None else list(value.items()) for value in values)
    return pa.array(list(values), type=field.type)


def to_items(table: pa.Table) -> list[dict[str, Any]]:
    """An Arrow table of one of our schemas -> clean items (the inverse of `to_table`)."""
    columns = {field.name: _plain(field, table.column(field.name)) for field in table.schema}
    names = list(columns)
    return [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in zip(*columns.values(), strict=True)
    ]


def _plain(field: pa.Field, column: pa.ChunkedArray) -> list[Any]:
    if pa.types.is_timestamp(field.type):  # Arrow itself looks the time zone up for each value
        seconds = column.cast(pa.timestamp("s", tz="UTC")).cast(pa.int64()).to_pylist()
        return [None if at is None else checks.moment(field.name, datetime.fromtimestamp(at, UTC)) for at in seconds]
    values: list[Any] = column.to_pylist()
    if pa.types.is_map(field.type):
        return [None if value is None else dict(value) for value in values]
    return values
