"""Who stands where on the page? One order or two drafted into one, then what the house moves by hand."""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from msgspec import structs

from engine.aim import FOREMOST, foremost
from engine.blend import cut, order
from engine.live import View
from engine.ports import Index, Ranker
from engine.retrieve import Retrieved
from engine.rules import MOST_ITEMS, Moved, active, apply
from engine.trial import draft, drawn
from engine.types import F32, I64, Candidates, Hit, Intent, Query, Results


@dataclass(frozen=True, slots=True)
class Arranged:
    """The page as candidate positions, which team put each item there (with a trial), and what rules moved."""

    page: I64
    teams: str = ""
    moved: tuple[Moved, ...] = ()

    def marked(self, results: Results) -> Results:
        """The page that says what rules did to it."""
        if not self.moved:
            return results
        by_item = {move.item: move for move in self.moved}
        hits: list[Hit] = [structs.replace(hit, moved=by_item.get(hit.id)) for hit in results.hits]
        return structs.replace(results, hits=hits, moved=self.moved)


def assigned(view: View, query: Query) -> tuple[View, str]:
    """The view with the ranker that this person gets, and which side that is: "b" the challenger's, "a" what serves;
    "" outside a split, and for nobody known."""
    trial = view.trial
    if trial is None or trial.how != "split" or not query.user:
        return view, ""
    theirs = drawn(trial.name, query.user) < trial.share
    return (replace(view, ranker=trial.rival), "b") if theirs else (view, "a")


def scored(ranker: Ranker, index: Index, intent: Intent, query: Query, found: Candidates) -> F32:
    """One finite score for each candidate (n,). Raises ValueError for a ranker that gives anything else."""
    scores = ranker.score(index, intent, query, found)
    if scores.shape != found.fused.shape or not np.isfinite(scores).all():
        raise ValueError("the ranker gave scores that are not finite, or not one for each candidate")
    return scores


def arrange(
    view: View, intent: Intent, query: Query, found: Retrieved, scores: F32, rival: F32 | None, at: datetime
) -> Arranged:
    """Order, interleave, cap, move, cut. `rival`: a challenger's scores, when both orders are drafted into one page."""
    rules = active(view.rules, intent, query, at) if view.rules else []
    if not rules and rival is None and intent.name not in FOREMOST:
        return Arranged(cut(view, intent, query, found, scores))
    following = query.offset + min(query.limit, intent.limit or query.limit)
    reach = following + MOST_ITEMS * len(rules)
    best, teams = order(view, intent, query, found.candidates, scores, reach), ""
    if rival is not None:
        theirs = order(view, intent, query, found.candidates, rival, reach)
        best, teams = draft(best, theirs, reach, f"{query.user or ''}\0{query.text}")
    best = foremost(intent, view.index, query, found.candidates, best)
    side = dict(zip(best.tolist(), teams, strict=False))
    moved: tuple[Moved, ...] = ()
    if rules:
        best, moved = apply(rules, view.index, query.tenant, found.candidates, best)
    page = best[query.offset : following]
    return Arranged(page, "".join(side[int(at)] for at in page) if teams else "", moved)
