"""Do products get only what their kind can have?"""

import pyarrow as pa

from engine.types import KINDS
from engine.understand.lexicon import load
from indexing.evidence import MENTIONS
from indexing.fitting import _fits, fits, fitting
from indexing.witnesses import WITNESSES

PRODUCT, POI = KINDS.index("product"), KINDS.index("poi")


def test_only_categories_and_attributes_of_the_lexicon_are_listed() -> None:
    assert _fits().keys() <= load().entries.keys()
    assert {category for listed in _fits().values() for category in listed} <= load().categories.keys()


def test_a_lamp_is_not_moisturising_and_a_cream_is() -> None:
    assert fits("moisturising", "face_cream") and not fits("moisturising", "desk_lamp")
    assert fits("long_battery", "smartwatch") and not fits("long_battery", "face_cream")
    assert fits("moisturising", None) and fits("lawn", "desk_lamp")


def test_the_nearest_category_decides() -> None:
    assert fits("sensitive_skin", "shaver") and not fits("moisturising", "shaver")


def test_witnesses_for_places_stay() -> None:
    said = dict.fromkeys(MENTIONS.names, 0) | {"attribute": "moisturising", "ended": False, "stated": True}
    mentions = pa.Table.from_pylist([said], schema=MENTIONS)
    rows = [(0, PRODUCT, 0, 1.0), (0, PRODUCT, 1, 1.0), (0, PRODUCT, 2, 1.0), (0, POI, 0, 1.0)]
    spoken = pa.table([list(c) for c in zip(*rows, strict=True)], schema=WITNESSES)
    kept = fitting(spoken, mentions, ["desk_lamp", "face_cream", None])
    assert [(row["kind"], row["item"]) for row in kept.to_pylist()] == [(PRODUCT, 1), (PRODUCT, 2), (POI, 0)]
