"""Who stands where on the page? Worth less likeness to the cards above, under caps and quotas, a share drawn by lot."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.feed.pool import Pool
from engine.feed.settings import SOURCES, settings
from engine.feed.worth import Worth
from engine.types import I64, KINDS, Kind, Mask

#: (kind, row) of what was taken -> a card drawn by lot: (kind, row, chance); None when there is nothing to draw from.
Draw = Callable[[set[tuple[int, int]]], "tuple[int, int, float] | None"]
#: The best of each kind among which the page is laid.
REACH = 160


@dataclass(frozen=True, slots=True)
class Laid:
    """One place: a position in the pool, or an item that was drawn and is not in it."""

    kind: int
    row: int
    at: int | None
    source: str
    propensity: float


@dataclass(frozen=True, slots=True)
class Groups:
    """What caps count: per candidate codes of author, brand and category (-1: none), and whether it is paid for."""

    author: I64
    brand: I64
    category: I64
    paid: Mask


def main_source(pool: Pool, worth: Worth) -> list[str]:
    """Of the sources that brought each candidate, the one that adds most to its worth."""
    gains = np.full((len(SOURCES), len(pool)), -np.inf, np.float32)
    for number, name in enumerate(SOURCES):
        brought = pool.strength[number] > 0
        part = worth.parts.get("near" if name == "nearby" else name, pool.strength[number])
        gains[number, brought] = part[brought]
    return [SOURCES[number] for number in gains.argmax(axis=0)]


def lay(
    pool: Pool, worth: Worth, groups: Groups, kinds: Mapping[Kind, float], offset: int, most: int, draw: Draw
) -> list[Laid]:
    """At most `most` places, those of a list from `offset` on; fewer only when the pool and the lottery are spent."""
    chosen, sources = settings("page"), main_source(pool, worth)
    left = _best_of_each_kind(pool, worth)
    state = _State(pool, worth, groups, sources, left, dict.fromkeys(kinds, 0.0), kinds)
    page: list[Laid] = []
    taken: set[tuple[int, int]] = set()
    while len(page) < most:
        one = None
        if (offset + len(page)) % chosen["explore_every"] == chosen["explore_at"]:
            drawn = draw(taken)
            one = None if drawn is None else Laid(drawn[0], drawn[1], state.position(drawn), "explore", drawn[2])
        if one is None:
            at = state.next()
            one = None if at is None else Laid(int(pool.kind[at]), int(pool.row[at]), at, sources[at], 1.0)
        if one is None:
            break
        state.take(one)
        taken.add((one.kind, one.row))
        page.append(one)
    return page


class _State:
    """What was laid so far, and what may come next."""

    def __init__(
        self, pool: Pool, worth: Worth, groups: Groups, sources: Sequence[str], left: Mask,
        credit: dict[Kind, float], kinds: Mapping[Kind, float],
    ) -> None:  # fmt: skip
        self._pool, self._worth, self._groups, self._sources = (
            pool,
            worth,
            groups,
            np.array([SOURCES.index(name) for name in sources], np.int64),
        )
        self._left, self._credit, self._kinds = left, credit, kinds
        self._nearest = np.zeros(len(pool), np.float32)
        self._laid: list[tuple[int | None, str]] = []
        self._rest = pool.kind.astype(np.int64) * (1 << 40) + pool.row
        self._spare = np.ones(len(pool), np.bool_)  # what was not laid, beyond those looked at too

    def position(self, drawn: tuple[int, int, float]) -> int | None:
        """Where a drawn item is in the pool."""
        found = np.flatnonzero(self._rest == drawn[0] * (1 << 40) + drawn[1])
        return int(found[0]) if len(found) else None

    def next(self) -> int | None:
        """The best candidate that keeps the caps, of the kind whose turn it is; caps give way before a place stays
        empty: first the quotas of sources and kinds, then all."""
        if not self._left.any():
            self._left = self._spare.copy()
        if not self._left.any():
            return None
        value = self._worth.total - settings("page")["like"] * self._nearest
        capped, quota = self._left & self._capped(), self._quota()
        turn = self._turn(capped & quota if (capped & quota).any() else self._left)
        mine = self._pool.kind == KINDS.index(turn)
        for allowed in (capped & quota & mine, capped & mine, capped & quota, capped, self._left):
            if allowed.any():
                return int(np.argmax(np.where(allowed, value, -np.inf)))
        return None

    def take(self, one: Laid) -> None:
        """Lay a card."""
        self._laid.append((one.at, one.source))
        for kind, weight in self._kinds.items():
            self._credit[kind] += weight - (sum(self._kinds.values()) if kind == KINDS[one.kind] else 0.0)
        if one.at is None:
            return
        self._left[one.at] = self._spare[one.at] = False
        vectors = self._worth.vectors
        if vectors.shape[1]:
            self._nearest = np.maximum(self._nearest, np.nan_to_num(vectors @ vectors[one.at], nan=0.0))

    def _turn(self, allowed: Mask) -> Kind:
        """Smooth weighted round-robin: each kind in proportion to its weight, of those that have a candidate."""
        have = [kind for kind in self._credit if (allowed & (self._pool.kind == KINDS.index(kind))).any()]
        return max(have or list(self._credit), key=lambda kind: self._credit[kind] + self._kinds[kind])

    def _window(self) -> list[tuple[int | None, str]]:
        return self._laid[-(settings("page")["window"] - 1) :]

    def _capped(self) -> Mask:
        chosen, recent = settings("page"), [at for at, _ in self._window() if at is not None]
        fine = np.ones(len(self._pool), np.bool_)
        for group, most in ((self._groups.author, chosen["author"]), (self._groups.brand, chosen["brand"]),
                            (self._groups.category, chosen["category"])):  # fmt: skip
            full = np.bincount(group[recent] + 1, minlength=len(self._pool) + 1) >= most
            full[0] = False  # those without one
            fine &= ~full[group + 1]
        if self._groups.paid[recent].sum() >= chosen["paid"]:
            fine &= ~self._groups.paid
        return fine

    def _quota(self) -> Mask:
        counts = Counter(source for _, source in self._window())
        full = [name for name, count in counts.items() if count >= settings("sources")[name]["most"]]
        return ~np.isin(self._sources, [SOURCES.index(name) for name in full])


def _best_of_each_kind(pool: Pool, worth: Worth) -> Mask:
    """The candidates worth laying a page of; the others come when these are spent."""
    keep = np.zeros(len(pool), np.bool_)
    for _, where, _ in pool.by_kind():
        keep[where[np.argsort(-worth.total[where], kind="stable")[:REACH]]] = True
    return keep


def coded(values: Sequence[Any]) -> I64:
    """Equal texts as equal numbers; -1 for none."""
    known: dict[str, int] = defaultdict(lambda: len(known))
    return np.array([known[value] if isinstance(value, str) and value else -1 for value in values], np.int64)


def total_of(worth: Worth, at: int | None) -> float:
    """A card's worth; 0 for one that was drawn from outside."""
    return 0.0 if at is None else float(worth.total[at])
