"""How does a comparison read? As plain data for JSON and as a plain-text table."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ranking.evaluate import METRICS, Measured, Report


def as_data(report: Report) -> dict[str, Any]:
    """Plain data for JSON; NaN is None."""
    return {
        "queries": len(report.queries),
        "baseline": report.baseline,
        "systems": {system.name: _row(system, report.slices()) for system in report.systems},
    }


def slot_table(report: Report, name: str) -> str:
    """One system's CS@10 and nDCG@10 over the queries that ask for each slot, worst first."""
    (system,) = (system for system in report.systems if system.name == name)
    rows = sorted((system.mean("cs@10", mask), slot, mask) for slot, mask in report.slots().items())
    lines = [
        f"{slot:<18} {int(mask.sum()):>7}  {satisfied:.4f}  {system.mean('ndcg@10', mask):.4f}"
        for satisfied, slot, mask in rows
    ]
    return "\n".join([f"{'slot':<18} queries  cs@10   ndcg@10", *lines])


def text_table(report: Report) -> str:
    """The report for a terminal or a log: one line a system, then nDCG@10 and CS@10 by language."""
    slices = report.slices()
    head = ["system", *METRICS, "p50 ms", "p99 ms", *(f"{m} {s}" for s in slices for m in ("ndcg@10", "cs@10"))]
    rows = [[*head, f"p against {report.baseline}"]]
    for system in report.systems:
        figures = [system.mean(metric) for metric in METRICS]
        figures += [system.percentile_ms(50), system.percentile_ms(99)]
        figures += [system.mean(metric, chosen) for chosen in slices.values() for metric in ("ndcg@10", "cs@10")]
        test = "" if system.against is None else f"{system.against.gain:+.4f} p={system.against.p_two_sided:.4f}"
        rows.append([system.name, *(f"{figure:.4f}" for figure in figures), test])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([f"{len(report.queries)} queries", *lines])


def _row(system: Measured, slices: Mapping[str, np.ndarray[Any, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {metric: _number(system.mean(metric)) for metric in METRICS}
    row["p50_ms"], row["p99_ms"] = _number(system.percentile_ms(50)), _number(system.percentile_ms(99))
    row["by_language"] = {
        lang: {metric: _number(system.mean(metric, chosen)) for metric in METRICS} for lang, chosen in slices.items()
    }
    if system.against is not None:
        row["against_baseline"] = {"gain": system.against.gain, "p": system.against.p_two_sided}
        row["against_baseline"] |= {"low": system.against.low, "high": system.against.high}
    return row


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value
