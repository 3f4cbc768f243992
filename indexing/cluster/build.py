"""How is a snapshot built by steps that can run on many machines, and taken up again? Lay, link, embed, measure, cut.

The same pure steps run in this process or on Ray (indexing/cluster/engines.py). Whatever is killed, the next run goes
on with the parts that are there, and makes the same bytes.
"""

import hashlib
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from engine.errors import BadInput
from engine.kindred import Kindred
from engine.ports import Store
from engine.types import KINDS, Kind
from indexing.arrays import stored
from indexing.cluster import steps
from indexing.cluster.census import census, counted
from indexing.cluster.cut import cut
from indexing.cluster.engines import Engine
from indexing.cluster.gather import gathered
from indexing.cluster.segments import segment
from indexing.cluster.work import NOTES, TEXTS, Spec, Task, kinds_with, slices, spec_of
from indexing.columns.lexis import Lexis
from indexing.files import Disk, replace_file
from indexing.jobs import FACTS, code_digest, fold, link_or_copy
from indexing.kindred import Behaviour
from indexing.segment import Progress
from indexing.tables import read_arrow, write_arrow
from indexing.write import ordered


def build_by_steps(
    tables: Mapping[Kind, pa.Table],
    store: Store | None,
    spec: Spec,
    work: Path,
    out: Path,
    engine: Engine,
    *,
    progress: Progress | None = None,
    extra: Mapping[str, Any] | None = None,
    learnt: Kindred | None = None,
) -> dict[str, Any]:
    """Write a snapshot's files into `out` (replaced); -> its facts, as indexing/jobs.py `build` does.

    `spec`: what is wanted; counts, digest and store_seq are filled in. `work`: where parts are kept until it is done.
    Raises BadInput when there is nothing to build from.
    """
    spec = lay(tables, store, spec, work)
    for stage, tasks in _first(spec, engine.workers):
        engine.run(work, stage, tasks, progress)
    engine.run(work, "speak", _speaking(spec, work, engine.workers), progress)
    for stage, tasks in _last(spec):
        engine.run(work, stage, tasks, progress)
    facts = {**_gathered(spec, work, out, learnt), "store_seq": spec.store_seq, **(extra or {})}
    (out / FACTS).write_bytes(msgspec.json.encode(facts))
    Disk().remove(work)
    return facts


def lay(tables: Mapping[Kind, pa.Table], store: Store | None, wanted: Spec, work: Path) -> Spec:
    """The tables in the order of rows; what was begun with the same ones goes on, at the time at which it began."""
    folded, seq = fold(tables, wanted.tenant, store)
    laid = {kind: ordered(folded[kind]) for kind in KINDS}
    counts = {kind: len(table) for kind, table in laid.items()}
    if not any(counts.values()):
        raise BadInput("there is nothing to build from: ingest items first (lifestyle ingest --help)")
    digest = _digest(laid, wanted)
    if (work / "spec.json").exists() and (begun := spec_of(work)).digest == digest:
        return begun
    Disk().remove(work)
    (work / "tables").mkdir(parents=True)
    for kind, table in laid.items():
        write_arrow(table, work / "tables" / f"{kind}.arrow")
    spec = msgspec.structs.replace(wanted, counts=counts, digest=digest, store_seq=seq)
    replace_file(Disk(), work / "spec.json", msgspec.json.encode(spec))
    return spec


def _digest(laid: Mapping[Kind, pa.Table], spec: Spec) -> str:
    """Changes with whatever changes a part."""
    found = hashlib.sha256(msgspec.json.encode([code_digest(), spec.encoder, spec.voices, spec.shards]))
    for kind, table in laid.items():
        found.update(kind.encode())
        for batch in table.to_batches():
            found.update(batch.serialize())
    return found.hexdigest()


def _first(spec: Spec, workers: int | None) -> list[tuple[str, list[Task]]]:
    """What needs the tables alone, and then the labels, which need the links of all notes."""
    notes = max(1, spec.counts["note"])
    linking = [Task(steps.talk, f"talk/{n:05}", (a, b)) for n, a, b in slices(notes, NOTES)]
    embedding = [
        Task(steps.embed, f"embed/{kind}-{n:05}", (kind, a, b, workers))
        for kind, count in kinds_with(spec)
        for n, a, b in slices(count, TEXTS)
    ]
    after = [Task(steps.label, "labelled.arrow"), Task(cut, "cut")]
    return [("link and embed", [*linking, *embedding]), ("label", [*after, Task(steps.utter, "uttered.arrow")])]


def _speaking(spec: Spec, work: Path, workers: int | None) -> list[Task]:
    """The different sentences, where they get vectors."""
    count = read_arrow(work / "uttered.arrow").num_rows if spec.voices else 0
    return [Task(steps.speak, f"speak/{n:05}", (a, b, workers)) for n, a, b in slices(count, TEXTS)]


def _last(spec: Spec) -> list[tuple[str, list[Task]]]:
    shards = [Task(segment, f"segments/{n:04}", (n,)) for n in range(spec.shards)]
    counting = [
        Task(counted, f"count/{kind}-{n:05}", (kind, a, b))
        for kind, count in (kinds_with(spec) if spec.shards > 1 else ())
        for n, a, b in slices(count, TEXTS)
    ]
    adding = [Task(census, "census")] if counting else []
    return [("measure", [Task(steps.measure, "measured"), *counting]), ("add up", adding), ("assemble", shards)]


def _gathered(spec: Spec, work: Path, out: Path, learnt: Kindred | None) -> dict[str, Any]:
    """The finished files in `out`, and the facts of the whole."""
    Disk().remove(out)
    frame, _ = steps.frame_of(work)
    if spec.shards > 1:
        return {**frame.facts, **gathered(spec, work, out, learnt)}
    home = work / "segments" / "0000"
    shutil.copytree(home / "segment", out, copy_function=link_or_copy)
    facts = {**frame.facts, **msgspec.json.decode((home / "facts.json").read_bytes())}
    if learnt is not None:
        ids = {kind: Lexis.from_arrays(stored(out / kind / "ids")) for kind in KINDS}
        Behaviour.of(learnt, ids).save(out)
        facts["kindred"] = {"items": len(learnt.ids), "people": learnt.people}
    return facts


def spec_for(
    now: datetime, encoder: str, tenant: str, *, voices: bool, shards: int = 1, cache: Path | None = None
) -> Spec:
    """What is wanted, before anything is laid out."""
    return Spec(now.isoformat(), encoder, voices, tenant, {}, "", shards, str(cache) if cache else None)
