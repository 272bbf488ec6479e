"""An order: set by somebody entitled to, given to an office at once, with the deadline that was set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hongtu.kernel.audit.actions import action
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.problems.actions.core import moment, move
from hongtu.kernel.problems.actions.reporting import report
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.vocab import Kind, Move, Urgency


@action("problems.order")
def order(
    *,
    by: Person | None,
    unit: Unit,
    due_at: datetime,
    text: str = "",
    handler: Person | None = None,
    at: datetime | None = None,
    **values: Any,
) -> Problem:
    """Make an order and hand it to `unit` in one act; `values` as in `report`.

    Who may order is decided by the room that calls (a meeting's by `dispatch.change` on the meeting), not by
    the right to triage what comes in: an order is no request that somebody would have to receive first.
    """
    began = moment(by, at)
    problem = report(by=by, kind=Kind.ORDER, urgency=Urgency.COMPLEX, due_at=due_at, at=at, **values).problem
    problem = move(problem, problem.version, Move.TRIAGE, by=by, at=began)
    return move(
        problem,
        problem.version,
        Move.ASSIGN,
        by=by,
        at=began,
        text=text,
        handling_unit=unit,
        lead_unit=unit,
        handler=handler,
        assigned_at=began,
    )
