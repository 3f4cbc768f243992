"""Who is the page for? A history, told by the store, and what this index makes of it; nobody has none."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from engine.feed.interests import Interest, interests, words
from engine.feed.learnt import Learnt, learn, weather
from engine.feed.placed import Placed
from engine.feed.settings import settings
from engine.ports import Index
from engine.types import F32, KINDS, Intent, Kind, Profile, Query
from engine.understand import lexicon

#: Without a history every kind is welcome; notes are what people browse.
BROWSE: dict[Kind, float] = {"note": 1.0, "poi": 0.7, "product": 0.5}
HIDING, SEEING = frozenset({"hide", "report"}), frozenset({"impression"})

#: A declared interest's words -> its vector (dim,), None when there is no time to make one.
Encode = Callable[[str], F32 | None]


@dataclass(frozen=True, slots=True)
class Person:
    """What a page can be made by. `liked` and `gains` lie along each other; `dislikes` (n, dim) weigh (n,)."""

    profile: Profile
    interests: tuple[Interest, ...]
    learnt: tuple[Learnt, ...]
    liked: Placed
    gains: F32
    dislikes: F32
    dislike_weights: F32
    followed: frozenset[str]  # authors
    lang: str | None  # of what they read

    @property
    def cities(self) -> tuple[str, ...]:
        """Where what they like lies."""
        return tuple(one.value for one in self.learnt if one.key.startswith("city:"))

    def value(self, key: str) -> object:
        """What was learnt under a key; None when nothing was."""
        return next((one.value for one in self.learnt if one.key == key), None)


def acquaint(
    index: Index, tenant: str, profile: Profile, at: float, encode: Encode, asked: Query | None = None
) -> Person:
    """-> what the index makes of a history at a moment (seconds since 1970), and of what a request says beside it."""
    liked, gains = _weighed(index, tenant, profile.liked)
    recent, fresh = _weighed(index, tenant, _session(profile, at))
    away, weights = _weighed(index, tenant, _put_away(profile, at))
    chosen = settings("person")
    found = [
        *interests(recent, fresh, chosen["session_interests"], "session"),
        *interests(liked, gains, chosen["interests"], "interest"),
        *_declared(dict.fromkeys((*(asked.interests if asked else ()), *profile.interests)), encode),
    ]
    vectors = away.vectors()
    known = np.isfinite(vectors).all(axis=1)
    return Person(
        profile=profile,
        interests=tuple(one for one in found if one.key not in profile.removed),
        learnt=(*learn(liked, gains, profile.removed), *weather(asked.weather if asked else "")),
        liked=liked,
        gains=gains,
        dislikes=vectors[known],
        dislike_weights=weights[known],
        followed=_authors(index, tenant, profile),
        lang=_language(liked, gains),
    )


def intent_of(person: Person, query: Query) -> Intent:
    """A person's history -> what they may want now."""
    vectors = [one.vector for one in person.interests]
    return Intent(
        name="browse",
        kinds=_share(person),
        constraints=query.filters,
        sort=query.sort,
        tastes=np.stack(vectors) if vectors else None,
        lang=query.lang or person.lang or "zh",
        source="profile",
    )


def _weighed(index: Index, tenant: str, said: Sequence[tuple[str, float]]) -> tuple[Placed, F32]:
    weights = dict(said)
    placed = Placed.of(index, tenant, weights)
    return placed, np.array([weights[item_id] for item_id in placed.ids], np.float32)


def _session(profile: Profile, at: float) -> list[tuple[str, float]]:
    """What was turned to within the last hour, the newest strongest: it says what is wanted now."""
    chosen, found = settings("person"), dict[str, float]()
    for item, action, when in profile.deeds:
        age = max(0.0, at - when) / 60
        if age > chosen["session_minutes"] or len(found) >= chosen["session_items"]:
            break
        if action not in SEEING | HIDING and item not in profile.hidden:
            found[item] = found.get(item, 0.0) + 0.5 ** (age / chosen["session_half_minutes"])
    return list(found.items())


def _put_away(profile: Profile, at: float) -> list[tuple[str, float]]:
    """What they do not want more of; it is forgiven with time, though the item itself stays away."""
    chosen, found = settings("person"), dict[str, float]()
    for item, action, when in profile.deeds:
        if action in HIDING and item not in found and len(found) < chosen["dislikes"]:
            found[item] = 0.5 ** (max(0.0, at - when) / 86400 / chosen["hidden_half_days"])
    return list(found.items())


def _declared(said: Collection[str], encode: Encode) -> list[Interest]:
    """Interests as a newcomer names them: a category's id or its words in either language, or any words."""
    found = []
    for name in said:
        topic = lexicon.load().category(name)
        label = words(topic) or {"zh": name, "en": name}
        vector = encode(label["zh"] if topic else name)
        if vector is not None:
            found.append(Interest(vector, 1 / len(said), "declared", topic, label))
    return found


def _authors(index: Index, tenant: str, profile: Profile) -> frozenset[str]:
    """Whom they follow: by an author's own id, or by one of their notes."""
    names = dict.fromkeys(item for item, action, _ in profile.deeds if action == "follow")
    notes = Placed.of(index, tenant, names)
    wrote = notes.texts("author_id") if len(notes) else []
    return frozenset(names) - frozenset(notes.ids) | {author for author in wrote if author}


def _language(liked: Placed, gains: F32) -> str | None:
    """The language of most of what they like."""
    english = sum(g for lang, g in zip(liked.texts("lang"), gains.tolist(), strict=True) if lang == "en")
    return None if not len(liked) else "en" if english > 0.5 * float(gains.sum()) else "zh"


def _share(person: Person) -> dict[Kind, float]:
    """How much of each kind: half by what the person liked, half by what everybody gets."""
    total = float(person.gains.sum())
    if total <= 0:
        return dict(BROWSE)
    mine = np.bincount(person.liked.kind, weights=person.gains, minlength=len(KINDS)) / total
    return {kind: 0.5 * BROWSE[kind] + 0.5 * float(mine[code]) for code, kind in enumerate(KINDS)}
