"""What was measured, at which numbers of items? measured.json, which `python -m benchmarks.sizing` writes."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec

from engine.errors import BadInput
from indexing.sizing.parts import PARTS

FILE: Final = "measured.json"
#: A model goes through at least so many sizes.
LEAST: Final = 2


class Size(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One corpus as it was built and served."""

    items: int
    bytes: Mapping[str, int]  # on disk, by part (parts.PARTS)
    resident_mb: float  # of the process that served it
    build_s: float  # processor seconds of a build, without those inside the encoder
    retrieve_ms: Sequence[float]  # processor time of one question in the index: its 0th, 1st .. 100th percentile
    rest_ms: float  # of reading, ranking and proving, once a question: the median


class Measured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a plan is made from, measured on one kind of machine."""

    machine: str
    date: str
    passages_per_s: float  # that one core encodes
    encode_ms: float  # processor time of one question's vector
    request_ms: float  # what HTTP, reading and writing add to an answer
    sizes: Sequence[Size]


def measured(file: Path | None = None) -> Measured:
    """What this installation was measured with, or a file of your own. Raises BadInput."""
    raw = file.read_bytes() if file else (files(__package__) / FILE).read_bytes()
    name = file or FILE
    try:
        made = msgspec.json.decode(raw, type=Measured)
    except msgspec.DecodeError as error:
        raise BadInput(f"{name}: {error}") from error
    if len(made.sizes) < LEAST:
        raise BadInput(f"{name}: needs at least {LEAST} sizes to draw a line through, not {len(made.sizes)}")
    for size in made.sizes:
        if unknown := size.bytes.keys() - set(PARTS):
            raise BadInput(f"{name}: the size of {size.items} items has unknown parts {sorted(unknown)}")
        if len(size.retrieve_ms) != 101:
            raise BadInput(f"{name}: retrieve_ms of {size.items} items needs 101 percentiles")
    return made
