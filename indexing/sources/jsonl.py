"""How are JSON Lines read? One object a line; gzip when the name ends in .gz; a .json file may hold one list."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from engine.errors import BadInput, BadRow
from indexing.sources.opened import opened

LONGEST_LINE = 4 * 1024 * 1024


def read(path: Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    """-> (line number from 1, object), or the reason why the line cannot be read. Blank lines are skipped."""
    with opened(path) as stream:
        number = 0
        while line := stream.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                yield number, BadRow(path.name, number, "", f"the line is longer than {LONGEST_LINE} bytes")
                while line and not line.endswith(b"\n"):
                    line = stream.readline(LONGEST_LINE)
            elif line.strip():
                yield number, _object(path.name, number, line)


def _object(file: str, number: int, line: bytes) -> dict[str, Any] | BadRow:
    try:
        row = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return BadRow(file, number, "", f"is no JSON: {error}")
    if not isinstance(row, dict):
        return BadRow(file, number, "", f"must be an object, is {type(row).__name__}")
    return row


def read_json(path: Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    """One JSON document: a list of objects, a list of [name, object] pairs, or an object of objects.

    The name of a pair is added to its object as "@key". -> (number of the element from 1, object).
    """
    with opened(path) as stream:
        try:
            document = msgspec.json.decode(stream.read())
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadInput(f"{path.name} is no JSON document: {error}") from None
    elements = list(document.items()) if isinstance(document, dict) else document
    if not isinstance(elements, list):
        raise BadInput(f"{path.name} must hold a list or an object, holds {type(document).__name__}")
    for number, element in enumerate(elements, 1):
        yield number, _element(path.name, number, element)


def _element(file: str, number: int, element: Any) -> dict[str, Any] | BadRow:
    if isinstance(element, dict):
        return element
    if isinstance(element, list | tuple) and len(element) == 2 and isinstance(element[1], dict):
        return {"@key": element[0], **element[1]}
    return BadRow(file, number, "", "must be an object or a pair of a name and an object")
