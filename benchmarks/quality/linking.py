"""Do names alone find what a note is about? The sample with every stated id hidden, held against its truth.

`python -m benchmarks.quality.linking` prints precision and recall by kind, and by the way the link was found. A note
that tells neither a name nor a position is linked by its id alone; such notes are counted apart ("silent").
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
from rapidfuzz import fuzz

from api.printing import say
from benchmarks.quality import sample
from benchmarks.quality.scores import Score
from engine.types import KINDS, Kind
from engine.understand.fold import fold
from indexing.links import link
from indexing.namebook import line_of
from indexing.sample.files import rows
from indexing.sentences import split

_TRUTH: Final[dict[Kind, str]] = {"poi": "places", "product": "products"}
#: A link below this is a hint ("two shops bear this name").
SURE: Final = 0.5
#: From this likeness (0..100) of its nearest stretch on, a text may be calling the name.
LIKE: Final = 75


class Pair(NamedTuple):
    """A note is about an item."""

    note: str
    item: str


@dataclass(frozen=True)
class Linking:
    """Of one kind: `told`, the pairs that the note's words tell; `silent`, those that nothing in the note tells.

    `how`: way -> (right, wrong). `errors`: (note, item, way, or "missing" or "silent").
    """

    told: Score[Pair]
    silent: int
    how: Mapping[str, tuple[int, int]]
    errors: tuple[tuple[str, str, str], ...]

    @property
    def recall_of_all(self) -> float:
        """Of every pair, silent ones too."""
        return len(self.told.hits) / max(1, len(self.told.hits) + len(self.told.missed) + self.silent)


def measure(tables: Mapping[Kind, pa.Table]) -> dict[Kind, Linking]:
    """Link the notes by names and coordinates alone.

    A note may be about more than its truth names: such links are wrong. Sizes and colours of a product are one thing:
    notes do not tell which.
    """
    hidden = _without_ids(tables["note"])
    found = link(hidden, split(hidden), {kind: tables[kind] for kind in _TRUTH}).links
    notes = hidden.column("id").to_pylist()
    scores: dict[Kind, Linking] = {}
    for kind in _TRUTH:
        ids = tables[kind].column("id").to_pylist()
        things = (
            dict(zip(ids, map(line_of, tables[kind].column("title").to_pylist()), strict=True))
            if kind == "product"
            else {}
        )
        truth = {note: {things.get(item, item) for item in items} for note, items in _truth(kind).items()}
        ours = {
            Pair(notes[row["note"]], things.get(ids[row["item"]], ids[row["item"]])): row["how"]
            for row in found.to_pylist()
            if KINDS[row["kind"]] == kind and row["confidence"] >= SURE and notes[row["note"]] in truth
        }
        told = _Told(hidden, tables[kind], "title" if kind == "product" else "name", things)
        scores[kind] = _score(ours, {Pair(note, item) for note, items in truth.items() for item in items}, told)
    return scores


class _Told:
    """Does a note tell of an item: by a word of its name, or by where the author stood?"""

    def __init__(self, notes: pa.Table, items: pa.Table, column: str, things: Mapping[str, str]) -> None:
        columns = (notes.column(name).to_pylist() for name in ("id", "title", "body", "lat"))
        self._notes = {
            i: (fold(f"{title or ''}\n{body or ''}").text, lat) for i, title, body, lat in zip(*columns, strict=True)
        }
        ids, names = items.column("id").to_pylist(), items.column(column).to_pylist()
        self._names = {things.get(i, i): fold(name).text for i, name in zip(ids, names, strict=True)}

    def __call__(self, note: str, item: str) -> bool:
        text, lat = self._notes[note]
        return lat is not None or fuzz.partial_ratio(self._names[item], text) >= LIKE


def _score(ours: Mapping[Pair, str], meant: set[Pair], told: Callable[[str, str], bool]) -> Linking:
    silent = {pair for pair in meant - ours.keys() if not told(*pair)}
    score = Score.compare(ours.keys(), meant - silent)
    right, wrong = Counter(ours[pair] for pair in score.hits), Counter(ours[pair] for pair in score.invented)
    errors = [(*pair, how) for pair, how in ours.items() if pair in score.invented]
    lost = [(*pair, "silent" if pair in silent else "missing") for pair in sorted(silent | score.missed)]
    ways = {how: (right[how], wrong[how]) for how in sorted({*right, *wrong})}
    return Linking(score, len(silent), ways, (*errors, *lost))


def _truth(kind: Kind) -> dict[str, set[str]]:
    truth: dict[str, set[str]] = {}
    for row in rows(f"truth/links_{_TRUTH[kind]}.jsonl"):
        truth.setdefault(row["note_id"], set()).add(row["item_id"])
    return truth


def _without_ids(notes: pa.Table) -> pa.Table:
    for name in ("poi_ids", "product_ids"):
        at = notes.schema.get_field_index(name)
        notes = notes.set_column(at, notes.schema.field(at), pa.nulls(len(notes), notes.schema.field(at).type))
    return notes


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; -> the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.linking", description=__doc__)
    parser.add_argument("--errors", type=int, default=0, help="also list so many wrong and missing links of each kind")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        tables = sample.load(None, Path(folder)).tables
    for kind, s in measure(tables).items():
        t = s.told
        say(f"{kind}: precision {t.precision:.3f}; recall {t.recall:.3f} of the told, {s.recall_of_all:.3f} of all")
        counts = f"{len(t.hits)} right, {len(t.invented)} wrong, {len(t.missed)} missing, {s.silent} silent"
        say(f"  {counts}; by way: {dict(s.how)}")
        for note, item, how in s.errors[: chosen.errors]:
            say(f"  {how}: {note} -> {item}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
