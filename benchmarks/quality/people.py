"""How do simulated people look at a page? Lists with known grades, orders over them, and clicks under a known model.

The model is the position-based one (Craswell et al., WSDM 2008): a place is looked at with a probability that falls by
1 / place ** steepness; what is looked at is clicked by its grade, and now and then by mistake. Nothing of it is told
to what learns from the clicks.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import numpy as np

from api.coldstart import generated
from api.evaluation import open_bench
from api.judged import load
from api.printing import progress
from api.settings import Settings
from api.training import judged_by, logged_lists
from api.views import Views
from benchmarks.roots import NOW, cache
from engine.types import F32, F64, I64
from indexing.sample import files
from ranking.dataset import Dataset, dataset, joined, thin
from ranking.features import NAMES
from ranking.impressions import join
from ranking.linear import Base

PAGE: Final = 10
NOISE: Final = 0.1  # of what is looked at and not wanted, so much is clicked
MADE: Final = 600
LONGEST: Final = 100


@dataclass(frozen=True)
class World:
    """Lists with grades 0 to 3, and what the orders that log make of each: positions within the list, best first."""

    data: Dataset
    orders: Sequence[Sequence[I64]]  # (lists, orders, PAGE at most)
    events: Dataset | None = None  # the sample's logged pages as lists, where the world was made of them

    @property
    def attraction(self) -> F64:
        """How likely each row is clicked when looked at (rows,)."""
        gain: F64 = (np.exp2(self.data.y.astype(np.float64)) - 1) / 7
        return NOISE + (1 - NOISE) * gain


def looks(steepness: float) -> F64:
    """How likely each place of a page is looked at (PAGE,)."""
    falling: F64 = 1.0 / np.arange(1.0, PAGE + 1.0) ** steepness
    return falling


def world() -> World:
    """The sample's judged queries and questions made of its items, with three orders by hand that take turns."""
    settings = Settings(root=cache() / "judged", encoder="bundled")
    judged = load("sample", None, settings.root / "judged-sample" / "tables")
    with closing(Views(settings, lambda: NOW)) as views:
        bench = open_bench(judged, views, NOW, progress)
        lists = [*judged_by(bench, judged.queries), *generated(bench, MADE)]
        data = thin(dataset(bench.view.index, lists), LONGEST, seed=7)
        logged = joined(logged_lists(bench, join(files.events()), {}, progress))
    return World(data, [orders(data.X[rows]) for rows in data.lists()], logged)


def orders(X: F32) -> list[I64]:
    """The balanced order mostly, the one by words and the one by nothing but meaning now and then: as models change."""
    bases = (Base("balanced", 1.0), Base("words", 1.0))
    return [ranked(base.start(X)) for base in bases] + [ranked(np.nan_to_num(X[:, NAMES.index("cosine")], nan=-1.0))]


def ranked(scores: F32) -> I64:
    """The first page by score, equal ones as they stand."""
    return np.argsort(-scores, kind="stable")[:PAGE]
