"""What is a judged set? Items to index and queries whose good answers are known; `lifestyle evaluate NAME` runs it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from api.settings import Settings
from engine.errors import BadQuery
from engine.types import Intent, Kind
from ranking.evaluate import JudgedQuery

GROUP, WHOLE = "lifestyle.judged_sets", "lifestyle.evaluations"


class Figures(Protocol):
    """What an evaluation found."""

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        ...

    def as_text(self) -> str:
        """For a terminal."""
        ...


#: An evaluation that is no judged set of queries.
Evaluate = Callable[[Settings, Callable[[str], None]], Figures]


def other(name: str) -> Evaluate | None:
    """The evaluation of that name that is more than queries with known answers; None when there is none."""
    found = next((entry for entry in entry_points(group=WHOLE) if entry.name == name), None)
    made: Evaluate | None = None if found is None else found.load()
    return made


@dataclass(frozen=True)
class JudgedSet:
    """`learns`: ours is also trained on it, by cross-validation. `slots`: how well queries were read, where it says."""

    name: str
    tables: Mapping[Kind, Any]
    queries: Sequence[JudgedQuery]
    kinds: tuple[Kind, ...]
    binary: bool  # gold is a set; else grades
    learns: bool
    made: int = 0  # questions made of the index (api/coldstart.py) that learning adds to the judged ones
    slots: Callable[[Sequence[tuple[JudgedQuery, Intent]]], Mapping[str, Mapping[str, float]]] | None = None


def load(name: str, queries: Path | None, cache: Path) -> JudgedSet:
    """The set of that name, with other queries of the same format when a file is given."""
    known = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in known:
        raise BadQuery("name", f"'{name}' is not a judged set; there are {', '.join(sorted(known))}")
    made: JudgedSet = known[name].load()(queries=queries, cache=cache)
    return made
