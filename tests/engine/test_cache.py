"""Is what is kept used when it is whole, and made again when it is anything else?"""

import json
from pathlib import Path

import pytest

from engine.cache import default_cache, kept

VALUE = {"咖啡": ["cafe", 1], "lone": "\ud800"}


class Maker:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> object:
        self.made += 1
        return VALUE


def test_it_is_made_once_for_a_key(tmp_path: Path) -> None:
    make = Maker()
    assert kept("words", "1", make, tmp_path) == kept("words", "1", make, tmp_path) == VALUE
    assert make.made == 1
    assert kept("words", "2", make, tmp_path) == VALUE
    assert make.made == 2


def test_every_damage_leads_to_a_new_one(tmp_path: Path) -> None:
    kept("words", "1", Maker(), tmp_path)
    [file] = tmp_path.iterdir()
    whole = file.read_bytes()
    damaged = [whole[:length] for length in range(0, len(whole), 7)]
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 5)]
    damaged += [b"", b"\n", b"not json", json.dumps(VALUE).encode()]
    for content in damaged:
        file.write_bytes(content)
        make = Maker()
        assert kept("words", "1", make, tmp_path) == VALUE
        assert make.made == 1, content
        assert file.read_bytes() == whole


def test_where_nothing_can_be_written_it_is_made_each_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    make = Maker()
    assert kept("words", "1", make, blocked / "below") == kept("words", "1", make, blocked / "below") == VALUE
    assert make.made == 2


def test_what_cannot_be_put_in_place_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert kept("words", "1", Maker(), tmp_path) == Maker()()
    assert list(tmp_path.iterdir()) == []


def test_old_versions_are_dropped_and_other_names_stay(tmp_path: Path) -> None:
    kept("other", "1", Maker(), tmp_path)
    for number in range(20):
        kept("words", str(number), Maker(), tmp_path)
    assert len(list(tmp_path.glob("words-*"))) == 8
    assert len(list(tmp_path.iterdir())) == 9


def test_the_folder_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIFESTYLE_CACHE", str(tmp_path))
    assert default_cache() == tmp_path
    monkeypatch.delenv("LIFESTYLE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "lifestyle-search"
