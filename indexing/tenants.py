"""Where does a tenant's data lie? Names are checked against one pattern before a path is made of them."""

import hashlib
import os
import re
from pathlib import Path
from typing import Final

from engine.errors import BadQuery

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,62}")


def check_tenant(name: str) -> str:
    """The name itself, or BadQuery."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BadQuery("tenant", "must be 1 to 63 of a-z, 0-9, _ and -, a letter first")
    return name


def fingerprint(name: str) -> bytes:
    """What is kept of an id once it is erased: its SHA-256, enough to know it again and too little to tell it."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()


def tenant_folder(root: Path, name: str) -> Path:
    """<root>/<name>, which is no link and lies inside the root; it need not exist. Raises BadQuery."""
    home = Path(os.path.realpath(root))  # which says nothing of a loop of links: whoever opens the folder will
    folder = home / check_tenant(name)
    if folder.is_symlink() or not Path(os.path.realpath(folder)).is_relative_to(home):
        raise BadQuery("tenant", f"{name!r} leads out of the data folder")
    return folder
