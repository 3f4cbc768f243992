"""Was this text encoded before? A SQLite file per encoder, committed in small batches: a killed job goes on."""

import hashlib
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Literal

import numpy as np

from engine.ports import Encoder
from engine.types import F32

Role = Literal["query", "passage"]
_LOOKUP: Final = 500  # keys in one SELECT, below SQLite's smallest limit of parameters


class CachedEncoder:
    """An Encoder that asks `inner` only for texts that it never saw, each once.

    Vectors live in directory/<fingerprint>.sqlite, keyed by role and SHA-256 of the text, committed every `batch`
    texts: what a killed job loses is at most one batch. Several threads and processes may share a directory.
    `progress` is called with (texts done, texts to do) after each commit.

    Texts that the model cannot tell apart (widths, compositions, white space: the inner encoder's `plain`, where it
    has one) are encoded once. Copies with other words are not: what they would get would depend on which came first.
    """

    def __init__(
        self,
        inner: Encoder,
        directory: Path,
        *,
        batch: int = 256,
        progress: Callable[[int, int], None] | None = None,
        owner: str | None = None,
    ) -> None:
        """`owner`: whose texts these are (a tenant), so that `drop_untouched` can tell them from those of others."""
        self._inner, self._batch, self._progress = inner, batch, progress
        self._owner, self._touched = owner, set[bytes]()
        self._plain: Callable[[str], str] = getattr(inner, "plain", str)
        directory.mkdir(parents=True, exist_ok=True)
        self._path = directory / f"{inner.fingerprint[:32]}.sqlite"
        with self._open() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
            db.execute(
                "CREATE TABLE IF NOT EXISTS owners (owner TEXT, key BLOB, PRIMARY KEY (owner, key)) WITHOUT ROWID"
            )

    @property
    def fingerprint(self) -> str:
        """The inner encoder's."""
        return self._inner.fingerprint

    @property
    def dim(self) -> int:
        return self._inner.dim

    def encode(self, texts: Sequence[str], role: Role) -> F32:
        """-> (len(texts), dim) float32 unit rows, exactly as the inner encoder gave them."""
        keys = [_key(self._plain(text), role) for text in texts]
        with self._open() as db:
            known = self._read(db, list(dict.fromkeys(keys)))
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            known |= self._make(db, missing, role)
            self._note(db, known.keys())
        out = np.empty((len(texts), self.dim), np.float32)
        for row, key in enumerate(keys):
            out[row] = known[key]
        return out

    def drop_untouched(self) -> int:
        """Erase the owner's vectors that were not asked for through this object, and those that nobody owns.

        -> how many vectors went; their bytes are gone from the file when this returns.
        """
        with self._open() as db:
            with db:
                db.execute("CREATE TEMP TABLE touched (key BLOB PRIMARY KEY) WITHOUT ROWID")
                db.executemany("INSERT INTO touched VALUES (?)", ((key,) for key in self._touched))
                db.execute("DELETE FROM owners WHERE owner = ? AND key NOT IN touched", (self._owner,))
                gone = db.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM owners)").rowcount
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return gone

    def _note(self, db: sqlite3.Connection, keys: Collection[bytes]) -> None:
        """Remember whose texts these are."""
        if self._owner is not None:
            with db:
                db.executemany("INSERT OR IGNORE INTO owners VALUES (?, ?)", ((self._owner, key) for key in keys))
            self._touched.update(keys)

    def _read(self, db: sqlite3.Connection, keys: list[bytes]) -> dict[bytes, F32]:
        found: dict[bytes, F32] = {}
        for start in range(0, len(keys), _LOOKUP):
            some = keys[start : start + _LOOKUP]
            marks = ",".join("?" * len(some))
            for key, raw in db.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some):
                if len(raw) == 4 * self.dim:
                    found[key] = np.frombuffer(raw, "<f4")
        return found

    def _make(self, db: sqlite3.Connection, missing: dict[bytes, str], role: Role) -> dict[bytes, F32]:
        made: dict[bytes, F32] = {}
        todo = list(missing)
        for start in range(0, len(todo), self._batch):
            some = todo[start : start + self._batch]
            vectors = self._inner.encode([missing[key] for key in some], role)
            rows = [(key, vector.astype("<f4").tobytes()) for key, vector in zip(some, vectors, strict=True)]
            with db:
                db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
            made.update(zip(some, vectors, strict=True))
            if self._progress is not None:
                self._progress(len(made), len(todo))
        return made

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # A connection per call: they may not cross threads. A commit lost to a power cut is only encoded again.
        with closing(sqlite3.connect(self._path, timeout=60)) as db:
            db.execute("PRAGMA synchronous=NORMAL")
            yield db


def _key(text: str, role: Role) -> bytes:
    return hashlib.sha256(f"{role}\0{text}".encode("utf-8", "surrogatepass")).digest()
