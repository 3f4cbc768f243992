"""What would this person like to see? Their history, or an item, as an Intent: the feed's first line."""

import numpy as np

from engine.ports import Index
from engine.types import F32, I64, KINDS, Intent, Kind, Profile, Query

#: Without a history every kind is welcome; notes are what people browse.
BROWSE: dict[Kind, float] = {"note": 1.0, "poi": 0.7, "product": 0.5}
#: Vectors a feed searches with: enough for several interests, few enough for the budget.
TASTES = 8


def anticipate(index: Index, profile: Profile, query: Query) -> Intent:
    """A person's history -> what they may want now. Nobody's history gives what is popular and fresh."""
    vectors = [v for item_id, _ in profile.liked if (v := vector_of(index, query.tenant, item_id)) is not None]
    return Intent(
        name="browse",
        kinds=_share(index, profile, query),
        constraints=query.filters,
        terms=" ".join(profile.interests),
        text=" ".join(profile.interests),
        sort=query.sort,
        tastes=spread(np.stack(vectors)) if vectors else None,
        source="profile",
    )


def resemble(index: Index, item_id: str, query: Query) -> Intent:
    """An item -> the wish for more like it, of its own kind unless the request names kinds."""
    place = index.locate(query.tenant, item_id)
    if place is None:
        raise LookupError(item_id)
    vector = vector_of(index, query.tenant, item_id)
    title = index.column(query.tenant, place[0], "title", np.array([place[1]]))[0]
    return Intent(
        name="similar_to",
        kinds={place[0]: 1.0},
        constraints=query.filters,
        terms=str(title),
        tastes=None if vector is None else vector[np.newaxis, :],
        source="profile",
    )


def vector_of(index: Index, tenant: str, item_id: str) -> F32 | None:
    """An item's vector; None when the item is gone or not encoded yet."""
    place = index.locate(tenant, item_id)
    if place is None:
        return None
    vector = index.vectors(tenant, place[0], np.array([place[1]], np.int64))[0]
    return vector if np.isfinite(vector).all() else None


def spread(vectors: F32, most: int = TASTES) -> F32:
    """The strongest taste, then whichever is farthest from those taken: several interests instead of one mean."""
    taken: list[int] = [0]
    nearest = vectors @ vectors[0]
    while len(taken) < min(most, len(vectors)):
        farthest = int(nearest.argmin())
        if farthest in taken:
            break
        taken.append(farthest)
        nearest = np.maximum(nearest, vectors @ vectors[farthest])
    return vectors[_order(taken)]


def _order(taken: list[int]) -> I64:
    return np.array(taken, np.int64)


def _share(index: Index, profile: Profile, query: Query) -> dict[Kind, float]:
    """How much of each kind: half by what the person liked, half by what everybody gets."""
    liked = dict.fromkeys(KINDS, 0.0)
    for item_id, gain in profile.liked:
        place = index.locate(query.tenant, item_id)
        if place is not None:
            liked[place[0]] += gain
    total = sum(liked.values())
    if total <= 0:
        return dict(BROWSE)
    return {kind: 0.5 * BROWSE[kind] + 0.5 * liked[kind] / total for kind in KINDS}
