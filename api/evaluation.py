"""How good is it on a judged set? Build its index once, answer with every system, print figures anyone can repeat."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.distilling import asked_by, student_of
from api.judged import JudgedSet
from api.printing import progress_of
from api.settings import Settings
from api.systems import Bench, baselines
from api.training import by_hand, judged_lists
from api.views import Views
from engine.errors import BadInput, BadQuery
from engine.read import read
from engine.types import KINDS, Kind
from indexing.encode import CachedEncoder, load_encoder
from indexing.jobs import build, code_digest, publish
from indexing.publish import Publisher
from indexing.snapshot import Snapshot
from ranking.crossfold import fold_rankers
from ranking.evaluate import Report, System, compare
from ranking.model import HandWeighted
from ranking.report import as_data, slot_table, text_table

FOLDS = 5
#: The name of what was judged in the console, among judged sets.
OWN = "own"


@dataclass(frozen=True)
class Evaluation:
    """Every system's answers, and how well the queries were read where the set knows what they meant."""

    report: Report
    slots: Mapping[str, Mapping[str, float]]

    def as_text(self) -> str:
        """For a terminal."""
        lines = [text_table(self.report)]
        for lang, scores in self.slots.items():
            lines.append(f"slots {lang}: " + "  ".join(f"{slot} {score:.4f}" for slot, score in scores.items()))
        lines += ["", "failures of ours by slot", slot_table(self.report, list(self.report.systems)[-1].name)]
        return "\n".join(lines)

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        return {**as_data(self.report), "slots": {lang: dict(scores) for lang, scores in self.slots.items()}}


def evaluate(
    judged: JudgedSet,
    settings: Settings,
    now: datetime,
    say: Callable[[str], None],
    student: bool = False,
    deaf: bool = False,
) -> Evaluation:
    """Every system on the set's queries; ours learns by cross-validation where the set says so. `student`: also what
    a static encoder distilled from the set's items keeps; it sees none of the queries. `deaf`: also ours,
    hand-weighted, as if notes said nothing of places and products.

    The index lives under the settings' root as tenant "judged-<name>", and is built when its items changed.
    """
    with closing(Views(settings, lambda: now)) as views:
        bench = open_bench(judged, views, now, say)
        systems = baselines(bench)
        if student:
            systems |= by_student(bench, settings, say)
        if deaf:
            systems["ours, hand-weighted, no evidence"] = without_evidence(bench, now).ours(HandWeighted())
        return _measured(bench, judged, systems, now, say)


def of_the_house(settings: Settings, now: datetime, say: Callable[[str], None]) -> Evaluation:
    """The served index on the questions that were judged in the console; `ours` learns from them by cross-validation.

    Raises BadInput when there are fewer than two for each fold.
    """
    queries = by_hand(settings, lambda: now)
    if len(queries) < 2 * FOLDS:
        raise BadInput(f"{len(queries)} questions are judged, {2 * FOLDS} are needed; judge some in /console")
    judged = JudgedSet(OWN, {}, queries, KINDS, binary=False, learns=True)
    with closing(Views(settings, lambda: now)) as views:
        bench = Bench(views.now(settings.tenant), settings.tenant, KINDS, views.store, now)
        return _measured(bench, judged, baselines(bench), now, say)


def _measured(
    bench: Bench, judged: JudgedSet, systems: dict[str, System], now: datetime, say: Callable[[str], None]
) -> Evaluation:
    if judged.learns:
        systems["ours"] = crossed(bench, judged, say)
    say(f"answering {len(judged.queries)} queries with {len(systems)} systems")
    report = compare(systems, judged.queries, baseline="BM25")
    read_as = [(query, read(bench.query(query), bench.view.index, now)) for query in judged.queries if judged.slots]
    return Evaluation(report, judged.slots(read_as) if judged.slots else {})


def open_bench(judged: JudgedSet, views: Views, now: datetime, say: Callable[[str], None]) -> Bench:
    """The set's items, indexed and published under a tenant of its own."""
    tenant = f"judged-{judged.name}"
    settings, layout = views.settings, views.layout
    digest = digest_of(judged)
    if views.facts(tenant).get("judged") != digest:
        say(f"building the index of {judged.name}: {', '.join(f'{t.num_rows} {k}s' for k, t in judged.tables.items())}")
        encoder = CachedEncoder(load_encoder(settings.encoder, offline=True, progress=True), layout.vectors)
        out, extra = layout.built(tenant), {"judged": digest}
        build(
            judged.tables,
            tenant,
            None,
            encoder,
            out,
            now=now,
            progress=progress_of,
            extra=extra,
            voices=settings.voices,
        )
        publish(out, tenant, Publisher(settings.root))
    kinds: tuple[Kind, ...] = judged.kinds
    return Bench(views.now(tenant), tenant, kinds, views.store, now)


def by_student(bench: Bench, settings: Settings, say: Callable[[str], None]) -> dict[str, System]:
    """Vectors alone, and ours hand-weighted, with the index's student in the encoder's place."""
    pupil = asked_by(bench, student_of(bench, settings, say))
    return {"dense, student": pupil.dense, "ours, hand-weighted, student": pupil.ours(HandWeighted())}


def without_evidence(bench: Bench, now: datetime) -> Bench:
    """The same bench over an index to which notes say nothing of places and products; they still vote for them."""
    index = bench.view.index
    if not isinstance(index, Snapshot):
        raise BadQuery("--without-evidence", "only an index of this program can leave evidence out")
    view = replace(bench.view, index=index.without_evidence())
    return Bench(view, bench.tenant, bench.kinds, bench.store, now)


def crossed(bench: Bench, judged: JudgedSet, say: Callable[[str], None]) -> System:
    """Ours with the ranker learnt on the other folds: no query is answered by a model that saw it."""
    data = judged_lists(bench, judged.queries, judged.made)
    say(f"learning {FOLDS} times from {len(data)} lists of {len(data.y)} candidates")
    systems = {query_id: bench.ours(ranker) for query_id, ranker in fold_rankers(data, count=FOLDS).items()}
    unlearnt = bench.ours(HandWeighted())  # for queries whose lists hold nothing relevant
    return lambda asked: systems.get(asked.id, unlearnt)(asked)


def digest_of(judged: JudgedSet) -> str:
    """Changes whenever an item of the set changes, or the code that indexes it."""
    digest = hashlib.sha256(code_digest().encode())
    for kind in sorted(judged.tables):
        digest.update(kind.encode())
        for batch in judged.tables[kind].to_pylist():
            digest.update(repr(batch).encode())
    return digest.hexdigest()
