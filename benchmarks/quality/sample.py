"""The bundled sample and its graded queries; the sealed half is opened by acceptance alone."""

from pathlib import Path

from api.judged import JudgedSet
from api.training import read_judgments
from engine.clock import utc_now
from engine.types import Kind
from indexing.ingest import ingest
from indexing.jobs import tables_in
from indexing.sample import files


def load(queries: Path | None, cache: Path) -> JudgedSet:
    """Places, products and notes; graded 0 to 3 by the world's truth."""
    for kind, paths in files.paths().items():
        (cache / f"{kind}.parquet").unlink(missing_ok=True)
        ingest(paths, kind, None, cache, utc_now)
    kinds: tuple[Kind, ...] = ("poi", "note", "product")
    return JudgedSet(
        "sample", tables_in(cache), read_judgments(queries or files.judgments()), kinds, False, learns=True, made=300
    )
