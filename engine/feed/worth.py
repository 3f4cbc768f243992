"""How much is each candidate worth to this person? A weighted sum of named parts, each in [0, 1]."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.feed.crowd import trust
from engine.feed.learnt import has
from engine.feed.placed import Rows
from engine.feed.pool import Pool
from engine.feed.settings import read, settings
from engine.feed.sources import AROUND_KM, Sought
from engine.geo import distance_km
from engine.spread import PAID
from engine.types import F32, I64, Mask

#: Kilometres at which nearness counts 1/e; likeness to what was put away counts from so much on.
NEAR_KM, ALIKE = 4.0, 0.35
NUMBERS = ("popularity", "age_days", "price_level", "rating")


@dataclass(frozen=True, slots=True)
class Worth:
    """What a page is laid by."""

    total: F32  # (n,)
    hand: F32  # (n,) what the weights set by hand say; `total` until an order was learnt (engine/feed/order.py)
    crowd: F32  # (n,) what behaviour says, on its own scale; 0 where nothing was learnt
    parts: Mapping[str, F32]  # weighted
    vectors: F32  # (n, dim), NaN without
    dense: F32  # the best cosine with any interest; NaN without
    kilometres: F32  # from the person; NaN when not known
    suits: Mapping[str, Mask]  # a learnt attribute -> who has it

    def take(self, keep: I64) -> "Worth":
        """Of those at some positions."""
        parts = {name: part[keep] for name, part in self.parts.items()}
        suits = {name: mask[keep] for name, mask in self.suits.items()}
        total, hand, crowd = (column[keep] for column in (self.total, self.hand, self.crowd))
        return Worth(total, hand, crowd, parts, self.vectors[keep], self.dense[keep], self.kilometres[keep], suits)


def weigh(sought: Sought, pool: Pool) -> Worth:
    """Every part, weighted and summed."""
    rows = Rows(sought.index, sought.tenant, pool.kind, pool.row)
    numbers, vectors = rows.numbers(NUMBERS), rows.vectors()
    cosine = _cosines(sought, vectors)
    kilometres, suits = _kilometres(sought, pool), _suits(sought, rows, numbers)
    trust = rows.texts("trust")
    parts = {
        "session": _best(sought, cosine, "session"),
        "interest": _best(sought, cosine, "interest", "declared"),
        "kindred": _kindred(sought, pool),
        **{name: pool.of(name) for name in ("covisited", "followed", "trending")},
        "popular": np.nan_to_num(numbers[:, 0], nan=0.3),
        "fresh": np.nan_to_num(np.exp(-np.maximum(numbers[:, 1], 0) / 14), nan=0.0) + pool.of("fresh") * 0.5,
        "near": _nearness(kilometres),
        "suits": sum((mask.astype(np.float32) for mask in suits.values()), np.zeros(len(pool), np.float32)),
        "rating": np.nan_to_num((numbers[:, 3] - 3) / 2, nan=0.3),
        "disliked": _disliked(sought, vectors),
        "doubtful": np.array([said == "suspected" for said in trust], np.float32),
        "paid": np.array([said in PAID for said in trust], np.float32),
    }
    weights = _weights(sought)
    weighted = {name: np.float32(weights[name]) * np.asarray(part, np.float32) for name, part in parts.items()}
    total: F32 = np.stack(list(weighted.values())).sum(axis=0)
    dense = np.fmax.reduce(cosine, axis=0, initial=np.nan).astype(np.float32)
    return Worth(total, total, parts["kindred"], weighted, vectors, dense, kilometres, suits)


def _weights(sought: Sought) -> Mapping[str, float]:
    """settings.toml's; where few people stand behind items and tell little, likeness to interests says more."""
    said: dict[str, float] = dict(settings("weights"))
    lift = 1 + said.pop("alone") * max(0.0, 1 - trust(sought.index, sought.tenant))
    return said | {name: said[name] * lift for name in ("session", "interest")}


