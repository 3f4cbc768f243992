"""What does one person's history say? What they did, summed by what the items are; as of the moment of asking."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Final

import numpy as np

from engine.feed.placed import Placed
from engine.geo import distance_km
from engine.known import Known
from engine.ports import Index
from engine.types import F32, F64, I64, Kind
from ranking.impressions import GAINS, REFUSALS

#: The newest deeds that are looked at; a gain counts half after so many days; a session ends after so long a rest.
MOST, HALF_LIFE_S, SESSION_S = 500, 30 * 86_400.0, 1800
#: Tags that are held against a list: those of the largest gains.
TAGS: Final = 8
#: Fewer places do not tell how far somebody goes; a nearer typical distance counts as this.
FEWEST_PLACES, LEAST_KM = 3, 1.0


class Person:
    """One person until the moment of `known`; deeds of later are not looked at. One index, one tenant, one request."""

    def __init__(self, index: Index, tenant: str, known: Known) -> None:
        self._index, self._tenant, self._at = index, tenant, known.at
        self._deeds = [deed for deed in known.person.deeds if deed[2] <= known.at][:MOST]
        self._sums: dict[str, dict[str, float]] = {}
        self.events = len(self._deeds)
        self.refused = {item for item, action, _ in self._deeds if action in REFUSALS}
        self.followed = {item for item, action, _ in self._deeds if action == "follow"}
        self.gains: dict[str, float] = defaultdict(float)
        self.seen: dict[str, list[int]] = {}  # item -> when it was shown, newest first
        for item, action, at in self._deeds:
            if action == "impression":
                self.seen.setdefault(item, []).append(at)
            elif (gain := GAINS.get(action, 0.0)) and item not in self.refused:
                self.gains[item] += gain * 0.5 ** ((known.at - at) / HALF_LIFE_S)

    def hours_since(self, item: str | None) -> float:
        """Since it was last shown; NaN when it never was."""
        seen = self.seen.get(item or "")
        return (self._at - seen[0]) / 3600 if seen else float("nan")

    def by(self, column: str) -> dict[str, float]:
        """Gains by the text of a column."""
        known = self._sums.get(column)
        if known is None:
            known = self._sums[column] = self._summed(column, self._liked)
        return known

    def refusals_by(self, column: str) -> dict[str, float]:
        """How many items with each text were hidden or reported."""
        return self._summed(column, self._refused)

    def follows(self) -> frozenset[str]:
        """Authors whose items were followed."""
        return frozenset(self._summed("author_id", self._located(dict.fromkeys(self.followed, 1.0))))

    def tags(self) -> list[tuple[str, float]]:
        """(tag, its share of the gains), the largest first, at most TAGS."""
        found: dict[str, float] = defaultdict(float)
        for kind, (rows, gains) in self._liked.items():
            for tags, gain in zip(self._index.column(self._tenant, kind, "has", rows), gains, strict=True):
                for tag in tags or ():
                    found[tag] += float(gain)
        whole = sum(self.gains.values())
        most = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:TAGS]
        return [(tag, gain / whole) for tag, gain in most] if whole > 0 else []

    def of_kind(self, kind: Kind) -> tuple[I64, F64]:
        """(rows, gains) of the items of a kind."""
        return self._liked.get(kind, _NONE)

    def longterm(self) -> F32 | None:
        """The direction of all that they liked, by gain; None without any."""
        return self._mean(self._liked)

    def session(self) -> F32 | None:
        """The same of what they did since they last rested; None when nothing."""
        return self._mean(self._located(dict.fromkeys(self._lately(), 1.0)))

    def log_price(self, kind: Kind) -> float:
        """The mean logarithm of the prices of what they liked of a kind, by gain; NaN without any."""
        rows, gains = self.of_kind(kind)
        prices = self._index.column(self._tenant, kind, "price" if kind == "product" else "price_per_person", rows)
        known = prices > 0 if len(rows) else np.zeros(0, np.bool_)
        return float(np.average(np.log(prices[known]), weights=gains[known])) if known.any() else float("nan")

    def reach(self) -> tuple[float, float, float] | None:
        """(latitude, longitude of the middle of the places they liked, usual kilometres from there); None for few."""
        rows, _ = self.of_kind("poi")
        if len(rows) < FEWEST_PLACES:
            return None
        lat, lon = (np.asarray(self._index.column(self._tenant, "poi", name, rows), np.float64) for name in _POSITION)
        known = np.isfinite(lat) & np.isfinite(lon)
        if known.sum() < FEWEST_PLACES:
            return None
        middle = float(np.median(lat[known])), float(np.median(lon[known]))
        usual = float(np.median(distance_km(lat[known], lon[known], *middle)))
        return (*middle, max(usual, LEAST_KM))

    def _lately(self) -> Iterable[str]:
        last = self._at
        for item, action, at in self._deeds:
            if last - at > SESSION_S:
                return
            last = at
            if item in self.gains and GAINS.get(action, 0.0) > 0:
                yield item

    @cached_property
    def _liked(self) -> dict[Kind, tuple[I64, F64]]:
        return self._located(self.gains)

    @cached_property
    def _refused(self) -> dict[Kind, tuple[I64, F64]]:
        return self._located(dict.fromkeys(self.refused, 1.0))

    def _located(self, items: dict[str, float]) -> dict[Kind, tuple[I64, F64]]:
        """By kind the rows of those that are alive, and their numbers."""
        placed = Placed.of(self._index, self._tenant, items)
        numbers = np.array([items[item] for item in placed.ids])
        return {kind: (rows, numbers[where]) for kind, where, rows in placed.by_kind}

    def _summed(self, column: str, of: dict[Kind, tuple[I64, F64]]) -> dict[str, float]:
        out: dict[str, float] = defaultdict(float)
        for kind, (rows, numbers) in of.items():
            texts = self._index.column(self._tenant, kind, column, rows)
            for text, number in zip(texts, numbers.tolist(), strict=True):
                if isinstance(text, str):
                    out[text] += number
        return out

    def _mean(self, of: dict[Kind, tuple[I64, F64]]) -> F32 | None:
        parts = [(self._index.vectors(self._tenant, kind, rows), gains) for kind, (rows, gains) in of.items()]
        sums = [gains[at] @ vectors[at] for vectors, gains in parts if (at := np.isfinite(vectors[:, 0])).any()]
        total = np.sum(sums, axis=0) if sums else None
        length = 0.0 if total is None else float(np.linalg.norm(total))
        return np.asarray(total / length, np.float32) if total is not None and length > 0 else None


_POSITION: Final = ("lat", "lon")
_NONE: Final[tuple[I64, F64]] = (np.empty(0, np.int64), np.empty(0))
