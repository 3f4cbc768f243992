"""How did the last day go? Searches by the minute: how many, how fast, how many failed or gave something up.

A ring of one day's minutes, of all workers of a server together (api/shared.py); a restart begins it anew.
"""

import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import ceil, log
from pathlib import Path
from typing import Any, Final

import numpy as np

from api.shared import SharedBytes

#: Minutes that are kept: a day.
KEPT: Final = 24 * 60
#: Points of a curve.
POINTS: Final = 60
#: Upper edges of the classes that latencies are counted in, in milliseconds: each a sixth above the one before.
EDGES: Final = tuple(2.0 * (7 / 6) ** n for n in range(48))
SHARES: Final = (50, 95, 99)

_SLOT: Final = np.dtype([("minute", "<i8"), ("degraded", "<u4"), ("failed", "<u4"), ("ms", "<u4", len(EDGES) + 1)])
_NUMBER: Final = struct.Struct("<I")
_MINUTE: Final = struct.Struct("<q")


class Minutes:
    """The ring; `clock` says which minute it is."""

    def __init__(self, clock: Callable[[], datetime], shared: Path | None = None) -> None:
        self._clock = clock
        self._bytes = SharedBytes(KEPT * _SLOT.itemsize, shared, "minutes")

    def answered(self, ms: float) -> None:
        """A search was answered after so many milliseconds."""
        place = 0 if ms <= EDGES[0] else min(ceil(log(ms / EDGES[0], 7 / 6) - 1e-9), len(EDGES))
        self._count("ms", place)

    def gave_up(self) -> None:
        """An answer gave something up to be in time."""
        self._count("degraded")

    def failed(self) -> None:
        """A search was shed, cut, or crashed."""
        self._count("failed")

    def close(self) -> None:
        """Let what is shared go; no call may follow."""
        self._bytes.close()

    def told(self, hours: int) -> list[dict[str, Any]]:
        """The last hours (1..24) in POINTS stretches of `hours` minutes, oldest first; those without a search too."""
        with self._bytes.alone() as memory:
            slots = np.frombuffer(memory[:], _SLOT)
        last, points = self._minute() // hours, []
        stretch = slots["minute"] // hours
        for number in range(last - POINTS + 1, last + 1):
            points.append(_point(slots[(stretch == number) & (slots["minute"] > 0)], number * hours))
        return points

    def _minute(self) -> int:
        return int(self._clock().timestamp()) // 60

    def _count(self, field: str, place: int = 0) -> None:
        now = self._minute()
        start = now % KEPT * _SLOT.itemsize
        at = start + _SLOT.fields[field][1] + place * _NUMBER.size  # type: ignore[index]
        with self._bytes.alone() as memory:
            if _MINUTE.unpack_from(memory, start)[0] != now:  # yesterday's
                memory[start : start + _SLOT.itemsize] = _MINUTE.pack(now).ljust(_SLOT.itemsize, b"\0")
            _NUMBER.pack_into(memory, at, _NUMBER.unpack_from(memory, at)[0] + 1)


def _point(slots: np.ndarray[Any, Any], minute: int) -> dict[str, Any]:
    counts = slots["ms"].sum(axis=0, dtype=np.int64)
    answers = int(counts.sum())
    degraded, failed = (int(slots[name].sum()) for name in ("degraded", "failed"))
    shown = {"at": datetime.fromtimestamp(minute * 60, UTC).isoformat(), "answers": answers, "failed": failed}
    share = round(degraded / answers, 4) if answers else None
    return shown | {"degraded": share} | {f"p{q}": percentile(counts.tolist(), q) for q in SHARES}


def percentile(counts: Sequence[int], percent: float) -> float | None:
    """Milliseconds within which so many percent lie, up to a sixth too much; None without any, or beyond the last."""
    wanted, passed = percent / 100 * sum(counts), 0
    for edge, count in zip(EDGES, counts, strict=False):
        passed += count
        if count and passed >= wanted:
            return round(edge, 1)
    return None
