"""How does a model's card look at a glance? Bars of what its trees gain from, and of nDCG@10 by slice, as PNG.

With Pillow (the extra `plots`); without it a card has no pictures, and lacks nothing else.
"""

import io
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

from ranking.metrics import mean_known

_ROW, _LEFT, _WIDE, _MARGIN = 22, 250, 460, 16
_INKS: Final = ("#2f6f9f", "#c9ced6")
_MOST: Final = 25


class Bar(NamedTuple):
    """A name and one length for each series, in the scale of the plot."""

    name: str
    lengths: Sequence[float]


def drawn(card: Mapping[str, Any]) -> dict[str, bytes]:
    """importance.png and slices.png of a card; nothing without Pillow."""
    if not find_spec("PIL"):
        return {}
    gains = list(card["importance"].items())[:_MOST]
    top = max((gain for _, gain in gains), default=1.0)
    made = {"importance.png": bars("gain by feature, share of the largest", [Bar(n, [g / top]) for n, g in gains])}
    slices = [Bar(f"{n} ({s['lists']})", [s["ndcg@10"], s["rival_ndcg@10"]]) for n, s in card["slices"].items()]
    if slices:
        made["slices.png"] = bars(f"nDCG@10 by slice (lists); grey: {card['metrics']['rival']}", slices)
    return made


def bars(title: str, rows: Sequence[Bar]) -> bytes:
    """A PNG of horizontal bars, one group a row; lengths in [0, 1] with their figures, NaN left out."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415  the extra `plots`

    series = max((len(row.lengths) for row in rows), default=1)
    tall = 2 * _MARGIN + _ROW * (1 + len(rows) * series)
    image = Image.new("RGB", (_LEFT + _WIDE + 5 * _MARGIN, tall), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(13)
    pen.text((_MARGIN, _MARGIN), title, "black", font)
    at = _MARGIN + _ROW
    for row in rows:
        pen.text((_MARGIN, at + 3), row.name, "black", font)
        for length, ink in zip(row.lengths, _INKS, strict=False):
            if mean_known([length]) == length:
                pen.rectangle((_LEFT, at + 3, _LEFT + max(1.0, _WIDE * length), at + _ROW - 4), ink)
                pen.text((_LEFT + _WIDE * length + 6, at + 3), f"{length:.3f}", "black", font)
            at += _ROW
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
