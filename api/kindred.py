"""What does a build learn from behaviour? The events that were ingested and logged, without those of the forgotten."""

from collections.abc import Callable

from api.layout import Layout
from api.settings import Settings
from engine.kindred import Kindred
from indexing.erasure import erased
from indexing.ingest import read_table
from indexing.store import SqliteStore
from indexing.tenants import fingerprint
from indexing.validate import to_items


def learn_kindred(settings: Settings, store: SqliteStore | None, say: Callable[[str], None]) -> Kindred | None:
    """Vectors of items and what goes together, learnt anew at each build; None where there is too little to learn from.

    So who was forgotten is in nothing that is built afterwards.
    """
    from ranking.collab import train  # noqa: PLC0415  a server that builds nothing does not wait for it

    layout, tenant = Layout.of(settings), settings.tenant
    gone = forgotten(settings)
    table = layout.tables(tenant) / "event.parquet"
    ingested = to_items(read_table(table, "event")) if table.exists() else []
    logged = store.logged(tenant) if store is not None else []
    return train([*ingested, *logged], say=say, without=lambda user: bool(gone) and fingerprint(user) in gone)


def forgotten(settings: Settings) -> frozenset[bytes]:
    """Fingerprints of the people who were forgotten."""
    store = Layout.of(settings).store
    return erased(store, settings.tenant, "user") if store.exists() else frozenset()
