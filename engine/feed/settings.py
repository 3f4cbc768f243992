"""What is set of a feed, and where? settings.toml beside this file, read once."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

#: Where cards come from, in the order of settings.toml.
SOURCES: Final = (
    "session", "followed", "covisited", "kindred", "interest", "nearby", "trending", "fresh", "budding", "popular",
    "explore",
)  # fmt: skip


@lru_cache(maxsize=8)
def read(name: str) -> Mapping[str, Any]:
    """A TOML file of this package. Shared: do not change it."""
    return tomllib.loads(files("engine.feed").joinpath(name).read_text("utf-8"))


def settings(group: str) -> Mapping[str, Any]:
    """One table of settings.toml."""
    found: Mapping[str, Any] = read("settings.toml")[group]
    return found
