"""How is what was measured told? As text for a terminal, and as figures for the tables of README and docs/feed.md."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import figures
from benchmarks.feed.measures import K

MEASURES: Final = ("recall@20", "ndcg@20")
Row = dict[str, str | int | float | None]


def text(name: str, arena: Mapping[str, Any]) -> str:
    """One arena for a terminal."""
    lines = [f"{name}: {arena['items']} items, {arena['people']} people in the train; Recall@{K} / nDCG@{K} [95%]"]
    for slice_, systems in _asked(arena):
        lines.append(f"  {slice_} ({_cases(systems)} cases)")
        for system, said in systems.items():
            reached = "  ".join(_with(said[measure], ".4f") for measure in MEASURES)
            ahead = ", ".join(_with(said["ahead"][measure], "+.4f") for measure in MEASURES) if "ahead" in said else ""
            lines.append(f"    {system:13}{reached}" + (f"  ours ahead by {ahead}" if ahead else ""))
    lines.append("  breadth of the overall pages")
    for system, wide in arena["breadth"].items():
        lines.append(f"    {system:13}" + "  ".join(f"{measure} {value:.3f}" for measure, value in wide.items()))
    return "\n".join(lines)


def record(arenas: Mapping[str, Mapping[str, Any]], command: str, path: Path = figures.PATH) -> None:
    """Keep a figure for each arena, `feed-NAME`; one of breadth; and one of ours beside the best of the others."""
    for name, arena in arenas.items():
        note = (
            f"{arena['items']} items, {arena['people']} people in the train. Means with 95 % of bootstraps over people;"
            " ahead: ours as it ships against the system of the row, case by case."
        )
        figures.record(f"feed-{name}", command, every(arena), note, path)
    rows = [row for name, arena in arenas.items() for row in _breadths(name, arena)]
    figures.record("feed-breadth", command, rows, f"Pages of {K} of the overall cases.", path)
    best = [row for name, arena in arenas.items() for row in against_the_best(name, arena)]
    note = f"Recall@{K} / nDCG@{K}; [95 % of bootstraps over people]."
    figures.record("feed-quality", command, best, note, path)


def every(arena: Mapping[str, Any]) -> list[Row]:
    """A row for each slice and system."""
    return [
        {
            "slice": slice_,
            "cases": _cases(systems),
            "system": system,
            **{column: _with(said[measure]) for column, measure in _columns("")},
            **{
                column: _with(said["ahead"][measure], "+.3f") if "ahead" in said else None
                for column, measure in _columns("ours ahead by ")
            },
        }
        for slice_, systems in _asked(arena)
        for system, said in systems.items()
    ]


def against_the_best(name: str, arena: Mapping[str, Any]) -> list[Row]:
    """A row for each slice: ours, whichever of the others is best by each measure, and how far ours is ahead."""
    rows: list[Row] = []
    for slice_, systems in _asked(arena):
        row: Row = {"set": name, "slice": slice_, "cases": _cases(systems)}
        for column, measure in _columns(""):
            best = max((s for s in systems if "ahead" in systems[s]), key=lambda s: systems[s][measure]["mean"])
            row[f"{column} ours"] = f"{systems['ours'][measure]['mean']:.3f}"
            row[f"{column} best other"] = f"{systems[best][measure]['mean']:.3f} {best}"
            row[f"{column} ahead"] = _with(systems[best]["ahead"][measure], "+.3f")
        rows.append(row)
    return rows


def _breadths(name: str, arena: Mapping[str, Any]) -> list[Row]:
    named = {
        "coverage": "share of the catalogue shown",
        "novelty": "novelty, bits",
        "diversity": "diversity within a page (1 - mean cosine)",
        "popularity": "mean percentile of popularity",
    }
    return [
        {"set": name, "system": system, **{named[measure]: round(value, 3) for measure, value in wide.items()}}
        for system, wide in arena["breadth"].items()
    ]


def _columns(prefix: str) -> Sequence[tuple[str, str]]:
    return ((f"{prefix}Recall@{K}", MEASURES[0]), (f"{prefix}nDCG@{K}", MEASURES[1]))


def _asked(arena: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The slices that have cases, with what each system reached."""
    return [(slice_, systems) for slice_, systems in arena["slices"].items() if _cases(systems)]


def _cases(systems: Mapping[str, Any]) -> int:
    cases: int = next(iter(systems.values()))["ndcg@20"]["cases"]
    return cases


def _with(said: Mapping[str, float], form: str = ".3f") -> str:
    return f"{said['mean']:{form}} [{said['low']:{form}}, {said['high']:{form}}]"
