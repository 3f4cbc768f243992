"""python -m benchmarks.feed.drift: the simulator's curves, as docs/feed_simulator.png and a table.

Our feed (the engine over the sample's items, hearing each day's events through its store) beside the same without
personalisation, likeness alone, popularity and lots.
"""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from api.printing import progress, say
from api.settings import Settings
from benchmarks.feed import samples
from benchmarks.feed.ours import Ours
from benchmarks.feed.plots import panels
from benchmarks.feed.simulator import (
    MEASURES,
    World,
    by_engine,
    by_likeness,
    by_lot,
    by_popularity,
    simulate,
)
from engine.types import F64

#: The sample's present, in seconds since 1970: 2026-11-22.
START: Final = 1_795_305_600
TITLES: Final = {
    "engagement": "clicks a page of ten",
    "coverage": "share of the items ever shown",
    "diversity": "diversity within a page (1 - mean cosine)",
    "bubble": "share of the commonest topic within ten days",
}


def main() -> None:
    """Simulate, print, draw."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path("var/judged"))
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--days", type=int, default=50)
    parser.add_argument("--plot", type=Path, default=Path("docs/feed_simulator.png"))
    given = parser.parse_args()
    curves = simulated(Settings(root=given.root), given.people, given.days)
    given.plot.write_bytes(panels(curves, TITLES))
    say(table(curves))


def simulated(settings: Settings, people: int, days: int) -> dict[str, Mapping[str, F64]]:
    """-> the curves of each system."""
    curves: dict[str, Mapping[str, F64]] = {}
    ours = Ours.open(settings, "simulator", samples.rows(), (), START)
    try:
        world = World.of(ours.vectors(), people, days)
        for name, personal in (("ours", True), ("ours, not personal", False)):
            curves[name] = simulate(world, by_engine(ours.afresh(), START, personal), days, START)
            for person in range(people):
                ours.views.store.forget_user(ours.tenant, f"p{person}")
            progress(f"{name}: done")
    finally:
        ours.views.close()
    others = {"likeness alone": by_likeness, "popularity": by_popularity, "by lot": by_lot}
    return curves | {name: simulate(world, make(world), days, START) for name, make in others.items()}


def table(curves: Mapping[str, Mapping[str, F64]]) -> str:
    """Means of the first ten days and of the last ten; coverage at the end of them."""
    lines = [f"{'':20}" + "".join(f"{measure:>24}" for measure in MEASURES)]
    for name, curve in curves.items():
        cells = [
            f"{curve[m][: 10][-1]:.3f} -> {curve[m][-1]:.3f}" if m == "coverage"
            else f"{curve[m][:10].mean():.3f} -> {curve[m][-10:].mean():.3f}"
            for m in MEASURES
        ]  # fmt: skip
        lines.append(f"{name:20}" + "".join(f"{cell:>24}" for cell in cells))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
