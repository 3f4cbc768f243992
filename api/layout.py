"""Where is what, under the root folder? One place that knows."""

from dataclasses import dataclass
from pathlib import Path

from api.settings import Settings
from engine.errors import BadInput
from indexing.places import Address, Place
from indexing.tenants import tenant_folder


@dataclass(frozen=True)
class Layout:
    """<root>/store.sqlite (or `live`, a database elsewhere), and per tenant its tables, snapshots (indexing/publish.py)
    and models."""

    root: Path
    live: Address | None = None

    @staticmethod
    def of(settings: Settings) -> "Layout":
        """As it is configured."""
        return Layout(settings.root, Address(settings.store.get_secret_value()) if settings.store else None)

    @property
    def store(self) -> Place:
        """The live store of all tenants."""
        return self.live or self.root / "store.sqlite"

    @property
    def file(self) -> Path:
        """The live store as a file, to be copied and put back. Raises BadInput where it is a database elsewhere."""
        if self.live is not None:
            raise BadInput(f"the store is {self.live}: back it up with pg_dump, and restore it with pg_restore")
        return self.root / "store.sqlite"

    @property
    def vectors(self) -> Path:
        """The content-hash cache of passage vectors, shared by all tenants of this machine."""
        return self.root / "vectors"

    def home(self, tenant: str) -> Path:
        """All that a tenant has; raises BadQuery for a name that is none."""
        return tenant_folder(self.root, tenant)

    def tables(self, tenant: str) -> Path:
        """Ingested tables: <kind>.parquet."""
        return self.home(tenant) / "tables"

    def built(self, tenant: str) -> Path:
        """The last build, not necessarily published."""
        return self.home(tenant) / "built"

    def work(self, tenant: str) -> Path:
        """What a build by steps has made so far (indexing/cluster/work.py)."""
        return self.home(tenant) / "work"

    def students(self, tenant: str) -> Path:
        """Static encoders of queries: 1, 2, ... and CURRENT (indexing/student/registry.py)."""
        return self.home(tenant) / "students"

    def models(self, tenant: str) -> Path:
        """Ranking models: 1, 2, ... and CURRENT."""
        return self.home(tenant) / "models"
