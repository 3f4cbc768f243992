"""Does mining read the sample's notes as a reader does? What it takes from each sentence, held against the truth.

`python -m benchmarks.quality.mining` prints precision and recall of statements (note, item, sentence, attribute, sign)
by attribute and polarity, and every "no lawn" and "closed last year" sentence as passed or failed. Half of the notes,
drawn by a hash of their ids, is never listed: rules are written on the other. As banks repeat themselves, "new" counts
the sentences of that half that have no like in the one that may be looked at.
"""

import argparse
import hashlib
import json
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import pyarrow as pa
from rapidfuzz import fuzz, process

from api.printing import say
from benchmarks.quality import sample
from engine.types import KINDS, Kind
from engine.understand.lexicon import load
from indexing.evidence import mine, spelled
from indexing.fitting import fitting
from indexing.links import Linked, link
from indexing.namebook import called
from indexing.sample.files import rows
from indexing.sentences import split
from indexing.witnesses import attribute

#: Facts of a lower confidence, or about an item by a lower share, are hints.
SURE: Final = 0.5
#: From this likeness (0..100) on, one sentence is another with some words changed.
LIKE: Final = 75
_TRUTH: Final[dict[str, Kind]] = {"places": "poi", "products": "product"}
Part = Literal["open", "hidden", "new"]
PARTS: Final[tuple[Part, ...]] = ("open", "hidden", "new")


class Statement(NamedTuple):
    """Of a note, about an item: a sentence gives it an attribute (a name of the truth), or denies it."""

    note: str
    item: str
    sentence: str
    attribute: str
    sign: int


@dataclass(frozen=True)
class Case:
    """A sentence that denies a lawn, or tells the end of something: is it read so, and as nothing else?"""

    kind: Literal["no lawn", "ended"]
    statement: Statement
    passed: bool


@dataclass
class Score:
    """Statements that both, only we, or only the truth holds."""

    hits: set[Statement] = field(default_factory=set)
    invented: set[Statement] = field(default_factory=set)
    missed: set[Statement] = field(default_factory=set)

    def of(self, kept: Iterable[Statement]) -> "Score":
        """The same of some statements alone."""
        keep = set(kept)
        return Score(self.hits & keep, self.invented & keep, self.missed & keep)

    @property
    def all(self) -> set[Statement]:
        """Whatever somebody holds."""
        return self.hits | self.invented | self.missed

    @property
    def precision(self) -> float:
        """NaN when nothing was mined."""
        mined = len(self.hits) + len(self.invented)
        return len(self.hits) / mined if mined else float("nan")

    @property
    def recall(self) -> float:
        """NaN when nothing is labelled."""
        told = len(self.hits) + len(self.missed)
        return len(self.hits) / told if told else float("nan")

    def figures(self) -> dict[str, float]:
        """For a table or JSON."""
        counts = {"hits": len(self.hits), "invented": len(self.invented), "missed": len(self.missed)}
        return {**counts, "precision": round(self.precision, 4), "recall": round(self.recall, 4)}


def is_hidden(note: str) -> bool:
    """Is the note of the half that nobody reads while writing rules?"""
    return bool(hashlib.sha256(note.encode()).digest()[0] % 2)


def measure(tables: Mapping[Kind, pa.Table], *, given: bool = True) -> tuple[Score, list[Case]]:
    """Mine the notes and compare. `given`: what each note is about is taken from the truth, else linked."""
    told, kinds = _told()
    ours = _mined(_linked_by_truth(tables) if given else tables, {s.note: s for s in told})
    texts: dict[str, list[str]] = {}
    for statement in told:
        texts.setdefault(statement.note, []).append(statement.sentence)
    ours = {s._replace(sentence=_same(s.sentence, texts.get(s.note, ()))): ended for s, ended in ours.items()}
    facts = {s for s, kind in kinds.items() if kind not in ("hearsay", "question")}
    score = Score(facts & ours.keys(), ours.keys() - facts, facts - ours.keys())
    return score, [_case(s, kinds[s], ours) for s in sorted(facts) if s.sign < 0 and _is_case(s, kinds[s])]


