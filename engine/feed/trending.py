"""What do many turn to these days, here and of this topic? People count, less with time."""

from datetime import datetime

import numpy as np

from engine.feed.book import Card, Trends
from engine.feed.page import Laid
from engine.feed.person import Person, acquaint, intent_of
from engine.feed.pool import pooled
from engine.feed.reasons import cards
from engine.feed.sources import Sought, rising, well_liked
from engine.feed.worth import unweighed
from engine.live import View
from engine.retrieve import wanted
from engine.types import NOBODY, Intent, Query


def nobody(view: View, query: Query, at: datetime) -> tuple[Person, Intent]:
    """A person of whom nothing is known, and what they may want."""
    person = acquaint(view.index, query.tenant, NOBODY, at.timestamp(), lambda _: None)
    return person, intent_of(person, query)


def trending(view: View, query: Query, trends: Trends, at: datetime) -> tuple[Intent, tuple[Card, ...]]:
    """At most query.limit cards: first what rises, then, so that a quiet town has a page too, what most like."""
    person, intent = nobody(view, query, at)
    masks = {kind: view.index.allowed(query.tenant, kind, query.filters) for kind in wanted(intent, query)}
    sought = Sought(view.index, query, intent, person, trends, masks, at, query.limit)
    pool = pooled([brought for brought in (*rising(sought), *well_liked(sought)) if len(brought.row)])
    best = np.lexsort((pool.row, -pool.of("popular"), -pool.of("trending")))[: query.limit]
    worth = unweighed(pool)
    laid = [
        Laid(
            int(pool.kind[at]),
            int(pool.row[at]),
            int(at),
            "trending" if pool.of("trending")[at] > 0 else "popular",
            1.0,
        )
        for at in best
    ]
    return intent, cards(sought, pool, worth, laid)
