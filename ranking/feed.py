"""How is the order of feeds learnt? As that of searches, from another start: the worth by hand of each candidate."""

from typing import Final

from engine.feed.order import ByWorth
from engine.types import F32
from ranking.batch import f32
from ranking.features import NAMES
from ranking.linear import NOTHING, Base
from ranking.train import Settings

_WORTH: Final = NAMES.index("fused")
#: Where learning starts, in the order in which they are tried.
BASES: Final = (NOTHING, Base("feed", 1.0), Base("feed", 3.0), Base("feed", 10.0))
#: A page has some hundred candidates and a budget of milliseconds: fewer features, and pages weigh as much as what was
#: made of the past.
SETTINGS: Final = Settings(bases=BASES, strongest=24, logged_weight=1.0)


class HandWeightedFeed(ByWorth):
    """What serves before anything was learnt, and the rival of the first model."""

    def score_matrix(self, X: F32) -> F32:
        """Scores of one list from its full feature matrix (n, len(FEATURES))."""
        return f32(X[:, _WORTH])
