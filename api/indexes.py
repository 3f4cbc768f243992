"""Which Index serves what was published? The embedded one, or one whose vectors and words lie in Qdrant."""

from importlib import import_module

from api.settings import Settings
from engine.errors import LifestyleError
from indexing.qdrant.index import opener
from indexing.snapshot import Opener, Snapshot


def opener_of(settings: Settings) -> Opener:
    """What opens snapshots, as the settings have it. Raises LifestyleError when the extra it needs is not installed."""
    if settings.index == "embedded":
        return Snapshot.open
    try:
        client = import_module("indexing.qdrant.client")  # a second, and an extra, that others need not pay for
    except ModuleNotFoundError as error:
        raise LifestyleError(f"LIFESTYLE_INDEX={settings.index} needs the extra 'qdrant' ({error})") from None
    key = settings.qdrant_key.get_secret_value() if settings.qdrant_key else None
    more = {"sharded": settings.qdrant_sharded, "replicas": settings.qdrant_replicas}
    return opener(client.ClientEngine.at(settings.index, key, **more))
