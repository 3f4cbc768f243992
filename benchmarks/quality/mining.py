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
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa
from rapidfuzz import fuzz, process

from api.printing import say
from benchmarks.quality import sample
from benchmarks.quality.scores import Score
from benchmarks.quality.statements import Statement, linked_by_truth, mined, told
from engine.types import Kind

#: From this likeness (0..100) on, one sentence is another with some words changed.
LIKE: Final = 75
Part = Literal["open", "hidden", "new"]


@dataclass(frozen=True)
class Case:
    """A sentence that denies a lawn, or tells the end of something: is it read so, and as nothing else?"""

    kind: Literal["no lawn", "ended"]
    statement: Statement
    passed: bool


def is_hidden(note: str) -> bool:
    """Is the note of the half that nobody reads while writing rules?"""
    return bool(hashlib.sha256(note.encode()).digest()[0] % 2)


def measure(tables: Mapping[Kind, pa.Table], *, given: bool = True) -> tuple[Score[Statement], list[Case]]:
    """Mine the notes and compare. `given`: what each note is about is taken from the truth, else linked."""
    kinds = told()
    ours = mined(linked_by_truth(tables) if given else tables, kinds)
    facts = {s for s, kind in kinds.items() if kind not in ("hearsay", "question")}
    cases = [_case(s, kinds[s], ours) for s in sorted(facts) if s.sign < 0 and _is_case(s, kinds[s])]
    return Score.compare(ours.keys(), facts), cases


def parts(score: Score[Statement]) -> dict[Part, Score[Statement]]:
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


def _by(score: Score[Statement]) -> dict[str, Score[Statement]]:
    """By attribute and sign, the most statements first; then by sign."""
    counts = Counter((s.attribute, s.sign) for s in score.all)
    groups = {
        f"{name} {sign:+d}": {s for s in score.all if s[3:] == (name, sign)} for (name, sign), _ in counts.most_common()
    }
    signs = {f"all {sign:+d}": {s for s in score.all if s.sign == sign} for sign in (1, -1)}
    return {name: score.of(kept) for name, kept in (groups | signs | {"all": score.all}).items()}


def report(score: Score[Statement], cases: Sequence[Case]) -> dict[str, Any]:
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


def _list(score: Score[Statement]) -> None:
    for label, found in (("invented", score.invented), ("missed", score.missed)):
        for (sentence, name, sign), n in Counter((s.sentence, s.attribute, s.sign) for s in found).most_common():
            say(f"{label} {n:3} {name} {sign:+d}: {sentence}")


if __name__ == "__main__":
    sys.exit(main())
