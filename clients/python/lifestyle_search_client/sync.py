"""How is the server asked while the caller waits? Generated from aio.py by generate.py: do not edit."""

import time
from collections.abc import Iterator, Iterable, Mapping, Sequence
from itertools import count
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import httpx

from lifestyle_search_client import models
from lifestyle_search_client.bodies import Event, FeedBody, Near, Object, ReportBody, SearchBody, Upsert
from lifestyle_search_client.calls import Call, at, headers, lines, once, read, unreached
from lifestyle_search_client.errors import LifestyleError
from lifestyle_search_client.retries import Retries

T = TypeVar("T")


class Client:
    """A client of one server. `timeout`: seconds for one attempt. Writes carry an Idempotency-Key, so that those that
    are sent again are done once. Use it in a `with` block, or close it.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout: float = 10.0,
        retries: Retries | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        self._http = http or httpx.Client(timeout=timeout)
        self._url, self._headers, self._retries = url.rstrip("/"), headers(key), retries or Retries()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    # Ask in words

    def search(self, q: str = "", /, **asked: Unpack[SearchBody]) -> models.Page:
        """A page of answers to `q`, or to an edited `parse`."""
        body = {"q": q, **asked} if q else asked
        return self.send(Call("POST", "/v1/search", models.Page, body))

    def pages(self, q: str = "", /, **asked: Unpack[SearchBody]) -> Iterator[models.Page]:
        """This page and those after it."""
        page = self.search(q, **asked)
        yield page
        while page.cursor is not None:
            asked["cursor"] = page.cursor
            page = self.search(q, **asked)
            yield page

    def hits(self, q: str = "", /, *, most: int = 100, **asked: Unpack[SearchBody]) -> Iterator[models.Hit]:
        """The first `most` answers, page by page as they are needed; none twice, though items change meanwhile."""
        seen = set[str]()
        for page in self.pages(q, **asked):
            for hit in page.hits:
                if len(seen) >= most:
                    return
                if hit.id not in seen:
                    seen.add(hit.id)
                    yield hit
            if len(seen) >= most:
                return

    def understand(
        self, q: str, *, near: Near | None = None, previous: Object | str | None = None, explain: bool = False
    ) -> models.Parse:
        """How a query is read. Change it and search for it: search(parse=...)."""
        body = {"q": q, "near": near, "previous": previous, "explain": explain}
        return self.send(Call("POST", "/v1/understand", models.Parse, body))

    def suggest(self, q: str, *, limit: int = 8, lang: str | None = None) -> list[models.Suggestion]:
        """Texts that go on from what is typed, best first."""
        asked = {"q": q, "limit": limit, "lang": lang}
        return (self.send(Call("GET", "/v1/suggest", models.Suggestions, params=asked))).suggestions

    # Pages without a question

    def feed(self, **asked: Unpack[FeedBody]) -> models.Page:
        """A person's page; no profile is read unless `personalize`."""
        return self.send(Call("POST", "/v1/feed", models.Page, asked))

    def feed_pages(self, **asked: Unpack[FeedBody]) -> Iterator[models.Page]:
        """This page of a feed and those after it: no card comes twice, and what was clicked meanwhile counts."""
        page = self.feed(**asked)
        yield page
        while page.cursor is not None:
            asked["cursor"] = page.cursor
            page = self.feed(**asked)
            yield page

    def similar(self, ident: str, *, limit: int = 10) -> models.Page:
        """Items of the same kind that are like this one."""
        return self.send(Call("GET", at("/v1/similar/{}", ident), models.Page, params={"limit": limit}))

    def related(self, ident: str, *, limit: int = 10, lang: str | None = None) -> models.Related:
        """A note's places and products, or the notes about an item; and what goes together with it."""
        asked = {"limit": limit, "lang": lang}
        return self.send(Call("GET", at("/v1/related/{}", ident), models.Related, params=asked))

    def trending(
        self,
        *,
        city: str | None = None,
        topic: str | None = None,
        kinds: Sequence[str] = (),
        limit: int = 20,
        lang: str | None = None,
    ) -> models.Page:
        """What many turned to lately."""
        asked = {"city": city, "topic": topic, "kinds": list(kinds), "limit": limit, "lang": lang}
        return self.send(Call("GET", "/v1/trending", models.Page, params=asked))

    # Items

    def item(self, ident: str) -> dict[str, Any]:
        """An item as it is stored."""
        return self.send(Call("GET", at("/v1/items/{}", ident), dict[str, Any]))

    def evidence(self, ident: str, *, lang: str = "zh") -> models.Dossier:
        """All that is known of an item's attributes, with the sentences for and against."""
        return self.send(Call("GET", at("/v1/items/{}/evidence", ident), models.Dossier, params={"lang": lang}))

    def upsert(self, items: Sequence[Upsert], *, idempotency_key: str | None = None) -> models.Upserted:
        """Write at most 500 items; they are found at once."""
        body, key = {"items": items}, once(idempotency_key)
        return self.send(Call("POST", "/v1/items:upsert", models.Upserted, body, key=key))

    def stream(self, items: Iterable[Upsert]) -> models.Streamed:
        """Write as many items as there are. A bad one is refused with its line; nothing is sent again by itself."""

        def content() -> Iterator[bytes]:
            for line in lines(items):
                yield line

        try:
            response = self._http.request(
                "POST", f"{self._url}/v1/items:stream", content=content(), headers=self._headers, timeout=None
            )
        except httpx.RequestError as problem:
            raise unreached(problem) from problem
        return read(response, models.Streamed)

    def patch(
        self, ident: str, fields: Mapping[str, Any], *, idempotency_key: str | None = None
    ) -> models.Patched:
        """Change some fields of an item; None takes one away."""
        key = once(idempotency_key)
        return self.send(Call("PATCH", at("/v1/items/{}", ident), models.Patched, fields, key=key))

    def delete(self, ident: str) -> models.Deleted:
        """Gone from the next answer on."""
        return self.send(Call("DELETE", at("/v1/items/{}", ident), models.Deleted))

    def report(self, ident: str, **told: Unpack[ReportBody]) -> models.Reported:
        """A person complains of an item; once for each person and item."""
        return self.send(Call("POST", at("/v1/items/{}:report", ident), models.Reported, told))

    # People

    def record(self, events: Sequence[Event], *, idempotency_key: str | None = None) -> models.Recorded:
        """At most 500 events; EventBatcher gathers them."""
        body, key = {"events": events}, once(idempotency_key)
        return self.send(Call("POST", "/v1/events", models.Recorded, body, key=key))

    def interests(self, user_id: str) -> models.Interests:
        """What feeds know of a person, each thing with the key that takes it away."""
        return self.send(Call("GET", at("/v1/users/{}/interests", user_id), models.Interests))

    def declare(self, user_id: str, interests: Sequence[str]) -> models.Declared:
        """What a person says that they like, in place of what they said before."""
        body = {"interests": interests}
        return self.send(Call("PUT", at("/v1/users/{}/interests", user_id), models.Declared, body))

    def remove(self, user_id: str, key: str) -> models.Removed:
        """Take away something that was learnt."""
        return self.send(Call("POST", at("/v1/users/{}:remove", user_id), models.Removed, {"key": key}))

    def reset(self, user_id: str) -> models.Anew:
        """Begin anew."""
        return self.send(Call("POST", at("/v1/users/{}:reset", user_id), models.Anew))

    def export(self, user_id: str) -> models.Exported:
        """All that the store keeps of a person."""
        return self.send(Call("GET", at("/v1/users/{}", user_id), models.Exported))

    def forget(self, user_id: str) -> models.Forgotten:
        """Delete all that the store keeps of a person."""
        return self.send(Call("DELETE", at("/v1/users/{}", user_id), models.Forgotten))

    # The rest

    def ready(self) -> models.Ready:
        """Which snapshots are loaded. Raises Unavailable while there is none."""
        return self.send(Call("GET", "/readyz", models.Ready))

    def send(self, call: Call[T]) -> T:
        """Any request, as for routes that have no method here: send(Call("GET", "/v1/house/versions", dict))."""
        for attempt in count(1):
            try:
                return self._attempt(call)
            except LifestyleError as error:
                wait = self._retries.wait(error, attempt, call.repeatable)
                if wait is None:
                    raise
            time.sleep(wait)
        raise AssertionError  # count() has no end

    def _attempt(self, call: Call[T]) -> T:
        request = call.request()
        request["headers"] |= self._headers
        try:
            response = self._http.request(**{**request, "url": self._url + call.path})
        except httpx.RequestError as problem:
            raise unreached(problem) from problem
        return read(response, call.answer)
