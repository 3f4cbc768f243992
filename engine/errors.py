"""What can go wrong, and which class says so?

LifestyleError                every error this project raises on purpose
+-- BadInput                  the caller's fault (HTTP 4xx, exit code 2): what, where, what to do
|   +-- BadRow                one row of a file; collected, never fatal
|   +-- BadQuery              a request or a parse sent back
|   +-- UnknownItem           no such id (404)
|   +-- UnknownTenant         no such tenant (404)
+-- SnapshotError             a snapshot cannot be used
|   +-- CorruptSnapshot       bytes differ from the manifest
|   +-- IncompatibleSnapshot  another format version or another encoder
|   +-- NoSnapshot            nothing is published yet
+-- ModelError                a ranking model or an encoder cannot be used (digest, structure, feature schema)
+-- GateRefused               a new model is not better than the current one
+-- Overloaded                we shed this request (503)
+-- NoRoom                    the disk is full, or nearly: nothing is written (507)
"""


class LifestyleError(Exception):
    """Every error this project raises on purpose; str(e) is one sentence for people."""


class BadInput(LifestyleError):
    """The caller's fault: says what, where and what to do."""


class BadRow(BadInput):
    """One row of a file that was refused."""

    def __init__(self, file: str, line: int, field: str, reason: str) -> None:
        super().__init__(f"{file}:{line}: field '{field}': {reason}")
        self.file, self.line, self.field, self.reason = file, line, field, reason


class BadQuery(BadInput):
    """A request, or a parse that was sent back, cannot be read; `field` names the place."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


class UnknownItem(BadInput):
    """No item has this id, or it was deleted."""


class UnknownTenant(BadInput):
    """No tenant has this name."""


class SnapshotError(LifestyleError):
    """A snapshot cannot be used."""


class CorruptSnapshot(SnapshotError):
    """The bytes on disk are not those of the manifest; names the file."""


class IncompatibleSnapshot(SnapshotError):
    """Written by another format version, or for another encoder."""


class NoSnapshot(SnapshotError):
    """Nothing is published yet."""


class ModelError(LifestyleError):
    """A ranking model or an encoder cannot be used: digest, structure or feature schema."""


class GateRefused(LifestyleError):
    """A new model is not better than the current one on held-out queries."""


class Overloaded(LifestyleError):
    """This request was shed; come back later."""


class NoRoom(LifestyleError):
    """There is too little room on the disk to keep what was sent; deletions and searches go on."""
