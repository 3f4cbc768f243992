"""Which way to learn is best? One change at a time, on lists not learnt from, beside orders by hand.

`python -m benchmarks.quality.learning`: the sample's judged queries by 5-fold cross-validation, learnt from with
questions made of its items; `learning icecat`: the shop's, of which no questions are made. "learnt" is what `lifestyle
train` does by itself (ranking.plan); the rows after it, left out by `--brief`, change one thing of a fixed number of
trees over all features. `--unseen FILE`: learns from all of them and orders the queries of FILE, of which it learns
nothing.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from api.evaluation import open_bench
from api.judged import load
from api.printing import progress, say
from api.settings import Settings as Served
from api.training import judged_by, judged_lists, logged_lists
from api.views import Views
from benchmarks import figures
from benchmarks.roots import NOW, cache
from engine.types import F32, F64, I64, Mask
from indexing.sample import files
from ranking.dataset import MADE, Dataset, dataset, folds, joined
from ranking.features import NAMES
from ranking.impressions import join
from ranking.linear import NOTHING, Base
from ranking.metrics import mean_known, ndcg_of_scores
from ranking.settings import DEFAULTS, Settings
from ranking.significance import Difference, paired
from ranking.train import foretold

FOLDS: Final = 5
#: How each set is learnt: a fixed number of trees on a fixed base, so that what is compared is one change and not the
#: luck of early stopping.
FIXED: Final[Mapping[str, Settings]] = {
    "sample": Settings(bases=(Base("balanced", 3.0),), fixed=True, few_trees=80),
    "icecat": Settings(bases=(Base("words", 10.0),), fixed=True, few_trees=80),
}
KINDS: Final = ("is_note", "is_product", "is_poi")
CATEGORICAL: Final = ("query_lang", "query_intent")
Row = dict[str, str | int | float | None]
#: (lists to learn from, lists to order) -> scores of all rows of the latter.
System: TypeAlias = Callable[[Dataset, Dataset], F64]


@dataclass(frozen=True)
class Material:
    """A set's lists: `judged` by people, `made` of its items, `logged` pages; `unseen`: other judged ones."""

    judged: Dataset
    made: Dataset | None = None
    logged: Dataset | None = None
    unseen: Dataset | None = None


def material(name: str, unseen: Path | None) -> Material:
    """Retrieval's candidates for each query, with grades; the index is built where it is not there yet."""
    settings = Served(root=cache() / "judged", encoder="bundled")
    judged = load(name, None, settings.root / f"judged-{name}" / "tables")
    with closing(Views(settings, lambda: NOW)) as views:
        bench = open_bench(judged, views, NOW, progress)
        data = judged_lists(bench, judged.queries, judged.made)
        logged = logged_lists(bench, join(files.events()), {}, progress) if name == "sample" else []
        others = None
        if unseen is not None:
            asked = load(name, unseen, settings.root / f"judged-{name}" / "tables").queries
            others = dataset(bench.view.index, judged_by(bench, asked))
    made = np.array([query_id.startswith(MADE) for query_id in data.query_ids], np.bool_)
    return Material(
        data.take(np.flatnonzero(~made)),
        data.take(np.flatnonzero(made)) if made.any() else None,
        joined(logged) if logged else None,
        others,
    )


def by_column(name: str) -> System:
    """One retriever alone."""
    return lambda _, asked: np.nan_to_num(asked.X[:, NAMES.index(name)].astype(np.float64), nan=-1e9)


def by_hand(weights: str) -> System:
    """One of the orders set by hand."""
    base = Base(weights, 1.0)
    return lambda _, asked: np.concatenate([base.start(asked.X[rows]) for rows in asked.lists()]).astype(np.float64)


def learnt(settings: Settings, part: Callable[[Dataset], Mask] | None = None) -> System:
    """By trees; `part`: of which lists alone."""

    def system(kept: Dataset, asked: Dataset) -> F64:
        return foretold(kept if part is None else kept.take(np.flatnonzero(part(kept))), asked, settings)

    return system


def averaged(settings: Settings, seeds: tuple[int, ...]) -> System:
    """The mean of models that differ by their seed."""
    return lambda kept, asked: np.mean(
        [foretold(kept, asked, replace(settings, seed=seed)) for seed in seeds], axis=0, dtype=np.float64
    )


def by_kind(settings: Settings) -> System:
    """A model for each kind, learnt from the rows of that kind alone."""

    def system(kept: Dataset, asked: Dataset) -> F64:
        out = np.zeros(len(asked.y))
        for name in KINDS:
            mine, theirs = (part.X[:, NAMES.index(name)] == 1 for part in (kept, asked))
            if theirs.any():
                out[theirs] = foretold(only(kept, mine), only(asked, theirs), settings)
        return out

    return system


def only(data: Dataset, rows: Mask) -> Dataset:
    """The lists with these rows alone; those of which nothing is left are left out."""
    lengths: I64 = np.array([int(rows[span].sum()) for span in data.lists()], np.int64)
    left = np.flatnonzero(lengths)
    X: F32 = data.X[rows]
    weights = None if data.weights is None else data.weights[rows]
    return Dataset(X, data.y[rows], lengths[left], tuple(data.query_ids[number] for number in left), weights)


def without_logged(data: Dataset) -> Mask:
    """All lists but logged pages."""
    return ~data.logged()


