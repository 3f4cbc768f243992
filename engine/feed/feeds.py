"""Through which doors does one come to feeds? A person's page, what rises, what belongs together, what is learnt."""

from collections.abc import Callable
from datetime import datetime

from engine.budget import Budget
from engine.errors import UnknownItem
from engine.feed.book import Counted, FeedBook
from engine.feed.feed import Feed
from engine.feed.person import Person, acquaint
from engine.feed.related import Related, related
from engine.live import View
from engine.ports import Store
from engine.types import F32, NOBODY, Profile, Query, Results
from engine.vectors import QueryVectors

#: What making the vector of a declared interest may cost.
ENCODE_MS = 15.0


class Feeds:
    """Over one store, one book of lists and, per tenant, one live view."""

    def __init__(
        self,
        now: Callable[[str], View],
        store: Store,
        at: Callable[[Query], datetime],
        vectors: QueryVectors,
        book: FeedBook,
    ) -> None:
        self._now, self._store, self._at, self._vectors = now, store, at, vectors
        self.trends = Counted(book)
        self._feed = Feed(book, self.trends.get)

    def history(self, query: Query) -> Profile:
        """Whose history may be used: nobody's, and none is read, unless the request says so."""
        wanted = query.personalize and query.user is not None
        return self._store.profile(query.tenant, query.user or "") if wanted else NOBODY

    def feed(self, query: Query, budget: Budget) -> Results:
        """A person's page."""
        view, profile = self._now(query.tenant), self.history(query)
        return self._feed.serve(
            view, profile, query, self._at(query), lambda text: self._at_hand(view, text, budget), budget
        )

    def trending(self, query: Query, budget: Budget) -> Results:
        """What many turn to these days, among what the filters keep."""
        return self._feed.trending(self._now(query.tenant), query, self._at(query), budget)

    def related(self, item_id: str, query: Query) -> Related:
        """What belongs to an item, and what goes together with it. Raises UnknownItem."""
        view = self._now(query.tenant)
        place = view.index.locate(query.tenant, item_id)
        if place is None:
            raise UnknownItem(f"no item '{item_id}'; it may have been deleted")
        return related(view, query.tenant, item_id, place, query.limit, query.lang or "zh")

    def person(self, tenant: str, user: str) -> Person:
        """What is learnt of a person, for them to see."""
        view, profile = self._now(tenant), self._store.profile(tenant, user)
        at = self._at(Query(tenant)).timestamp()
        return acquaint(view.index, tenant, profile, at, lambda text: self._vectors.get(view, text)[0])

    def _at_hand(self, view: View, text: str, budget: Budget) -> F32 | None:
        """The vector (dim,) of a declared interest, when it is known or there is time to make it."""
        vectors = budget.attempt(
            "encode",
            lambda: self._vectors.get(view, text),
            cost_ms=0.0 if self._vectors.known(view, text) else ENCODE_MS,
            fallback=lambda: None,
            instead="without an interest that was declared",
        )
        return None if vectors is None else vectors[0]
