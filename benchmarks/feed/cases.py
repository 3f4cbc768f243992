"""What is asked of a recommender? People with a history up to a moment, and what they liked after it.

Nothing of the moment's future is in any history or in what models learn from: `assert_no_leak` looks at every case.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from engine.errors import BadInput

#: Items with fewer choices before the split are cold, so many of a newcomer's own events are revealed.
COLD_ITEM: Final = 5
REVEALED: Final = (1, 3, 5, 7, 9)
#: Who does nothing for so many seconds has got up; what follows is another sitting.
PAUSE_S: Final = 1800


class Deed(NamedTuple):
    """Somebody did something with an item."""

    user: str
    item: str
    action: str
    at: int  # seconds since 1970


#: What shows that an item was liked.
LIKING: Final = frozenset({"like", "save", "share", "book", "purchase", "comment", "follow"})


@dataclass(frozen=True)
class Case:
    """One question: what would this person like next? `seen` is what they acted on, which nobody recommends again."""

    name: str
    slice: str  # known | newcomer | cold user
    user: str
    history: Sequence[Deed]  # oldest first
    truth: frozenset[str]
    at: int  # of the question

    @property
    def seen(self) -> frozenset[str]:
        """Items of the history."""
        return frozenset(deed.item for deed in self.history)


@dataclass(frozen=True)
class Split:
    """What models may learn from, and the questions."""

    train: Sequence[Deed]  # oldest first
    cases: Sequence[Case]
    moment: int  # nothing at or after it is in `train`

    @cached_property
    def counts(self) -> Counter[str]:
        """People per item before the split, of those who did more than see it."""
        done = {(deed.user, deed.item) for deed in self.train if deed.action != "impression"}
        return Counter(item for _, item in done)

    def cold(self, item: str) -> bool:
        """Had few people chosen it before the split?"""
        return self.counts[item] < COLD_ITEM


def time_split(deeds: Iterable[Deed], share: float, catalogue: frozenset[str], revealed: Sequence[int]) -> Split:
    """Split the whole timeline where `share` of the deeds lie before.

    Who acted before it and likes something after is `known`: asked at the split, with that history. Who came after it
    is a `newcomer`, asked after half of their own deeds, and a `cold user`, asked after the first few (`revealed`).
    """
    ordered = sorted(deeds, key=lambda deed: (deed.at, deed.user, deed.item))
    moment = ordered[int(share * len(ordered))].at
    train = ordered[: bisect_left(ordered, moment, key=lambda deed: deed.at)]
    before, after = by_user(train), by_user(ordered[len(train) :])
    cases = []
    for user, later in sorted(after.items()):
        if user in before:
            cases.append(_case("known", user, before[user], later, catalogue, at=moment))
            continue
        cases.append(_case("newcomer", user, later[: len(later) // 2], later[len(later) // 2 :], catalogue))
        cases += [
            _case("cold user", user, later[:few], later[few:], catalogue, few) for few in revealed if few < len(later)
        ]
    return Split(train, [case for case in cases if case is not None], moment)


def last_out(deeds: Iterable[Deed], catalogue: frozenset[str], sitting: bool = False, least: int = 3) -> Split:
    """Leave the last liked thing of each person out, and all that they did from then on; with `sitting` the whole
    sitting that it fell in, of which all that was liked is asked for before it began. Models learn from the rest.

    Others' deeds of later are learnt from, as is usual for this protocol; `time_split` is the strict one.
    """
    train, cases = [], []
    for user, done in sorted(by_user(deeds).items()):
        last = max((n for n, deed in enumerate(done) if deed.action in LIKING), default=0)
        first = _sat_down(done, last) if sitting else last
        sought = {deed.item for deed in done[first : last + 1] if deed.action in LIKING} & catalogue
        sought -= {deed.item for deed in done[:first]} if sitting else set()
        kept = [deed for deed in done[:first] if deed.item not in sought]
        train += kept if last else done
        if last and len({deed.item for deed in kept}) >= least and sought:
            slice_ = "cold user" if len({deed.item for deed in kept}) < 10 else "known"
            cases.append(Case(f"{user} last", slice_, user, kept, frozenset(sought), done[first].at))
    return Split(sorted(train, key=lambda deed: deed.at), cases, max(deed.at for deed in train) + 1)


def _sat_down(done: Sequence[Deed], at: int) -> int:
    """The first of a person's deeds (oldest first) that leads to the one at a position without a long pause."""
    while at > 0 and done[at].at - done[at - 1].at <= PAUSE_S:
        at -= 1
    return at


def by_user(deeds: Iterable[Deed]) -> dict[str, list[Deed]]:
    """Each person's deeds, oldest first."""
    found: dict[str, list[Deed]] = defaultdict(list)
    for deed in sorted(deeds, key=lambda deed: deed.at):
        found[deed.user].append(deed)
    return found


def assert_no_leak(split: Split) -> None:
    """Raises BadInput where a model or a history could know what is asked for."""
    late = [deed for deed in split.train if deed.at >= split.moment]
    if late:
        raise BadInput(f"a leak: {late[0].user} and {late[0].item} at {late[0].at} are learnt from after the split")
    learnt: dict[str, set[str]] = defaultdict(set)
    for deed in split.train:
        learnt[deed.user].add(deed.item)
    for case in split.cases:
        known = (learnt[case.user] | case.seen) & case.truth
        if known or any(deed.at > case.at for deed in case.history):
            raise BadInput(f"a leak: {case.name} is asked for {sorted(known)[:1] or 'a past'} that was told")


def as_events(deeds: Iterable[Deed], when: Any) -> list[dict[str, Any]]:
    """As the store takes them; `when`: seconds -> ISO time. Whoever did something with an item saw it."""
    return [
        {"user_id": deed.user, "action": action, "object_id": deed.item, "at": when(deed.at)}
        for deed in deeds
        for action in dict.fromkeys((deed.action, "impression"))
    ]


def _case(
    slice_: str,
    user: str,
    history: Sequence[Deed],
    later: Sequence[Deed],
    catalogue: frozenset[str],
    few: int = 0,
    at: int = 0,
) -> Case | None:
    """None where nothing is liked later, or nothing was done before."""
    seen = {deed.item for deed in history}
    truth = frozenset(d.item for d in later if d.action in LIKING and d.item not in seen and d.item in catalogue)
    name = f"{user} {slice_}{f' {few}' if few else ''}"
    if not truth or not history:
        return None
    return Case(name, slice_, user, history, truth, max(at, history[-1].at + 1))
