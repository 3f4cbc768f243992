"""What does each stage of a search cost alone?"""

import numpy as np
import pytest
from msgspec.structs import replace

from api.layout import Layout
from api.systems import Bench
from benchmarks import roots
from benchmarks.conftest import Timed
from engine.proof import prove
from engine.read import read
from engine.types import KINDS, Candidates, Constraint, Intent, Query
from indexing.student.registry import Students

POI = KINDS.index("poi")
CANDIDATES, PAGE, DEPTH = 200, 20, 200
SIX = (
    Constraint("category", "in", "cafe"),
    Constraint("amenity", "has", "lawn"),
    Constraint("audience", "has", "kids"),
    Constraint("price", "lte", 100.0),
    Constraint("rating", "gte", 4.0),
    Constraint("ambience", "has", "crowded", polarity=-1),
)
ASKED = Query("default", "适合周末带娃去的、有草坪的、近郊的咖啡店", kinds=("poi",), at=roots.NOW)


def _intents(bench: Bench) -> list[Intent]:
    return [read(query, bench.view.index, roots.NOW) for query in roots.queries(bench)]


def _found(bench: Bench) -> Candidates:
    rows = np.arange(min(CANDIDATES, bench.view.index.count(bench.tenant, "poi")), dtype=np.int64)
    dense, lexical, votes, fused = np.random.default_rng(roots.SEED).random((4, len(rows)), np.float32)
    level = np.zeros(len(rows), np.int8)
    return Candidates(np.full(len(rows), POI, np.int8), rows, dense, lexical, votes, fused, level)


@pytest.mark.benchmark(group="understand")
def test_understand(bench: Bench, timed: Timed) -> None:
    timed(lambda query: read(query, bench.view.index, roots.NOW), [(query,) for query in roots.queries(bench)])


@pytest.mark.benchmark(group="encode a short query")
def test_encode(sample: Bench, timed: Timed) -> None:
    timed(lambda text: sample.view.encoder.encode([text], "query"), [(i.text,) for i in _intents(sample) if i.text])


@pytest.mark.benchmark(group="encode a short query")
def test_encode_by_student(sample: Bench, timed: Timed) -> None:
    settings = roots.sample()
    student = Students(Layout(settings.root).students(sample.tenant)).load()
    if student is None:  # to teach one takes longer than all that is timed here
        pytest.skip(f"no student: lifestyle distill --root {settings.root} makes one")
    timed(lambda text: student.encode([text], "query"), [(i.text,) for i in _intents(sample) if i.text])


@pytest.mark.benchmark(group="allowed, 6 constraints")
def test_allowed(bench: Bench, timed: Timed) -> None:
    timed(lambda: bench.view.index.allowed(bench.tenant, "poi", SIX), [()])


@pytest.mark.parametrize("share", [1.0, 0.05])
@pytest.mark.benchmark(group="dense, notes")
def test_dense(bench: Bench, timed: Timed, share: float) -> None:
    index, rng = bench.view.index, np.random.default_rng(roots.SEED)
    allowed = rng.random(index.count(bench.tenant, "note")) < share
    vectors = rng.standard_normal((20, bench.view.encoder.dim)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    timed(lambda vector: index.dense(bench.tenant, "note", vector, allowed, DEPTH), [(v,) for v in vectors])


@pytest.mark.benchmark(group="lexical, notes")
def test_lexical(bench: Bench, timed: Timed) -> None:
    terms = [(intent.terms,) for intent in _intents(bench) if intent.terms]
    timed(lambda words: bench.view.index.lexical(bench.tenant, "note", words, None, DEPTH), terms)


@pytest.mark.benchmark(group="judge, 1 constraint x 200 rows")
def test_judge(bench: Bench, timed: Timed) -> None:
    rows = _found(bench).row
    timed(lambda constraint: bench.view.index.judge(bench.tenant, "poi", constraint, rows), [(c,) for c in SIX])


@pytest.mark.benchmark(group="features and score, 200 candidates x 6 constraints")
def test_rank(bench: Bench, timed: Timed) -> None:
    view, found = bench.view, _found(bench)
    intent = replace(read(ASKED, view.index, roots.NOW), constraints=SIX)
    timed(lambda: view.ranker.score(view.index, intent, ASKED, found), [()])


@pytest.mark.benchmark(group="prove, page of 20 x 6 constraints")
def test_prove(bench: Bench, timed: Timed) -> None:
    view, found, page = bench.view, _found(bench), np.arange(PAGE, dtype=np.int64)
    intent = replace(read(ASKED, view.index, roots.NOW), constraints=SIX)
    timed(lambda: prove(view.index, bench.tenant, intent, found, page, "zh"), [()])
