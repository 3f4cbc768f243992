"""Where do benchmarks find an index made by the code at hand? In a cache folder, built again when the code changed."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from api.demo import prepare
from api.layout import Layout
from api.settings import Settings
from api.systems import Bench
from api.training import read_judgments
from api.views import Views
from benchmarks.corpora.items import VERSION, Summed, rows_in
from engine.later import LATER
from engine.types import Kind, Query
from indexing.encode import CachedEncoder, load_encoder
from indexing.jobs import build, code_digest, publish
from indexing.publish import Publisher
from indexing.sample import files
from indexing.sample.scale import scale
from indexing.segment import Progress
from indexing.validate import validate

#: "Now" of every benchmark, inside the years that the sample covers.
NOW: Final = datetime(2026, 11, 22, 2, tzinfo=UTC)
SEED: Final = 7
KINDS: Final[tuple[Kind, ...]] = ("poi", "note", "product")
_CODE: Final = ("engine", "indexing", "ranking")


def cache() -> Path:
    """The folder named in LIFESTYLE_CACHE, else .cache/benchmarks under the working directory."""
    return Path(os.environ.get("LIFESTYLE_CACHE", ".cache/benchmarks"))


def sample() -> Settings:
    """The bundled sample as the demo serves it: the bundled encoder, the trained ranker."""
    settings = Settings(root=cache() / "sample", encoder="bundled")
    if _stale(settings.root, _digest()):
        _clear(settings)
        prepare(settings)
        _stamp(settings.root, _digest())
    return settings


def scaled(count: int) -> Settings:
    """`count` synthetic items (indexing/sample/scale.py) under hash vectors: for speed alone, quality means nothing."""
    settings = Settings(root=cache() / f"scaled-{count}", encoder="hash")
    if _stale(settings.root, _digest()):
        _clear(settings)
        items = list(scale(count, SEED))
        tables = {kind: validate(kind, (row for of, row in items if of == kind))[0] for kind in KINDS}
        out = Layout(settings.root).built(settings.tenant)
        build(tables, settings.tenant, None, load_encoder("hash", offline=True), out, now=NOW)
        publish(out, settings.tenant, Publisher(settings.root))
        _stamp(settings.root, _digest())
    return settings


def recombined(count: int, progress: Progress | None = None) -> Settings:
    """`count` synthetic items with real words (benchmarks/corpora/items.py), and the ranker that the sample taught.

    Kept until the code that builds changes (not that which serves): a million take long.
    """
    settings, like = Settings(root=cache() / f"items-{count}", encoder="bundled"), sample()
    if _stale(settings.root, code_digest()):
        _clear(settings)
        encoder = CachedEncoder(load_encoder("bundled", offline=True), Layout(like.root).vectors)
        vectors = Summed(encoder, SEED)
        tables = rows_in(cache() / f"rows-{count}-{SEED}-v{VERSION}", count, SEED, vectors)
        out, said = Layout(settings.root).built(settings.tenant), {"synthetic": "recombined texts, summed embeddings"}
        build(tables, settings.tenant, None, vectors, out, now=NOW, progress=progress, extra=said)
        publish(out, settings.tenant, Publisher(settings.root))
        learnt, here = (Layout(each.root).models(each.tenant) for each in (like, settings))
        if learnt.is_dir():  # else the gate kept the ranker that needs none
            shutil.copytree(learnt, here, dirs_exist_ok=True)
        _stamp(settings.root, code_digest())
    return settings


@contextmanager
def opening(settings: Settings) -> Iterator[Bench]:
    """The published snapshot and model of a root, ready to be asked; closed at the end."""
    views = Views(settings, lambda: NOW)
    try:
        yield _asked(views, settings)
    finally:
        views.close()


def opened(settings: Settings) -> Bench:
    """The same, open until the process ends."""
    return _asked(Views(settings, lambda: NOW), settings)


def _asked(views: Views, settings: Settings) -> Bench:
    view = views.now(settings.tenant)
    LATER.finish()
    return Bench(view, settings.tenant, KINDS, views.store, NOW)


def count(root: Path) -> int:
    """Items of the published snapshot of a root."""
    settings = Settings(root=root)
    counts = Publisher(root).verify(settings.tenant).facts["counts"]
    return sum(counts.values())


def queries(bench: Bench) -> list[Query]:
    """The sample's graded queries of the open half, as requests for a page of ten."""
    return [bench.query(judged) for judged in read_judgments(files.judgments())]


def bodies() -> list[dict[str, object]]:
    """The same queries, and the other ways to say them where the sample has any, as bodies of POST /v1/search."""
    names = ("kinds", "near")
    out: list[dict[str, object]] = []
    for line in files.judgments().read_text("utf-8").splitlines():
        row = json.loads(line)
        said = {name: row[name] for name in names if row.get(name)} | ({"at": row["now"]} if row.get("now") else {})
        out += [{"q": text, "limit": 10, **said} for text in (row["query"], *row.get("paraphrases", ()))]
    return out


def _digest() -> str:
    """Changes with the code that builds or ranks, and with the sample."""
    top = Path(__file__).parents[1]
    code = [path for name in _CODE for end in ("py", "toml") for path in (top / name).rglob(f"*.{end}")]
    data = [path for paths in files.paths().values() for path in paths]
    digest = hashlib.sha256()
    for path in sorted([*code, *data, files.judgments()]):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _stale(root: Path, digest: str) -> bool:
    stamp = root / "stamp"
    return not stamp.is_file() or stamp.read_text("ascii") != digest


def _stamp(root: Path, digest: str) -> None:
    (root / "stamp").write_text(digest, "ascii")


def _clear(settings: Settings) -> None:
    """All but the passage vectors, which are kept by content."""
    layout = Layout(settings.root)
    shutil.rmtree(layout.home(settings.tenant), ignore_errors=True)
    layout.file.unlink(missing_ok=True)
