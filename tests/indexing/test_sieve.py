"""Do packed filters keep exactly the rows that a look at every row keeps?"""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.geo import distance_km
from engine.types import KINDS, Constraint, Kind, Mask
from indexing.columns import grid, sieve
from indexing.columns.bits import ALL, Bits
from indexing.columns.build import build
from indexing.columns.data import Columns
from indexing.columns.grid import Grid
from indexing.columns.judge import filters, judgement
from indexing.columns.judgement import Cost
from indexing.columns.order import Order
from indexing.columns.scales import Scales
from indexing.columns.sieve import Sieve
from indexing.columns.standing import Asked
from indexing.columns.verdicts import Ruled
from indexing.columns.words import naming
from indexing.vectors import machine
from tests.indexing.filtered import CONSTRAINTS, NOW, table

machine.make()
kinds = st.sampled_from(KINDS)
rows_of = st.lists(st.integers(0, 9), max_size=8, unique=True).map(sorted)


def slowly(columns: Columns, constraints: Sequence[Constraint]) -> Mask:
    """Every constraint's ruling over every row, as engine.ports.Index.allowed puts it."""
    kept = np.ones(columns.count, bool)
    for c in constraints:
        if filters(columns.kind, c):
            kept &= judgement(columns, c, naming()).ruling(np.arange(columns.count)).filter(c.polarity)
    return kept


def asked(columns: Columns, constraints: Sequence[Constraint]) -> list[Asked]:
    return [Asked.of(c) for c in constraints if filters(columns.kind, c)]


@pytest.mark.parametrize("few", [1, 64, 10**9], ids=["one by one", "as they come", "as sets"])
@given(kind=kinds, constraints=st.lists(CONSTRAINTS, max_size=7), seed=st.integers(0, 9))
def test_a_conjunction_keeps_what_a_look_at_every_row_keeps(
    few: int, kind: Kind, constraints: list[Constraint], seed: int
) -> None:
    columns, _ = table(kind)
    alive = np.random.default_rng(seed).random(columns.count) < 0.9
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sieve, "FEW", dict.fromkeys(Cost, few))
        patch.setattr(sieve, "LEAST", 0)
        mine = Sieve(columns, naming())
        kept = mine.keep(Bits.of_mask(alive), asked(columns, constraints))
        again = mine.keep(Bits.of_mask(alive), asked(columns, constraints[::-1]))
    assert kept.tolist() == (alive & slowly(columns, constraints)).tolist()
    assert again.tolist() == kept.tolist()


@given(kind=kinds, constraint=CONSTRAINTS, rows=st.lists(st.integers(0, 299), max_size=20))
def test_some_rows_are_judged_as_all_are(kind: Kind, constraint: Constraint, rows: list[int]) -> None:
    columns, _ = table(kind)
    found = judgement(columns, constraint, naming())
    some = np.array(rows, np.int64)
    few, every = found.ruling(some), found.ruling(ALL)
    assert few.verdict.tolist() == every.verdict[some].tolist()
    assert np.array_equal(few.probability, every.probability[some], equal_nan=True)


@given(kind=kinds, constraint=CONSTRAINTS, known=rows_of, rows=rows_of)
def test_a_ruling_that_is_kept_says_of_its_rows_what_a_new_one_says(
    kind: Kind, constraint: Constraint, known: list[int], rows: list[int]
) -> None:
    columns, _ = table(kind)
    said, each = judgement(columns, constraint, naming()), np.array(rows, np.int64)
    kept = Ruled(np.array(known, np.int64), said.ruling(np.array(known, np.int64))).of(each)
    assert (kept is None) == (not set(rows) <= set(known))
    if kept is not None:
        for mine, fresh in zip(kept.counted(1), said.ruling(each).counted(1), strict=True):
            np.testing.assert_array_equal(mine, fresh)


@given(kind=kinds, constraint=CONSTRAINTS, row=st.integers(0, 299))
def test_a_row_is_judged_as_if_it_were_alone(kind: Kind, constraint: Constraint, row: int) -> None:
    columns, rows = table(kind)
    scales = Scales({}, {}, {})
    if constraint.slot in ("price_level", "popularity", "place.zone"):
        return  # measured against all
    alone = build(kind, [rows[row]], scales, naming(), NOW)
    said = judgement(columns, constraint, naming()).ruling(np.array([row]))
    if said.told is None or np.isnan(said.told.probability[0]):
        assert judgement(alone, constraint, naming()).ruling(ALL).verdict[0] == said.verdict[0]


coordinates = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(st.lists(coordinates, min_size=1, max_size=40), coordinates, st.floats(0, 21_000), st.booleans(), st.booleans())
def test_a_circle_on_the_globe(
    places: list[tuple[float, float]], middle: tuple[float, float], reach: float, near: bool, rim: bool
) -> None:
    lat, lon = np.array(places).T
    if near:  # about the middle, over a pole and the date line if need be
        lat, lon = np.clip(middle[0] + lat / 200, -90, 90), (middle[1] + lon / 50 + 180) % 360 - 180
        reach = reach / 1000
    km = distance_km(lat, lon, *middle)
    for wanted in (reach, float(km[0])):  # the second lies on the rim itself
        said = [Grid(lat, lon).within([middle], wanted, rim=rim).mask()]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(grid, "compiled", lambda: None)
            said.append(Grid(lat, lon).within([middle], wanted, rim=rim).mask())
        for kept in said:
            assert kept.tolist() == (km <= wanted if rim else km < wanted).tolist()


@given(st.lists(st.floats(-3, 3) | st.sampled_from([0.0, 1.0, float("nan")]), max_size=300), st.floats(), st.floats())
def test_a_range_of_numbers(values: list[float], lo: float, hi: float) -> None:
    numbers = np.array(values, np.float64)
    with np.errstate(invalid="ignore"):
        assert Order(numbers).between(lo, hi).mask().tolist() == ((numbers >= lo) & (numbers <= hi)).tolist()


@given(st.lists(st.booleans(), max_size=300), st.lists(st.booleans(), max_size=300))
def test_packed_sets_are_sets(one: list[bool], other: list[bool]) -> None:
    size = min(len(one), len(other))
    a, b = np.array(one[:size], bool), np.array(other[:size], bool)
    x, y = Bits.of_mask(a), Bits.of_mask(b)
    pairs = [(x & y, a & b), (x | y, a | b), (x - y, a & ~b), (x ^ y, a ^ b), (~x, ~a), (Bits.every(size), a | ~a)]
    for packed, mask in pairs:
        assert packed.mask().tolist() == mask.tolist() and packed.count == int(mask.sum())
        assert (
            packed.rows().tolist() == np.flatnonzero(mask).tolist() == Bits.of_rows(packed.rows(), size).rows().tolist()
        )
        assert packed.at(np.arange(size)[::-1]).tolist() == mask[::-1].tolist()
