"""Do contributions add up to the scores, and is the strongest reason told?"""

import numpy as np
import pytest

from ranking.explain import _words, contributions, named, sentence
from ranking.features import NAMES
from ranking.linear import BASES, Base
from ranking.model import HandWeighted, KeepOrder, LightGbmRanker
from ranking.settings import Settings
from ranking.train import train
from tests.ranking.synthetic import lists

DATA = lists(12, seed=1)
ROWS = DATA.X[:20]


@pytest.mark.parametrize("base", [BASES[0], Base("balanced", 3.0)], ids=str)
def test_contributions_differ_as_the_scores_do(base: Base) -> None:
    trained = train(DATA, Settings(few_trees=15, bases=(base,)))
    ranker = LightGbmRanker.fresh(trained.text, trained.base)
    added, scores = contributions(ranker, ROWS), ranker.score_matrix(ROWS)
    assert np.allclose(added.sum(axis=1) - added.sum(axis=1)[0], scores - scores[0], atol=1e-4)


def test_orders_by_hand_are_explained_by_their_weights() -> None:
    whole = np.nan_to_num(ROWS)
    added, scores = contributions(HandWeighted(), whole), HandWeighted().score_matrix(whole)
    assert np.allclose(added.sum(axis=1) - added.sum(axis=1)[0], scores - scores[0], atol=1e-4)
    assert not contributions(KeepOrder(), ROWS).any()


def test_the_strongest_reason_is_told_in_both_languages_and_once() -> None:
    added = np.zeros(len(NAMES))
    added[[NAMES.index("match_amenity"), NAMES.index("rating"), NAMES.index("rating_bayes")]] = 3.0, 1.0, 1.0
    added[NAMES.index("distance_km")] = -2.0
    assert sentence(added, "zh") == "有你要的设施、评分高；这一点别家更好：离得近。"
    assert sentence(added, "en") == (
        "It has the facilities you want; it is rated well. Others have the better of it here: it is near."
    )
    assert list(named(added, 2)) == ["match_amenity", "distance_km"]
    assert sentence(np.zeros(len(NAMES)), "en") == ""


def test_words_are_of_features_that_there_are() -> None:
    assert set(_words()) <= set(NAMES)
    assert all(set(words) == {"zh", "en"} for words in _words().values())