def _cosines(sought: Sought, vectors: F32) -> F32:
    """-> (interests, n); NaN for an item without a vector."""
    interests = [one.vector for one in sought.person.interests]
    if not interests:
        return np.empty((0, len(vectors)), np.float32)
    found: F32 = np.stack(interests) @ vectors.T
    return found


def _best(sought: Sought, cosine: F32, *sources: str) -> F32:
    """The likeness to the interest that it fits best, a strong interest counting a little more."""
    mine = [n for n, one in enumerate(sought.person.interests) if one.source in sources]
    if not mine:
        return np.zeros(cosine.shape[1], np.float32)
    weights = np.array([sought.person.interests[n].weight for n in mine], np.float32)
    lifted = cosine[mine] * (0.7 + 0.3 * weights / weights.max())[:, np.newaxis]
    best: F32 = np.nan_to_num(np.clip(lifted, 0, 1), nan=0.0).max(axis=0)
    return best


def _kindred(sought: Sought, pool: Pool) -> F32:
    """What behaviour says of each, on its own scale, which grows with what is known of the person."""
    out = np.zeros(len(pool), np.float32)
    for kind, where, rows in pool.by_kind():
        if kind in sought.crowd:
            out[where] = sought.crowd[kind][rows]
    return out


def _kilometres(sought: Sought, pool: Pool) -> F32:
    here = sought.query.near
    out = np.full(len(pool), np.nan, np.float32)
    if here is not None:
        for kind, where, rows in pool.by_kind():
            if kind != "product":
                lat, lon = (
                    np.asarray(sought.index.column(sought.tenant, kind, axis, rows), np.float64)
                    for axis in ("lat", "lon")
                )
                out[where] = distance_km(lat, lon, here.lat, here.lon)
    return out


def _nearness(kilometres: F32) -> F32:
    """Half for what is in reach, the rest for what is round the corner; 0 where it is not known."""
    with np.errstate(invalid="ignore"):
        reach = np.where(kilometres <= AROUND_KM, 0.5, 0.0)
    return np.asarray(reach + 0.5 * np.nan_to_num(np.exp(-kilometres / NEAR_KM), nan=0.0), np.float32)


def _suits(sought: Sought, pool: Rows, numbers: F32) -> Mapping[str, Mask]:
    """What the person was learnt to look for, and which candidates have it."""
    known, found = read("attributes.toml"), dict[str, Mask]()
    cities = pool.texts("city") if any(one.key.startswith("city:") for one in sought.person.learnt) else []
    for one in sought.person.learnt:
        if one.key.startswith("city:"):
            found[one.key] = np.array([city == one.value for city in cities], np.bool_)
        elif one.key == "price":
            found[one.key] = np.abs(numbers[:, 2] - float(one.value)) <= 0.75
        else:
            mask = np.zeros(len(pool), np.bool_)
            said = read("weather.toml")[str(one.value)] if one.key == "weather" else known[one.key]
            for kind, where, rows in pool.by_kind:
                mask[where] = has(sought.index, sought.tenant, kind, rows, said["slot"], said["values"])
            found[one.key] = mask
    return found


def _disliked(sought: Sought, vectors: F32) -> F32:
    """How like it is to what they put away."""
    away = sought.person.dislikes
    if not len(away):
        return np.zeros(len(vectors), np.float32)
    like = np.clip((vectors @ away.T - ALIKE) / (1 - ALIKE), 0, 1) * sought.person.dislike_weights
    worst: F32 = np.nan_to_num(like, nan=0.0).max(axis=1).astype(np.float32)
    return worst


def unweighed(pool: Pool) -> Worth:
    """Without time: the strongest of each source first."""
    n, nothing = len(pool), np.full(len(pool), np.nan, np.float32)
    total = pool.strength.max(axis=0) if n else np.empty(0, np.float32)
    return Worth(total, total, np.zeros(n, np.float32), {}, np.empty((n, 0), np.float32), nothing, nothing, {})
