"""lifestyle train, lifestyle distill, lifestyle evaluate: learn an order and a fast encoder, and measure them."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.shared import Json, Root, Tenant, settings
from api.jobs import job
from api.layout import Layout
from api.printing import progress, show
from engine.clock import utc_now

#: Where the indexes of judged sets are kept.
JUDGED = Path("var/judged")


def add(app: typer.Typer) -> None:
    """Mount the commands."""
    app.command()(train)
    app.command()(distill)
    app.command()(evaluate)


def train(
    judgments: Annotated[
        Path | None, typer.Option("--judgments", help="JSONL: {id, query, grades: {item id: 0..3}} a line")
    ] = None,
    events: Annotated[bool, typer.Option("--events/--no-events", help="learn from logged pages too")] = True,
    made: Annotated[int, typer.Option("--made", min=0, help="questions to make of what the index knows")] = 300,
    search: Annotated[int, typer.Option("--search", min=0, help="settings to try first (extra tune)")] = 0,
    feed: Annotated[bool, typer.Option("--feed", help="learn the order of feeds, from events alone")] = False,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Learn the order of answers. The new model serves only when it beats the current one on held-out queries.

    Exit code 1 when the gate refuses. Example: `lifestyle train --judgments judged.jsonl`
    """
    from api.feedtraining import learn_feed  # noqa: PLC0415  # LightGBM takes a second to import: no other waits
    from api.training import learn_from  # noqa: PLC0415

    chosen = settings(root, tenant)
    with job(Layout(chosen.root).home(chosen.tenant), "train", utc_now) as doing:
        if feed:
            learnt = learn_feed(chosen, utc_now, doing.say)
            show(dict(learnt.card), f"model {learnt.number} orders feeds now: nDCG@10 {learnt.difference}", as_json)
            return
        learnt = learn_from(chosen, judgments, events, made, utc_now, doing.say, search)
    show(dict(learnt.card), f"model {learnt.number} serves now: nDCG@10 {learnt.difference}", as_json)


def distill(
    judgments: Annotated[
        Path | None, typer.Option("--judgments", help="JSONL as for train: may the student answer first?")
    ] = None,
    lessons: Annotated[int, typer.Option("--lessons", min=100, help="texts to learn from, about")] = 20_000,
    seed: Annotated[int, typer.Option("--seed")] = 7,
    report: Annotated[bool, typer.Option("--report", help="show the student that there is; train none")] = False,
    root: Root = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Train a static encoder of queries on the published index: hardly any time a query, somewhat less exact.

    It stands in when the deadline leaves the encoder no time, and answers first where judged queries find it as good
    (LIFESTYLE_QUERY_ENCODER=student: always). Documents keep their vectors. Example: `lifestyle distill`
    """
    from api.distilling import current, distill_from, told  # noqa: PLC0415  # as in train

    chosen = settings(root, tenant)
    if report:
        student = current(chosen)
    else:
        with job(Layout(chosen.root).home(chosen.tenant), "distill", utc_now) as doing:
            student = distill_from(chosen, judgments, lessons, seed, utc_now, doing.say)
    show(dict(student.card), told(student.card), as_json)


def evaluate(
    name: Annotated[
        str, typer.Argument(help="beijing, icecat, munich, sample, feed, own (judged in the console), or a plug-in's")
    ],
    queries: Annotated[Path | None, typer.Option("--queries", help="other queries of the same format")] = None,
    student: Annotated[bool, typer.Option("--student", help="measure a distilled encoder of queries too")] = False,
    deaf: Annotated[bool, typer.Option("--without-evidence", help="measure ours without what notes say too")] = False,
    root: Annotated[
        Path | None, typer.Option("--root", help="default: var/judged; of own: as of other commands")
    ] = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Quality and latency beside plain baselines, on a judged set.

    Example: `lifestyle evaluate beijing`
    """
    from api.evaluation import OWN, of_the_house  # noqa: PLC0415  # as in train
    from api.evaluation import evaluate as run_evaluation  # noqa: PLC0415
    from api.judged import load, other  # noqa: PLC0415

    if name == OWN:
        own = of_the_house(settings(root, tenant), utc_now(), progress)
        show(own.as_data(), own.as_text(), as_json)
        return
    chosen = settings(root or JUDGED, None)
    if (whole := other(name)) is not None:
        found = whole(chosen, progress)
        show(found.as_data(), found.as_text(), as_json)
        return
    judged = load(name, queries, chosen.root / f"judged-{name}" / "tables")  # an unknown name makes no path
    done = run_evaluation(judged, chosen, utc_now(), progress, student, deaf)
    show(done.as_data(), done.as_text(), as_json)
