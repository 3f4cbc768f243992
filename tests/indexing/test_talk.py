"""Are the links that a snapshot keeps by row those that its ids give?"""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from engine.types import KINDS
from indexing.segment import Segment
from indexing.testimony import first_court


def test_links_by_row_are_read_from_disk_and_equal_those_made_of_ids(published: Path) -> None:
    segment = Segment.open(published / "default" / "snapshots" / "00000001")
    assert segment.talk
    kept, made = first_court(segment).talk, first_court(replace(segment, talk={})).talk
    assert sum(len(made[kind].note) for kind in KINDS) > 100
    for kind in KINDS:
        for each in fields(made[kind]):
            np.testing.assert_array_equal(getattr(kept[kind], each.name), getattr(made[kind], each.name))
