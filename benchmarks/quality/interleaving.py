"""How many pages does a comparison online need? Simulated people, a challenger that is better by a known measure.

`python -m benchmarks.quality.interleaving`: pages drafted from two orders, and people split between them, many times
over; how often each names the right winner, and how often it names one where both orders are the same.
"""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import numpy as np

from api.printing import say
from benchmarks import figures
from benchmarks.quality.people import World, looks, ranked, world
from engine.trace import Served
from engine.trial import draft
from engine.types import I64
from ranking.impressions import Impressions
from ranking.linear import Base
from ranking.metrics import mean_known, ndcg_of_scores
from ranking.online import Compared, interleaved, split

#: Of these a row is kept among the figures.
KEPT: Final = (200, 1000, 2000)
SIZES: Final = (50, 100, 200, 500, 1000, 2000)
REPEATS: Final = 60
DRAWS: Final = 300
PEOPLE: Final = 3  # pages of each person, on average
AT: Final = datetime(2026, 11, 22, tzinfo=UTC)
NOTHING: Final = np.zeros((0, 0), np.float32)
Row = dict[str, str | int | float | None]
Comparison = Callable[[list[Impressions], dict[str, Served]], Compared]


class Two:
    """The order by hand, and a challenger that knows the grades to a degree."""

    def __init__(self, lists: World, better: float, seed: int) -> None:
        rng = np.random.default_rng(seed)
        base = Base("balanced", 1.0)
        data, self.chances, self.orders = lists.data, lists.attraction, list[tuple[I64, I64]]()
        scores = np.concatenate([base.start(data.X[rows]) for rows in data.lists()])
        theirs = scores + np.float32(better) * (data.y + rng.normal(size=len(scores))).astype(np.float32)
        self.spans = list(data.lists())
        self.orders = [(ranked(scores[rows]), ranked(theirs[rows])) for rows in self.spans]
        told = [mean_known(ndcg_of_scores(each, data.y, data.groups, 10)) for each in (scores, theirs)]
        self.gain = told[1] - told[0]

    def log(self, pages: int, how: str, seed: int) -> tuple[list[Impressions], dict[str, Served]]:
        """What people were shown and clicked."""
        rng, seen = np.random.default_rng(seed), looks(1.0)
        shown, served = [], {}
        for page, number in enumerate(rng.integers(0, len(self.spans), pages)):
            (a, b), user, name = self.orders[number], f"u{rng.integers(max(1, pages // PEOPLE))}", str(page)
            arm = "b" if int(user[1:]) % 2 else "a"
            order, teams = draft(a, b, len(a), f"{seed} {page}") if how == "interleave" else ((b, a)[arm == "a"], "")
            clicked = rng.random(len(order)) < seen[: len(order)] * self.chances[self.spans[number].start + order]
            items, hits = tuple(map(str, order)), tuple(clicked.tolist())
            shown.append(Impressions(name, AT, items, tuple(map(int, hits)), tuple(range(len(items))), hits))
            served[name] = Served(name, AT, user, "", (), items, NOTHING, "", "", "t", "" if teams else arm, teams)
        return shown, served


def power(two: Two, how: str, compared: Comparison) -> list[Row]:
    """For each number of pages: how often b was named, and a, in so many repetitions."""
    rows: list[Row] = []
    for pages in SIZES:
        winners = [compared(*two.log(pages, how, seed)).winner for seed in range(REPEATS)]
        row: Row = {"method": how, "gain in nDCG@10": round(two.gain, 4), "pages": pages}
        row["names the challenger"] = round(winners.count("b") / REPEATS, 3)
        row["names the other"] = round(winners.count("a") / REPEATS, 3)
        rows.append(row)
        say("  ".join(f"{name} {value}" for name, value in rows[-1].items()))
    return rows


def main() -> None:
    """Print the power; with --record keep it among the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.interleaving", description=__doc__)
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    lists, rows = world(), list[Row]()
    for better in (0.0, 0.03, 0.1):
        two = Two(lists, better, seed=1)
        rows += power(two, "interleave", lambda pages, served: interleaved(pages, served, "t", draws=DRAWS))
        rows += power(two, "split", lambda pages, served: split(pages, served, "t", draws=DRAWS))
    if chosen.record:
        rows = [row for row in rows if row["pages"] in KEPT]
        figures.record(
            "interleaving", "python -m benchmarks.quality.interleaving", rows, f"{REPEATS} repetitions each."
        )


if __name__ == "__main__":
    main()
