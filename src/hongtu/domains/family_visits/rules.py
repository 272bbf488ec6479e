"""When a family is to be visited, who may go, how long the record is kept; plain Python."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from hongtu.domains.family_visits.vocab import NeedState, Outcome, Why

SOON_DAYS = 30
"""An official whose visit is due within so many days is proposed already."""
MOVES = {
    (NeedState.OPEN, "settle"): NeedState.ANSWERED,
    (NeedState.ANSWERED, "confirm"): NeedState.CLOSED,
    (NeedState.ANSWERED, "return"): NeedState.OPEN,
}


def add_months(day: date, months: int) -> date:
    """The same day of a later month, the month's last when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_on(interval_months: int, last: date | None, registered: date) -> date:
    """The interval of the post's risk after the last visit; a family never visited is due at once."""
    return add_months(last, interval_months) if last else registered


@dataclass(frozen=True)
class Proposal:
    """days: past the due date (negative: to come). share: time since the last visit over the interval."""

    due_on: date
    days: int
    share: float
    why: Why


def propose(interval_months: int, last: date | None, registered: date, now: date) -> Proposal:
    """Why and how urgently a family is to be visited. Of two overdue by as many days the one with the
    shorter interval (the higher risk) has the greater share; one never visited comes before all."""
    due = due_on(interval_months, last, registered)
    days = (now - due).days
    if last is None:
        return Proposal(due, days, float("inf"), Why.NEVER)
    interval = max(1, (due - last).days)
    why = Why.OVERDUE if days > 0 else Why.SOON if days >= -SOON_DAYS else Why.LATER
    return Proposal(due, days, (now - last).days / interval, why)


def rank(proposal: Proposal, interval_months: int) -> tuple[float, int, date]:
    """Sort key of the due list: most urgent first."""
    return (-proposal.share, interval_months, proposal.due_on)


def pair_faults(visitor: int | None, companion: int | None, account: int | None) -> dict[str, str]:
    """Field -> what is wrong with the two who go: they are two, and neither visits her own family."""
    faults = {}
    if visitor == companion:
        faults["companion"] = "two"
    for name, person in (("visitor", visitor), ("companion", companion)):
        if account is not None and person == account:
            faults[name] = "own"
    return faults


def missing(codes: list[str], texts: dict[str, str]) -> list[str]:
    """Elements of the record without a text."""
    return [code for code in codes if not texts.get(code, "").strip()]


def expires_on(since: date, months: int) -> date:
    """The last day a record is kept."""
    return add_months(since, months)


def moved(state: str, move: str) -> NeedState:
    """The state after a move. ValueError when the need is not there."""
    found = MOVES.get((NeedState(state), move))
    if found is None:
        raise ValueError(f"{move} is not possible from {state}")
    return found


def is_result(outcome: str) -> bool:
    return outcome in (Outcome.MET, Outcome.PARTLY)
