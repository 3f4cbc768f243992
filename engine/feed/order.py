"""In which order, where one was learnt? A ranker's scores hand out the worth of the candidates anew.

Weights set by hand say how much a candidate is worth, on the scale that likeness, levels of filters and the house's
rules are counted in; a learnt order says who gets which worth, and that scale stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.arrange import assigned, scored
from engine.budget import Budget
from engine.costs import Costs
from engine.feed.pool import Pool
from engine.feed.sources import Sought
from engine.feed.worth import Worth
from engine.live import View
from engine.ports import Index, Ranker
from engine.trial import draft, drafts
from engine.types import F32, I64, Candidates, Intent, Query

BY_HAND = "the weights set by hand"


class ByWorth:
    """The order of the weights set by hand: what serves before anything was learnt."""

    version = "feed-by-hand-1"

    def score(self, index: Index, intent: Intent, query: Query, found: Candidates) -> F32:
        """The worth as it is."""
        return found.fused

    def explain(self, index: Index, intent: Intent, query: Query, found: Candidates) -> Mapping[str, F32]:
        """The worth alone."""
        return {"fused": found.fused}


@dataclass(frozen=True, slots=True)
class Ordered:
    """The worth handed out, by whom (the view's ranker), and with a trial: which side, or whose each candidate is."""

    worth: Worth
    view: View
    side: str = ""  # of a split: "a" what serves, "b" the challenger
    teams: str = ""  # of two orders drafted into one: a letter a candidate; else ""


def for_feeds(view: View) -> View:
    """The view with the order and the trial of feeds in the place of those of searches."""
    return replace(view, ranker=view.feeding or ByWorth(), trial=view.feed_trial)


def candidates(pool: Pool, worth: Worth) -> Candidates:
    """As rankers and logs see them: the worth by hand, the best likeness to an interest, what behaviour says."""
    none = np.full(len(pool), np.nan, np.float32)
    level = np.zeros(len(pool), np.int8)
    return Candidates(pool.kind, pool.row, worth.dense, none, worth.crowd, worth.hand, level)


def ordered(view: View, sought: Sought, pool: Pool, worth: Worth, budget: Budget, costs: Costs) -> Ordered:
    """`view`: as for_feeds has it. Without time the weights set by hand serve."""
    view, side = assigned(view, sought.query)
    drafting, rest = drafts(view.trial, sought.query), costs.expect("order", "blend", "answer")
    if not len(pool) or (isinstance(view.ranker, ByWorth) and not drafting):
        return Ordered(worth, view, side)
    found = candidates(pool, worth)

    def work() -> Ordered:
        best, teams = _best(view.ranker, sought, found), ""
        if drafting and view.trial is not None:
            theirs = _best(view.trial.rival, sought, found)
            best, letters = draft(best, theirs, len(best), f"{sought.query.user or ''}\0{sought.query.offset}")
            teams = "".join(np.array(list(letters))[np.argsort(best)])
        return Ordered(_handed_out(worth, best), view, side, teams)

    return budget.attempt("order", work, cost_ms=rest, fallback=lambda: Ordered(worth, view, side), instead=BY_HAND)


def _best(ranker: Ranker, sought: Sought, found: Candidates) -> I64:
    """Positions, best first. ValueError for scores that are no order."""
    return np.argsort(-scored(ranker, sought.index, sought.intent, sought.query, found), kind="stable")


def _handed_out(worth: Worth, best: I64) -> Worth:
    """The same worths, the highest to the best."""
    total = np.empty_like(worth.hand)
    total[best] = -np.sort(-worth.hand)
    return replace(worth, total=total)
