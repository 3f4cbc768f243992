"""How is the order of feeds learnt? As that of searches, from another start: the worth by hand of each candidate."""

from typing import Final

from engine.feed.order import ByWorth
from engine.types import F32
from ranking.batch import f32
from ranking.features import NAMES
from ranking.linear import Base
from ranking.settings import Settings

_WORTH: Final = NAMES.index("fused")
#: Where learning starts, in the order in which they are tried.
BASES: Final = (Base("feed", 3.0), Base("feed", 10.0), Base("feed", 30.0))
#: A page has some hundred candidates and a budget of milliseconds: fewer features. Small trees, each of many rows:
#: deeds of the past are few and noisy, and larger ones lost to the worth by hand. Pages weigh as much as made lists.
SETTINGS: Final = Settings(
    bases=BASES, strongest=24, leaves=4, min_data_in_leaf=50, l2=20.0, logged_weight=1.0, made_teach_constraints=False
)


class HandWeightedFeed(ByWorth):
    """What serves before anything was learnt, and the rival of the first model."""

    def score_matrix(self, X: F32) -> F32:
        """Scores of one list from its full feature matrix (n, len(FEATURES))."""
        return f32(X[:, _WORTH])
