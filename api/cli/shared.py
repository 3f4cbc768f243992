"""Which options do all commands share?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from api.settings import Settings
from api.views import Views
from engine.clock import utc_now
from engine.errors import BadQuery

Root = Annotated[Path | None, typer.Option("--root", help="where tables, snapshots, models and the store are kept")]
Tenant = Annotated[str | None, typer.Option("--tenant", help="whose data")]
Json = Annotated[bool, typer.Option("--json", help="print one JSON document instead of text")]


def settings(root: Path | None, tenant: str | None) -> Settings:
    """The environment's settings with what the command line says on top."""
    given: dict[str, Any] = {"root": root, "tenant": tenant}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BadQuery(f"setting '{name}'", f"{first['msg']} (an option, or LIFESTYLE_{name.upper()})") from None
    except SettingsError as error:
        raise BadQuery("settings", f"{error}; it must be JSON") from None


@contextmanager
def views_of(chosen: Settings) -> Iterator[Views]:
    """What is live below the root; closed whatever happens."""
    views = Views(chosen, utc_now)
    try:
        yield views
    finally:
        views.close()
