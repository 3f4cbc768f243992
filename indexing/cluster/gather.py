"""How do finished shards become one snapshot? Their folders side by side under one manifest, and who is at home where.

<folder>/shards.json            how many there are
<folder>/shards/<n>/            each an ordinary segment (indexing/segment.py)
<folder>/homes/<n>/<kind>.npy   bool: which rows are at home there
<folder>/kindred/               what behaviour says, by rows of the whole (indexing/kindred.py)
"""

import shutil
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from engine.kindred import Kindred
from engine.types import KINDS
from indexing.arrays import save
from indexing.cluster.cut import members
from indexing.cluster.fanout import SHARDS, Sharded
from indexing.cluster.liked import behaviour_of
from indexing.cluster.work import Spec
from indexing.jobs import link_or_copy


def gathered(spec: Spec, work: Path, out: Path, learnt: Kindred | None) -> dict[str, Any]:
    """Lay the finished shards into `out`; -> facts about them: voices, cost and vectors, shard by shard."""
    told: list[dict[str, Any]] = []
    for number in range(spec.shards):
        name = f"{number:04}"
        made = work / "segments" / name
        shutil.copytree(made / "segment", out / "shards" / name, copy_function=link_or_copy)
        save({kind: np.asarray(members(work, number, kind)[1]) for kind in KINDS}, out / "homes" / name)
        told.append(msgspec.json.decode((made / "facts.json").read_bytes()))
    (out / SHARDS).write_bytes(msgspec.json.encode({"shards": spec.shards}))
    facts: dict[str, Any] = {"shards": told}
    if learnt is not None:
        index = Sharded.open(out, spec.tenant, "0")
        behaviour_of(learnt, index.rows).save(out)
        facts["kindred"] = {"items": len(learnt.ids), "people": learnt.people}
    return facts
