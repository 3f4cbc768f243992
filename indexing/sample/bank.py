"""What can a note say? Banks of whole sentences, and how one is picked and rendered.

A bank is a text file: a heading `## words` and below it one sentence a line. `[cafe bar] ...` narrows one sentence to
those categories, `{a|b}` offers a choice of words, `{name}` takes a fact of the place, and a trailing `@lawn+` says
what the sentence states (`-` denies, `~` ended, `?` asks, `^` hearsay). Two more marks change the truth alone, never
which sentence is picked: `@@quiet+` (the same signs) says what else the sentence states, `@@-quiet` withdraws a label.
"""

import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from indexing.sample.authors import BANKS

_TAG = re.compile(r"\s@([a-z_]+)([+-])([~?^]?)")
_ALSO = re.compile(r"\s@@([a-z_]+)([+-])([~?^]?)")
_NOT = re.compile(r"\s@@-([a-z_]+)")
_MARKS = re.compile(r"(?:\s@\S+)+$")
_ONLY = re.compile(r"^\[([a-z ]+)\]\s*")
_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")
_SLOT = re.compile(r"\{([a-z0-9_]+)\}")
#: A sentence is used at most so often: without, and with a choice of words in it.
WORN = (12, 22)
KINDS = {"~": "ended", "?": "question", "^": "hearsay"}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence states: an attribute, +1 or -1, and how (plain | negated | hearsay | question | ended)."""

    attribute: str
    polarity: int
    kind: str


@dataclass(frozen=True, slots=True)
class Mend:
    """What a reader adds to the labels that picking gave a sentence, and which of them are withdrawn."""

    also: tuple[Claim, ...] = ()
    withdrawn: frozenset[str] = frozenset()

    def labels(self, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
        """The true labels: `claims` without the withdrawn, then the further ones."""
        return (*(c for c in claims if c.attribute not in self.withdrawn), *self.also)


NO_MEND = Mend()


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a bank with the words of its heading, the categories it suits (none = all) and its claims."""

    head: tuple[str, ...]
    only: frozenset[str]
    text: str
    claims: tuple[Claim, ...]
    mend: Mend

    def needs(self) -> set[str]:
        """Names of the facts its text takes."""
        return set(_SLOT.findall(_CHOICE.sub("", self.text)))


def claimed(line: str) -> tuple[str, tuple[Claim, ...], Mend]:
    """The bare sentence, the claims marked at its end, and the marks for the truth alone."""
    text = _MARKS.sub("", line)
    marks = line[len(text) :]
    mend = Mend(_claims(_ALSO, marks), frozenset(_NOT.findall(marks)))
    return text.strip(), _claims(_TAG, marks), mend


def _claims(mark: re.Pattern[str], marks: str) -> tuple[Claim, ...]:
    found = ((attribute, 1 if sign == "+" else -1, how) for attribute, sign, how in mark.findall(marks))
    return tuple(Claim(a, sign, KINDS.get(how, "plain" if sign > 0 else "negated")) for a, sign, how in found)


@cache
def load(name: str) -> tuple[Line, ...]:
    """Every line of banks/NAME.txt."""
    lines: list[Line] = []
    head: tuple[str, ...] = ()
    for raw in (BANKS / f"{name}.txt").read_text("utf-8").splitlines():
        if raw.startswith("## "):
            head = tuple(raw[3:].split())
        elif raw.strip():
            found = _ONLY.match(raw)
            only = frozenset(found.group(1).split()) if found else frozenset()
            lines.append(Line(head, only, *claimed(_ONLY.sub("", raw))))
    return tuple(lines)


def render(text: str, facts: Mapping[str, str], rng: random.Random) -> str:
    """The sentence with its choices made and its slots filled."""
    chosen = _CHOICE.sub(lambda m: rng.choice(m.group(1).split("|")), text)
    return _SLOT.sub(lambda m: facts[m.group(1)], chosen)


class Picker:
    """Picks lines evenly: among those that fit, one of the least used, so that none wears out."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.used: Counter[str] = Counter()

    def pick(self, lines: list[Line], facts: Mapping[str, str], taken: set[str]) -> Line | None:
        """One of `lines` whose facts are known and whose text is not in `taken`; None when nothing fits."""
        fits = [
            x
            for x in lines
            if x.text not in taken and x.needs() <= facts.keys() and self.used[x.text] < WORN[bool("|" in x.text)]
        ]
        if not fits:
            return None
        line = min(fits, key=lambda x: (self.used[x.text], self.rng.random()))
        self.used[line.text] += 1
        taken.add(line.text)
        return line
