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
#: The best of each kind among which the page is laid, or so many times its cards.
REACH, BREADTH = 120, 2
#: What a window holds so many of, at most (settings.toml: page).
CAPPED = ("author", "brand", "category")


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
    """What caps count: per candidate codes of author, brand and category (-1: none), and whether it is paid for.

    paid_share: the most of a window that may be paid for, in [0, 1].
    """

    author: I64
    brand: I64
    category: I64
    paid: Mask
    paid_share: float


def main_source(pool: Pool, worth: Worth) -> I64:
    """Of the sources that brought each candidate, the one that adds most to its worth: (n,) indices into SOURCES."""
    gains = np.full((len(SOURCES), len(pool)), -np.inf, np.float32)
    for number, name in enumerate(SOURCES):
        brought = pool.strength[number] > 0
        part = worth.parts.get("near" if name == "nearby" else name, pool.strength[number])
        gains[number, brought] = part[brought]
    strongest: I64 = gains.argmax(axis=0)
    return strongest


def lay(
    pool: Pool, worth: Worth, groups: Groups, kinds: Mapping[Kind, float], offset: int, most: int, draw: Draw
) -> list[Laid]:
    """At most `most` places, those of a list from `offset` on; fewer only when the pool and the lottery are spent."""
    chosen, sources = settings("page"), main_source(pool, worth)
    state = _State(pool, worth, groups, sources, dict.fromkeys(kinds, 0.0), kinds)
    page: list[Laid] = []
    taken: set[tuple[int, int]] = set()
    while len(page) < most:
        one = None
        if (offset + len(page)) % chosen["explore_every"] == chosen["explore_at"]:
            drawn = draw(taken)
            one = None if drawn is None else Laid(drawn[0], drawn[1], state.position(drawn), "explore", drawn[2])
        if one is None and (offset + len(page)) % chosen["budding_every"] == chosen["budding_at"]:
            at = state.budding()
            one = None if at is None else Laid(int(pool.kind[at]), int(pool.row[at]), at, "budding", 1.0)
        if one is None:
            at = state.next()
            one = None if at is None else Laid(int(pool.kind[at]), int(pool.row[at]), at, SOURCES[sources[at]], 1.0)
        if one is None:
            break
        state.take(one)
        taken.add((one.kind, one.row))
        page.append(one)
    return page


class _State:
    """What was laid so far, and what may come next."""

    def __init__(
        self, pool: Pool, worth: Worth, groups: Groups, sources: I64, credit: dict[Kind, float],
        kinds: Mapping[Kind, float],
    ) -> None:  # fmt: skip
        self._pool, self._total, self._groups, self._sources = pool, worth.total, groups, sources
        self._vectors = worth.vectors
        most, caps = settings("page"), (groups.author, groups.brand, groups.category)
        self._caps = [(codes, codes.tolist(), most[name]) for name, codes in zip(CAPPED, caps, strict=True)]
        self._paid, self._paid_most = groups.paid.tolist(), int(groups.paid_share * most["window"] + 1e-9)
        self._left, self._credit, self._kinds = np.ones(len(pool), np.bool_), credit, kinds
        self._of = {kind: pool.kind == KINDS.index(kind) for kind in kinds}
        self._nearest = np.zeros(len(pool), np.float32)
        self._laid: list[tuple[int | None, str]] = []
        self._rest = pool.kind.astype(np.int64) * (1 << 40) + pool.row

    def position(self, drawn: tuple[int, int, float]) -> int | None:
        """Where a drawn item is in the pool."""
        found = np.flatnonzero(self._rest == drawn[0] * (1 << 40) + drawn[1])
        return int(found[0]) if len(found) else None

    def next(self) -> int | None:
        """The best candidate that keeps the caps, of the kind whose turn it is; caps give way before a place stays
        empty: first the quotas of sources and kinds, then all."""
        if not self._left.any():
            return None
        value = self._total - np.float32(settings("page")["like"]) * self._nearest
        capped = self._capped()
        both = capped & self._quota()
        mine = self._of[self._turn(both if both.any() else self._left)]
        for allowed in (both & mine, capped & mine, both, capped, self._left):
            if allowed.any():
                return int(np.argmax(np.where(allowed, value, -np.inf)))
        return None

    def budding(self) -> int | None:
        """The best of what a few chose so far that keeps the caps; None when there is none."""
        promise = np.where(self._capped(), self._pool.of("budding"), 0.0)
        best = int(promise.argmax()) if len(promise) else 0
        return best if len(promise) and promise[best] > 0 else None

    def take(self, one: Laid) -> None:
        """Lay a card."""
        self._laid.append((one.at, one.source))
        for kind, weight in self._kinds.items():
            self._credit[kind] += weight - (sum(self._kinds.values()) if kind == KINDS[one.kind] else 0.0)
        if one.at is None:
            return
        self._left[one.at] = False
        if self._vectors.shape[1]:
            likeness = self._vectors @ self._vectors[one.at]  # NaN without a vector: no likeness
            np.fmax(self._nearest, likeness, out=self._nearest)

    def _turn(self, allowed: Mask) -> Kind:
        """Smooth weighted round-robin: each kind in proportion to its weight, of those that have a candidate."""
        have = [kind for kind in self._credit if (allowed & self._of[kind]).any()]
        return max(have or list(self._credit), key=lambda kind: self._credit[kind] + self._kinds[kind])

    def _window(self) -> list[tuple[int | None, str]]:
        return self._laid[-(settings("page")["window"] - 1) :]

    def _capped(self) -> Mask:
        """What is left and keeps the caps."""
        recent, fine = [at for at, _ in self._window() if at is not None], self._left.copy()
        for group, codes, most in self._caps:
            for code, count in Counter([codes[at] for at in recent]).items():
                if count >= most and code >= 0:  # below: those without one
                    fine &= group != code
        if sum([self._paid[at] for at in recent]) >= self._paid_most:
            fine &= ~self._groups.paid
        return fine

    def _quota(self) -> Mask:
        counts = Counter(source for _, source in self._window())
        fine = np.ones(len(self._pool), np.bool_)
        for name, count in counts.items():
            if count >= settings("sources")[name]["most"]:
                fine &= self._sources != SOURCES.index(name)
        return fine


def foremost(pool: Pool, worth: Worth, most: int) -> tuple[Pool, Worth]:
    """The candidates worth laying `most` cards of: the best of each kind, and what has places kept for it."""
    reach = max(REACH, BREADTH * most)
    best = [where[np.argsort(-worth.total[where], kind="stable")[:reach]] for _, where, _ in pool.by_kind()]
    keep = np.unique(np.concatenate([*best, np.flatnonzero(pool.of("budding"))]))
    return (pool, worth) if len(keep) == len(pool) else (pool.take(keep), worth.take(keep))


def coded(values: Sequence[Any]) -> I64:
    """Equal texts as equal numbers; -1 for none."""
    known: dict[str, int] = defaultdict(lambda: len(known))
    return np.array([known[value] if isinstance(value, str) and value else -1 for value in values], np.int64)


def total_of(worth: Worth, at: int | None) -> float:
    """A card's worth; 0 for one that was drawn from outside."""
    return 0.0 if at is None else float(worth.total[at])
