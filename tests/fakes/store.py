"""A Store in memory."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

from engine.clock import utc_now
from engine.errors import BadQuery
from engine.ports import Change as Amend
from engine.ports import Receipt
from engine.types import Kind, Profile
from indexing.store import KEPT, PEOPLE
from indexing.tastes import HIDING, TasteSettings, profile_of
from indexing.tenants import check_tenant

Change = tuple[int, str, Kind | None, Mapping[str, Any] | None]


class MemoryStore:
    """Passes tests/contracts/test_store.py; nothing survives it."""

    def __init__(self, *, clock: Callable[[], datetime] = utc_now, tastes: TasteSettings | None = None) -> None:
        self._clock, self._tastes = clock, tastes or TasteSettings()
        self._items: dict[str, dict[str, Change]] = {}
        self._last: dict[str, int] = {}
        self._events: dict[tuple[str, str], dict[tuple[Any, ...], tuple[str, str, int]]] = {}
        self._asked: dict[tuple[str, str], dict[str, datetime]] = {}
        self._interests: dict[tuple[str, str], tuple[str, ...]] = {}
        self._receipts: dict[tuple[str, str], tuple[str, int]] = {}

    def close(self) -> None:
        """Nothing to close."""

    def _change(self, tenant: str, name: str, kind: Kind | None, item: Mapping[str, Any] | None) -> None:
        self._last[tenant] = self._last.get(tenant, 0) + 1
        self._items.setdefault(tenant, {})[name] = (self._last[tenant], name, kind, item)

    def upsert(
        self, tenant: str, items: Sequence[tuple[Kind, Mapping[str, Any]]], receipt: Receipt | None = None
    ) -> int:
        def work() -> int:
            for kind, item in items:
                self._change(tenant, item["id"], kind, deepcopy(dict(item)))
            return self.sequence(tenant)

        return self._once(tenant, work, receipt)

    def amend(self, tenant: str, item_id: str, change: Amend, receipt: Receipt | None = None) -> int:
        def work() -> int:
            held = self._items.get(tenant, {}).get(item_id)
            self._change(tenant, item_id, *change(None if held is None else deepcopy(held[2:])))
            return self.sequence(tenant)

        return self._once(tenant, work, receipt)

    def _once(self, tenant: str, work: Callable[[], int], receipt: Receipt | None) -> int:
        check_tenant(tenant)
        if receipt is None:
            return work()
        known = self._receipts.get((tenant, receipt.key))
        if known is not None and known[0] != receipt.digest:
            raise BadQuery("Idempotency-Key", "was given to another request before")
        if known is None:
            known = self._receipts[tenant, receipt.key] = (receipt.digest, work())
        return known[1]

    def delete(self, tenant: str, item_id: str) -> int:
        self._change(check_tenant(tenant), item_id, None, None)
        return self.sequence(tenant)

    def changes(self, tenant: str, after: int) -> Iterator[Change]:
        known = self._items.get(check_tenant(tenant), {}).values()
        return iter(sorted((change for change in known if change[0] > after), key=lambda change: change[0]))

    def sequence(self, tenant: str) -> int:
        return self._last.get(check_tenant(tenant), 0)

    def record(self, tenant: str, events: Sequence[Mapping[str, Any]], receipt: Receipt | None = None) -> int:
        return self._once(tenant, lambda: self._record(tenant, events), receipt)

    def _record(self, tenant: str, events: Sequence[Mapping[str, Any]]) -> int:
        new = 0
        for event in events:
            known = self._events.setdefault((check_tenant(tenant), event["user_id"]), {})
            at = int(datetime.fromisoformat(event["at"]).timestamp())
            deed = (event["object_id"], event["action"], at)
            key = (*deed, event.get("query_id"), event.get("session_id"))
            new += key not in known
            known.setdefault(key, deed)
        return new

    def declare(self, tenant: str, user: str, interests: Sequence[str]) -> None:
        self._interests[check_tenant(tenant), user] = tuple(interests)

    def profile(self, tenant: str, user: str) -> Profile:
        who = (check_tenant(tenant), user)
        deeds = sorted(self._events.get(who, {}).values(), key=lambda deed: -deed[2])
        hidden = [item for item, action, _ in deeds if action in HIDING]
        newest = deeds[: self._tastes.events]
        return profile_of(user, newest, hidden, self._interests.get(who, ()), self._clock(), self._tastes)

    def remember(self, tenant: str, user: str, query: str) -> None:
        self._asked.setdefault((check_tenant(tenant), user), {})[query] = self._clock()

    def popular(self, tenant: str) -> list[tuple[str, int]]:
        since = self._clock() - KEPT
        mine = [asked for (of, _), asked in self._asked.items() if of == check_tenant(tenant)]
        counts = Counter(query for asked in mine for query, at in asked.items() if at >= since)
        return sorted(((q, n) for q, n in counts.items() if n >= PEOPLE), key=lambda row: (-row[1], row[0]))

    def forget_user(self, tenant: str, user: str) -> int:
        who = (check_tenant(tenant), user)
        kept: tuple[dict[tuple[str, str], Any], ...] = (self._events, self._interests, self._asked)
        return sum(len(rows.pop(who, ())) for rows in kept)
