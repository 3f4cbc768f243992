"""Do the steps of a build make what one process makes at once, and go on where they were broken off?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.types import Kind
from indexing import manifest
from indexing.cluster.build import build_by_steps, spec_for
from indexing.cluster.engines import Local
from indexing.cluster.work import Task
from indexing.columns.words import naming
from indexing.encode import HashEncoder
from indexing.jobs import FACTS, build
from indexing.segment import Progress
from indexing.validate import to_table
from tests.api.world import NOW, rows

TENANT = "default"
SPEC = spec_for(NOW, "hash", TENANT, voices=True, cache=None)
Tables = dict[Kind, Any]


@pytest.fixture(scope="module")
def tables() -> Tables:
    found = rows()
    return {kind: to_table(kind, found[kind][:80]) for kind in found}


@pytest.fixture(scope="module")
def at_once(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What one process makes: name of each file -> its digest."""
    out = tmp_path_factory.mktemp("once") / "built"
    build(tables, TENANT, None, HashEncoder(), out, now=NOW, voices=True)
    return digests(out)


def digests(folder: Path) -> dict[str, str]:
    """Of all files but the facts, which say what the build cost."""
    return {name: manifest.digest(path) for name, path in manifest.files_in(folder).items() if name != FACTS}


class Killed(Exception):
    """What happens to an engine."""


class Mortal(Local):
    """Dies after so many tasks, in the middle of one; remembers what it did."""

    def __init__(self, lives: int) -> None:
        self.lives, self.did = lives, list[str]()

    def run(self, folder: Path, stage: str, tasks: Sequence[Task], progress: Progress | None) -> None:
        for task in tasks:
            there = (folder / task.out).exists()
            if not there and self.lives <= 0:
                _half(folder / task.out)
                raise Killed
            task.run(folder)
            if not there:
                self.lives -= 1
                self.did.append(task.out)


def _half(part: Path) -> None:
    """What a killed step leaves: a draft of its part."""
    part.parent.mkdir(parents=True, exist_ok=True)
    part.with_name(f".{part.name}.0").write_bytes(b"half")


def test_steps_make_the_very_bytes_that_one_process_makes(
    tables: Tables, at_once: dict[str, str], tmp_path: Path
) -> None:
    facts = build_by_steps(tables, None, SPEC, tmp_path / "work", tmp_path / "out", Local())
    assert digests(tmp_path / "out") == at_once
    assert facts["counts"] == {kind: len(table) for kind, table in tables.items()}
    assert not (tmp_path / "work").exists()


def test_a_build_that_dies_after_each_part_goes_on_and_makes_the_same(
    tables: Tables, at_once: dict[str, str], tmp_path: Path
) -> None:
    did: list[str] = []
    for _ in range(50):
        engine = Mortal(1 if did else 0)
        try:
            build_by_steps(tables, None, SPEC, tmp_path / "work", tmp_path / "out", engine)
            break
        except Killed:
            did += engine.did or [""]
    assert digests(tmp_path / "out") == at_once
    assert len(did) > 5 and len(set(did)) == len(did)  # each part was made once


def test_other_tables_begin_anew(tables: Tables, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        build_by_steps(tables, None, SPEC, tmp_path / "work", tmp_path / "out", Mortal(3))
    fewer = {**tables, "poi": tables["poi"].slice(1)}
    facts = build_by_steps(fewer, None, SPEC, tmp_path / "work", tmp_path / "out", Local())
    assert facts["counts"]["poi"] == len(tables["poi"]) - 1


def test_what_an_amenity_stands_for_comes_in_one_order_in_every_process() -> None:
    said = [raw for row in rows()["poi"] for raw in row.get("amenities") or ()]
    found = [naming().ids(None, raw) for raw in dict.fromkeys(said)]
    assert any(len(ids) > 1 for ids in found) and all(list(ids) == sorted(ids) for ids in found)
