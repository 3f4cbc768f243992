"""What do the words of an open attribute ("能看到火车") mean? Their vector is put into the intent when there is time.

Without it the sentences of notes are read for the words alone; with it also for what means the same.
"""

from hashlib import blake2b
from typing import Final

from msgspec.structs import replace

from engine.language import main_language
from engine.live import View
from engine.ports import Encoder
from engine.types import F32, Constraint, Heard, Intent
from engine.vectors import QueryVectors

#: Open attributes of one query that are looked for by meaning; each costs an encoding.
MOST: Final = 2


def open_words(intent: Intent) -> tuple[str, ...]:
    """What is asked for that no lexicon knows, as it was said."""
    said = [str(c.value["open"]) for c in intent.constraints if is_open(c)]
    return tuple(dict.fromkeys(said))[:MOST]


def is_open(constraint: Constraint) -> bool:
    """Does it ask for a thing by words of its own?"""
    return isinstance(constraint.value, dict) and bool(constraint.value.get("open"))


def known(view: View, intent: Intent, vectors: QueryVectors) -> bool:
    """Are all vectors at hand, so that hearing costs nothing?"""
    words = open_words(intent)
    return all(vectors.known(view, intent.text, each) or vectors.known(view, each) for each in words)


def hear(view: View, intent: Intent, vectors: QueryVectors) -> Intent:
    """The intent with what its open attributes mean, by the encoder: as read in the text, which costs no pass of its
    own; alone where the text does not hold them ("no television")."""
    words = open_words(intent)
    read = vectors.within(view, intent.text, words)
    alone = {each: vectors.raw(view, each) for each in words if each not in read}
    intent = _with(intent, view.encoder, alone)
    return _with(intent, view.encoder, read, blake2b(intent.text.encode(), digest_size=8).hexdigest())


def overhear(intent: Intent, student: Encoder) -> Intent:
    """The same by the encoder's stand-in."""
    words = open_words(intent)
    return _with(intent, student, dict(zip(words, student.encode(words, "query"), strict=True)))


def _with(intent: Intent, by: Encoder, made: dict[str, F32], within: str = "") -> Intent:
    """`within`: a digest of the text in which the words were read, which decides their vectors, too."""

    def heard(constraint: Constraint) -> Constraint:
        words = str(constraint.value["open"]) if is_open(constraint) else ""
        if words not in made:
            return constraint
        return replace(constraint, heard=Heard(by.fingerprint[:16] + within, main_language(words), made[words]))

    return replace(intent, constraints=tuple(heard(c) for c in intent.constraints))
