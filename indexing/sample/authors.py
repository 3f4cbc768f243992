"""Who writes the sample's notes?

The names stand in banks/authors.txt under headings of language, persona and trust class; ids follow their order,
so new names go to the end of the file or every id after them moves.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

BANKS: Final = Path(__file__).parent / "banks"


@dataclass(frozen=True, slots=True)
class Author:
    """One account. `trust`: organic | sponsored | merchant | suspected."""

    id: str
    name: str
    lang: str  # zh | en
    persona: str  # young_mother, student, foodie, ...
    trust: str


@cache
def authors() -> tuple[Author, ...]:
    """Every account, in the order of the bank: a001, a002, ..."""
    found: list[Author] = []
    lang = persona = trust = ""
    for line in (BANKS / "authors.txt").read_text("utf-8").splitlines():
        if line.startswith("## "):
            lang, persona, trust = line[3:].split()
            continue
        for name in filter(None, line.split("、")):
            found.append(Author(f"a{len(found) + 1:03d}", name, lang, persona, trust))
    return tuple(found)


def pick(lang: str | None = None, persona: str | None = None, trust: str | None = None) -> tuple[Author, ...]:
    """The accounts of a language, persona and trust class; None takes any."""
    return tuple(
        a for a in authors() if lang in (None, a.lang) and persona in (None, a.persona) and trust in (None, a.trust)
    )
