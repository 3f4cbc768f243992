"""How do tables and live changes become a served snapshot? Build beside what is served, then publish at once."""

import hashlib
import os
import shutil
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import BadInput
from engine.kindred import Kindred
from engine.ports import Encoder, Store
from engine.types import KINDS, Kind
from indexing.ingest import read_table, write_table
from indexing.kindred import FOLDER as BEHAVIOUR
from indexing.publish import Publisher
from indexing.segment import Progress
from indexing.tenants import fingerprint
from indexing.validate import to_items, to_table
from indexing.write import write_segment

FACTS: Final = "facts.json"


def build(
    tables: Mapping[Kind, pa.Table],
    tenant: str,
    store: Store | None,
    encoder: Encoder,
    out: Path,
    *,
    now: datetime,
    progress: Progress | None = None,
    extra: Mapping[str, Any] | None = None,
    voices: bool = False,
    learnt: Kindred | None = None,
) -> dict[str, Any]:
    """Write a snapshot's files into `out` (replaced); -> its facts, `extra` among them. What is served
    does not change.

    `voices`: with vectors of sentences (indexing/voices.py), about 8 ms of a core for each distinct one.
    `learnt`: what people's behaviour says of items (ranking/collab.py).
    Live changes are folded in: the newest wins, deletions stand above the tables.
    """
    folded, seq = fold(tables, tenant, store)
    if not any(len(table) for table in folded.values()):
        raise BadInput("there is nothing to build from: ingest items first (lifestyle ingest --help)")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    made = write_segment(out, folded, encoder, now=now, progress=progress, voices=voices, learnt=learnt)
    facts = {**made, "store_seq": seq, **(extra or {})}
    (out / FACTS).write_bytes(msgspec.json.encode(facts))
    return facts


def publish(built: Path, tenant: str, publisher: Publisher, forgotten: int | None = None) -> str:
    """Serve what `build` wrote; -> the snapshot's number. All or nothing (indexing/publish.py).

    `forgotten`: how many people were by now. What behaviour taught is left out where it was fewer at the build (its
    fact `forgotten`): it may rest on somebody who was forgotten since; the next build learns it anew.
    """
    try:
        facts = msgspec.json.decode((built / FACTS).read_bytes())
    except (OSError, msgspec.DecodeError):
        raise BadInput(f"{built} holds no finished build; run 'lifestyle build' first") from None

    stale = forgotten is not None and facts.get("forgotten", forgotten) != forgotten
    left_out = shutil.ignore_patterns(FACTS, *([BEHAVIOUR] if stale else []))

    def take(folder: Path) -> Mapping[str, Any]:
        shutil.copytree(built, folder, dirs_exist_ok=True, copy_function=link_or_copy, ignore=left_out)
        return dict(facts)

    return publisher.publish(tenant, take)


def settle_tables(folder: Path, tenant: str, store: Store, dead: Collection[str], forgotten: Collection[bytes]) -> int:
    """Write the live changes into the ingested tables; -> the number of the last one that they hold.

    What was deleted is in no table afterwards, nor what was refused at an ingest. Events about what is `dead` (ids) go
    as well, and those of people who were forgotten (their fingerprints).
    """
    folded, last = fold(tables_in(folder), tenant, store)
    folder.mkdir(parents=True, exist_ok=True)
    for kind, table in folded.items():
        if len(table) or (folder / f"{kind}.parquet").exists():
            write_table(folder / f"{kind}.parquet", table)
    events = folder / "event.parquet"
    if events.exists():
        rows = to_items(read_table(events, "event"))
        kept = [r for r in rows if fingerprint(r["user_id"]) not in forgotten and r["object_id"] not in dead]
        write_table(events, to_table("event", kept))
    for refused in folder.glob("*.rejects.jsonl"):
        refused.unlink()
    return last


def fold(tables: Mapping[Kind, pa.Table], tenant: str, store: Store | None) -> tuple[dict[Kind, pa.Table], int]:
    """The tables with every live change applied, and the sequence number of the last one."""
    changes = list(store.changes(tenant, 0)) if store is not None else []
    if not changes and all(_once(table) for table in tables.values()):
        return {kind: tables[kind] if kind in tables else to_table(kind, []) for kind in KINDS}, 0
    last = 0
    items = {kind: {row["id"]: row for row in to_items(tables[kind])} if kind in tables else {} for kind in KINDS}
    for seq, item_id, kind, item in changes:
        last = seq
        for rows in items.values():
            rows.pop(item_id, None)
        if kind is not None and item is not None:
            items[kind][item_id] = dict(item)
    return {kind: to_table(kind, list(rows.values())) for kind, rows in items.items()}, last


def _once(table: pa.Table) -> bool:
    """Has each row its own id?"""
    return bool(pc.count_distinct(table.column("id")).as_py() == len(table))


def code_digest() -> str:
    """Changes with the code, lexicons and maps that make a snapshot of tables; for whoever keeps built indexes."""
    root, digest = Path(__file__).parents[1], hashlib.sha256()
    for folder in ("engine/understand", "indexing"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", ".toml", ".tsv"} and "sample" not in path.parts:
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def tables_in(folder: Path) -> dict[Kind, pa.Table]:
    """The item tables that were ingested into a folder."""
    return {
        kind: read_table(folder / f"{kind}.parquet", kind) for kind in KINDS if (folder / f"{kind}.parquet").exists()
    }


def link_or_copy(source: str, target: str) -> None:
    """A hard link: the snapshot costs no second copy, and `build` replaces folders, never bytes in place."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
