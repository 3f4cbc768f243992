"""Is every usual feature fed, or said why not; and does every feature of ours stand in a group?"""

import tomllib
from pathlib import Path

from ranking.features import NAMES

GROUPS = tomllib.loads((Path(__file__).parent / "groups.toml").read_text("utf-8"))
SAID = [value for group in GROUPS.values() for value in group.values()]


def test_every_group_is_fed_by_features_that_there_are() -> None:
    named = {name for value in SAID if isinstance(value, list) for name in value}
    assert named - set(NAMES) == set()
    assert set(NAMES) - named == set()


def test_what_is_not_fed_is_said_in_a_sentence() -> None:
    assert all(len(value.split()) > 4 for value in SAID if isinstance(value, str))
    assert all(value for value in SAID)
