"""Does mining read reviews as people do? Aspects of restaurant reviews, praised or criticised, held against our facts.

`python -m benchmarks.quality.asap train|dev|test...` prints precision and recall by aspect and pooled per polarity.
Only the training file may be looked at while rules are written; the others are for one last run.
"""

import argparse
import csv
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from api.printing import say
from benchmarks.quality.data import need
from benchmarks.quality.scores import Score
from engine.errors import BadInput
from engine.understand.fold import fold
from indexing.doubt import elsewhere, reported
from indexing.evidence import read
from indexing.opinions import judgements
from indexing.sentences import sentences
from indexing.tellings import lookalikes, touched
from indexing.then_now import change

#: Aspects that fewer reviews mention say little.
LEAST: Final = 30
#: One side must be told so many times as often as the other to be the review's opinion.
CLEAR: Final = 6.0
#: A faint drawback weighs against so much praise, and backs so much blame.
DAMPS, BACKS = 1.5, 0.34
#: Facts of a lower confidence are hints.
SURE: Final = 0.75
_NOT_MENTIONED: Final = -2


class Opinion(NamedTuple):
    """Of a review (its place in the list): an aspect is praised (+1) or criticised (-1)."""

    review: int
    aspect: str
    sign: int


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def aspects() -> Mapping[str, Sequence[str]]:
    """Aspect -> attributes."""
    found: Mapping[str, Sequence[str]] = _table()["aspects"]
    return found


def told(review: str) -> dict[str, int]:
    """Aspect -> +1 praised, -1 criticised, 0 both or neither, as mining reads the review."""
    found = [one for sentence in sentences(review.replace("\\n", "\n")) for one in _clear(sentence)]
    return {aspect: _opinion(found, aspect) for aspect in aspects()}


def _clear(sentence: str) -> Iterator[tuple[str, int, str]]:
    """(attribute, sign, sentence) of what is stated surely, of this place and today; 0: a faint drawback."""
    whole = fold(sentence).text
    two = change(whole)
    folded = two.now if two and two.decided else whole
    unlike, hearsay = lookalikes(folded), reported(folded)
    opinions = [o for o in judgements(folded) if not (hearsay or elsewhere(folded, o.start))]
    opinions = [o for o in opinions if not touched(o, o.attribute, unlike)]
    yield from ((o.attribute, o.sign, folded) for o in opinions)
    judged = {o.attribute for o in opinions if o.sign}
    facts = ((name, sign) for name, sign, sure, _, stated in read(sentence) if stated and sure > SURE)
    yield from ((name, sign, folded) for name, sign in facts if name not in judged)


def _opinion(found: Sequence[tuple[str, int, str]], aspect: str) -> int:
    apart = _table()["apart"].get(aspect, ())
    said = Counter((name, sign) for name, sign, text in found if not any(word in text for word in apart))
    for name in aspects()[aspect]:
        yes, no, faint = said[name, 1], said[name, -1], said[name, 0]
        if yes or no:
            blamed = no and no + BACKS * faint >= max(CLEAR * yes, _table()["least_blame"].get(aspect, 1))
            return 1 if yes >= CLEAR * no + DAMPS * faint else -1 if blamed else 0
    return 0


def score(rows: Iterable[Mapping[str, str]], least: int = LEAST) -> dict[tuple[str, int], Score[Opinion]]:
    """(aspect, polarity) -> Score, of the aspects that are mentioned often enough; ("all", polarity): pooled."""
    ours: set[Opinion] = set()
    theirs: set[Opinion] = set()
    mentions: Counter[str] = Counter()
    for at, row in enumerate(rows):
        labels = {aspect: int(float(row[aspect])) for aspect in aspects()}
        mentions.update(aspect for aspect, label in labels.items() if label != _NOT_MENTIONED)
        ours |= {Opinion(at, aspect, sign) for aspect, sign in told(row["reviewbody"]).items() if sign}
        theirs |= {Opinion(at, aspect, label) for aspect, label in labels.items() if label in (1, -1)}
    both = Score.compare(ours, theirs)
    kept = [aspect for aspect in aspects() if mentions[aspect] >= least]
    groups = [*((aspect, [aspect]) for aspect in kept), ("all", kept)]
    return {
        (name, sign): both.of(o for o in both.all if o.aspect in group and o.sign == sign)
        for name, group in groups
        for sign in (1, -1)
    }


def main(arguments: list[str] | None = None) -> int:
    """Score the files and print; -> the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.asap", description=__doc__)
    parser.add_argument("files", nargs="+", choices=["train", "dev", "test"])
    parser.add_argument("--least", type=int, default=LEAST, help="leave out aspects that fewer reviews mention")
    chosen = parser.parse_args(arguments)
    try:
        paths = need(*(f"asap/{name}_sample.csv" for name in chosen.files))
    except BadInput as error:
        say(f"asap: {error}")
        return 2
    rows = [row for path in paths for row in csv.DictReader(path.open(encoding="utf-8-sig", newline=""))]
    say(f"{len(rows)} reviews\n{'aspect':32} {'':>4}   hit  invented  missed  precision  recall")
    for (aspect, sign), s in score(rows, chosen.least).items():
        counts = f"{len(s.hits):5} {len(s.invented):9} {len(s.missed):7}"
        say(f"{aspect:32} {sign:+4d} {counts} {s.precision:10.3f} {s.recall:7.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