def parts(score: Score) -> dict[Part, Score]:
    """By half, and what is new in the hidden one."""
    hidden = {s for s in score.all if is_hidden(s.note)}
    known = sorted({s.sentence for s in score.all - hidden})
    texts = sorted({s.sentence for s in hidden})
    near = process.cdist(texts, known, scorer=fuzz.ratio, score_cutoff=LIKE).max(axis=1) > 0
    repeated = {text for text, is_near in zip(texts, near, strict=True) if is_near}
    new = {s for s in hidden if s.sentence not in repeated}
    return {"open": score.of(score.all - hidden), "hidden": score.of(hidden), "new": score.of(new)}


def _is_case(statement: Statement, kind: str) -> bool:
    return kind == "ended" or statement.attribute == "lawn"


def _case(statement: Statement, kind: str, ours: Mapping[Statement, bool]) -> Case:
    read = ours.get(statement)
    against = statement._replace(sign=1) in ours
    passed = read is not None and not against and (read or kind != "ended")
    return Case("ended" if kind == "ended" else "no lawn", statement, passed)


@dataclass(frozen=True)
class _Names:
    """(id of the lexicon, sign) -> (name, sign); (name of the truth, sign) -> the one of those that mean the same."""

    ours: Mapping[tuple[str, int], tuple[str, int]]
    theirs: Mapping[tuple[str, int], tuple[str, int]]


@cache
def _names() -> _Names:
    said: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    ours: dict[tuple[str, int], tuple[str, int]] = {}
    theirs: dict[tuple[str, int], tuple[str, int]] = {}
    for name in sorted({row["attribute"] for row in _sentences()} - set(said["left_out"]["names"])):
        forms = said["same"].get(name) or [load().normalise(None, name) or name]
        for sign in (1, -1):
            keys = [(form.lstrip("-"), -sign if form.startswith("-") else sign) for form in forms]
            for key in keys:
                ours.setdefault(key, (name, sign))
            theirs[name, sign] = ours[keys[0]]
    return _Names(ours, theirs)


@cache
def _sentences() -> list[dict[str, Any]]:
    return [row | {"set": name} for name in _TRUTH for row in rows(f"truth/sentences_{name}.jsonl")]


def _told() -> tuple[set[Statement], dict[Statement, str]]:
    """What the truth's sentences state, with the kind of each."""
    kinds: dict[Statement, str] = {}
    for row in _sentences():
        if known := _names().theirs.get((row["attribute"], row["polarity"])):
            name, sign = known
            kinds[Statement(row["note_id"], row["item_id"], row["sentence"], name, sign)] = row["kind"]
    return set(kinds), kinds


def _linked_by_truth(tables: Mapping[Kind, pa.Table]) -> dict[Kind, pa.Table]:
    """The tables, with the truth's links as the notes' own ids."""
    ids: dict[Kind, dict[str, list[str]]] = {kind: {} for kind in _TRUTH.values()}
    for name, kind in _TRUTH.items():
        for row in rows(f"truth/links_{name}.jsonl"):
            ids[kind].setdefault(row["note_id"], []).append(row["item_id"])
    notes = tables["note"]
    for kind, column in (("poi", "poi_ids"), ("product", "product_ids")):
        at = notes.schema.get_field_index(column)
        values = pa.array([ids[kind].get(n) for n in notes.column("id").to_pylist()], notes.schema.field(at).type)
        notes = notes.set_column(at, notes.schema.field(at), values)
    return {**tables, "note": notes}


def _mined(tables: Mapping[Kind, pa.Table], judged: Mapping[str, Any]) -> dict[Statement, bool]:
    """What we take from the bodies of the judged notes -> whether it has ended."""
    notes = tables["note"]
    sentences = split(notes)
    linked = link(notes, sentences, {kind: tables[kind] for kind in _TRUTH.values()})
    mentions = mine(sentences, names=_names_in(linked, tables))
    categories = tables["product"].column("category").to_pylist()
    spoken = fitting(attribute(mentions, linked.links, linked.named), mentions, categories)
    ids: dict[int, Sequence[str]] = {KINDS.index(k): tables[k].column("id").to_pylist() for k in _TRUTH.values()}
    known = _judged_names()
    said, texts, note_ids = mentions.to_pylist(), sentences.column("text").to_pylist(), notes.column("id").to_pylist()
    found: dict[Statement, bool] = {}
    for row in spoken.to_pylist():
        fact = said[row["mention"]]
        name, sign = _names().ours.get((fact["attribute"], fact["sign"]), ("", 0))
        sure = fact["stated"] and fact["confidence"] >= SURE and row["weight"] >= SURE and fact["number"] > 0
        note = note_ids[fact["note"]]
        if sure and note in judged and name in known[KINDS[row["kind"]]]:
            key = Statement(note, ids[row["kind"]][row["item"]], texts[fact["sentence"]], name, sign)
            found[key] = found.get(key, False) or fact["ended"]
    return found


