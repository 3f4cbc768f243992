"""How good would a learnt order be on the very queries we learn from? Models by fold: none saw the query it ranks."""

from ranking.dataset import Dataset, folds
from ranking.model import LightGbmRanker
from ranking.settings import DEFAULTS, Settings
from ranking.train import train


def fold_rankers(data: Dataset, settings: Settings = DEFAULTS, count: int = 5) -> dict[str, LightGbmRanker]:
    """query id -> a ranker that was trained without that query. For evaluation only."""
    rankers: dict[str, LightGbmRanker] = {}
    for seen, unseen in folds(data, count, settings.seed):
        trained = train(data.take(seen), settings)
        ranker = LightGbmRanker.fresh(trained.text, trained.base)
        rankers |= {data.query_ids[number]: ranker for number in unseen}
    return rankers
