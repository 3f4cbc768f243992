"""Is a publish all or nothing, and is the last good snapshot served when the newest is not?"""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadInput, BadQuery, CorruptSnapshot, NoSnapshot
from indexing.manifest import Manifest
from indexing.publish import Publisher
from tests.indexing.publishing import content, names, served, writes

pytestmark = pytest.mark.promise(1)


def test_what_was_published_is_served(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path / "data" / "root")
    assert publisher.publish("demo", writes("one")) == "00000001"
    assert publisher.publish("demo", writes("two")) == "00000002"
    opened = publisher.open("demo", content)
    assert (opened.value, opened.seq, opened.reason) == ("two", "00000002", None)
    assert content(publisher.current("demo")) == "two"
    assert publisher.verify("demo").facts == {"text": "two"}


def test_three_are_kept_and_rollback_serves_them(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    for text in "abcd":
        publisher.publish("demo", writes(text))
    assert publisher.kept("demo") == ("00000002", "00000003", "00000004")
    assert publisher.rollback("demo") == "00000003"
    assert publisher.rollback("demo") == "00000002"
    with pytest.raises(BadInput, match="no snapshot before"):
        publisher.rollback("demo")
    assert publisher.rollback("demo", "00000004") == "00000004"
    with pytest.raises(BadInput, match="no snapshot '00000001'"):
        publisher.rollback("demo", "00000001")
    publisher.rollback("demo", "00000002")
    assert publisher.publish("demo", writes("e")) == "00000005"
    assert publisher.kept("demo") == ("00000003", "00000004", "00000005")
    assert sorted(path.name for path in (tmp_path / "demo" / "snapshots").iterdir()) == list(publisher.kept("demo"))


def test_a_rollback_to_damaged_bytes_is_refused(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    for text in "ab":
        publisher.publish("demo", writes(text))
    (tmp_path / "demo" / "snapshots" / "00000001" / "b").write_bytes(b"x")
    with pytest.raises(CorruptSnapshot):
        publisher.rollback("demo")
    assert content(publisher.current("demo")) == "b"


def test_a_build_that_fails_changes_nothing(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    publisher.publish("demo", writes("old"))
    before = names(tmp_path)

    def broken(folder: Path) -> Mapping[str, Any]:
        (folder / "half").write_bytes(b"x")
        raise ValueError("no encoder")

    with pytest.raises(ValueError, match="no encoder"):
        publisher.publish("demo", broken)
    assert names(tmp_path) == before
    assert served(tmp_path) == "old"


@pytest.mark.promise(4)
def test_every_changed_byte_of_the_newest_falls_back_to_the_one_before(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    for text in ("older", "old", "new"):
        publisher.publish("demo", writes(text))
    folder = publisher.current("demo")
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        whole = path.read_bytes()
        for position in range(len(whole)):
            path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
            opened = publisher.open("demo", content)
            assert (opened.value, opened.seq) == ("old", "00000002")
            assert opened.reason is not None and path.name in opened.reason
        path.write_bytes(whole)
    assert publisher.open("demo", content).value == "new"


@pytest.mark.promise(4)
def test_every_changed_byte_of_current_is_noticed(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    for text in ("old", "new"):
        publisher.publish("demo", writes(text))
    path = tmp_path / "demo" / "CURRENT"
    whole = path.read_bytes()
    for damaged in itertools.chain(
        (whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1 :] for n in range(len(whole))),
        (whole[:n] for n in range(len(whole))),
    ):
        path.write_bytes(damaged)
        opened = publisher.open("demo", content)
        assert opened.value == "new"
        assert opened.reason is not None and "CURRENT" in opened.reason
    path.unlink()
    with pytest.raises(CorruptSnapshot, match="CURRENT: is missing"):
        publisher.current("demo")
    assert publisher.publish("demo", writes("next")) == "00000003"
    assert publisher.kept("demo") == ("00000001", "00000002", "00000003")


def test_when_nothing_is_sound_the_newest_is_named(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    for text in ("old", "new"):
        publisher.publish("demo", writes(text))
    for path in (tmp_path / "demo" / "snapshots").glob("*/b"):
        path.unlink()
    with pytest.raises(CorruptSnapshot, match=r"00000002.b: is missing"):
        publisher.open("demo", content)


def test_tenants_are_apart_and_nothing_published_is_said(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    publisher.publish("one", writes("one"))
    with pytest.raises(NoSnapshot, match="two"):
        publisher.open("two", content)
    with pytest.raises(NoSnapshot):
        publisher.rollback("two")
    assert not (tmp_path / "two").exists()


BAD_NAMES = ["", ".", "..", "a/b", "../a", "A", "1a", "a\n", "a\0", "a" * 64, "%2e%2e", "ä", "a b", "a\\b", "-a"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_is_no_path(name: str, tmp_path: Path) -> None:
    publisher = Publisher(tmp_path / "root")
    for call in (publisher.kept, publisher.current, publisher.rollback, lambda n: publisher.publish(n, writes("x"))):
        with pytest.raises(BadQuery, match="tenant"):
            call(name)
    assert list(tmp_path.iterdir()) == []


def test_a_tenant_folder_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "demo").symlink_to(tmp_path / "outside")
    with pytest.raises(BadQuery, match="leads out"):
        Publisher(tmp_path / "root").publish("demo", writes("x"))
    assert list((tmp_path / "outside").iterdir()) == []


def test_one_publisher_at_a_time(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)

    def nested(folder: Path) -> Mapping[str, Any]:
        with pytest.raises(BadInput, match="another process publishes"):
            Publisher(tmp_path).publish("demo", writes("inner"))
        return writes("outer")(folder)

    publisher.publish("demo", nested)
    assert served(tmp_path) == "outer"


def test_a_snapshot_that_cannot_be_loaded_falls_back_too(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    for text in ("old", "new"):
        publisher.publish("demo", writes(text))

    def load(folder: Path, _: Manifest) -> str:
        if content(folder) == "new":
            raise IndexError("an array is shorter than it says")
        return content(folder)

    opened = publisher.open("demo", load)
    assert (opened.value, opened.seq) == ("old", "00000001")
    assert opened.reason is not None and "IndexError: an array is shorter" in opened.reason
