"""What has been read so far, and which reading of a stretch of text wins?"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, TypeVar, get_args

import msgspec

from engine.naming import Names, NameSpan
from engine.types import Hardness
from engine.understand.division_names import ANYWHERE
from engine.understand.entries import SHADOW
from engine.understand.gazetteer import Hit
from engine.understand.glossary import Words, regions
from engine.understand.lexicon import Lexicon, Mention, longest
from engine.understand.names import Name
from engine.understand.patterns import GATES, Text, gates, opening
from engine.understand.quantity import Quantity, quantities
from engine.understand.sweep import sweep
from engine.understand.units import Dimension
from engine.vocabulary import INTENTS, SLOTS

#: A piece that only covers text (context, shadows): it makes no constraint.
NOTHING: Final = ""
#: Of these one word may say two things at once: 干敏皮 is dry and sensitive.
TOGETHER: Final = frozenset({"attr.skin"})
_BY_PLACE: Final = attrgetter("start", "end")
T = TypeVar("T")


_SAID: Final = (*INTENTS, "notes")  # what cues speak for
_FOUND: Final = ("times", "regions", "lines", "countries",
                 *(f"amount {dimension}" for dimension in get_args(Dimension)),
                 *(f"cue {intent}" for intent in _SAID), *sorted(SLOTS), SHADOW,
                 *(f"named {slot}" for slot in sorted(SLOTS)))  # fmt: skip
_SIGN: Final = {name: 1 << GATES + at for at, name in enumerate(_FOUND)}


def signs(*names: str) -> int:
    """The bits of what a reading may hold: "amount time", "cue book", a slot of its words, "named dish" of the index.

    Reading.signs has these bits, those of the patterns that may match its text (patterns.Group.mask), and those of the
    gates that either opens (patterns.gate).
    """
    return sum(_SIGN[name] for name in names)


class _Signs:
    """The bits of each thing that a reading may hold, and of the gates that it opens."""

    def __init__(self) -> None:
        known = {name: opening(bit) for name, bit in _SIGN.items()}
        self.times, self.regions, self.lines, self.countries = (known[name] for name in _FOUND[:4])
        self.slots = {slot: known[slot] for slot in (*SLOTS, SHADOW)}
        self.amounts = {dimension: known[f"amount {dimension}"] for dimension in get_args(Dimension)}
        self.cues = {said: known[f"cue {said}"] for said in _SAID}
        self.names = {slot: known[f"named {slot}"] for slot in SLOTS}

    def of(self, reading: "Reading") -> int:
        """All that a reading holds."""
        words, bits = reading.words, reading.text.able
        if words.times:
            bits |= self.times
        if reading.regions:
            bits |= self.regions
        if words.lines:
            bits |= self.lines
        if words.countries:
            bits |= self.countries
        for quantity in reading.quantities:
            bits |= self.amounts[quantity.dimension]
        for mention in reading.mentions:
            bits |= self.slots[mention.slot]
        for cue in words.cues:
            bits |= self.cues[cue.said[0]]
        for name in reading.names:
            bits |= self.names.get(name.slot, 0)
        return bits


@lru_cache(maxsize=1)
def _signs(_: int) -> _Signs:
    return _Signs()


#: A gate that every text opens.
ALWAYS: Final = -1


class Piece(msgspec.Struct, eq=False, gc=False):
    """A constraint in the making: [start, end) in the folded text. `weak` pieces yield to others of equal length."""

    start: int
    end: int
    slot: str
    op: str
    value: Any
    hardness: Hardness = "hard"
    polarity: int = 1
    confidence: float = 0.95
    assume: dict[str, Any] | None = None
    rule: str = ""
    label: Mapping[str, str] | None = None
    rank: int = 0  # among pieces of equal span the higher wins
    fixed: bool = False  # hardness was decided by its own rule

    @property
    def values(self) -> list[Any]:
        """What is asked for, one or several: "hotpot or barbecue" is one piece."""
        return self.value if isinstance(self.value, list) else [self.value]


class Reading(msgspec.Struct, eq=False):
    """One text under reading: what each reader may look at."""

    text: Text  # folded
    lang: str
    lexicon: Lexicon
    words: Words  # what the readers' own lists know
    mentions: Sequence[Mention]  # longest, shadows included; topics of notes left out
    now: datetime  # from which relative dates are counted
    names: Sequence[NameSpan]  # the index's own first, then the landmarks that everybody knows
    quantities: Sequence[Quantity] = ()
    regions: Sequence[Hit] = ()  # names that may be of the map
    capitals: frozenset[int] = frozenset()  # where a capital letter stood that says something
    topics: Sequence[Mention] = ()  # what only notes are about: it names no thing, and hides no word inside it
    signs: int = 0  # a bit for each thing that it holds (signs())
    _kept: dict[Any, Any] = msgspec.field(default_factory=dict)

    @property
    def spelt(self) -> list[Hit]:
        """Names of the map that are no misspelling of another word: the sure ones, and long ones ("yangshuo")."""
        return [hit for hit in self.regions if hit.guard == ANYWHERE or hit.end - hit.start > 6]

    @property
    def sure(self) -> list[Hit]:
        """Names of the map that mean a place wherever they stand."""
        return [hit for hit in self.regions if hit.guard == ANYWHERE]

    def named_at(self, span: tuple[int, int]) -> set[str]:
        """The slots of the mentions of this very span."""
        return {m.slot for m in self.mentions if (m.start, m.end) == span}

    def once(self, make: Callable[["Reading"], T]) -> T:
        """make(self), worked out at the first call."""
        if make not in self._kept:
            self._kept[make] = make(self)
        kept: T = self._kept[make]
        return kept

    @staticmethod
    def of(text: str, lang: str, lexicon: Lexicon, names: Names, now: datetime) -> "Reading":
        """Run the scanners once."""
        known, found, topics, words = sweep(text, lexicon)
        named = names.find(text)
        if words.landmarks:
            named = [*named, *(Name(w.start, w.end, "place.named", w.said, 1.0) for w in words.landmarks)]
        made = Reading(known, lang, lexicon, words, longest(found), now, named, quantities(known),
                       regions(words.regions), topics=topics)  # fmt: skip
        made.signs = _signs(gates()).of(made)
        return made


def resolve(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces that do not overlap: longer spans win, then higher rank, then the earlier; in order of the text.

    Pieces of one span and rank all stay ("酒吧" may be two things at once).
    """
    ordered, reached = sorted(pieces, key=_BY_PLACE), 0
    for piece in ordered:
        if piece.start < reached or piece.start == piece.end:
            break
        reached = piece.end
    else:
        return ordered
    taken: list[Piece] = []
    covered = bytearray(max((p.end for p in pieces), default=0))
    slots: dict[tuple[int, int, int], set[str]] = {}
    for piece in sorted(pieces, key=_strongest_first):
        place = (piece.start, piece.end, piece.rank)
        if place in slots:
            if piece.slot in slots[place] and piece.slot not in TOGETHER:
                continue
            slots[place].add(piece.slot)
        elif covered.find(1, piece.start, piece.end) >= 0:
            continue
        else:
            covered[piece.start : piece.end] = b"\1" * (piece.end - piece.start)
            slots[place] = {piece.slot}
        taken.append(piece)
    taken.sort(key=_BY_PLACE)
    return taken


def _strongest_first(piece: Piece) -> tuple[int, int, int]:
    return piece.start - piece.end, -piece.rank, piece.start
