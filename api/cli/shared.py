"""Which options do all commands share?"""

from pathlib import Path
from typing import Annotated, Any

import typer

from api.settings import Settings

Root = Annotated[Path | None, typer.Option("--root", help="where tables, snapshots, models and the store are kept")]
Tenant = Annotated[str | None, typer.Option("--tenant", help="whose data")]
Json = Annotated[bool, typer.Option("--json", help="print one JSON document instead of text")]


def settings(root: Path | None, tenant: str | None) -> Settings:
    """The environment's settings with what the command line says on top."""
    given: dict[str, Any] = {"root": root, "tenant": tenant}
    return Settings(**{name: value for name, value in given.items() if value is not None})
