"""Every write of the spine. Keyword-only, `by=`, atomic, audited; see ../README.md."""

from hongtu.kernel.problems.actions.closing import answer, reopen, reporter_of, settle, sweep
from hongtu.kernel.problems.actions.costing import block_step, fresh_costs, refresh_costs
from hongtu.kernel.problems.actions.deciding import ask, decide, resume
from hongtu.kernel.problems.actions.desk import assign, decline, reject, triage, verify
from hongtu.kernel.problems.actions.joining import Part, detach, merge, split
from hongtu.kernel.problems.actions.ordering import order
from hongtu.kernel.problems.actions.reporting import (
    Contact,
    Reported,
    Spot,
    add_evidence,
    categories,
    join_report,
    report,
)
from hongtu.kernel.problems.actions.work import (
    Counted,
    Outcome,
    ask_to_close,
    contact,
    give_back,
    sign,
    state_measures,
    transfer,
)

__all__ = [
    "Contact",
    "Counted",
    "Outcome",
    "Part",
    "Reported",
    "Spot",
    "add_evidence",
    "answer",
    "ask",
    "ask_to_close",
    "assign",
    "block_step",
    "categories",
    "contact",
    "decide",
    "decline",
    "detach",
    "fresh_costs",
    "give_back",
    "join_report",
    "merge",
    "order",
    "refresh_costs",
    "reject",
    "reopen",
    "report",
    "reporter_of",
    "resume",
    "settle",
    "sign",
    "split",
    "state_measures",
    "sweep",
    "transfer",
    "triage",
    "verify",
]
