"""How does a question become a page? THE story: understand, encode, retrieve, rank, blend, prove."""

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from engine.arrange import arrange, assigned, scored
from engine.blend import language_of, show
from engine.budget import Budget
from engine.costs import Costs
from engine.encoding import Encoding
from engine.errors import UnknownItem
from engine.facets import facets
from engine.feed.book import FeedBook, MemoryBook
from engine.feed.feeds import Feeds
from engine.feed.person import acquaint, intent_of
from engine.feed.similar import resemble
from engine.hear import hear, known, open_words
from engine.known import Known
from engine.live import View
from engine.panels import PANELS, Material, panel
from engine.ports import Refiner, Store
from engine.proof import Proofs, prove
from engine.read import read
from engine.refer import likened
from engine.refine import Refinery
from engine.retrieve import GLANCE, Ask, Retrieved, retrieve
from engine.suggest.meant import meant
from engine.trace import Trace
from engine.trial import drafts
from engine.turn import Turn
from engine.types import F32, I64, NOBODY, Facet, Intent, Profile, Query, Results

#: No second reader answers sooner.
LEAST_MS: Final = 20.0
RULES: Final = "the rules' parse"
#: What looking for a better spelling may take: a few lookups for each unknown word.
MEANT_MS: Final = 10.0


class Engine:
    """Search, feed and similar over one store and, per tenant, one live view."""

    def __init__(
        self,
        now: Callable[[str], View],
        store: Store,
        clock: Callable[[], datetime],
        refiner: Refiner | None = None,
        book: FeedBook | None = None,
    ) -> None:
        self.now, self.store, self.clock = now, store, clock
        self.refinery = Refinery(refiner) if refiner is not None else None
        self.costs, self.turn = Costs(), Turn()
        self.encoding = Encoding(self.costs, self.turn)
        self.vectors = self.encoding.vectors
        self.feeds = Feeds(now, store, self.at, self.vectors, book or MemoryBook())

    def search(self, query: Query, budget: Budget) -> Results:
        """Answer what a person asks."""
        view = self.now(query.tenant)  # one snapshot, one overlay, one model, for the whole request
        intent, person = self._understand(view, query, budget), self.feeds.history(query)
        if intent.name == "browse" and person is not NOBODY:  # the feed, with what was said
            at = self.at(query).timestamp()
            liked = intent_of(acquaint(view.index, query.tenant, person, at, lambda _: None), query).tastes
            intent = replace(intent, tastes=intent.tastes if liked is None else liked)
        results = self.serve(view, intent, query, budget, hidden=likened(intent), person=person)
        return results if query.parse is not None else self._did_you_mean(view, query, results, budget)

    def understand(self, query: Query, budget: Budget) -> Intent:
        """How a query is read, without a search."""
        return self._understand(self.now(query.tenant), query, budget)

    def _understand(self, view: View, query: Query, budget: Budget) -> Intent:
        """By the rules, and by the second reader where there is one and time."""
        intent = budget.measure("understand", lambda: read(query, view.index, self.at(query)))
        if self.refinery is None or query.parse is not None:
            return intent
        return self._refine(self.refinery, view, intent, query, budget)

    def _did_you_mean(self, view: View, query: Query, results: Results, budget: Budget) -> Results:
        """With a better spelling of words that find next to nothing, when there is time left to look for one."""
        if budget.left_ms() < MEANT_MS:
            return results
        found = budget.measure("did_you_mean", lambda: meant(view.index, query.tenant, results.intent))
        return replace(results, meant=found, timings=budget.timings)

    def feed(self, query: Query, budget: Budget) -> Results:
        """Answer without a question: what a person's history lets us guess."""
        results = self.feeds.feed(query, budget)
        ask = Ask(self.now(query.tenant).index, results.intent, query, None)
        return replace(results, facets=self._facets(ask, budget)) if query.facets else results

    def similar(self, item_id: str, query: Query, budget: Budget) -> Results:
        """Answer with items like the given one."""
        view = self.now(query.tenant)
        if view.index.locate(query.tenant, item_id) is None:
            raise UnknownItem(f"no item '{item_id}'; it may have been deleted")
        intent = budget.measure("understand", lambda: resemble(view.index, item_id, query))
        return self.serve(view, intent, query, budget, hidden=frozenset({item_id}))

    def candidates(self, query: Query) -> tuple[View, Intent, Retrieved]:
        """What search would rank, without a deadline: for training and evaluation."""
        view = self.now(query.tenant)
        intent = replace(read(query, view.index, self.at(query)), known=Known.of(self.at(query), NOBODY, view.counts))
        vectors = self.vectors.get(view, intent.text) if intent.text else None
        intent = hear(view, intent, self.vectors) if open_words(intent) else intent
        return view, intent, retrieve(Ask(view.index, intent, query, vectors))

    def serve(
        self,
        view: View,
        intent: Intent,
        query: Query,
        budget: Budget,
        hidden: frozenset[str] = frozenset(),
        person: Profile = NOBODY,
    ) -> Results:
        """From an intent, said or guessed, to a page. `person`: whose history the ranker may look at."""
        intent = replace(intent, known=Known.of(self.at(query), person, view.counts))
        for notice in view.notices:
            budget.give_up("snapshot", notice, "the last good snapshot")
        at_hand = {"encode"} if self.vectors.known(view, intent.text) else set()
        vectors, coming = self.encoding.begin(view, intent, budget)
        if open_words(intent):
            at_hand |= {"hear"} if known(view, intent, self.vectors) else set()
            intent = self.encoding.hear(view, intent, budget)
        found = self._retrieve(Ask(view.index, intent, query, vectors, hidden, coming=coming), budget)
        view, side = assigned(view, query)
        scores = self._rank(view, intent, query, found, budget)
        rival = self._rival(view, intent, query, found, budget) if drafts(view.trial, query) else None
        laid = budget.measure("blend", lambda: arrange(view, intent, query, found, scores, rival, self.at(query)))
        page = laid.page
        proofs = self._prove(view, intent, query, found, page, budget)
        shown = budget.measure("blend", lambda: show(view, intent, query, found, scores, page, proofs))
        results = self._with_panel(view, intent, query, found, scores, laid.marked(shown), budget)
        results = replace(results, facets=self._facets(Ask(view.index, intent, query, None, hidden), budget))
        trace = Trace(view, intent, query, found.candidates, scores, page, side, laid.teams)
        self._learn(budget, at_hand)
        if budget.left_ms() < self.costs.expect("answer"):
            budget.give_up("deadline", f"{budget.spent_ms():.1f} ms of {budget.total_ms:g} spent", "a late answer")
        by = {"student": view.student.fingerprint[:16]} if view.student and "student" in budget.timings else {}
        versions = {**results.versions, **by}
        degraded = tuple(budget.degraded)
        return replace(results, timings=budget.timings, degraded=degraded, versions=versions, trace=trace)

    def _refine(self, refinery: Refinery, view: View, intent: Intent, query: Query, budget: Budget) -> Intent:
        """A second reader's parse, when it has one in the time that the other stages leave."""
        if refinery.resting:
            budget.give_up("refine", "it failed too often; it is asked again later", RULES)
            return intent
        rest = self.costs.expect("encode", "retrieve", "rank", "blend", "prove")

        def work() -> Intent:
            refined = refinery.refine(intent, budget.left_ms() - rest)
            return read(replace(query, parse=refined), view.index, self.at(query))

        cost = 0.0 if refinery.known(intent) else rest + LEAST_MS
        return budget.attempt("refine", work, cost_ms=cost, fallback=lambda: intent, instead=RULES)

    def _retrieve(self, ask: Ask, budget: Budget) -> Retrieved:
        rest = self.costs.expect("blend", "answer")
        sized = dataclasses.replace(ask, left_ms=lambda: budget.left_ms() - rest)
        waits = ("encode",) if ask.coming is not None else ()
        return budget.attempt(
            "retrieve",
            lambda: retrieve(sized),
            cost_ms=self.costs.expect("retrieve", *waits) + rest,
            fallback=lambda: budget.measure("retrieve", lambda: retrieve(ask.glance())),
            instead=f"filters and words alone, the best {GLANCE} of a kind",
        )

    def _rank(self, view: View, intent: Intent, query: Query, found: Retrieved, budget: Budget) -> F32:
        return budget.attempt(
            "rank",
            lambda: scored(view.ranker, view.index, intent, query, found.candidates),
            cost_ms=self.costs.expect("rank", "blend", "prove", "answer"),
            fallback=lambda: found.candidates.fused,
            instead="the order of retrieval",
        )

    def _rival(self, view: View, intent: Intent, query: Query, found: Retrieved, budget: Budget) -> F32 | None:
        """A challenger's scores, to draft one page from both orders; None when it has none in time."""
        assert view.trial is not None
        rival = view.trial.rival
        return budget.attempt(
            "rival",
            lambda: rival.score(view.index, intent, query, found.candidates),
            cost_ms=self.costs.expect("rank", "blend", "prove", "answer"),
            fallback=lambda: None,
            instead="the order that serves alone",
        )

    def _prove(
        self, view: View, intent: Intent, query: Query, found: Retrieved, page: I64, budget: Budget
    ) -> Proofs | None:
        return budget.attempt(
            "prove",
            lambda: prove(view.index, query.tenant, intent, found.candidates, page, language_of(intent, query)),
            cost_ms=self.costs.expect("prove", "blend", "answer"),
            fallback=lambda: None,
            instead="no evidence and no highlights shown",
        )

    def _with_panel(
        self, view: View, intent: Intent, query: Query, found: Retrieved, scores: F32, results: Results, budget: Budget
    ) -> Results:
        """With the table, route, check or offers that the intent asks for, on the first page, when there is time."""
        if intent.name not in PANELS or query.offset:
            return results
        lang, hits = language_of(intent, query), tuple(results.hits)
        of = Material(view.index, intent, query, found.candidates, scores, hits, self.at(query), lang)
        made = budget.attempt(
            "panel",
            lambda: panel(of),
            cost_ms=self.costs.expect("panel", "answer"),
            fallback=lambda: None,
            instead="the list alone",
        )
        return replace(results, panel=made)

    def _facets(self, ask: Ask, budget: Budget) -> tuple[Facet, ...] | None:
        if not ask.query.facets:
            return None
        return budget.attempt(
            "facets",
            lambda: facets(ask, ask.query.facets),
            cost_ms=self.costs.expect("facets", "answer"),
            fallback=lambda: None,
            instead="no counts",
        )

    def _learn(self, budget: Budget, cached: set[str]) -> None:
        """What the stages cost; a stage whose answer was at hand says nothing of its cost."""
        given_up = {given.stage for given in budget.degraded}
        spent = {stage: ms for stage, ms in budget.timings.items() if stage not in cached}
        if "retrieve" in given_up:
            spent["glance"] = spent.pop("retrieve")
            spent.pop("encode", None)  # nobody may have waited for its end
        self.costs.observe(spent, given_up - spent.keys())

    def at(self, query: Query) -> datetime:
        """For when a question is answered."""
        return query.at or self.clock()
