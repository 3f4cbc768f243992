"""How does a history become a page? The feed's story: who asks, what may be shown, who brings it, who stands where."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf

import numpy as np
from msgspec import structs

from engine.blend import show
from engine.budget import Budget
from engine.costs import Costs
from engine.errors import BadQuery
from engine.feed.book import Card, FeedBook, Listed, Trends
from engine.feed.making import made, may_be_shown
from engine.feed.order import Ordered, candidates, for_feeds, ordered
from engine.feed.page import Laid, foremost
from engine.feed.person import Encode, Person, acquaint, intent_of
from engine.feed.placed import Placed
from engine.feed.pool import Pool, pooled
from engine.feed.reasons import sentences
from engine.feed.settings import settings
from engine.feed.sources import Sought, gather, well_liked
from engine.feed.trending import trending
from engine.feed.worth import Worth, unweighed, weigh
from engine.known import Known
from engine.live import View
from engine.proof import prove
from engine.relax import Filter
from engine.retrieve import Retrieved
from engine.spread import paid_label
from engine.trace import Trace
from engine.types import Candidates, Hit, Intent, Kind, Profile, Query, Relaxed, Results

#: What a stage does without time, by name.
POPULAR, UNWEIGHED = "what most like", "the strongest of each source"


@dataclass(frozen=True, slots=True)
class Page:
    """What was laid, and what it rests on."""

    cards: tuple[Card, ...]
    sought: Sought
    pool: Pool
    worth: Worth  # by hand: what a learnt order saw
    laid: tuple[Laid, ...]
    relaxed: tuple[Relaxed, ...]
    total: int  # items that may be shown
    plan: dict[str, str]
    order: Ordered


class Feed:
    """Pages for people, over one book of lists."""

    def __init__(self, book: FeedBook, trends: Callable[[str], Trends]) -> None:
        self._book, self._trends, self._costs = book, trends, Costs()

    def serve(
        self, view: View, profile: Profile, query: Query, at: datetime, encode: Encode, budget: Budget
    ) -> Results:
        """The page that was asked for: the first of a new list, the next of one, or one that was shown, again."""
        for notice in view.notices:
            budget.give_up("snapshot", notice, "the last good snapshot")
        view, listed = for_feeds(view), self._listed(query)
        person = budget.measure(
            "understand", lambda: acquaint(view.index, query.tenant, profile, at.timestamp(), encode, query)
        )
        intent = structs.replace(intent_of(person, query), known=Known.of(at, profile, view.counts))
        if listed is not None and query.lang is None:
            intent = structs.replace(intent, lang=listed.lang)
        if listed is not None and query.offset < len(listed.cards):
            again = listed.cards[query.offset : query.offset + query.limit]
            return self._shown(view, intent, query, again, query.list_id, None, budget)
        page = self._page(view, person, intent, query, listed, at, budget)
        list_id, cards = self._kept(query, listed, intent.lang, page.cards, budget)
        return self._shown(view, intent, query, cards, list_id, page, budget)

    def trending(self, view: View, query: Query, at: datetime, budget: Budget) -> Results:
        """What many turn to these days, among what the filters keep."""
        trends = self._trends(query.tenant)
        intent, cards = budget.measure("retrieve", lambda: trending(view, query, trends, at))
        return structs.replace(self._shown(view, intent, query, cards, "", None, budget), next_offset=None)

    def _listed(self, query: Query) -> Listed | None:
        """The list that a cursor goes on with. BadQuery when it cannot."""
        if not query.list_id:
            return None
        found = self._book.read_list(query.tenant, query.list_id)
        if found is None:
            raise BadQuery("cursor", "belongs to a list that is over; ask for the first page again")
        if found.asked != _asked(query):
            raise BadQuery("cursor", "belongs to another request; send it with the same person, kinds and filters")
        if query.offset > len(found.cards):
            raise BadQuery("cursor", "reaches past what was shown; take it from the previous answer")
        return found

    def _page(
        self,
        view: View,
        person: Person,
        intent: Intent,
        query: Query,
        listed: Listed | None,
        at: datetime,
        budget: Budget,
    ) -> Page:
        """The next cards of a list: nothing that was shown in it, nothing that was put away."""
        shown = frozenset(one.id for one in listed.cards) if listed is not None else frozenset()
        rest = self._costs.expect("blend", "answer")
        sought, filters, relaxed = self._sought(view, person, intent, query, shown, at, lambda: budget.left_ms() - rest)
        brought = budget.attempt(
            "retrieve",
            lambda: gather(sought),
            cost_ms=self._costs.expect("retrieve") + rest,
            fallback=lambda: list(well_liked(sought)),
            instead=POPULAR,
        )
        pool = pooled(brought)
        worth = budget.attempt(
            "rank",
            lambda: weigh(sought, pool),
            cost_ms=self._costs.expect("rank") + rest,
            fallback=lambda: unweighed(pool),
            instead=UNWEIGHED,
        )
        pool, worth = foremost(pool, worth, query.limit)
        order = ordered(view, sought, pool, worth, budget, self._costs)
        laid, cards = budget.measure("blend", lambda: made(view, sought, pool, order.worth, filters))
        total = sum(int(np.count_nonzero(mask)) for mask in sought.masks.values())
        plan = {b.source: str(len(b.row)) for b in brought}
        return Page(cards, sought, pool, worth, laid, relaxed, total, plan, order)

    def candidates(self, view: View, profile: Profile, query: Query, at: datetime) -> tuple[Intent, Candidates]:
        """What a page would be laid from, without a deadline: for training."""
        person = acquaint(view.index, query.tenant, profile, at.timestamp(), lambda _: None)
        intent = structs.replace(intent_of(person, query), known=Known.of(at, profile, view.counts))
        sought, *_ = self._sought(view, person, intent, query, frozenset(), at)
        pool = pooled(gather(sought))
        return intent, candidates(*foremost(pool, weigh(sought, pool), query.limit))

    def _sought(
        self, view: View, person: Person, intent: Intent, query: Query, shown: frozenset[str], at: datetime,
        left_ms: Callable[[], float] = lambda: inf,
    ) -> tuple[Sought, dict[Kind, Filter], tuple[Relaxed, ...]]:  # fmt: skip
        filters, relaxed = may_be_shown(view, person, intent, query, shown)
        masks = {kind: filter.mask for kind, filter in filters.items()}
        trends = self._trends(query.tenant)
        return Sought(view.index, query, intent, person, trends, masks, at, query.limit, left_ms), filters, relaxed

    def _kept(
        self, query: Query, listed: Listed | None, lang: str, cards: tuple[Card, ...], budget: Budget
    ) -> tuple[str, tuple[Card, ...]]:
        """The list's id ("" when it cannot be kept: then there is no next page) and the cards that stand in it now."""

        def work() -> tuple[str, tuple[Card, ...]]:
            if listed is None:
                user = query.user or "" if query.personalize else ""
                return self._book.open_list(query.tenant, Listed(user, _asked(query), lang, cards)), cards
            return query.list_id, self._book.go_on(query.tenant, query.list_id, query.offset, cards)

        return budget.attempt("list", work, cost_ms=0.0, fallback=lambda: ("", cards), instead="no further pages")

    def _shown(
        self, view: View, intent: Intent, query: Query, cards: tuple[Card, ...], list_id: str, page: Page | None,
        budget: Budget,
    ) -> Results:  # fmt: skip
        """Cards as hits, with reasons in the asker's language; what was deleted meanwhile is not among them."""
        placed = Placed.of(view.index, query.tenant, [one.id for one in cards])
        by_id = {one.id: one for one in cards}
        lang = intent.lang
        mine = _candidates(placed, by_id)
        every = np.arange(len(placed))
        proofs = budget.attempt(
            "prove",
            lambda: prove(view.index, query.tenant, intent, mine, every, lang) if intent.constraints else {},
            cost_ms=self._costs.expect("prove", "answer"),
            fallback=lambda: None,
            instead="no evidence shown",
        )
        found = Retrieved(mine, page.relaxed if page else (), page.total if page else 0, page.plan if page else {})
        by = view if page is None else page.order.view
        results = budget.measure("blend", lambda: show(by, intent, query, found, mine.fused, every, proofs))
        hits = [_told(hit, by_id[hit.id], lang) for hit in results.hits]
        self._costs.observe(budget.timings, {given.stage for given in budget.degraded} - budget.timings.keys())
        following = query.offset + len(cards)
        more = page is None or (page.total > len(cards) and following < settings("page")["most"])
        return structs.replace(
            results,
            hits=hits,
            timings=budget.timings,
            degraded=tuple(budget.degraded),
            next_offset=following if cards and more and list_id else None,
            list_id=list_id,
            trace=_trace(view, intent, query, mine, [by_id[hit.id] for hit in hits], page),
        )