def shipped(of: Material) -> dict[str, System]:
    """What can serve, and each source alone."""
    base = {
        "BM25 alone": by_column("bm25"),
        "meaning alone": by_column("cosine"),
        "retrieval's fusion": by_column("fused"),
        "by hand": by_hand("balanced"),
        "by hand, words": by_hand("words"),
        "learnt": learnt(DEFAULTS, without_logged),
    }
    if of.made is not None:
        base["cold start: made questions alone"] = learnt(DEFAULTS, lambda data: data.made())
    return base


def changed(fixed: Settings, of: Material) -> dict[str, System]:
    """One change at a time; each without logged pages unless it says so."""
    base = {
        "fixed": learnt(fixed, without_logged),
        "fixed, mean of 3 seeds": averaged(fixed, (1, 2, 3)),
        "fixed, monotone": learnt(replace(fixed, monotone=True), without_logged),
        "fixed, categorical splits": learnt(replace(fixed, categorical=CATEGORICAL), without_logged),
        "fixed, no base": learnt(replace(fixed, bases=(NOTHING,)), without_logged),
    }
    if of.made is not None:
        base["cold start, fixed"] = learnt(fixed, lambda data: data.made())
        base["fixed, judged lists alone"] = learnt(fixed, lambda data: data.judged())
        base["fixed, one model a kind"] = by_kind(fixed)
    if of.logged is not None:
        base["logged pages alone"] = learnt(replace(fixed, logged_weight=1.0), lambda data: data.logged())
        base["fixed, logged pages too"] = learnt(fixed)
    return base


def quality(system: System, of: Material, seeds: Sequence[int]) -> F64:
    """nDCG@10 of every judged list by models that did not see it, the mean over foldings by these seeds; or of every
    unseen list."""
    rest = [part for part in (of.made, of.logged) if part is not None]
    if of.unseen is not None:
        return _of_lists(system(joined([of.judged, *rest]), of.unseen), of.unseen)
    spans, found = list(of.judged.lists()), list[F64]()
    for seed in seeds:
        scores = np.zeros(len(of.judged.y))
        for seen, unseen in folds(of.judged, FOLDS, seed):
            told = system(joined([of.judged.take(seen), *rest]), of.judged.take(unseen))
            scores[np.concatenate([np.arange(spans[at].start, spans[at].stop) for at in unseen])] = told
        found.append(_of_lists(scores, of.judged))
    mean: F64 = np.mean(found, axis=0)
    return mean


def _of_lists(scores: F64, data: Dataset) -> F64:
    return ndcg_of_scores(scores, data.y, data.groups, 10)


def rows_of(values: Mapping[str, F64]) -> list[Row]:
    """A row a system: its mean, and paired tests against the order by hand and against what serves."""
    rows: list[Row] = []
    for name, found in values.items():
        hand, told = paired(found, values["by hand"]), paired(found, values["learnt"])
        row: Row = {"order": name, "nDCG@10": round(mean_known(found), 4)}
        row |= {"against by hand": _gain(hand), "p": round(hand.p_two_sided, 4)}
        row |= {"against learnt": _gain(told), "p of it": round(told.p_two_sided, 4)}
        rows.append(row)
        say("  ".join(f"{key} {value}" for key, value in row.items()))
    return rows


def _gain(told: Difference) -> str:
    return f"{told.gain:+.4f} ({told.low:+.4f} to {told.high:+.4f})"


def _times(seeds: Sequence[int]) -> str:
    return f" {len(seeds)} times over" if len(seeds) > 1 else ""


def main() -> None:
    """Print a row a system; with --record keep them among the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.learning", description=__doc__)
    parser.add_argument("name", nargs="?", choices=tuple(FIXED), default="sample")
    parser.add_argument("--unseen", type=Path, help="judged queries to order, none of which is learnt from")
    parser.add_argument("--brief", action="store_true", help="only what can serve, and each source alone")
    parser.add_argument("--seeds", type=int, nargs="+", default=[DEFAULTS.seed], help="of the foldings to average over")
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    of = material(chosen.name, chosen.unseen)
    asked = of.judged if of.unseen is None else of.unseen
    values = dict[str, F64]()
    compared = shipped(of) | ({} if chosen.brief else changed(FIXED[chosen.name], of))
    for name, system in compared.items():
        values[name] = quality(system, of, chosen.seeds)
        say(f"{name}: {mean_known(values[name]):.4f}")
    rows = rows_of(values)
    if chosen.record:
        unseen = (
            " of an unseen file" if of.unseen is not None else f", {FOLDS}-fold cross-validation{_times(chosen.seeds)}"
        )
        short = int(np.median(asked.groups))
        note = (
            f"{len(asked)} judged queries of {chosen.name}{unseen}; retrieval's candidates (median {short} a query). "
        )
        note += "Gains with 95 % intervals; p two-sided, paired."
        end = f" {chosen.name}" if chosen.name != "sample" else ""
        end += " --brief" if chosen.brief else ""
        end += " --seeds " + " ".join(map(str, chosen.seeds)) if len(chosen.seeds) > 1 else ""
        command = f"python -m benchmarks.quality.learning{end}{' --unseen FILE' if of.unseen is not None else ''}"
        name = f"learning-{chosen.name}{'-unseen' if of.unseen is not None else ''}"
        figures.record(name, command, rows, note)


if __name__ == "__main__":
    main()
