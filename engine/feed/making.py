"""What may be shown, and how does a pool become cards? Filters, caps, the house's rules, reasons."""

from dataclasses import replace

import numpy as np

from engine.feed.book import Card
from engine.feed.explore import Lottery
from engine.feed.order import candidates
from engine.feed.page import Groups, Laid, coded, lay
from engine.feed.person import SEEING, Person
from engine.feed.placed import Placed, Rows
from engine.feed.pool import Pool
from engine.feed.reasons import cards
from engine.feed.sources import Sought
from engine.feed.worth import Worth
from engine.live import View
from engine.relax import Filter, relax
from engine.retrieve import wanted
from engine.rules import active, apply
from engine.sorting import ordered
from engine.spread import PAID
from engine.types import F32, Candidates, Intent, Kind, Query, Relaxed


def may_be_shown(
    view: View, person: Person, intent: Intent, query: Query, shown: frozenset[str]
) -> tuple[dict[Kind, Filter], tuple[Relaxed, ...]]:
    """What may be shown, by kind: not what was put away or stands in the list; and what was seen, or is known to them
    from what they did with it, only when nothing else is left."""
    profile = person.profile
    known = profile.seen | {item for item, action, _ in profile.deeds if action not in SEEING}
    for away in (profile.hidden | shown | known, profile.hidden | shown):
        banned = Placed.of(view.index, query.tenant, away)
        rows = {kind: found for kind, _, found in banned.by_kind}
        none = np.empty(0, np.int64)
        filters = {
            kind: Filter.of(view.index, query.tenant, kind, intent, rows.get(kind, none))
            for kind in wanted(intent, query)
        }
        relaxed = relax(filters, intent)
        if sum(int(np.count_nonzero(f.mask)) for f in filters.values()) > query.limit:
            break
    return filters, relaxed


def made(
    view: View, sought: Sought, pool: Pool, worth: Worth, filters: dict[Kind, Filter]
) -> tuple[tuple[Laid, ...], tuple[Card, ...]]:
    """The page laid, moved by the house's rules, and as cards."""
    query, kinds = sought.query, sought.intent.kinds
    level = np.zeros(len(pool), np.int8)
    for kind, where, rows in pool.by_kind():
        level[where] = filters[kind].level(rows)
    worth = replace(worth, total=worth.total - 10 * level + _wishes(filters, pool))
    if query.sort is not None:
        best = ordered(view.index, query, candidates(pool, worth), worth.total, query.sort)
        laid = [Laid(int(pool.kind[at]), int(pool.row[at]), int(at), "popular", 1.0) for at in best[: query.limit]]
    else:
        shares = {kind: 1.0 if query.kinds else kinds.get(kind, 0.1) for kind in sought.masks}
        lottery = Lottery.of(sought, query.offset)
        laid = lay(pool, worth, _groups(view, sought, pool), shares, query.offset, query.limit, lottery.draw)
    laid = _moved(view, sought, pool, worth, laid)
    return tuple(laid), cards(sought, pool, worth, laid)


def _wishes(filters: dict[Kind, Filter], pool: Pool) -> F32:
    """What soft filters add."""
    out = np.zeros(len(pool), np.float32)
    for kind, where, rows in pool.by_kind():
        out[where] = filters[kind].soft(rows)
    return out


def _moved(view: View, sought: Sought, pool: Pool, worth: Worth, laid: list[Laid]) -> list[Laid]:
    """What the house moves by hand among the cards of the page; what is pinned elsewhere is not looked for."""
    rules = active(view.rules, sought.intent, sought.query, sought.at) if view.rules else []
    if not rules:
        return laid
    kinds, rows = (np.array([getattr(one, name) for one in laid], np.int64) for name in ("kind", "row"))
    none = np.zeros(len(laid), np.float32)
    mine = Candidates(kinds.astype(np.int8), rows, none, none, none, none, np.zeros(len(laid), np.int8))
    best, _ = apply(rules, view.index, sought.tenant, mine, np.arange(len(laid)))
    return [laid[at] for at in best]


def _groups(view: View, sought: Sought, pool: Pool) -> Groups:
    """What caps count."""
    rows = Rows(sought.index, sought.tenant, pool.kind, pool.row)
    author, brand, category = (coded(rows.texts(name)) for name in ("author_id", "brand", "category"))
    paid = np.array([trust in PAID for trust in rows.texts("trust")], np.bool_)
    return Groups(author, brand, category, paid, view.paid_share)
