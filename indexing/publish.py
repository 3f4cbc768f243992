"""Which snapshot is served? Publish, retain, roll back, and open the last good one.

<root>/<tenant>/snapshots/<seq>/   immutable folders, each with a MANIFEST
<root>/<tenant>/CURRENT            sealed JSON: the snapshot served, and those that were ever published and are kept
<root>/<tenant>/publish.lock       held while one process publishes

A folder that CURRENT does not list was never published: it is left over from a crash, and the next publish removes it.
"""

import fcntl
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Generic, TypeAlias, TypeVar

import msgspec

from engine.clock import utc_now
from engine.errors import BadInput, CorruptSnapshot, NoSnapshot, SnapshotError
from indexing import manifest
from indexing.files import Disk, replace_file
from indexing.manifest import Manifest
from indexing.tenants import tenant_folder

T = TypeVar("T")
Make: TypeAlias = Callable[[Path], bytes]  # fills a folder, and says what its manifest is
KEEP: Final = 3
_FIRST: Final = "00000001"
_SEQ: Final = re.compile(r"[0-9]{8}")
_LOG: Final = logging.getLogger(__name__)


class Served(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What CURRENT says: the snapshot served, all that are kept, oldest first, and which of them are others' work."""

    current: str
    kept: tuple[str, ...]
    adopted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened(Generic[T]):
    """A snapshot that was verified and loaded. `reason`: why it is not the current one; None when it is."""

    value: T
    seq: str
    reason: str | None


class Publisher:
    """Snapshots of all tenants below one root. Safe for one publisher and many readers at a time, across processes."""

    def __init__(
        self, root: Path, disk: Disk | None = None, *, keep: int = KEEP, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._root, self._disk, self._keep, self._clock = root, disk or Disk(), keep, clock

    def publish(self, tenant: str, build: Callable[[Path], Mapping[str, Any]]) -> str:
        """Build a snapshot, make it durable, serve it; -> its seq.

        `build(folder)` writes the files into an empty folder and returns the facts for the manifest. All or nothing:
        a crash or an error at any point leaves the old snapshot served or, once CURRENT is renamed, the new one.
        """
        home = self._home(tenant)
        self._furnish(home)
        with _exclusive(home):
            served = self._served_or_rebuilt(home)
            self._sweep(home, served)
            seq = f"{max((int(each) for each in served.kept), default=0) + 1:08}" if served else _FIRST
            self._bring(home, served, seq, lambda draft: self._described(draft, seq, build), adopted=False)
        return seq

    def adopt(self, tenant: str, raw: bytes, fill: Callable[[Path], None]) -> str:
        """Serve a snapshot that was published elsewhere, under the number that it has there; -> its seq.

        `raw`: its MANIFEST; `fill(folder)` writes its files, which are checked. All or nothing, like `publish`. One
        that is kept is only pointed at. Raises SnapshotError, BadInput when another snapshot has the number.
        """
        home, found = self._home(tenant), manifest.described(manifest.unsealed(raw, "a manifest"), "a manifest")
        if not _SEQ.fullmatch(found.seq):
            raise CorruptSnapshot(f"a manifest has the number {found.seq!r:.40}, which is none")

        def filled(draft: Path) -> bytes:
            fill(draft)
            manifest.check(draft, found)
            return raw

        self._furnish(home)
        with _exclusive(home):
            served = self._served_or_rebuilt(home)
            self._sweep(home, served)
            if served is None or found.seq not in served.kept:
                self._bring(home, served, found.seq, filled, adopted=True)
            elif (_folder(home, found.seq) / manifest.NAME).read_bytes() == raw:
                self._serve(home, msgspec.structs.replace(served, current=found.seq))
            else:
                raise BadInput(f"another snapshot has the number {found.seq} here: pull into a root that builds none")
        return found.seq

    def adopted(self, tenant: str, seq: str) -> bool:
        """Was this snapshot built elsewhere, so that numbers of changes in it are those of another store?"""
        try:
            return seq in self._served(self._home(tenant)).adopted
        except SnapshotError:
            return False

    def rollback(self, tenant: str, to: str | None = None) -> str:
        """Serve the snapshot before the current one, or the one named; it is verified first. -> its seq."""
        home = self._home(tenant)
        self._served(home)
        with _exclusive(home):
            served = self._served(home)
            older = [each for each in served.kept if each < served.current]
            if to is None and not older:
                raise BadInput(f"there is no snapshot before {served.current}; kept are {', '.join(served.kept)}")
            target = older[-1] if to is None else to
            if target not in served.kept:
                raise BadInput(f"there is no snapshot {target!r:.40}; kept are {', '.join(served.kept)}")
            manifest.verify(_folder(home, target))
            self._serve(home, msgspec.structs.replace(served, current=target))
        return target

    def kept(self, tenant: str) -> tuple[str, ...]:
        """The snapshots kept, oldest first; raises NoSnapshot when nothing was published."""
        return self._served(self._home(tenant)).kept

    def current(self, tenant: str) -> Path:
        """The folder of the snapshot served; raises NoSnapshot or CorruptSnapshot. It is not verified here."""
        home = self._home(tenant)
        return _folder(home, self._served(home).current)

    def verify(self, tenant: str, seq: str | None = None) -> Manifest:
        """Check every byte of a snapshot (None: the current one); raises SnapshotError."""
        home = self._home(tenant)
        served = self._served(home)
        if seq is not None and seq not in served.kept:
            raise BadInput(f"there is no snapshot {seq!r:.40}; kept are {', '.join(served.kept)}")
        return manifest.verify(_folder(home, seq or served.current))

    def open(self, tenant: str, load: Callable[[Path, Manifest], T]) -> Opened[T]:
        """Verify and load the current snapshot, or else the newest of the others that is sound.

        Raises the current one's SnapshotError when none is, NoSnapshot when nothing was published.
        """
        home = self._home(tenant)
        first: SnapshotError | None = None
        for seq in self._candidates(home):
            try:
                folder = _folder(home, seq)
                value = _loaded(load, folder)
            except SnapshotError as error:
                _LOG.error("snapshot %s of %s cannot be used: %s", seq, tenant, error)
                first = first or error
                continue
            told = first or self._corrupt(home)
            return Opened(value, seq, str(told) if told else None)
        raise first or NoSnapshot(f"nothing is published for {tenant}")

    def _home(self, tenant: str) -> Path:
        return tenant_folder(self._root, tenant)

    def _served(self, home: Path) -> Served:
        path = home / "CURRENT"
        if not path.exists():
            if set(_present(home)) - {_FIRST}:  # a lone first one may be left over from a crash
                raise CorruptSnapshot(f"{path}: is missing, although there are snapshots")
            raise NoSnapshot(f"nothing is published for {home.name}: build and publish a snapshot first")
        try:
            served = msgspec.convert(manifest.unseal(path), Served)
        except msgspec.ValidationError as error:
            raise CorruptSnapshot(f"{path}: {error}") from None
        if served.current not in served.kept or not all(_SEQ.fullmatch(each) for each in served.kept):
            raise CorruptSnapshot(f"{path}: names no snapshot")
        return served

    def _corrupt(self, home: Path) -> CorruptSnapshot | None:
        try:
            self._served(home)
        except CorruptSnapshot as error:
            return error
        return None

    def _candidates(self, home: Path) -> list[str]:
        """Snapshots in the order in which to try them; without a sound CURRENT, all that are there, newest first."""
        try:
            served = self._served(home)
        except CorruptSnapshot:
            return _present(home)[::-1]
        return [served.current, *(each for each in reversed(served.kept) if each != served.current)]

    def _served_or_rebuilt(self, home: Path) -> Served | None:
        try:
            return self._served(home)
        except NoSnapshot:
            return None
        except CorruptSnapshot:
            present = _present(home)
            return Served(present[-1], tuple(present)) if present else None

    def _bring(self, home: Path, served: Served | None, seq: str, make: Make, *, adopted: bool) -> None:
        """Write a snapshot and serve it."""
        try:
            self._write(home, seq, make)
            others = [each for each in (served.kept if served else ()) if each != seq]
            kept = tuple(sorted([*others[max(0, len(others) + 1 - self._keep) :], seq]))
            foreign = {*(served.adopted if served else ()), *([seq] if adopted else [])}
            self._serve(home, Served(seq, kept, tuple(sorted(foreign.intersection(kept)))))
        except Exception:
            self._tidy(home)
            raise
        self._tidy(home)

    def _described(self, draft: Path, seq: str, build: Callable[[Path], Mapping[str, Any]]) -> bytes:
        """The files of a build, and its manifest."""
        facts = build(draft)
        return manifest.seal(manifest.build(draft, seq, self._clock().isoformat(timespec="seconds"), facts))

    def _write(self, home: Path, seq: str, make: Make) -> None:
        """A finished folder under its final name, durable with all it holds."""
        disk, shelf = self._disk, home / "snapshots"
        draft = shelf / f".tmp-{seq}"
        disk.mkdir(draft)
        raw = make(draft)
        for path in sorted(manifest.files_in(draft).values()):
            disk.fsync(path)
        disk.write(draft / manifest.NAME, raw)
        disk.fsync(draft / manifest.NAME)
        for folder in sorted((path for path in draft.rglob("*") if path.is_dir()), reverse=True):
            disk.fsync_dir(folder)
        disk.fsync_dir(draft)
        disk.rename(draft, _folder(home, seq))
        disk.fsync_dir(shelf)

    def _serve(self, home: Path, served: Served) -> None:
        replace_file(self._disk, home / "CURRENT", manifest.seal(served))

    def _furnish(self, home: Path) -> None:
        """Make the folders that are missing. Their names are made durable each time: a crash may have come between."""
        home.parent.parent.mkdir(parents=True, exist_ok=True)
        for folder in (home.parent, home, home / "snapshots"):
            self._disk.mkdir(folder)
            self._disk.fsync_dir(folder.parent)

    def _sweep(self, home: Path, served: Served | None) -> None:
        """Remove what no published state needs."""
        kept = set(served.kept) if served else set()
        for path in sorted((home / "snapshots").iterdir()):
            if path.name not in kept:
                self._disk.remove(path)
        self._disk.remove(home / "CURRENT.tmp")

    def _tidy(self, home: Path) -> None:
        """Sweep once more; a failure costs nothing but room, and the next publish tries again."""
        try:
            self._sweep(home, self._served_or_rebuilt(home))
        except OSError as error:
            _LOG.warning("leftovers in %s stay until the next publish: %s", home, error)


def _loaded(load: Callable[[Path, Manifest], T], folder: Path) -> T:
    """Verified, then loaded. Whatever sound bytes do to the reader, the snapshot before can still serve."""
    found = manifest.verify(folder)
    try:
        return load(folder, found)
    except SnapshotError:
        raise
    except Exception as error:
        _LOG.exception("snapshot %s cannot be loaded", folder)
        raise CorruptSnapshot(f"{folder}: cannot be loaded: {type(error).__name__}: {error!s:.200}") from error


def _folder(home: Path, seq: str) -> Path:
    return home / "snapshots" / seq


def _present(home: Path) -> list[str]:
    """Finished snapshots whose manifest can be read, oldest first."""
    found = []
    for path in sorted((home / "snapshots").glob("[0-9]*")):
        try:
            manifest.read(path)
        except SnapshotError:
            continue
        found.append(path.name)
    return found


@contextmanager
def _exclusive(home: Path) -> Iterator[None]:
    """One publisher or rollback of a tenant at a time; the lock goes with the process that holds it."""
    with (home / "publish.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(f"another process publishes for {home.name} right now; try again when it is done") from None
        yield