def _candidates(placed: Placed, by_id: dict[str, Card]) -> Candidates:
    """The cards of a page as candidates, their worth for a score."""
    scores = np.array([by_id[item_id].score for item_id in placed.ids], np.float32)
    none = np.full(len(placed), np.nan, np.float32)
    return Candidates(placed.kind, placed.row, none, none, none, scores, np.zeros(len(placed), np.int8))


def _told(hit: Hit, one: Card, lang: str) -> Hit:
    """A hit that says where it comes from and why, and that it is paid for."""
    paid = paid_label(lang, hit.item.get("trust"))
    why = (*sentences(one, lang), *hit.why)
    return structs.replace(hit, why=why, source=one.source, propensity=one.propensity, label=paid)


def _trace(
    view: View, intent: Intent, query: Query, mine: Candidates, cards: Sequence[Card], page: Page | None
) -> Trace:
    """What is logged of a page when it is made: its cards among all that it was laid from, what was drawn behind them.

    One that is shown again was logged: it has its own cards alone. `mine`: the cards that are shown.
    """
    chances, sources = tuple(one.propensity for one in cards), tuple(one.source for one in cards)
    if page is None or [one.id for one in cards] != [one.id for one in page.cards]:
        every = np.arange(len(mine))
        return Trace(view, intent, query, mine, mine.fused, every, "", "", chances, sources, page is None)
    pool, order = candidates(page.pool, page.worth), page.order
    at = np.array([-1 if one.at is None else one.at for one in page.laid], np.int64)
    beside = np.flatnonzero(at < 0)
    found = joined(pool, mine.take(beside))
    at[beside] = len(pool) + np.arange(len(beside))
    teams = "".join("-" if one.at is None else order.teams[one.at] for one in page.laid) if order.teams else ""
    return Trace(order.view, intent, query, found, found.fused, at, order.side, teams, chances, sources)


def joined(first: Candidates, second: Candidates) -> Candidates:
    """Two sets of candidates, one behind the other."""
    names = ("kind", "row", "dense", "lexical", "votes", "fused", "relax_level")
    return Candidates(*(np.concatenate([getattr(first, name), getattr(second, name)]) for name in names))


def _asked(query: Query) -> str:
    """A digest of what a list was asked for: a cursor goes on with nothing else."""
    filters = sorted(f"{c.slot} {c.op} {c.value} {c.polarity}" for c in query.filters)
    user = query.user if query.personalize else ""
    wishes = [*query.interests, query.weather]
    said = "\0".join([user or "", str(query.personalize), query.sort or "", *query.kinds, *filters, *wishes])
    return hashlib.sha256(said.encode()).hexdigest()[:16]
