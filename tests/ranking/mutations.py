"""How can a text model be damaged? Bytes, lines, numbers, lists, whole trees; one to four such changes at once."""

import re
from collections.abc import Callable
from typing import Final

import numpy as np

#: Values that parsers trip over, and some that merely change an answer.
VALUES: Final = (
    *("-1", "0", "1", "2", "8", "9999999", "2147483648", "-2147483649", "99999999999999999999", "1e308", "-1e308"),
    *("1e999", "1e-999", "1e99999999999", "nan", "inf", "-inf", "", " ", "0x10", "1.", ".5", "+1", "1,5", "--1", "1e"),
)
LINES: Final = (
    *("", "end of trees", "Tree=0", "Tree=1", "tree", "num_cat=1", "cat_boundaries=0 9", "cat_threshold=7", "=", "x"),
    *("is_linear=1", "num_leaves=99", "average_output", "monotone_constraints=1", "parameters:", "tree_sizes=1", "\0"),
)


def mutated(rng: np.random.Generator, data: bytes, other: str) -> bytes:
    """A sound model with one to four damages, its tree_sizes made right again three times out of four.

    `other`: another sound model, whose trees and lines may be put in.
    """
    text = data.decode("ascii")
    for _ in range(1 + int(rng.integers(4)) * int(rng.random() < 0.5)):
        text = _DAMAGES[int(rng.integers(len(_DAMAGES)))](rng, text, other)
    return resized(text) if rng.random() < 0.75 else text.encode()


def resized(text: str) -> bytes:
    """tree_sizes made right again, so that what comes after that check is tried too."""
    trees = re.split(r"^(?=Tree=)", text.partition("end of trees\n")[0], flags=re.MULTILINE)[1:]
    return re.sub(r"tree_sizes=.*", "tree_sizes=" + " ".join(str(len(t)) for t in trees), text).encode()


def _byte(rng: np.random.Generator, text: str, _: str) -> str:
    place = int(rng.integers(len(text)))
    new = (
        chr(int(rng.integers(128))) if rng.random() < 0.6 else str(rng.choice(["", "\n", "\r", "\r\n", " ", "\0", "="]))
    )
    return text[:place] + new + text[place + 1 :]


def _swap(rng: np.random.Generator, text: str, _: str) -> str:
    lines = text.split("\n")
    a = int(rng.integers(len(lines)))
    b = (
        int(np.clip(a + rng.integers(-4, 5), 0, len(lines) - 1))
        if rng.random() < 0.5
        else int(rng.integers(len(lines)))
    )
    lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines)


def _line(rng: np.random.Generator, text: str, other: str) -> str:
    """A line lost, doubled, put in, or taken from another model."""
    lines, foreign = text.split("\n"), other.split("\n")
    at = int(rng.integers(len(lines)))
    new = [[], [lines[at]] * 2, [str(rng.choice(LINES)), lines[at]], [foreign[int(rng.integers(len(foreign)))]]]
    lines[at : at + 1] = new[int(rng.integers(4))]
    return "\n".join(lines)


def _value(rng: np.random.Generator, text: str, _: str) -> str:
    """A number replaced, lost or doubled."""
    lines = text.split("\n")
    at = int(rng.integers(len(lines)))
    key, equals, value = lines[at].partition("=")
    values = value.split(" ")
    place, special = int(rng.integers(len(values))), str(rng.choice(VALUES))
    values[place : place + 1] = [[special], [], [values[place]] * 2, [str(rng.integers(-9, 9))]][int(rng.integers(4))]
    lines[at] = key + equals + " ".join(values)
    return "\n".join(lines)


def _number(rng: np.random.Generator, text: str, _: str) -> str:
    """One digit of one number."""
    digits = [match.start() for match in re.finditer(r"\d", text)]
    place = digits[int(rng.integers(len(digits)))]
    return text[:place] + str(rng.integers(10)) + text[place + 1 :]


def _tree(rng: np.random.Generator, text: str, other: str) -> str:
    """A tree lost, doubled, cut short, joined to the next, or taken from another model."""
    trees, foreign = (re.split(r"^(?=Tree=)", each, flags=re.MULTILINE) for each in (text, other))
    if min(len(trees), len(foreign)) < 3:
        return text
    at, cut = int(rng.integers(1, len(trees))), int(rng.integers(len(trees[-1])))
    ways = ([], [trees[at]] * 2, [trees[at][:cut]], [trees[at].rstrip("\n") + "\n"], [foreign[1]])
    trees[at : at + 1] = ways[int(rng.integers(len(ways)))]
    return "".join(trees)


_DAMAGES: Final[tuple[Callable[[np.random.Generator, str, str], str], ...]] = (
    *(_byte, _swap, _line, _value, _value, _number, _tree),
)
