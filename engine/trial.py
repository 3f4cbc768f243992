"""Two orders, one stream of people: who sees which? Buckets by person, or one page drafted by two teams.

Team-draft interleaving (Radlinski et al., CIKM 2008): in turn, the first by lot, each side puts its best item that is
not yet on the page; what is then clicked counts for the side that put it. Both sides stand equally high on average.
"""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from engine.ports import Ranker
from engine.types import I64, Query

HOWS: Final = ("shadow", "interleave", "split")


@dataclass(frozen=True, slots=True)
class Trial:
    """A challenger beside what serves. shadow: it is scored after the answer; interleave: one page of both orders;
    split: so large a share of the people get its order."""

    name: str
    how: Literal["shadow", "interleave", "split"]
    rival: Ranker
    share: float = 0.5


def drawn(name: str, who: str) -> float:
    """A number in [0, 1) that is the same for the same person and trial, and tells nothing of any other trial's."""
    return int.from_bytes(hashlib.sha256(f"{name}\0{who}".encode()).digest()[:8], "big") / 2**64


def drafts(trial: Trial | None, query: Query) -> bool:
    """Is this page drafted from two orders? Not where a sort was asked for."""
    if trial is None or trial.how != "interleave" or query.sort is not None:
        return False
    return drawn(trial.name, query.user or query.text) < trial.share


def draft(a: I64, b: I64, most: int, seed: str) -> tuple[I64, str]:
    """-> (the first `most` of both orders without repeats, the team of each: a letter an item).

    The same seed gives the same page, so that a second page goes on where the first ended.
    """
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big"))
    orders, places = {"a": a.tolist(), "b": b.tolist()}, {"a": 0, "b": 0}
    taken: dict[int, str] = {}
    while len(taken) < most:
        for team in ("a", "b") if rng.random() < 0.5 else ("b", "a"):
            order = orders[team]
            while places[team] < len(order) and order[places[team]] in taken:
                places[team] += 1
            if places[team] < len(order) and len(taken) < most:
                taken[order[places[team]]] = team
        if all(places[team] >= len(orders[team]) for team in orders):
            break
    return np.array(list(taken), np.int64), "".join(taken.values())
