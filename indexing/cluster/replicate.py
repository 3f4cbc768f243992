"""How do snapshots get from the machine that builds to those that serve? Push what is new, pull what differs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from engine.errors import CorruptSnapshot, SnapshotError
from indexing import manifest
from indexing.cluster.objects import CHUNK, DIGEST, Objects, Pointer
from indexing.jobs import link_or_copy
from indexing.manifest import Entry, Manifest
from indexing.publish import KEEP, Publisher

_INCOMING: Final = "incoming"


@dataclass
class Moved:
    """What a push or a pull did. `bytes`: over the wire; `reused`: files that were there already."""

    snapshot: str
    files: int = 0
    bytes: int = 0
    reused: int = 0
    removed: int = 0
    news: bool = field(default=True)


Say = Callable[[str, int, int], None]  # stage, bytes done, bytes in all


def push(publisher: Publisher, tenant: str, to: Objects, say: Say | None = None, keep: int = KEEP) -> Moved:
    """Put the snapshot that is served where replicas find it; it is verified first. Raises SnapshotError.

    Readers see the old one until everything is there. What no kept snapshot needs is removed afterwards: a replica that
    was pulling an older one begins anew with the new one. One pusher of a tenant at a time.
    """
    folder = publisher.current(tenant)
    found, raw = manifest.verify(folder), (folder / manifest.NAME).read_bytes()
    done, there = Moved(found.seq), to.sizes()
    whole = sum(entry.size for entry in found.files.values())
    passed = 0
    for name, entry in found.files.items():
        if there.get(entry.sha256) == entry.size:
            done.reused += 1
        else:
            to.put(folder / name, entry.sha256)
            there[entry.sha256] = entry.size
            done.files, done.bytes = done.files + 1, done.bytes + entry.size
        passed += entry.size
        if say:
            say("push", passed, whole)
    digest = to.put_manifest(raw)
    kept = [each for each in _kept(to) if each != digest][-(keep - 1) :] if keep > 1 else []
    to.point(Pointer(digest, (*kept, digest)))
    done.removed = _sweep(to, (*kept, digest))
    return done


def pull(publisher: Publisher, tenant: str, home: Path, of: Objects, say: Say | None = None) -> Moved:
    """Serve what was pushed last; a running server follows. Raises SnapshotError, and goes on as before.

    Only files that no snapshot kept here has are fetched, each checked against its digest as it comes; one that was
    cut short goes on where it stopped. `home`: the tenant's folder.
    """
    raw = of.manifest(of.pointer().current)
    found = manifest.described(manifest.unsealed(raw, of.url), of.url)
    _check_names(found, of.url)
    here, done = _here(publisher, tenant), Moved(found.seq)
    if here.current == raw:
        done.news = False
        return done
    incoming = home / _INCOMING
    incoming.mkdir(parents=True, exist_ok=True)
    wanted = {entry.sha256: entry.size for entry in found.files.values()}
    whole = sum(wanted.values())
    ready: dict[str, Path] = {}
    passed = 0
    for digest, size in wanted.items():
        own = here.files.get(digest)
        if own is not None and own.stat().st_size == size and manifest.digest(own) == digest:
            ready[digest], done.reused = own, done.reused + 1
        else:
            fetched = _fetch(of, digest, size, incoming)
            ready[digest] = incoming / digest
            done.files, done.bytes = done.files + 1, done.bytes + fetched
        passed += size
        if say:
            say("pull", passed, whole)
    publisher.adopt(tenant, raw, lambda draft: _lay(found.files, ready, draft))
    for path in incoming.iterdir():
        path.unlink()
    return done


def _fetch(of: Objects, digest: str, size: int, incoming: Path) -> int:
    """A blob below `incoming`, checked; what came before it was cut short is kept. -> bytes that came now."""
    target, part = incoming / digest, incoming / f"{digest}.part"
    if target.exists():
        return 0
    check = sha256()
    start = part.stat().st_size if part.exists() else 0
    with part.open("ab+") as file:
        file.seek(0)
        while data := file.read(CHUNK):
            check.update(data)
        for data in of.chunks(digest, start):
            file.write(data)
            check.update(data)
        came = file.tell() - start
    if check.hexdigest() != digest or start + came != size:
        part.unlink()
        raise CorruptSnapshot(f"{of.url}/blobs/{digest}: its SHA-256 differs from its name; what is served goes on")
    part.rename(target)
    return came


def _lay(files: Mapping[str, Entry], ready: Mapping[str, Path], draft: Path) -> None:
    for name, entry in files.items():
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        link_or_copy(str(ready[entry.sha256]), str(draft / name))


@dataclass(frozen=True)
class _Here:
    """The manifest of what is served, and every file of kept snapshots by its digest."""

    current: bytes | None
    files: Mapping[str, Path]


def _here(publisher: Publisher, tenant: str) -> _Here:
    try:
        folder = publisher.current(tenant)
        kept = [folder.parent / seq for seq in publisher.kept(tenant)]
    except SnapshotError:
        return _Here(None, {})
    files: dict[str, Path] = {}
    for each in kept:
        try:
            files |= {e.sha256: each / name for name, e in manifest.read(each).files.items() if (each / name).exists()}
        except SnapshotError:
            continue
    try:
        return _Here((folder / manifest.NAME).read_bytes(), files)
    except OSError:
        return _Here(None, files)


def _kept(of: Objects) -> tuple[str, ...]:
    try:
        return of.pointer().kept
    except SnapshotError:
        return ()


def _sweep(to: Objects, kept: tuple[str, ...]) -> int:
    """Remove manifests and blobs that no kept manifest needs; -> how many blobs."""
    needed: set[str] = set()
    for digest in kept:
        found = manifest.described(manifest.unsealed(to.manifest(digest), to.url), to.url)
        needed |= {entry.sha256 for entry in found.files.values()}
    for digest in set(to.manifests()) - set(kept):
        to.remove("manifests", digest)
    gone = sorted(to.sizes().keys() - needed)
    for digest in gone:
        to.remove("blobs", digest)
    return len(gone)


def _check_names(found: Manifest, url: str) -> None:
    """A manifest may be anybody's: no file of it may lie outside of its folder, and digests are names of files."""
    for name, entry in found.files.items():
        parts = name.split("/")
        if not all(parts) or {".", ".."} & {*parts} or "\0" in name or "\\" in name or name == manifest.NAME:
            raise CorruptSnapshot(f"{url}: a manifest names the file {name!r:.80}")
        if not DIGEST.fullmatch(entry.sha256):
            raise CorruptSnapshot(f"{url}: a manifest has a digest {entry.sha256!r:.80}")
