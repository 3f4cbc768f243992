"""What stands in the product banks? Products, categories, sentences about attributes, frames, whole notes.

Every sentence is written by hand for a scope (a group of categories) and an attribute; all names are invented. Marks at
its end change the truth alone, never which sentence is picked: `@@stable+` (with ! ~ ? < as below) says what else the
sentence states, `@@-` withdraws its label.
"""

import csv
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

BANKS: Final = Path(__file__).parent / "banks"
KINDS: Final = {"!": "negated", "~": "hearsay", "?": "question", "<": "ended"}
FURTHER: Final = re.compile(r" @@(?:-|([a-z_]+[+-])([!~?<]?))")
CJK: Final = range(0x4E00, 0x9FFF)


@dataclass(frozen=True, slots=True)
class Fact:
    """One true attribute of a product: +1 or -1, until a date (then the opposite), and whether the merchant says it."""

    attribute: str
    polarity: int
    until: str | None
    stated: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One product line of the bank; each of its variants becomes a product."""

    key: str
    category: str
    lang: str
    brand: str
    name: str
    tail: str
    price: float
    variants: tuple[tuple[str, float], ...]
    attributes: dict[str, str]
    facts: tuple[Fact, ...]
    body: str

    @property
    def said(self) -> str:
        """The name as people write it."""
        return f"{self.brand}{self.name}" if self.lang == "zh" else f"{self.brand} {self.name}"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with what it says (polarity 0: nothing of any attribute); `further` and `withdrawn` mend the truth."""

    text: str
    attribute: str = ""
    polarity: int = 0
    kind: str = "plain"
    further: tuple["Said", ...] = ()
    withdrawn: bool = False

    def labels(self) -> tuple["Said", ...]:
        """What it truly states, one attribute each."""
        return (*([self] if self.attribute and not self.withdrawn else []), *self.further)


@dataclass(frozen=True, slots=True)
class Whole:
    """A note written whole: language, form, product keys ("-" for none), title, sentences, topics."""

    lang: str
    form: str
    keys: tuple[str, ...]
    title: str
    lines: tuple[Said, ...]
    topics: tuple[str, ...]


def language(text: str) -> str:
    """zh when a Chinese character occurs, else en."""
    return "zh" if any(ord(c) in CJK for c in text) else "en"


def fact(token: str) -> Fact:
    """Read one token of the column `true`: [-]attribute[!][<date]."""
    token, _, until = token.partition("<")
    stated, polarity = token.endswith("!"), -1 if token.startswith("-") else 1
    return Fact(token.strip("-!"), polarity, until or None, stated)


def _line(row: dict[str, str]) -> Line:
    variants = tuple((v.rpartition(":")[0], float(v.rpartition(":")[2])) for v in row["variants"].split(","))
    attributes = dict(pair.split("=", 1) for pair in row["facts"].split(";"))
    facts = tuple(fact(token) for token in row["true"].split())
    return Line(
        key=row["key"],
        category=row["category"],
        lang=row["lang"],
        brand=row["brand"],
        name=row["name"],
        tail=row["tail"],
        price=float(row["price"]),
        variants=variants,
        attributes=attributes,
        facts=facts,
        body=row["body"],
    )


@cache
def lines() -> tuple[Line, ...]:
    """Every product line, bank files in the order of their names."""
    found: list[Line] = []
    for path in sorted(BANKS.glob("products_*.psv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += [_line(row) for row in csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE)]
    return tuple(found)


@cache
def categories() -> dict[str, dict[str, Any]]:
    """Category id -> domain, zh path, en path, sentence scopes."""
    return tomllib.loads((BANKS / "categories.toml").read_text("utf-8"))


def said(line: str, attribute: str = "", polarity: int = 0) -> Said:
    """One bank line with its kind mark (! negated, ~ hearsay, ? question, < ended) and its marks for the truth."""
    marks = FURTHER.findall(line)
    line = FURTHER.sub("", line)
    kind = KINDS.get(line[0], "plain") if attribute else "plain"
    text = line if kind == "plain" else line[1:]
    if kind in ("ended", "question"):
        polarity = -1 if kind == "ended" else polarity
    further = tuple(Said(text, *_mark(mark), KINDS.get(how, "plain")) for mark, how in marks if mark)
    return Said(text, attribute, polarity, kind, further, any(not mark for mark, _ in marks))


@cache
def sayings() -> dict[tuple[str, str, str], tuple[Said, ...]]:
    """(scope, attribute, language) -> sentences of every polarity and kind."""
    found: dict[tuple[str, str, str], list[Said]] = {}
    for path in sorted(BANKS.glob("says_*.txt")):
        scope = attribute = ""
        polarity = 1
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("## "):
                scope, head = line[3:].split()
                attribute, polarity = head[:-1], -1 if head[-1] in "-<" else 1
            elif line:
                found.setdefault((scope, attribute, language(line)), []).append(said(line, attribute, polarity))
    return {key: tuple(value) for key, value in found.items()}


@cache
def frames() -> dict[tuple[str, str, str], tuple[str, ...]]:
    """(domain, part, language) -> lines with {p} and {q} for product names."""
    found: dict[tuple[str, str, str], list[str]] = {}
    domain = part = ""
    for line in (BANKS / "frames.txt").read_text("utf-8").splitlines():
        if line.startswith("## "):
            domain, part = line[3:].split()
        elif line and domain:
            found.setdefault((domain, part, language(line)), []).append(line)
    return {key: tuple(value) for key, value in found.items()}


def _marked(line: str) -> Said:
    further = "".join(found.group() for found in FURTHER.finditer(line))
    text, _, mark = FURTHER.sub("", line).partition(" @")
    if not mark:
        return said(line)
    return said((mark[-1] if mark[-1] in KINDS else "") + text + further, *_mark(mark))


def _mark(mark: str) -> tuple[str, int]:
    mark = mark.rstrip("".join(KINDS))
    return mark[:-1], -1 if mark.endswith("-") else 1


@cache
def wholes() -> tuple[Whole, ...]:
    """Notes written whole: a head (=== lang form keys), a title (# ...), sentences (@attribute+ or -), topics."""
    found: list[Whole] = []
    path = BANKS / "whole_products.txt"
    for block in path.read_text("utf-8").split("=== ")[1:]:
        head, title, *rest = [line for line in block.splitlines() if line]
        lang, form, keys = head.split()
        topics = [line.removeprefix("topics:").split() for line in rest if line.startswith("topics:")]
        body = tuple(_marked(line) for line in rest if not line.startswith("topics:"))
        ids = () if keys == "-" else tuple(keys.split(","))
        found.append(Whole(lang, form, ids, title.removeprefix("# "), body, tuple(topics[0]) if topics else ()))
    return tuple(found)
