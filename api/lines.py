"""How does a body of JSON lines become items, without ever being held whole? Line by line, in stretches."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec

from engine.errors import BadInput, BadQuery
from engine.types import KINDS, Kind
from indexing.validate import check

#: Bytes of one line, lines that are committed together, and refusals that are told; all of them are counted.
LONGEST, STRETCH, TOLD = 256 * 1024, 500, 100


class Line(NamedTuple):
    """A line and its number, from 1."""

    number: int
    text: bytes


@dataclass
class Taken:
    """What became of the lines so far."""

    accepted: int = 0
    refused: int = 0
    seq: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)  # line, field, reason

    def refuse(self, number: int, name: str, reason: str) -> None:
        """Count a line that cannot be taken."""
        self.refused += 1
        if len(self.problems) < TOLD:
            self.problems.append({"line": number, "field": name, "reason": reason})


async def stretches(chunks: AsyncIterator[bytes]) -> AsyncIterator[list[Line]]:
    """Up to STRETCH lines at a time, empty ones left out. BadInput for a line longer than LONGEST."""
    rest, number, found = b"", 0, list[Line]()
    async for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for text in whole:
            number += 1
            if text.strip():
                found.append(Line(number, text))
            if len(found) == STRETCH:
                yield found
                found = []
        if len(rest) > LONGEST:
            raise BadInput(f"line {number + 1} is longer than {LONGEST} bytes; the lines before it were taken")
    if rest.strip():
        found.append(Line(number + 1, rest))
    if found:
        yield found


def items_of(lines: list[Line], taken: Taken) -> list[tuple[Kind, Mapping[str, Any]]]:
    """The clean items of a stretch; every other line is refused with its number, the field and the reason."""
    items: list[tuple[Kind, Mapping[str, Any]]] = []
    for number, text in lines:
        try:
            items.append(_item(text))
        except BadQuery as error:
            taken.refuse(number, error.field, error.reason)
    return items


_FIELDS: Final = {"kind", "item"}


def _item(text: bytes) -> tuple[Kind, Mapping[str, Any]]:
    try:
        row = msgspec.json.decode(text)
    except (ValueError, RecursionError) as error:
        raise BadQuery("line", f"is not JSON in UTF-8: {error}") from None
    if not isinstance(row, dict) or set(row) != _FIELDS:
        raise BadQuery("line", 'must be {"kind": "poi", "item": {..}}')
    kind = next((known for known in KINDS if known == row["kind"]), None)
    if kind is None:
        raise BadQuery("kind", f"must be one of {', '.join(KINDS)}")
    return kind, check(kind, row["item"])
