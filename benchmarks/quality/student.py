"""What does a distilled encoder of queries keep of its teacher on judged sets? nDCG@10 of the whole search, by slice.

The slices: questions in each language, and en->zh: English questions, of whose right answers only those count whose
own words are Chinese. The student learns from the set's items; it sees none of the questions.
Example: `python -m benchmarks.quality.student sample icecat beijing --record student`
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np

from api.distilling import asked_by, student_of
from api.evaluation import open_bench
from api.judged import JudgedSet, load
from api.printing import progress, say
from api.settings import Settings
from api.views import Views
from benchmarks import figures
from engine.clock import utc_now
from engine.errors import BadInput, LifestyleError
from engine.language import main_language
from indexing.items import TITLE
from indexing.validate import to_items
from ranking.evaluate import JudgedQuery, K, Measured, compare
from ranking.metrics import mean_known, ndcg_at
from ranking.model import HandWeighted

#: The systems whose questions are read by teacher and student.
WAYS: Final = ("ours, hand-weighted", "vectors alone")
Row = dict[str, str | int | float | None]


def main(arguments: list[str] | None = None) -> int:
    """Index, teach, ask, compare; -> the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.student", description=__doc__)
    parser.add_argument("sets", nargs="+", help="judged sets: sample, icecat, beijing, munich")
    parser.add_argument("--root", type=Path, default=Path("var/judged"), help="where judged indexes are kept")
    parser.add_argument("--every", type=int, default=1, help="ask every so many-th question")
    parser.add_argument("--record", help="the figure in which to keep it; other sets' rows stay")
    chosen = parser.parse_args(arguments)
    try:
        rows = [row for name in chosen.sets for row in of_set(name, chosen.root, utc_now(), chosen.every)]
    except (BadInput, LifestyleError) as error:
        say(f"student: {error}")
        return 1
    say("\t".join(rows[0]))
    say("\n".join("\t".join(str(value) for value in row.values()) for row in rows))
    if chosen.record:
        known = figures.load().get(chosen.record)
        others = [] if known is None else [row for row in known.rows if row["set"] not in chosen.sets]
        rows = others + rows
        note = (
            "kept: the student's share of its teacher's nDCG@10. en->zh: English questions, of whose right answers "
            "those alone count whose own words are Chinese."
        )
        command = f"python -m benchmarks.quality.student {' '.join(dict.fromkeys(str(row['set']) for row in rows))}"
        figures.record(chosen.record, command, rows, note, figures.PATH)
    return 0


def of_set(name: str, root: Path, now: datetime, every: int = 1) -> list[Row]:
    """A row a slice and way of asking."""
    settings = Settings(root=root)
    judged = load(name, None, root / f"judged-{name}" / "tables")
    with closing(Views(settings, lambda: now)) as views:
        bench = open_bench(judged, views, now, progress)
        pupil = asked_by(bench, student_of(bench, settings, progress))
        asked = {WAYS[0]: (bench.ours(HandWeighted()), pupil.ours(HandWeighted())), WAYS[1]: (bench.dense, pupil.dense)}
        pairs = {way: dict(zip(("teacher", "student"), pair, strict=True)) for way, pair in asked.items()}
        reports = {way: compare(pair, judged.queries[::every]) for way, pair in pairs.items()}
    chinese, rows = _chinese(judged), list[Row]()
    for way, report in reports.items():
        kept: dict[str, tuple[np.ndarray, list[JudgedQuery]]] = {
            lang: (chosen, list(report.queries)) for lang, chosen in report.slices().items()
        }
        across = [replace(query, grades=_among(query, chinese)) for query in report.queries]
        kept["en->zh"] = np.array([q.lang == "en" and any(q.grades.values()) for q in across]), across
        rows += [_row(name, slice_, way, *kept[slice_], report.systems) for slice_ in kept if kept[slice_][0].any()]
    return rows


def _row(
    name: str, slice_: str, way: str, chosen: np.ndarray, queries: Sequence[JudgedQuery], systems: Sequence[Measured]
) -> Row:
    teacher, student = (_mean(system, queries, chosen) for system in systems)
    row: Row = {"set": name, "asked by": way, "slice": slice_, "queries": int(chosen.sum())}
    kept = f"{student / teacher:.1%}" if teacher else None
    return row | {"teacher": round(teacher, 4), "student": round(student, 4), "kept": kept}


def _mean(system: Measured, queries: Sequence[JudgedQuery], chosen: np.ndarray) -> float:
    """nDCG@10 of the chosen ones by their own grades."""
    values = [
        ndcg_at([query.grades.get(answer, 0.0) for answer in answers], list(query.grades.values()), K)
        for query, answers in zip(queries, system.answers, strict=True)
    ]
    return mean_known(np.array(values)[chosen])


def _chinese(judged: JudgedSet) -> set[str]:
    """The ids of items whose own words are Chinese."""
    return {
        str(row["id"])
        for kind, table in judged.tables.items()
        for row in to_items(table)
        if main_language(f"{row[TITLE[kind]]} {row.get('body') or ''}") == "zh"
    }


def _among(query: JudgedQuery, ids: set[str]) -> dict[str, float]:
    return {item: grade for item, grade in query.grades.items() if item in ids}


if __name__ == "__main__":
    sys.exit(main())
