"""Do the figures of a build's cost add up?"""

import numpy as np

from indexing.columns.mined import NOBODY
from indexing.spent import Spent


def test_nothing_said_is_a_claim_of_no_rows() -> None:
    assert {len(column) for column in vars(NOBODY).values()} == {0}


def test_what_parts_cost_is_a_share_of_the_whole() -> None:
    spent = Spent()
    with spent.on("mining"):
        np.linalg.norm(np.ones((300, 300)) @ np.ones((300, 300)))
    facts = spent.facts(10)["mining"]
    assert 0 <= facts["share"] <= 1 and facts["notes_per_second"] > 0
