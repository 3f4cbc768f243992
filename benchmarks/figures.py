"""Where are measurements kept? benchmarks/figures.json: name -> what was run, when, where, and its rows."""

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from engine.errors import BadInput

PATH: Final = Path(__file__).with_name("figures.json")


class Figure(msgspec.Struct, forbid_unknown_fields=True):
    """One table. All rows have the same columns, in the same order; numbers are written as they are."""

    command: str
    date: str  # ISO
    machine: str
    rows: list[dict[str, str | int | float | None]]
    note: str = ""


def load(path: Path = PATH) -> dict[str, Figure]:
    """Every figure by name; BadInput when the file is not of this form."""
    if not path.is_file():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Figure])
    except msgspec.DecodeError as error:
        raise BadInput(f"{path.name} is no file of figures ({error}); mend it by hand") from None


def record(
    name: str, command: str, rows: Sequence[Mapping[str, str | int | float | None]], note: str = "", path: Path = PATH
) -> None:
    """Add or replace one figure, measured today on this machine. BadInput when rows differ in their columns."""
    columns = {tuple(row) for row in rows}
    if len(columns) != 1:
        raise BadInput(f"figure '{name}' needs rows, all with the same columns; it has {sorted(columns)}")
    today = datetime.now(UTC).date().isoformat()
    figures = load(path) | {name: Figure(command, today, machine(), [dict(row) for row in rows], note)}
    data = msgspec.json.format(msgspec.json.encode(dict(sorted(figures.items()))), indent=1)
    path.write_bytes(data + b"\n")


def machine() -> str:
    """What it ran on, in words: cores, processor, its widest vectors, Python."""
    said: dict[str, str] = {}
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        pairs = (line.split(":", 1) for line in cpuinfo.read_text("utf-8").splitlines() if ":" in line)
        said = {name.strip(): value.strip() for name, value in pairs}
    flags: Sequence[Any] = said.get("flags", "").split()
    vectors = next((wide for flag, wide in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in flags), "")
    name = " ".join(part for part in (said.get("model name") or platform.machine(), vectors) if part)
    return f"{os.cpu_count()} cores of {name}, Python {platform.python_version()}"
