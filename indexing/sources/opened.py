"""How is a file opened? Plain, or gzip when its name ends in .gz; a missing one is the caller's fault."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from engine.errors import BadInput


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file; raises BadInput when it is missing or is not the gzip its name says."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            yield cast(BinaryIO, stream)
    except FileNotFoundError:
        raise BadInput(f"there is no file {path}") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder; name the files in it") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadInput(f"{path.name} is no whole gzip file: {error}") from None


def suffix(path: Path) -> str:
    """The format a name says: "jsonl" for both a.jsonl and a.jsonl.gz."""
    return Path(path.stem if path.suffix == ".gz" else path.name).suffix.removeprefix(".").lower()
