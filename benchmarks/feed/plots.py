"""How do curves look over time? A PNG of panels, one a measure, one line a system. With Pillow (the extra `plots`)."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from engine.types import F64

_WIDE, _TALL, _MARGIN, _LEFT, _TITLE = 420, 230, 24, 48, 26
_INKS: Final = ("#2f6f9f", "#8fb8d4", "#c2703d", "#7a8a3a", "#9a9a9a", "#7d4f9e")


def panels(curves: Mapping[str, Mapping[str, F64]], measures: Mapping[str, str], across: int = 2) -> bytes:
    """curves: system -> measure -> value a day. measures: name -> title. Lines are means over five days."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415  the extra `plots`

    down = -(-len(measures) // across)
    size = (across * (_WIDE + _LEFT + _MARGIN), down * (_TALL + _TITLE + 2 * _MARGIN) + 2 * _MARGIN)
    image = Image.new("RGB", size, "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(13)
    for number, (measure, title) in enumerate(measures.items()):
        corner = (number % across * (_WIDE + _LEFT + _MARGIN) + _LEFT,
                  number // across * (_TALL + _TITLE + 2 * _MARGIN) + _TITLE + _MARGIN)  # fmt: skip
        _panel(pen, font, corner, title, [system[measure] for system in curves.values()])
    at = _LEFT
    for system, ink in zip(curves, _INKS, strict=False):
        pen.line((at, size[1] - _MARGIN, at + 22, size[1] - _MARGIN), ink, 3)
        pen.text((at + 28, size[1] - _MARGIN - 8), system, "black", font)
        at += 46 + int(pen.textlength(system, font))
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _panel(pen: Any, font: Any, corner: tuple[int, int], title: str, lines: Sequence[F64]) -> None:
    left, top = corner
    lines = [smoothed(line) for line in lines]
    most = max(float(np.nanmax(line)) for line in lines) or 1.0
    pen.text((left, top - _TITLE), title, "black", font)
    for share in (0.0, 0.5, 1.0):
        y = top + _TALL * (1 - share)
        pen.line((left, y, left + _WIDE, y), "#e3e5e9")
        pen.text((left - _LEFT + 4, y - 8), f"{most * share:.2f}", "#555555", font)
    days = max(len(line) for line in lines)
    for day in (1, days // 2, days):
        pen.text((left + _WIDE * (day - 1) / max(1, days - 1) - 6, top + _TALL + 3), str(day), "#555555", font)
    for line, ink in zip(lines, _INKS, strict=False):
        points = [
            (left + _WIDE * day / max(1, days - 1), top + _TALL * (1 - value / most)) for day, value in enumerate(line)
        ]
        pen.line(points, ink, 2)


def smoothed(line: F64, days: int = 5) -> F64:
    """Means over the days up to each one, at most `days` of them."""
    sums = np.cumsum(np.nan_to_num(line))
    before = np.concatenate([np.zeros(days), sums[:-days]]) if len(line) > days else np.zeros(len(line))
    found: F64 = (sums - before) / np.minimum(np.arange(1, len(line) + 1), days)
    return found
