"""What does variety cost? Pages of the order by hand, spread more and more: nDCG@10 against how unlike their items are.

`python -m benchmarks.quality.diversity`: the sample's judged queries; for each kind apart, as pages are made.
"""

import argparse
from contextlib import closing
from typing import Final

import numpy as np

from api.evaluation import open_bench
from api.judged import load
from api.printing import progress, say
from api.settings import Settings
from api.training import judged_by
from api.views import Views
from benchmarks import figures
from benchmarks.roots import NOW, cache
from engine.diverse import diverse
from engine.types import KINDS
from ranking.dataset import dataset
from ranking.metrics import mean_known, ndcg_at
from ranking.model import HandWeighted

WORTHS: Final = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.3)
PAGE: Final = 10
Row = dict[str, str | int | float | None]


def main() -> None:
    """Print the curve; with --record keep it among the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.diversity", description=__doc__)
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    settings = Settings(root=cache() / "judged", encoder="bundled")
    judged = load("sample", None, settings.root / "judged-sample" / "tables")
    with closing(Views(settings, lambda: NOW)) as views:
        bench = open_bench(judged, views, NOW, progress)
        lists = list(judged_by(bench, judged.queries))
        X, index, tenant = dataset(bench.view.index, lists), bench.view.index, bench.tenant
        scored = [HandWeighted().score_matrix(X.X[rows]) for rows in X.lists()]
        rows: list[Row] = []
        for worth in WORTHS:
            quality, unlike, names = [], [], []
            for judgment, scores in zip(lists, scored, strict=True):
                grades = np.asarray(judgment.grades)
                for code, kind in enumerate(KINDS):
                    mine = np.flatnonzero(judgment.found.kind == code)
                    if len(mine) < PAGE:
                        continue
                    order = mine[np.argsort(-scores[mine], kind="stable")]
                    page = diverse(index, tenant, kind, judgment.found, order, scores, worth)[:PAGE]
                    at = judgment.found.row[page]
                    vectors = np.nan_to_num(index.vectors(tenant, kind, at))
                    quality.append(ndcg_at(grades[page], grades[mine], PAGE))
                    unlike.append(float(1 - (vectors @ vectors.T)[np.triu_indices(PAGE, 1)].mean()))
                    names.append(len(set(map(str, index.column(tenant, kind, "category", at)))))
            row: Row = {"worth": worth, "nDCG@10": round(mean_known(quality), 4)}
            row |= {"mean distance": round(float(np.mean(unlike)), 4), "categories": round(float(np.mean(names)), 2)}
            rows.append(row)
            say("  ".join(f"{name} {value}" for name, value in row.items()))
    if chosen.record:
        figures.record("diversity", "python -m benchmarks.quality.diversity", rows, "1.0: as ranked.")


if __name__ == "__main__":
    main()
