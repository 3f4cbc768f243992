"""How do tables become a segment on disk? Order, link, embed, scale, assemble: the build."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from engine.language import main_language
from engine.ports import Encoder
from engine.types import F32, KINDS, Kind
from engine.understand.gazetteer import city
from indexing.centre import Means, apply, fit
from indexing.columns.scales import Row, Scales, centers_of, popularity_scale, price_scales
from indexing.columns.words import Naming, naming
from indexing.items import TITLE
from indexing.own_names import collect
from indexing.passages import passage
from indexing.segment import Contents, Frame, Progress, assemble
from indexing.validate import to_items

_BATCH: Final = 256


def write_segment(
    folder: Path, tables: Mapping[Kind, pa.Table], encoder: Encoder, *, now: datetime, progress: Progress | None = None
) -> dict[str, Any]:
    """Write a segment below `folder`; -> facts for the manifest. A kind without a table has no items.

    Rows are laid out by city and category, so that a filtered scan reads few pages. Plain writes: who publishes
    makes them durable.
    """
    words = naming()
    rows = {kind: _ordered(to_items(tables[kind])) if kind in tables else [] for kind in KINDS}
    by_id = {row["id"]: row for kind in KINDS for row in rows[kind]}
    matrices = {kind: _embed(kind, rows[kind], encoder, words, progress) for kind in KINDS}
    langs = {kind: [language_of(kind, row) for row in rows[kind]] for kind in KINDS}
    means = _means(rows, matrices, langs, encoder)
    facts = {
        "built_at": now.isoformat(),
        "encoder": encoder.fingerprint,
        "dim": encoder.dim,
        "counts": {kind: len(rows[kind]) for kind in KINDS},
        "languages": {kind: dict(sorted(Counter(langs[kind]).items())) for kind in KINDS},
        "centred": means.on,
        "centring": dict(means.check),
    }
    centred = {kind: apply(matrices[kind], langs[kind], means, "document") for kind in KINDS}
    contents = Contents(rows, centred, stated_links(rows["note"]), by_id.get, collect(rows))
    assemble(contents, Frame(scales_of(rows), means, facts), words, folder)
    return facts


def _ordered(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda r: (r.get("city") or "", r.get("category") or "", r["id"]))


def _means(
    rows: Mapping[Kind, Sequence[Row]], raw: Mapping[Kind, F32], langs: Mapping[Kind, Sequence[str]], encoder: Encoder
) -> Means:
    """One pair of means for all kinds: a query does not know which kind will answer it."""
    titles = [str(row[TITLE[kind]]) for kind in KINDS for row in rows[kind]]
    return fit(np.concatenate([raw[k] for k in KINDS]), [each for k in KINDS for each in langs[k]], titles, encoder)


def language_of(kind: Kind, row: Row) -> str:
    """The language whose mean a document is centred by."""
    return main_language(" ".join(str(row.get(n) or "") for n in ("name", "title", "body")))


def _embed(kind: Kind, rows: Sequence[Row], encoder: Encoder, words: Naming, progress: Progress | None) -> F32:
    out = np.empty((len(rows), encoder.dim), np.float32)
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        out[start : start + len(batch)] = encoder.encode([passage(kind, row, words) for row in batch], "passage")
        if progress:
            progress(f"embed {kind}", start + len(batch), len(rows))
    return out


def stated_links(notes: Sequence[Row]) -> list[tuple[str, Kind, str, float]]:
    """The links that notes state themselves."""
    fields: tuple[tuple[Kind, str], ...] = (("poi", "poi_ids"), ("product", "product_ids"))
    return [(n["id"], kind, item, 1.0) for n in notes for kind, field in fields for item in n.get(field) or ()]


def _center(name: str) -> tuple[float, float] | None:
    known = city(name)
    return None if known is None or np.isnan(known.lat) else (known.lat, known.lon)


def scales_of(rows: Mapping[Kind, Sequence[Row]]) -> Scales:
    """City centres, price quartiles and popularity percentiles of all items."""
    return Scales(
        centers=centers_of(rows["poi"], _center),
        prices=price_scales([*rows["poi"], *rows["product"]]),
        popularity={kind: popularity_scale(kind, rows[kind]) for kind in KINDS},
    )
