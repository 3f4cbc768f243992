"""What does the house decide by hand, and how does a challenger do? Rules, and the report of a model in the shadow."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response

from api.examples import RULE_GONE, RULE_PUT, RULES, SHADOW
from api.guard import Caller, need
from api.schemas_house import RuleBody
from api.state import State, state
from engine.errors import BadQuery
from engine.rules import Rule
from engine.vocabulary import SLOTS
from indexing.ledger import Ledger
from ranking.online import told as compared

router = APIRouter(prefix="/v1/house", tags=["house"])
RuleId = Annotated[str, Path(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9._-]+$")]


@router.get("/rules", responses=RULES)
async def rules(caller: Annotated[Caller, Depends(need("admin"))], parts: Annotated[State, Depends(state)]) -> Response:
    """All rules, and the newest hundred changes of them: when, by which key, what."""

    def work() -> object:
        ledger = parts.views.ledger
        return {"rules": ledger.rules(caller.tenant), "log": ledger.rule_log(caller.tenant)}

    return await parts.told(work)


@router.put("/rules/{rule_id}", responses=RULE_PUT)
async def put(
    rule_id: RuleId,
    body: RuleBody,
    caller: Annotated[Caller, Depends(need("admin"))],
    parts: Annotated[State, Depends(state)],
) -> Response:
    """Add a rule, or replace the one of this id; it holds from the next answer on."""
    rule = Rule(rule_id, **{**body.model_dump(), "items": tuple(body.items)})
    if rule.slot is not None and rule.slot not in SLOTS:
        raise BadQuery("slot", f"'{rule.slot:.40}' is no slot; see the vocabulary")

    return await _change(parts, caller, lambda ledger: ledger.put(caller.tenant, rule, caller.who), {"rule": rule})


@router.delete("/rules/{rule_id}", responses=RULE_GONE)
async def drop(
    rule_id: RuleId, caller: Annotated[Caller, Depends(need("admin"))], parts: Annotated[State, Depends(state)]
) -> Response:
    """Take a rule away; what it did and who took it away stays in the log."""

    told = {"deleted": rule_id}
    return await _change(parts, caller, lambda ledger: ledger.drop(caller.tenant, rule_id, caller.who), told)


async def _change(parts: State, caller: Caller, change: Callable[[Ledger], None], told: Mapping[str, Any]) -> Response:
    """Commit a change of the rules and show it to the next search."""

    def work() -> object:
        change(parts.views.ledger)
        parts.views.show(caller.tenant)
        return told

    return await parts.written(work)


@router.get("/shadow", responses=SHADOW)
async def shadow(
    caller: Annotated[Caller, Depends(need("admin"))], parts: Annotated[State, Depends(state)]
) -> Response:
    """How the orders of the model in the shadow differ from those shown, over all of this process and by slice."""

    def work() -> object:
        parts.recorder.flush()
        found = parts.recorder.shadows(caller.tenant)
        return {"model": found[-1].model if found else None, "slices": compared(found)}

    return await parts.told(work)
