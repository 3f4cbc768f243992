"""lifestyle ingest, lifestyle sample: items into tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from api.cli.shared import Json, Root, Tenant, settings
from api.layout import Layout
from api.printing import show
from engine.clock import utc_now
from engine.errors import BadQuery
from engine.types import KINDS, Kind
from indexing.ingest import ingest as ingest_files
from indexing.ingest import write_table
from indexing.items import TABLES, TableName
from indexing.sample.scale import scale
from indexing.sources.mapping import load
from indexing.validate import to_table


def add(app: typer.Typer) -> None:
    """Mount the commands."""
    app.command()(ingest)
    app.command()(sample)


def ingest(
    files: Annotated[list[Path], typer.Argument(help="JSONL, Parquet, CSV, GeoJSON or JSON files; .gz as well")],
    table: Annotated[str, typer.Option("--table", help="note, product, poi or event")],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="a TOML file that maps other fields onto ours")
    ] = None,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Read files into a table. Bad rows are refused with file, line, field and reason; the good ones go on.

    Example: `lifestyle ingest cafes.geojson --table poi --mapping osm.toml`
    """
    chosen = settings(root, tenant)
    name = _table(table)
    report = ingest_files(
        files, name, load(mapping) if mapping else None, Layout(chosen.root).tables(chosen.tenant), utc_now
    )
    lines = [f"{report.rows} rows read into {report.path} ({report.total} there now)"]
    if report.refused:
        lines.append(f"{report.refused} rows refused, see {report.rejects_path}:")
        lines += [f"  {count} x {reason}" for reason, count in report.by_reason.items()]
    lines += [f"  {count} x {reason} (value left out)" for reason, count in report.warnings.items()]
    show(msgspec.to_builtins(report, enc_hook=str), "\n".join(lines), as_json)


def sample(
    items: Annotated[int, typer.Option("--items", min=1, help="how many items")],
    seed: Annotated[int, typer.Option("--seed")] = 7,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Write a data set of any size, recombined from the bundled sample, into the tables: for load tests.

    Example: `lifestyle sample --items 100000 --root var/load`
    """
    chosen = settings(root, tenant)
    counts = write_scaled(items, seed, Layout(chosen.root).tables(chosen.tenant))
    show(counts, ", ".join(f"{count} {kind}s" for kind, count in counts.items()), as_json)


def write_scaled(items: int, seed: int, folder: Path) -> dict[str, int]:
    """Tables of a scaled sample; -> rows per kind."""
    rows: dict[Kind, list[Mapping[str, Any]]] = {kind: [] for kind in KINDS}
    for kind, item in scale(items, seed):
        rows[kind].append(item)
    folder.mkdir(parents=True, exist_ok=True)
    for kind, made in rows.items():
        write_table(folder / f"{kind}.parquet", to_table(kind, made))
    return {kind: len(made) for kind, made in rows.items()}


def _table(name: str) -> TableName:
    for table in TABLES:
        if table == name:
            return table
    raise BadQuery("--table", f"'{name}' is not one of {', '.join(TABLES)}")
