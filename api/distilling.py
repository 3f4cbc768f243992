"""How is a tenant's student made, and when may it answer first? `lifestyle distill`."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from api.layout import Layout
from api.printing import progress_of
from api.settings import Settings
from api.systems import Bench
from api.training import read_judgments
from api.views import Views
from engine.errors import BadInput
from engine.live import View
from engine.ports import Encoder
from indexing.encode import CachedEncoder, load_encoder, servable_folder
from indexing.snapshot import Snapshot
from indexing.student.distill import distill
from indexing.student.encoder import StudentEncoder
from indexing.student.registry import Students
from ranking.evaluate import JudgedQuery, compare

#: A student that keeps this share of its teacher's nDCG@10 in every language answers first.
GOOD = 0.97
#: Texts to learn from, about.
LESSONS = 20_000
#: Judged queries below which a language says nothing.
FEW = 20


def distill_from(
    settings: Settings,
    judgments: Path | None,
    count: int,
    seed: int,
    clock: Callable[[], datetime],
    say: Callable[[str], None],
) -> StudentEncoder:
    """A student of the published snapshot, judged where there are judgments. Raises ModelError, BadInput."""
    views = Views(settings, clock)
    try:
        view = views.now(settings.tenant)
        bench = Bench(view, settings.tenant, ("poi", "note", "product"), views.store, clock())
        queries = read_judgments(judgments) if judgments is not None else []
        return teach(bench, snapshot_of(view), settings, queries, count, seed, clock, say)
    finally:
        views.close()


def current(settings: Settings) -> StudentEncoder:
    """The tenant's student. Raises BadInput before the first."""
    student = Students(Layout(settings.root).students(settings.tenant)).load()
    if student is None:
        raise BadInput(f"{settings.tenant} has no student yet: run 'lifestyle distill'")
    return student


def teach(
    bench: Bench,
    index: Snapshot,
    settings: Settings,
    queries: Sequence[JudgedQuery],
    count: int,
    seed: int,
    clock: Callable[[], datetime],
    say: Callable[[str], None],
) -> StudentEncoder:
    """The same for a bench's index."""
    layout = Layout.of(settings)
    encoder, shown = load_encoder(settings.encoder, offline=True), partial(progress_of, "texts that the teacher read")
    teacher = CachedEncoder(encoder, layout.vectors, progress=shown)
    asked = [text for text, _ in bench.store.popular(bench.tenant)]
    return distill(
        index,
        asked,
        teacher,
        servable_folder(settings.encoder),
        Students(layout.students(bench.tenant)),
        clock().isoformat(timespec="seconds"),
        count=count,
        seed=seed,
        judge=lambda student: judged(bench, student, teacher, queries),
        say=say,
    )


def judged(bench: Bench, student: Encoder, teacher: Encoder, queries: Sequence[JudgedQuery]) -> Mapping[str, Any]:
    """{"judged": language -> nDCG@10 of the whole search with each encoder, "first": may the student answer first}."""
    if not queries:
        return {"first": False}
    report = compare(
        {
            name: asked_by(bench, encoder).ours(bench.view.ranker)
            for name, encoder in (("teacher", teacher), ("student", student))
        },
        queries,
    )
    master, pupil = report.systems
    slices = {
        lang: {
            "queries": int(chosen.sum()),
            "teacher": master.mean("ndcg@10", chosen),
            "student": pupil.mean("ndcg@10", chosen),
        }
        for lang, chosen in report.slices().items()
    }
    good = [s["student"] >= GOOD * s["teacher"] for s in slices.values() if s["queries"] >= FEW]
    return {"judged": slices, "first": bool(good) and all(good)}


def told(card: Mapping[str, Any]) -> str:
    """A card for a terminal: what the student keeps of its teacher, by slice."""
    lines = [f"student of {card['teacher'][:16]} on snapshot {card['snapshot']}, {card['lessons']['count']} lessons"]
    for name, slice_ in card.get("slices", {}).items():
        lines.append(f"  {name:7}" + "  ".join(f"{figure} {value:.3g}" for figure, value in slice_.items()))
    for lang, slice_ in card.get("judged", {}).items():
        kept = slice_["student"] / slice_["teacher"] if slice_["teacher"] else np.nan
        lines.append(
            f"  judged {lang}: nDCG@10 {slice_['student']:.4f} against {slice_['teacher']:.4f}"
            f" ({kept:.1%}, {slice_['queries']} queries)"
        )
    lines.append("it answers first" if card["first"] else "it answers when the deadline leaves its teacher no time")
    return "\n".join(lines)


def student_of(bench: Bench, settings: Settings, say: Callable[[str], None]) -> StudentEncoder:
    """The student that learnt from the bench's very snapshot; trained now when there is none."""
    known = Students(Layout(settings.root).students(bench.tenant)).load()
    at = (bench.view.index.version, bench.view.encoder.fingerprint)
    if known is not None and (known.card["snapshot"], known.teacher) == at:
        return known
    return teach(bench, snapshot_of(bench.view), settings, [], LESSONS, 7, bench.clock, say)


def snapshot_of(view: View) -> Snapshot:
    """The view's index: what is served is always a snapshot."""
    if not isinstance(view.index, Snapshot):
        raise TypeError("views serve snapshots")
    return view.index


def asked_by(bench: Bench, encoder: Encoder) -> Bench:
    """The same bench, whose queries this encoder reads."""
    other = copy(bench)
    other.view = replace(bench.view, encoder=encoder, student=None)
    return other
