"""How likely is it that somebody looks at a place of a page? Harvested from the log, without an experiment.

A click needs two things: that the place is looked at, and that the item is wanted. The same item for the same question
at two places (since the model, the index or the person changed) is wanted equally, so that its clicks there stand to
each other as the places do (intervention harvesting: Agarwal et al., WSDM 2019). All pairs of places together give each
place's share of the first one's looks, by least squares over logarithms, each pair weighing what its clicks are worth.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from engine.errors import BadInput
from engine.types import F64, Mask

#: Places that are estimated; below them the last one's value holds.
PLACES: Final = 20
#: No click counts for more than this many: rare looks make wild weights.
MOST_WEIGHT: Final = 10.0
#: Added on both sides of a pair (clicks; little evidence says "equal"), or to the looks of a place.
_PRIOR: Final = 1.0
#: Turns of expectation maximisation; nothing is wanted for certain.
_ROUNDS: Final = 200
_SURE: Final = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Shown:
    """One page: what was asked (equal for equal questions), the items from the first place on, who was clicked."""

    question: str
    items: Sequence[str]
    clicked: Sequence[bool]  # parallel to items


@dataclass(frozen=True, slots=True)
class Propensities:
    """`looks` (places,): how often a place is looked at, as a share of the first one's; never rising.

    `clicks`: how many clicks on items seen at several places it rests on; 0: nothing is known, and all are 1.
    """

    looks: F64
    clicks: int

    def weights(self, places: Sequence[int]) -> F64:
        """What a click at each place (from 0) is worth: 1 / looks, at most MOST_WEIGHT."""
        at = np.minimum(np.asarray(places, np.int64), len(self.looks) - 1)
        return np.minimum(1.0 / self.looks[at], MOST_WEIGHT)


def estimate(pages: Iterable[Shown], places: int = PLACES) -> Propensities:
    """From what was shown and clicked. Without items at several places every place counts the same."""
    counted = _counted(pages, places)
    if not counted:
        return Propensities(np.ones(places), 0)
    times = np.stack([shown for shown, _ in counted])  # (question and item, place)
    rates = np.divide(np.stack([clicks for _, clicks in counted]), times, out=np.zeros(times.shape), where=times > 0)
    both = (times > 0).astype(np.float64)
    clicks = rates.T @ both  # [a, b]: click rates at a, summed over what was shown at a and at b
    worth = 1.0 / (1.0 / (clicks + _PRIOR) + 1.0 / (clicks.T + _PRIOR))
    worth[(both.T @ both) == 0] = 0
    ratio = np.log((clicks + _PRIOR) / (clicks.T + _PRIOR))
    looks = _falling(np.exp(_solve(ratio, worth)), np.asarray(worth.any(axis=1), np.bool_))
    return Propensities(looks, int(sum(clicks.sum() for _, clicks in counted)))


def maximised(pages: Iterable[Shown], places: int = PLACES) -> Propensities:
    """The same by expectation maximisation (the position-based model of Craswell et al., WSDM 2008): who was looked at
    and not wanted, and who was not looked at, are told apart in turns with how often each place is looked at and each
    item of a question wanted. It says how the clicks are likeliest; where few items stand at several places it believes
    the order that was shown."""
    counted = _counted(pages, places)
    if not counted:
        return Propensities(np.ones(places), 0)
    times, clicks = (np.stack(each) for each in zip(*counted, strict=True))  # (question and item, place)
    left, shown = times - clicks, times.sum(axis=0)
    looks, wanted = np.full(places, 0.5), np.full(len(times), 0.5)
    for _ in range(_ROUNDS):
        unseen = left / (1 - looks * wanted[:, np.newaxis])  # what is not clicked, for each way of not being so
        seen = clicks + unseen * looks * (1 - wanted[:, np.newaxis])
        liked = clicks + unseen * (1 - looks) * wanted[:, np.newaxis]
        looks = (seen.sum(axis=0) + _PRIOR) / (shown + 2 * _PRIOR)
        wanted = np.minimum(liked.sum(axis=1) / times.sum(axis=1), _SURE)
    return Propensities(_falling(looks, shown > 0), int(clicks.sum()))


def _counted(pages: Iterable[Shown], places: int) -> list[tuple[F64, F64]]:
    """(times shown, clicks) by place, of each question's items that stood at more than one place."""
    found: dict[tuple[str, str], tuple[F64, F64]] = defaultdict(lambda: (np.zeros(places), np.zeros(places)))
    for page in pages:
        if len(page.items) != len(page.clicked):
            raise BadInput(f"a page of {page.question!r:.40} has {len(page.items)} items, {len(page.clicked)} marks")
        for place, (item, clicked) in enumerate(zip(page.items[:places], page.clicked, strict=False)):
            shown, clicks = found[page.question, item]
            shown[place] += 1
            clicks[place] += clicked
    return [pair for pair in found.values() if np.count_nonzero(pair[0]) > 1]


def _solve(ratio: F64, worth: F64) -> F64:
    """x with x[a] - x[b] near ratio[a, b], weighted by `worth`; x[0] = 0. A place that no pair ties stays at 0."""
    laplace = np.diag(worth.sum(axis=1)) - worth
    aim = (worth * ratio).sum(axis=1)
    solved = np.zeros(len(ratio))
    solved[1:] = np.linalg.lstsq(laplace[1:, 1:], aim[1:], rcond=None)[0]
    return solved


def _falling(looks: F64, known: Mask) -> F64:
    """The nearest curve that never rises (pool adjacent violators), as a share of its first place. A place of which
    nothing is known is looked at like the last one before it that is known."""
    known[0] = True
    blocks: list[list[float]] = []
    for value in looks[known]:
        blocks.append([float(value), 1.0])
        while len(blocks) > 1 and blocks[-2][0] < blocks[-1][0]:
            (a, n), (b, m) = blocks[-2], blocks[-1]
            blocks[-2:] = [[(a * n + b * m) / (n + m), n + m]]
    out = np.concatenate([np.full(int(n), value) for value, n in blocks])
    share: F64 = (out / out[0])[np.cumsum(known) - 1]
    return share


How: TypeAlias = Literal["harvest", "maximise"]
#: Harvesting is off by less until there are some ten thousand pages (benchmarks/quality/clicks.py).
ESTIMATES: Final[Mapping[How, Callable[[Iterable[Shown]], Propensities]]] = {
    "harvest": estimate, "maximise": maximised,
}  # fmt: skip
