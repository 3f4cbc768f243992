"""What do the sample's notes state of its items: by the truth, and by what mining takes from them?"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa

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
_TRUTH: Final[dict[str, Kind]] = {"places": "poi", "products": "product"}


class Statement(NamedTuple):
    """Of a note, about an item: a sentence gives it an attribute (a name of the truth), or denies it."""

    note: str
    item: str
    sentence: str
    attribute: str
    sign: int


def told() -> dict[Statement, str]:
    """What the truth's sentences state, with the kind of each (plain, negated, ended, hearsay, question)."""
    kinds: dict[Statement, str] = {}
    for row in _sentences():
        if known := _names().theirs.get((row["attribute"], row["polarity"])):
            name, sign = known
            kinds[Statement(row["note_id"], row["item_id"], row["sentence"], name, sign)] = row["kind"]
    return kinds


def mined(tables: Mapping[Kind, pa.Table], truth: Iterable[Statement]) -> dict[Statement, bool]:
    """What we take from the bodies of the notes that `truth` judges -> whether it has ended.

    A sentence of ours that the truth holds within a longer one, or the other way round, is the truth's.
    """
    texts: dict[str, list[str]] = {}
    for statement in sorted(truth):
        texts.setdefault(statement.note, []).append(statement.sentence)
    found: dict[Statement, bool] = {}
    for statement, ended in _mined(tables, texts):
        same = statement._replace(sentence=_same(statement.sentence, texts[statement.note]))
        found[same] = found.get(same, False) or ended
    return found


def linked_by_truth(tables: Mapping[Kind, pa.Table]) -> dict[Kind, pa.Table]:
    """The tables, with the truth's links, and what its sentences are about, as the notes' own ids."""
    ids: dict[Kind, dict[str, list[str]]] = {kind: {} for kind in _TRUTH.values()}
    for name, kind in _TRUTH.items():
        pairs = [(row["note_id"], row["item_id"]) for row in rows(f"truth/links_{name}.jsonl")]
        pairs += [(row["note_id"], row["item_id"]) for row in _sentences() if row["set"] == name]
        for note, item in dict.fromkeys(pairs):
            ids[kind].setdefault(note, []).append(item)
    notes = tables["note"]
    for kind, column in (("poi", "poi_ids"), ("product", "product_ids")):
        at = notes.schema.get_field_index(column)
        values = pa.array([ids[kind].get(n) for n in notes.column("id").to_pylist()], notes.schema.field(at).type)
        notes = notes.set_column(at, notes.schema.field(at), values)
    return {**tables, "note": notes}


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


def _mined(tables: Mapping[Kind, pa.Table], judged: Mapping[str, Any]) -> list[tuple[Statement, bool]]:
    notes = tables["note"]
    sentences = split(notes)
    linked = link(notes, sentences, {kind: tables[kind] for kind in _TRUTH.values()})
    mentions = mine(sentences, names=_names_in(linked, tables))
    categories = tables["product"].column("category").to_pylist()
    spoken = fitting(attribute(mentions, linked.links, linked.named), mentions, categories)
    ids: dict[int, Sequence[str]] = {KINDS.index(k): tables[k].column("id").to_pylist() for k in _TRUTH.values()}
    known = _judged_names()
    said, texts, note_ids = mentions.to_pylist(), sentences.column("text").to_pylist(), notes.column("id").to_pylist()
    found: list[tuple[Statement, bool]] = []
    for row in spoken.to_pylist():
        fact = said[row["mention"]]
        name, sign = _names().ours.get((fact["attribute"], fact["sign"]), ("", 0))
        sure = fact["stated"] and fact["confidence"] >= SURE and row["weight"] >= SURE and fact["number"] > 0
        note = note_ids[fact["note"]]
        if sure and note in judged and name in known[KINDS[row["kind"]]]:
            key = Statement(note, ids[row["kind"]][row["item"]], texts[fact["sentence"]], name, sign)
            found.append((key, fact["ended"]))
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


def _same(sentence: str, known: Sequence[str]) -> str:
    """The truth's sentence that holds ours or is held by it; else ours."""
    return next((t for t in known if sentence in t or t in sentence), sentence)
