"""Does the harness of the feed see a planted structure, and a planted leak?"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from api.settings import Settings
from benchmarks import figures
from benchmarks.feed.baselines import BASELINES, answers, likeness
from benchmarks.feed.cases import Case, Deed, Split, as_events, assert_no_leak, last_out, time_split
from benchmarks.feed.measures import breadth, interval, quality, slices
from benchmarks.feed.ours import nothing_drawn
from benchmarks.feed.run import Arena, evaluate, summed
from benchmarks.feed.tables import record, text
from engine.errors import BadInput
from engine.feed.settings import settings

#: Everybody likes hit; even people like a0..a9, odd ones b0..b9, half of them before the split.
CATALOGUE = frozenset({"hit", *(f"{taste}{n}" for taste in "ab" for n in range(10))})


def planted() -> list[Deed]:
    """Forty people act before the split, twelve come after it."""
    draw = np.random.default_rng(3)
    deeds = []
    for person in range(52):
        start = 1000 * person if person < 40 else 1_000_000 + 1000 * person
        mine = [f"{'ab'[person % 2]}{n}" for n in draw.permutation(10)[:8]]
        deeds += [Deed(f"u{person}", item, "like", start + step) for step, item in enumerate(["hit", *mine])]
    return deeds


def split() -> Split:
    return time_split(planted(), 0.77, CATALOGUE, (1, 3))


def test_a_planted_structure_is_ranked_above_popularity() -> None:
    asked = split()
    assert_no_leak(asked)
    assert {case.slice for case in asked.cases} == {"newcomer", "cold user"}
    fixed = {
        "popularity": {"of": "liked", "half_years": None},
        "item-kNN": {"of": "liked", "shrink": 5.0, "near": 50},
        "ALS": {"of": "liked", "dim": 2, "reg": 0.1, "alpha": 5.0},
        "BPR": {"of": "liked", "dim": 4, "rate": 0.05, "reg": 0.01, "rounds": 200},
    }
    found = {
        name: answers(*BASELINES[name][0](asked.train, chosen), asked.cases, CATALOGUE, k=8)
        for name, chosen in fixed.items()
    }
    truths = slices(asked)["newcomer"]
    reached = {name: float(np.nanmean(quality(pages, truths, 8).ndcg)) for name, pages in found.items()}
    assert min(reached["item-kNN"], reached["ALS"], reached["BPR"]) > reached["popularity"] + 0.1
    arena = Arena("planted", asked, asked, {}, CATALOGUE, CATALOGUE)
    told = summed(arena, {**found, "ours": found["item-kNN"]}, {})["slices"]["newcomer"]["popularity"]["ahead"][
        "ndcg@20"
    ]
    assert told["low"] <= told["mean"] <= told["high"] and told["mean"] > 0.1


def test_nothing_that_was_acted_on_is_recommended_and_histories_end_before_the_question() -> None:
    asked = split()
    pages = answers(
        *BASELINES["popularity"][0](asked.train, {"of": "liked", "half_years": 1.0}), asked.cases, CATALOGUE
    )
    for case, page in zip(asked.cases, pages, strict=True):
        assert not case.seen & set(page)
        assert all(deed.at < case.at for deed in case.history)
    assert all(deed.at < asked.moment for deed in asked.train)


def test_a_planted_leak_is_found() -> None:
    asked = split()
    case = asked.cases[0]
    answer = Deed(case.user, min(case.truth), "like", asked.moment - 1)
    with pytest.raises(BadInput, match="a leak"):
        assert_no_leak(replace(asked, train=[*asked.train, answer]))
    late = Deed("u1", "a1", "like", asked.moment + 5)
    with pytest.raises(BadInput, match="a leak"):
        assert_no_leak(replace(asked, train=[*asked.train, late]))
    ahead = replace(case, history=[*case.history, Deed(case.user, "b3", "like", case.at + 9)])
    with pytest.raises(BadInput, match="a leak"):
        assert_no_leak(replace(asked, cases=[ahead]))


def test_the_last_liked_thing_is_left_out() -> None:
    deeds = [Deed("u1", item, "like", at) for at, item in enumerate(["hit", "a1", "a2", "a3"])]
    asked = last_out([*deeds, Deed("u1", "a4", "impression", 9)], CATALOGUE)
    assert [case.truth for case in asked.cases] == [frozenset({"a3"})]
    assert [deed.item for deed in asked.train] == ["hit", "a1", "a2"]


def test_measures_by_hand() -> None:
    found = quality([["a", "b"], ["c"], ["a"]], [frozenset("b"), frozenset("cd"), frozenset()], k=2)
    assert found.recall.tolist()[:2] == [1.0, 0.5] and np.isnan(found.recall[2])
    assert found.ndcg[0] == pytest.approx(1 / np.log2(3))
    low, high = interval(np.array([0.0, 1.0, 0.0, 1.0]), ["u1", "u1", "u2", "u2"])
    assert low == high == 0.5  # a person's cases are drawn together
    unit = {"a": np.array([1, 0], np.float32), "b": np.array([0, 1], np.float32)}
    wide = breadth([["a", "b"]], {"a": 3, "b": 1}, 4, unit, catalogue=4)
    assert wide["coverage"] == 0.5 and wide["diversity"] == pytest.approx(1.0) and wide["popularity"] == 0.75


def test_who_did_something_saw_it() -> None:
    events = as_events([Deed("u1", "a", "like", 1), Deed("u1", "b", "impression", 2)], str)
    assert [(e["object_id"], e["action"]) for e in events] == [("a", "like"), ("a", "impression"), ("b", "impression")]


def test_a_case_knows_what_was_acted_on() -> None:
    case = Case("c", "known", "u", [Deed("u", "a", "hide", 1)], frozenset("b"), 2)
    assert case.seen == frozenset("a")


def test_no_place_is_drawn_for_while_nothing_is_drawn() -> None:
    before = dict(settings("page"))
    with nothing_drawn():
        places = range(200)
        assert not [at for at in places if at % settings("page")["explore_every"] == settings("page")["explore_at"]]
    assert dict(settings("page")) == before


def test_with_its_sitting_all_that_led_to_the_last_liked_thing_is_left_out() -> None:
    long_ago = [Deed("u1", item, "like", at) for at, item in enumerate(["hit", "a1", "a2"])]
    sitting = [Deed("u1", item, action, 9000 + at) for at, (item, action) in enumerate(
        [("a3", "impression"), ("a3", "click"), ("a4", "like"), ("hit", "like"), ("a5", "save")]
    )]  # fmt: skip
    asked = last_out([*long_ago, *sitting], CATALOGUE, sitting=True)
    assert [case.truth for case in asked.cases] == [frozenset({"a4", "a5"})]  # hit was known before
    assert [case.at for case in asked.cases] == [9000] and asked.train == long_ago
    assert_no_leak(asked)


def test_amid_a_sitting_whose_deeds_fade_fast_likeness_goes_by_that_sitting() -> None:
    vectors = {name: np.eye(2, dtype=np.float32)["ab".index(name[0])] for name in CATALOGUE - {"hit"}}
    history = [*(Deed("u", f"a{n}", "like", n) for n in range(5)), Deed("u", "b0", "like", 86_400)]
    case = Case("c", "known", "u", history, frozenset({"b1"}), 86_401)
    make, _ = likeness(vectors)
    for half_days, taste in ((None, "a"), (1 / 24, "b")):
        data, score = make([], {"of": "liked", "half_days": half_days})
        assert answers(data, score, [case], CATALOGUE, k=3)[0][0][0] == taste


def test_an_arena_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match=r"'jester'.*movielens"):
        evaluate(Settings(root=tmp_path), print, ["jester"])
    monkeypatch.setenv("LIFESTYLE_DATA", str(tmp_path))
    said: list[str] = []
    with pytest.raises(BadInput, match="no data of any arena"):
        evaluate(Settings(root=tmp_path), said.append, ["movielens"])
    assert len(said) == 1 and said[0].startswith("movielens is left out: ") and "LIFESTYLE_DATA" in said[0]


def test_figures_hold_every_slice_against_every_other_system(tmp_path: Path) -> None:
    asked = split()
    found = {name: [["hit"] for _ in asked.cases] for name in ("popularity", "likeness", "ours")}
    arena = summed(Arena("planted", asked, asked, {}, CATALOGUE, CATALOGUE), found, {})
    record({"planted": arena}, "python -m benchmarks.feed planted", tmp_path / "figures.json")
    kept = figures.load(tmp_path / "figures.json")
    assert set(kept) == {"feed-planted", "feed-breadth", "feed-quality"}
    ahead = {row["system"]: row["ours ahead by nDCG@20"] for row in kept["feed-planted"].rows}
    assert ahead == {"popularity": "+0.000 [+0.000, +0.000]", "likeness": "+0.000 [+0.000, +0.000]", "ours": None}
    assert {row["slice"] for row in kept["feed-quality"].rows} == {"overall", "newcomer", "cold user"}
    assert "ours ahead by" in text("planted", arena)
