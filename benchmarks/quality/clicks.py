"""Does learning from clicks rank better when it knows that few look far down? Simulated people of a click model.

`python -m benchmarks.quality.clicks`: pages are logged by three orders in turn, clicks drawn by the model. Rankers are
taught by them naively; with clicks weighing the inverse of the looks that ranking/propensity.py harvests from that log,
and that it finds by expectation maximisation; with the true looks; with LightGBM's own position bias. nDCG@10 is
against the true grades of lists not learnt from.
"""

import argparse
from dataclasses import replace
from typing import Final

import numpy as np

from api.printing import say
from benchmarks import figures
from benchmarks.quality.people import World, looks, world
from ranking.dataset import LOGGED, Dataset, split
from ranking.gate import quality
from ranking.linear import NOTHING
from ranking.logs import weighed
from ranking.metrics import mean_known
from ranking.model import HandWeighted, LightGbmRanker
from ranking.propensity import Propensities, Shown, estimate, maximised
from ranking.settings import Settings
from ranking.train import Trained, train

PAGES: Final = (300, 1000, 3000, 10_000)
SHARES: Final = (0.8, 0.1, 0.1)  # of the three orders
PLAIN: Final = Settings(bases=(NOTHING,), fixed=True, few_trees=100, logged_weight=1.0)
Row = dict[str, str | int | float | None]


def logged(lists: World, pages: int, steepness: float, seed: int) -> tuple[Dataset, list[Shown]]:
    """Pages with the features of their items and a click as grade 1; and what the estimate sees of them."""
    rng, spans = np.random.default_rng(seed), list(lists.data.lists())
    seen, chances = looks(steepness), lists.attraction
    rows, shown, places = [], [], []
    for number, order in zip(rng.integers(0, len(spans), pages), rng.choice(3, pages, p=SHARES), strict=True):
        here = spans[number].start + lists.orders[number][order]
        clicked = rng.random(len(here)) < seen[: len(here)] * chances[here]
        rows.append(here)
        places.append(np.arange(1, len(here) + 1))
        shown.append(Shown(str(number), [str(row) for row in here], clicked.tolist()))
    at = np.concatenate(rows)
    clicks = np.concatenate([page.clicked for page in shown]).astype(np.int64)
    groups = np.array([len(page.items) for page in shown], np.int64)
    ids = tuple(f"{LOGGED}{number}" for number in range(pages))
    return Dataset(lists.data.X[at], clicks, groups, ids, places=np.concatenate(places)), shown


def learnt(data: Dataset, held: Dataset, debias: str) -> float:
    """Mean nDCG@10 on the held-out lists of what these clicks teach."""
    return mean_known(quality(_of(train(data, replace(PLAIN, debias=debias))), held))


def curve(lists: World, steepness: float, sizes: tuple[int, ...], seed: int) -> list[Row]:
    """A row for each number of pages: nDCG@10 of each way to learn, and how far the estimated looks are off."""
    kept, held = split(lists.data, 0.3, seed)
    inside = set(kept.query_ids)
    orders = [order for order, name in zip(lists.orders, lists.data.query_ids, strict=True) if name in inside]
    mine, true = World(kept, orders), looks(steepness)
    sky = mean_known(quality(_of(train(kept, PLAIN)), held))
    hand = mean_known(quality(HandWeighted(), held))
    rows: list[Row] = []
    for pages in sizes:
        data, shown = logged(mine, pages, steepness, seed)
        found, likeliest = estimate(shown, len(true)), maximised(shown, len(true))
        told = {
            "naive": learnt(data, held, "none"),
            "weights, estimated looks": learnt(weighed(data, found), held, "weights"),
            "weights, likeliest looks": learnt(weighed(data, likeliest), held, "weights"),
            "weights, true looks": learnt(weighed(data, Propensities(true, 1)), held, "weights"),
            "LightGBM's position bias": learnt(data, held, "places"),
        }
        row: Row = {"steepness": steepness, "pages": pages, "by hand": round(hand, 4)}
        row |= {name: round(value, 4) for name, value in told.items()}
        off = {name: np.abs(each.looks - true).mean() for name, each in (("looks", found), ("likeliest", likeliest))}
        row |= {"true grades": round(sky, 4)} | {f"{name} off by": round(float(by), 3) for name, by in off.items()}
        rows.append(row)
        say("  ".join(f"{name} {value}" for name, value in rows[-1].items()))
    return rows


def _of(trained: Trained) -> LightGbmRanker:
    return LightGbmRanker.fresh(trained.text, trained.base)


def main() -> None:
    """Print the curves; with --record keep them among the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.clicks", description=__doc__)
    parser.add_argument("--steepness", type=float, nargs="*", default=[0.5, 1.0])
    parser.add_argument("--pages", type=int, nargs="*", default=PAGES)
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    lists = world()
    rows = [row for each in chosen.steepness for row in curve(lists, each, tuple(chosen.pages), seed=7)]
    if chosen.record:
        figures.record("clicks", "python -m benchmarks.quality.clicks", rows, "nDCG@10 of lists not learnt from.")


if __name__ == "__main__":
    main()
