"""What do suggestions cost, letter by letter, on the sample and on 100,000 different names?"""

from collections.abc import Iterable
from random import Random

import pytest

from api.systems import Bench
from benchmarks import roots
from benchmarks.conftest import Timed
from engine.suggest.complete import complete, suggest
from engine.suggest.table import Entry, Source, Table
from indexing.completions import vocabulary
from indexing.sample.files import load_tables

NAMES = 100_000
LIMIT = 8
SLIPS = ("cofee", "restuarant", "vegitarian", "swiming pool", "咖非店", "hzmz", "marienpltz", "xqzw")


def typed(bench: Bench) -> list[tuple[str]]:
    """Every beginning of the sample's queries and of some names, and words with slips."""
    whole = [q.text for q in roots.queries(bench)] + [str(row["name"]) for row in load_tables()["poi"][::10]]
    return [(text[:size],) for text in whole for size in range(1, min(len(text), 24) + 1)] + [(s,) for s in SLIPS]


def made_up(count: int) -> Iterable[Entry]:
    """Different names, put together from the words of the sample's own."""
    rows = load_tables()
    names = [str(row["name"]) for row in rows["poi"]] + [str(row["title"]) for row in rows["product"]]
    rng, seen = Random(roots.SEED), set[str]()
    while len(seen) < count:
        first, second = rng.choice(names), rng.choice(names)
        cut, from_ = rng.randint(2, max(2, len(first))), rng.randint(0, max(0, len(second) - 2))
        seen.add(f"{first[:cut]}{second[from_:]}"[:40].strip())
    return [Entry(name, "name", rng.uniform(0.25, 0.75), "", 2, (at,)) for at, name in enumerate(sorted(seen))]


@pytest.fixture(scope="module")
def crowd() -> Source:
    """100,000 names and the lexicon."""
    rows = {kind: load_tables()[kind] for kind in roots.KINDS}
    return Source(Table.of([*made_up(NAMES), *vocabulary(rows)]), lambda kind, rows: f"{kind}-{rows[0]}")


@pytest.mark.benchmark(group="suggest, a letter typed")
def test_suggest(bench: Bench, timed: Timed) -> None:
    timed(lambda text: suggest(bench.view.index, bench.tenant, text, LIMIT), typed(bench))


@pytest.mark.benchmark(group="suggest, a letter typed")
def test_suggest_among_100k_names(sample: Bench, crowd: Source, timed: Timed) -> None:
    timed(lambda text: complete([crowd], text, LIMIT), typed(sample))
