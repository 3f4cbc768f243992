"""Where do the cards of a feed come from? Sources, each bringing rows, a strength, and what it was brought by."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import ceil, inf
from typing import Final, NamedTuple

import numpy as np

from engine.feed.book import Trends
from engine.feed.crowd import crowd
from engine.feed.person import Person
from engine.feed.placed import Placed
from engine.feed.settings import settings
from engine.feed.standing import standing
from engine.ports import Index
from engine.read import in_city
from engine.types import F32, I64, KINDS, Constraint, Intent, Kind, Mask, Query

NEARBY_KM: Final = 5.0
#: As far as a city reaches.
AROUND_KM: Final = 30.0
#: The share of an interest's nearest that will do: which of them stand on a page is decided by much else.
NEIGHBOURS: Final = 0.9
#: What is less like an interest of things that were turned to is of another sort: on the bundled sample a twentieth of
#: the pairs of one category are, and all but a twentieth of the others. A name of an interest is less like all things.
ALIKE: Final = 0.3
#: Interests that are looked for in every kind.
FEWEST: Final = 2
#: The cities whose favourites are looked for: those of the person.
CITIES: Final = 2


class Brought(NamedTuple):
    """What one source brings of one kind: parallel columns."""

    source: str
    kind: Kind
    row: I64
    strength: F32  # higher is better, of one source
    about: I64  # by what: an interest, a liked item; -1 by nothing in particular


@dataclass(frozen=True)
class Sought:
    """What every source looks at."""

    index: Index
    query: Query
    intent: Intent
    person: Person
    trends: Trends
    masks: Mapping[Kind, Mask]  # rows that may be shown, of each wanted kind
    at: datetime
    most: int  # cards of the page
    left_ms: Callable[[], float] = lambda: inf

    @property
    def tenant(self) -> str:
        """Whose items."""
        return self.query.tenant

    @cached_property
    def crowd(self) -> Mapping[Kind, F32]:
        """What behaviour says of every row (engine/feed/crowd.py); nothing where nothing was learnt."""
        if not len(self.index.folding(self.tenant)[0]):
            return {}
        liked = self.person.liked
        return crowd(self.index, self.tenant, liked.kind, liked.row, self.person.gains, list(self.masks))

    def depth(self, source: str) -> int:
        """How many rows of a kind a source brings."""
        found: int = settings("sources")[source]["depth"]
        return found


def gather(sought: Sought) -> list[Brought]:
    """All that the sources bring; one that fails costs the page nothing but its own cards."""
    sources = (like_interests, like_people, chosen_together, by_followed, rising, new, budding, well_liked, near_now)
    return [brought for source in sources for brought in source(sought) if len(brought.row)]


def like_interests(sought: Sought) -> Iterator[Brought]:
    """The nearest to each interest's vector that are like it: session interests and lasting ones; of a kind that they
    turn to less, to fewer of them."""
    interests = sought.person.interests[: settings("person")["searched"]]
    if not interests:
        return
    vectors, depth = np.stack([one.vector for one in interests]), sought.depth("interest")
    within, shares = 0.5 * sought.left_ms() / (len(interests) * max(1, len(sought.masks))), sought.intent.kinds
    for kind, mask in sought.masks.items():
        many = max(FEWEST, ceil(len(interests) * shares.get(kind, 1.0) / max(1e-9, *shares.values())))
        nearest = sought.index.dense_each(
            sought.tenant, kind, vectors[:many], mask, depth, within_ms=within, enough=NEIGHBOURS
        )
        for number, (interest, found) in enumerate(zip(interests, nearest, strict=False)):
            source = "session" if interest.source == "session" else "interest"
            close = found.scores >= (-inf if interest.source == "declared" else ALIKE)
            rows = found.rows[close]
            yield Brought(source, kind, rows, found.scores[close], np.full(len(rows), number))


def like_people(sought: Sought) -> Iterator[Brought]:
    """What people of a like taste chose, and what all choose."""
    for kind, scores in sought.crowd.items():
        rows = np.flatnonzero(sought.masks[kind] & (scores > 0))
        rows = rows[_foremost(scores[rows], sought.depth("kindred"))]
        yield Brought("kindred", kind, rows, scores[rows], _nothing(len(rows)))


def chosen_together(sought: Sought) -> Iterator[Brought]:
    """What was chosen by those who chose what the person liked last."""
    seeds = list(dict.fromkeys(item for item, action, _ in sought.person.profile.deeds if action != "impression"))
    liked = set(sought.person.liked.ids)
    newest = [item for item in seeds if item in liked][: settings("person")["seeds"]]
    for item in newest:
        at = sought.person.liked.ids.index(item)
        kind, row = KINDS[sought.person.liked.kind[at]], int(sought.person.liked.row[at])
        codes, rows, weights = sought.index.together(sought.tenant, kind, row)
        for other, mask in sought.masks.items():
            keep = (codes == KINDS.index(other)) & _in(mask, rows, codes == KINDS.index(other))
            yield Brought("covisited", other, rows[keep], weights[keep], np.full(int(keep.sum()), at))


def by_followed(sought: Sought) -> Iterator[Brought]:
    """The newest notes of authors whom the person follows."""
    mask = sought.masks.get("note")
    if mask is None or not sought.person.followed:
        return
    rows, ages = newest(sought, mask, 90.0)
    authors = np.asarray(sought.index.column(sought.tenant, "note", "author_id", rows), object)
    mine = np.isin(authors.astype(str), list(sought.person.followed))
    rows, ages = rows[mine][: sought.depth("followed")], ages[mine][: sought.depth("followed")]
    yield Brought("followed", "note", rows, np.exp(-ages / 30).astype(np.float32), _nothing(len(rows)))


def rising(sought: Sought) -> Iterator[Brought]:
    """What many turned to lately."""
    best = sorted(sought.trends.risen.items(), key=lambda pair: (-pair[1], pair[0]))
    placed = Placed.of(sought.index, sought.tenant, [item for item, _ in best[: 4 * sought.depth("trending")]])
    scores = np.array([sought.trends.risen[item] for item in placed.ids], np.float32)
    for kind, where, rows in placed.by_kind:
        if (mask := sought.masks.get(kind)) is not None:
            keep = np.flatnonzero(mask[rows])[: sought.depth("trending")]
            yield Brought("trending", kind, rows[keep], scores[where][keep], _nothing(len(keep)))


def new(sought: Sought) -> Iterator[Brought]:
    """Notes of the last days, the newest first, and whatever came since the snapshot was made."""
    for kind, mask in sought.masks.items():
        came = arrived(sought, kind, mask)[-sought.depth("fresh") :]
        dated, ages = newest(sought, mask, settings("person")["new_days"]) if kind == "note" else _none()
        rows = np.concatenate([came, dated])[: 2 * sought.depth("fresh")]
        strength = np.concatenate([np.ones(len(came)), np.exp(-ages / 7)])[: len(rows)].astype(np.float32)
        rows, first = np.unique(rows, return_index=True)
        yield Brought("fresh", kind, rows, strength[first], _nothing(len(rows)))


def budding(sought: Sought) -> Iterator[Brought]:
    """What a few people chose so far and is like what this one likes: how often it was chosen and how like it is, each
    in units of its spread. Places are kept for it, since nothing that is known of it could win them one."""
    interests, depth = sought.person.interests, sought.depth("budding")
    likes = np.stack([one.vector * one.weight for one in interests]).sum(axis=0) if interests else None
    for kind, mask in sought.masks.items():
        rows, often, vectors = standing(sought.index, sought.tenant).budding[kind]
        free = np.flatnonzero(mask[rows])
        if len(free):
            scores = _spread(often[free])
            if likes is not None:
                scores = scores + _spread(vectors[free] @ likes)
            best = _foremost(scores, depth)
            yield Brought("budding", kind, rows[free[best]], scores[best], _nothing(len(best)))


def well_liked(sought: Sought) -> Iterator[Brought]:
    """What most like: where they are, in their cities, and everywhere. Without a history the page is made of this."""
    depth = max(sought.depth("popular"), 2 * sought.most)
    for kind, mask in sought.masks.items():
        for where in [*_here(sought, kind, mask), mask]:
            rows, strength = _best(sought, kind, where, depth)
            yield Brought("popular", kind, rows, strength, _nothing(len(rows)))


def _here(sought: Sought, kind: Kind, mask: Mask) -> Iterator[Mask]:
    """What a mask keeps around where the person is, and in each of their cities."""
    if kind == "product":  # which is nowhere
        return
    if (here := sought.query.near) is not None:
        around = Constraint("distance", "lte", AROUND_KM, assume={"lat": here.lat, "lon": here.lon})
        yield mask & sought.index.allowed(sought.tenant, kind, [around])
    for city in sought.person.cities[:CITIES]:
        yield mask & sought.index.allowed(sought.tenant, kind, [in_city(city)])


def near_now(sought: Sought) -> Iterator[Brought]:
    """Places near the person that are open at this hour."""
    mask, here = sought.masks.get("poi"), sought.query.near
    if mask is None or here is None:
        return
    around = Constraint("distance", "lte", NEARBY_KM, assume={"lat": here.lat, "lon": here.lon})
    opened = Constraint("time.open", "open_at", "now", assume={"at": sought.at.isoformat()})
    where = mask & sought.index.allowed(sought.tenant, "poi", [around, opened])
    rows, strength = _best(sought, "poi", where, sought.depth("nearby"))
    yield Brought("nearby", "poi", rows, strength, _nothing(len(rows)))


def arrived(sought: Sought, kind: Kind, mask: Mask) -> I64:
    """What came since the snapshot was made, under a mask."""
    rows = sought.index.arrived(sought.tenant, kind)
    found: I64 = rows[mask[rows]]
    return found


def newest(sought: Sought, mask: Mask, days: float) -> tuple[I64, F32]:
    """Notes of the last days (OLDEST_DAYS at most) under a mask, the newest first, and their ages in days."""
    rows, ages = standing(sought.index, sought.tenant).newest
    until = int(np.searchsorted(ages, days, side="right"))
    kept = np.flatnonzero(mask[rows[:until]])
    return rows[kept], ages[kept]


def _best(sought: Sought, kind: Kind, mask: Mask, depth: int) -> tuple[I64, F32]:
    """The most popular rows under a mask, any where popularity is not known."""
    rows, popularity = standing(sought.index, sought.tenant).popular[kind]
    kept = np.flatnonzero(mask[rows])[:depth]
    return rows[kept], popularity[kept]


def _spread(values: F32) -> F32:
    """Values less their mean, in units of their spread."""
    return np.asarray((values - values.mean()) / max(1e-9, float(values.std())), np.float32)


def _foremost(scores: F32, depth: int) -> I64:
    """Positions of the `depth` highest scores, the highest first; of equal ones the first."""
    keep = np.arange(len(scores))
    if len(scores) > depth:
        keep = np.flatnonzero(scores >= np.partition(scores, len(scores) - depth)[len(scores) - depth])
    return keep[np.argsort(-scores[keep], kind="stable")[:depth]]


def _in(mask: Mask, rows: I64, mine: Mask) -> Mask:
    """Which rows a mask of one kind keeps; rows of other kinds are not looked up."""
    out = np.zeros(len(rows), np.bool_)
    out[mine] = mask[rows[mine]]
    return out


def _nothing(count: int) -> I64:
    return np.full(count, -1, np.int64)


def _none() -> tuple[I64, F32]:
    return np.empty(0, np.int64), np.empty(0, np.float32)
