"""`lifestyle size`: how many machines does a corpus need?"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.cli.shared import Json
from api.printing import show
from engine.errors import BadInput
from indexing.sizing.measured import measured
from indexing.sizing.model import Model, fit
from indexing.sizing.parts import PARTS
from indexing.sizing.plan import BUSY, KEPT, Need, Plan, plan

_UNITS: Final[Mapping[str, float]] = {"k": 1e3, "m": 1e6, "b": 1e9}


def add(app: typer.Typer) -> None:
    """Register this module's commands."""
    app.command()(size)


def size(
    items: Annotated[str, typer.Option(help="notes, products and places: 2000000, 300M, 1.2B")],
    qps: Annotated[float, typer.Option(help="questions a second at the busiest hour")],
    p99_ms: Annotated[float, typer.Option(help="within so many milliseconds 99 of 100 answers")] = 200.0,
    cores: Annotated[int, typer.Option(help="of one machine")] = 16,
    memory_gb: Annotated[float, typer.Option(help="of one machine")] = 64.0,
    spare: Annotated[int, typer.Option(help="replicas of a shard that may be down")] = 1,
    figures: Annotated[Path | None, typer.Option(help="your own measured.json, of python -m benchmarks.sizing")] = None,
    as_json: Json = False,
) -> None:
    """Machines, memory, disk and hours of a build, from measured costs and a simulated fan-out.

    Vectors of the sentences of notes (LIFESTYLE_VOICES) were not measured and come on top.

    Example: `lifestyle size --items 300M --qps 5000`
    """
    model = fit(measured(figures))
    made = plan(model, Need(_count(items), qps, p99_ms, cores, memory_gb, spare))
    show({**asdict(made), "machines": made.machines, "disk_gb": made.disk_gb, "met": made.met}, _told(model, made),
         as_json)  # fmt: skip


def _count(text: str) -> int:
    """ "300M" -> 300000000."""
    number, unit = (text[:-1], text[-1].lower()) if text[-1:].lower() in _UNITS else (text, "")
    try:
        return int(float(number.replace("_", "").replace(",", "")) * _UNITS.get(unit, 1))
    except (ValueError, OverflowError):
        raise BadInput(f"--items is '{text}': give a number such as 2000000, 300M or 1.2B") from None


def _told(model: Model, made: Plan) -> str:
    need, each = made.need, made.need.items / made.shards
    disk: dict[str, Any] = {part: model.parts[part](each) / each for part in PARTS}
    largest = sorted(disk, key=lambda part: -disk[part])[:4]
    smallest, biggest = (f(s.items for s in model.of.sizes) for f in (min, max))
    lines = [
        f"{made.machines} machines of {need.cores} cores and {need.memory_gb:g} GB for {need.items:,} items and "
        f"{need.qps:g} questions a second:",
        f"  {made.shards} shards of {each:,.0f} items x {made.replicas} replicas, {made.front} in front",
        f"  memory of a shard {made.shard_mb / 1024:.1f} GB; disk {made.shard_gb:.1f} GB, {KEPT} snapshots "
        f"{made.disk_gb:.1f} GB",
        f"  forecast: {made.forecast}; with {need.spare} replica(s) of a shard down {made.worst}; promised p99 "
        f"{need.p99_ms:g} ms: {'kept' if made.met else 'NOT kept'}",
        f"  a whole build on these machines: {made.encode_h:.1f} h for vectors of items, {made.build_h:.2f} h for the "
        "rest",
        "  what the cores do: " + ", ".join(f"{name} {share:.0%}" for name, share in made.drivers.items()),
        "  bytes an item on disk: " + ", ".join(f"{part} {disk[part]:.0f}" for part in largest),
        f"Measured at {smallest:,} to {biggest:,} items on {model.of.machine}, {model.of.date}; more is drawn "
        f"out. Vectors of sentences come on top. Cores are planned {BUSY:.0%} busy.",
    ]
    return "\n".join(lines)
