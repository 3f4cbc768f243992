"""Where do published snapshots lie for other machines? Content-addressed files below a URL, and one pointer.

<url>/<tenant>/blobs/<sha256>       the files, each once, whichever snapshots have it
<url>/<tenant>/manifests/<sha256>   manifests (indexing/manifest.py), byte for byte
<url>/<tenant>/CURRENT              sealed JSON: the digest of the manifest to serve, and of those that are kept

All but CURRENT is written once and never changed; CURRENT is replaced by one put, after all that it names is there.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
from pyarrow import fs

from engine.errors import BadInput, CorruptSnapshot, LifestyleError, NoSnapshot
from indexing import manifest
from indexing.tenants import check_tenant

CHUNK: Final = 1 << 20
#: Names of blobs and manifests.
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_LARGEST: Final = 16 * 1024 * 1024  # bytes of a manifest
#: Stores that show an object whole or not at all; the others get a draft that is renamed.
_ATOMIC: Final = ("s3", "gcs", "abfs")


class Pointer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What CURRENT says: digests of manifests, the one to serve and those that are kept, oldest first."""

    current: str
    kept: tuple[str, ...]


class Objects:
    """The snapshots of one tenant below a URL, on any file system that pyarrow knows. One writer at a time."""

    def __init__(self, url: str, tenant: str) -> None:
        """`url`: a folder, or s3://bucket/path?endpoint_override=.., gs://, hdfs://. Raises BadInput."""
        self.url = url.partition("?")[0].rstrip("/")
        try:
            self._files, path = fs.FileSystem.from_uri(url if "://" in url else Path(url).absolute().as_uri())
        except (pa.ArrowException, OSError, ValueError) as error:
            raise BadInput(f"{self.url} names no file system: {error!s:.200}") from None
        self._home = f"{path.rstrip('/')}/{check_tenant(tenant)}"

    def pointer(self) -> Pointer:
        """Raises NoSnapshot when nothing was pushed, CorruptSnapshot."""
        with self._told("CURRENT"):
            try:
                raw = self._read("CURRENT")
            except FileNotFoundError:
                raise NoSnapshot(f"nothing was pushed to {self.url}") from None
        try:
            found = msgspec.convert(manifest.unsealed(raw, f"{self.url}/CURRENT"), Pointer)
        except msgspec.ValidationError as error:
            raise CorruptSnapshot(f"{self.url}/CURRENT: {error}") from None
        if found.current not in found.kept or not all(DIGEST.fullmatch(each) for each in found.kept):
            raise CorruptSnapshot(f"{self.url}/CURRENT: names no manifest")
        return found

    def point(self, to: Pointer) -> None:
        """From now on this is served."""
        with self._told("CURRENT"):
            self._write("CURRENT", lambda stream: stream.write(manifest.seal(to)))

    def manifest(self, digest: str) -> bytes:
        """A manifest's bytes; raises CorruptSnapshot when they are not those of the digest."""
        name = f"manifests/{digest}"
        with self._told(name):
            raw = self._read(name)
        if sha256(raw).hexdigest() != digest:
            raise CorruptSnapshot(f"{self.url}/{name}: its SHA-256 differs from its name")
        return raw

    def put_manifest(self, raw: bytes) -> str:
        """-> its digest."""
        name = sha256(raw).hexdigest()
        with self._told(name):
            self._write(f"manifests/{name}", lambda stream: stream.write(raw))
        return name

    def sizes(self) -> dict[str, int]:
        """Digest -> bytes, of all blobs that are there."""
        return self._listed("blobs")

    def manifests(self) -> list[str]:
        """The digests of the manifests that are there."""
        return sorted(self._listed("manifests"))

    def put(self, path: Path, digest: str) -> None:
        """A local file as a blob."""

        def copy(stream: Any) -> None:
            with path.open("rb") as file:
                while data := file.read(CHUNK):
                    stream.write(data)

        with self._told(digest):
            self._write(f"blobs/{digest}", copy)

    def chunks(self, digest: str, start: int) -> Iterator[bytes]:
        """A blob's bytes from `start` on, as they come."""
        with self._told(f"blobs/{digest}"), self._files.open_input_file(f"{self._home}/blobs/{digest}") as file:
            file.seek(min(start, file.size()))
            while data := file.read(CHUNK):
                yield data

    def remove(self, folder: str, name: str) -> None:
        """A blob or a manifest that nothing names."""
        with self._told(name):
            self._files.delete_file(f"{self._home}/{folder}/{name}")

    def _listed(self, folder: str) -> dict[str, int]:
        with self._told(folder):
            chosen = fs.FileSelector(f"{self._home}/{folder}", allow_not_found=True)
            found = {each.base_name: each.size for each in self._files.get_file_info(chosen) if each.is_file}
        return {name: size for name, size in found.items() if DIGEST.fullmatch(name)}

    def _read(self, name: str) -> bytes:
        with self._files.open_input_file(f"{self._home}/{name}") as file:
            return bytes(file.read(_LARGEST + 1))

    def _write(self, name: str, fill: Callable[[Any], Any]) -> None:
        path = f"{self._home}/{name}"
        atomic = self._files.type_name in _ATOMIC
        if not atomic:
            self._files.create_dir(path.rpartition("/")[0], recursive=True)
        draft = path if atomic else f"{path}.draft"
        with self._files.open_output_stream(draft) as stream:
            fill(stream)
        if not atomic:
            self._files.move(draft, path)

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """What a store says, in one sentence that names the object."""
        try:
            yield
        except LifestyleError:
            raise
        except (OSError, pa.ArrowException) as error:
            raise LifestyleError(f"{self.url}/{name}: {error!s:.200}") from None