def _judged_names() -> dict[Kind, set[str]]:
    """What the truth knows of each kind; of the rest it says nothing."""
    known: dict[Kind, set[str]] = {kind: set() for kind in _TRUTH.values()}
    for row in _sentences():
        for sign in (1, -1):
            if same := _names().theirs.get((row["attribute"], sign)):
                known[_TRUTH[row["set"]]].add(same[0])
    return known


def _names_in(linked: Linked, tables: Mapping[Kind, pa.Table]) -> dict[int, list[str]]:
    """Note (row) -> the folded names of its items, as a build has them (indexing.segment)."""
    items = {KINDS.index(kind): tables[kind].to_pylist() for kind in _TRUTH.values()}
    names: dict[int, set[str]] = {}
    for row in linked.links.to_pylist():
        names.setdefault(row["note"], set()).update(called(items[row["kind"]][row["item"]]))
    return {note: spelled(found) for note, found in names.items()}


def _same(sentence: str, told: Sequence[str]) -> str:
    """The truth's sentence that holds ours or is held by it; else ours."""
    return next((t for t in told if sentence in t or t in sentence), sentence)


def _by(score: Score) -> dict[str, Score]:
    """By attribute and sign, the most statements first; then by sign."""
    counts = Counter((s.attribute, s.sign) for s in score.all)
    groups = {
        f"{name} {sign:+d}": {s for s in score.all if s[3:] == (name, sign)} for (name, sign), _ in counts.most_common()
    }
    signs = {f"all {sign:+d}": {s for s in score.all if s.sign == sign} for sign in (1, -1)}
    return {name: score.of(kept) for name, kept in (groups | signs | {"all": score.all}).items()}


def report(score: Score, cases: Sequence[Case]) -> dict[str, Any]:
    """All figures, for JSON; sentences of the hidden half are not in it."""
    halves = parts(score)
    passed = Counter((c.kind, c.passed) for c in cases)
    return {
        "halves": {name: {key: s.figures() for key, s in _by(half).items()} for name, half in halves.items()},
        "all": {key: s.figures() for key, s in _by(score).items()},
        "cases": {k: {"passed": passed[k, True], "failed": passed[k, False]} for k in ("no lawn", "ended")},
        "failed": [c.statement._asdict() for c in cases if not c.passed and not is_hidden(c.statement.note)],
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; -> the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.mining", description=__doc__)
    parser.add_argument("--json", action="store_true", help="all figures as JSON")
    parser.add_argument("--linked", action="store_true", help="let names find the items, not the truth")
    parser.add_argument("--errors", action="store_true", help="also list the errors of the half that may be seen")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        score, cases = measure(sample.load(None, Path(folder)).tables, given=not chosen.linked)
    figures = report(score, cases)
    if chosen.json:
        say(json.dumps(figures, ensure_ascii=False, indent=1))
        return 0
    _print(figures)
    if chosen.errors:
        _list(parts(score)["open"])
    return 0


def _print(figures: Mapping[str, Any]) -> None:
    say(f"{'attribute':24} {'hits':>5} {'invented':>8} {'missed':>6} {'precision':>9} {'recall':>6}")
    tables = [("", figures["all"]), *((f"{name} ", {"": table["all"]}) for name, table in figures["halves"].items())]
    for half, table in tables:
        for name, s in table.items():
            say(
                f"{half + name:24} {s['hits']:5} {s['invented']:8} {s['missed']:6}"
                f" {s['precision']:9.3f} {s['recall']:6.3f}"
            )
    for kind, counts in figures["cases"].items():
        say(f"{kind}: {counts['passed']} passed, {counts['failed']} failed")
    for case in figures["failed"]:
        say(f"  failed: {case['attribute']} {case['sign']:+d} {case['note']} {case['sentence']}")


def _list(score: Score) -> None:
    for label, found in (("invented", score.invented), ("missed", score.missed)):
        for (sentence, name, sign), n in Counter((s.sentence, s.attribute, s.sign) for s in found).most_common():
            say(f"{label} {n:3} {name} {sign:+d}: {sentence}")


if __name__ == "__main__":
    sys.exit(main())
