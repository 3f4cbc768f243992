"""What does a person like, by what they did? Gains per action, halved with age, summed per item."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from engine.types import Profile

#: (object id, action, seconds since 1970), newest first.
Deed = tuple[str, str, int]

_GAINS: Final = MappingProxyType(
    {"click": 1.0, "comment": 2.0, "like": 3.0, "follow": 3.0, "share": 4.0, "save": 5.0, "book": 6.0, "purchase": 6.0}
)
HIDING: Final = frozenset({"hide", "report"})
_SEEING: Final = frozenset({"impression", "click"})


@dataclass(frozen=True, slots=True)
class TasteSettings:
    """How much of a history counts."""

    gains: Mapping[str, float] = field(default_factory=lambda: _GAINS)  # action -> gain of a fresh event
    half_life: timedelta = timedelta(days=30)  # after which a gain counts half
    seen_for: timedelta = timedelta(days=30)  # how long an item counts as seen
    events: int = 5000  # newest events read
    liked: int = 200  # items kept


def profile_of(
    user: str,
    deeds: Iterable[Deed],
    hidden: Iterable[str],
    interests: Iterable[str],
    now: datetime,
    settings: TasteSettings,
    since: int = 0,
    removed: Iterable[str] = (),
) -> Profile:
    """Events -> Profile. `hidden` items are never liked; equal gains stand newest first, then by id.

    What was done up to `since` (a reset, seconds since 1970) says nothing of what is liked; it was seen nevertheless.
    """
    instant, done = now.timestamp(), tuple(deeds)
    away = frozenset(hidden)
    gains: dict[str, float] = {}
    newest: dict[str, int] = {}
    seen: set[str] = set()
    for item, action, at in done:
        age = max(0.0, instant - at)
        if action in _SEEING and age <= settings.seen_for.total_seconds():
            seen.add(item)
        if (gain := settings.gains.get(action, 0.0)) > 0 and item not in away and at > since:
            gains[item] = gains.get(item, 0.0) + gain * 0.5 ** (age / settings.half_life.total_seconds())
            newest[item] = max(newest.get(item, at), at)
    order = sorted(gains, key=lambda item: (-gains[item], -newest[item], item))[: settings.liked]
    liked = tuple((item, gains[item]) for item in order)
    counted = tuple(deed for deed in done if deed[2] > since) if since else done
    return Profile(user, liked, frozenset(seen), away, tuple(interests), counted, frozenset(removed))
