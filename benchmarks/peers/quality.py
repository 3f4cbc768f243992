"""How good is a plain hybrid stack on the same texts and queries, beside ours, with latency on one page?

LanceDB answers as its users would ask it (the query as typed), and again with filters that our parser derives; where
those leave less than a page, unfiltered answers follow.
Example: `python -m benchmarks.peers.quality beijing --record peers-quality-beijing`
"""

import argparse
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from api.evaluation import crossed, open_bench
from api.judged import JudgedSet, load
from api.layout import Layout
from api.printing import progress, say
from api.settings import Settings
from api.systems import Bench
from api.views import Views
from benchmarks import figures
from benchmarks.peers.hybrid import LanceHybrid
from benchmarks.peers.sql import sql
from engine.clock import utc_now
from engine.errors import BadInput, LifestyleError
from engine.read import read
from engine.types import KINDS, Constraint, Intent
from indexing.columns.words import naming
from indexing.encode import CachedEncoder, load_encoder
from indexing.passages import passage
from indexing.validate import to_items
from ranking.evaluate import JudgedQuery, Measured, System, compare
from ranking.model import HandWeighted, KeepOrder

_K: Final = 10
Row = dict[str, str | int | float | None]


def main(arguments: list[str] | None = None) -> int:
    """Index, answer, compare; -> the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers.quality", description=__doc__)
    parser.add_argument("set", help="a judged set: beijing, sample, munich, icecat")
    parser.add_argument("--root", type=Path, default=Path("var/judged"), help="where judged indexes are kept")
    parser.add_argument("--every", type=int, default=1, help="ask every so many-th query")
    parser.add_argument("--record", help="the name of the figure to keep in figures.json")
    chosen = parser.parse_args(arguments)
    settings, now = Settings(root=chosen.root), utc_now()
    try:
        judged = load(chosen.set, None, chosen.root / f"judged-{chosen.set}" / "tables")
        asked = judged.queries[:: max(1, chosen.every)]
        with closing(Views(settings, lambda: now)) as views, TemporaryDirectory() as folder:
            bench = open_bench(judged, views, now, progress)
            systems = peers(bench, judged, settings, Path(folder), now) | ours(bench, judged)
            report = compare(systems, asked, baseline=next(iter(systems)))
    except (BadInput, LifestyleError, ImportError) as error:
        say(f"quality: {error}")
        return 1
    rows = [_row(system) for system in report.systems]
    say("\t".join(rows[0]))
    say("\n".join("\t".join(str(value) for value in row.values()) for row in rows))
    if chosen.record:
        note = f"{len(asked)} queries of {chosen.set}; the same texts and encoder; latency with encoding."
        command = f"python -m benchmarks.peers.quality {chosen.set} --every {chosen.every}"
        figures.record(chosen.record, command, rows, note, figures.PATH)
    return 0


def _row(system: Measured) -> Row:
    figures_ = {name: round(system.mean(metric), 3) for name, metric in (("nDCG@10", "ndcg@10"), ("CS@10", "cs@10"))}
    spent = {f"p{share} ms": round(system.percentile_ms(share), 1) for share in (50, 99)}
    return {"system": system.name, **figures_, **spent}


def peers(bench: Bench, judged: JudgedSet, settings: Settings, folder: Path, now: datetime) -> dict[str, System]:
    """The stack over the set's items, asked in two ways."""
    words, rows = (
        naming(),
        [(kind, row) for kind in KINDS if kind in judged.tables for row in to_items(judged.tables[kind])],
    )
    encoder = CachedEncoder(load_encoder(settings.encoder, offline=True), Layout(settings.root).vectors)
    progress(f"indexing {len(rows)} items in LanceDB")
    vectors = encoder.encode([passage(kind, row, words) for kind, row in rows], "passage")
    stack, view = LanceHybrid(folder, rows, vectors), bench.view

    def answer(asked: JudgedQuery, text: str, constraints: tuple[Constraint, ...]) -> list[str]:
        vector = view.encoder.encode([text], "query")[0]
        wanted = tuple(asked.request.get("kinds") or bench.kinds)
        return stack.search(asked.text, vector, sql(wanted, constraints), _K)

    def parsed(asked: JudgedQuery) -> Intent:
        return read(bench.query(asked), view.index, now)

    def filtered(asked: JudgedQuery) -> list[str]:
        intent = parsed(asked)
        kept = answer(asked, intent.text or asked.text, intent.constraints)
        more = answer(asked, asked.text, ()) if len(kept) < _K else []
        return list(dict.fromkeys([*kept, *more]))[:_K]

    return {
        "LanceDB hybrid, RRF": lambda asked: answer(asked, asked.text, ()),
        "LanceDB hybrid, RRF, filters of our parse": filtered,
    }


def ours(bench: Bench, judged: JudgedSet) -> dict[str, System]:
    """Ours in the order of retrieval, by hand, and learnt where the set has enough to learn from."""
    systems = {"ours, order of retrieval": bench.ours(KeepOrder()), "ours, hand-weighted": bench.ours(HandWeighted())}
    return systems | ({"ours": crossed(bench, judged, progress)} if judged.learns else {})


if __name__ == "__main__":
    sys.exit(main())
