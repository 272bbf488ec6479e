"""What the pages of this room share."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.dispatch.models import AgendaItem, Meeting
from hongtu.domains.dispatch.vocab import Outcome
from hongtu.kernel.chains import neighbours
from hongtu.kernel.chains.models import Step
from hongtu.kernel.problems.cost_words import KeptCost
from hongtu.kernel.problems.models import Problem
from hongtu.ledger.costs import days_cell
from hongtu.ledger.declaration import ledger_of
from hongtu.ui.components import Cell, Column, Crumb, Row, Table


def meeting_url(meeting: Meeting, item: AgendaItem | None = None) -> str:
    found = reverse("dispatch:meeting", args=[meeting.pk])
    return f"{found}?item={item.pk}#item" if item else found


def crumbs(*last: Crumb) -> list[Crumb]:
    return [Crumb(_("四级调度"), reverse("dispatch:home")), *last]


def order_cell(order: Problem | None) -> Cell:
    """An order's number and state, leading to it."""
    if order is None:
        return Cell("")
    ledger = ledger_of(Problem)
    return Cell(f"{order.number} {order.get_state_display()}", ledger.url_of(order) if ledger else "")


def step_cell(step: Step) -> Cell:
    """A step with its chain, leading to the chain."""
    return Cell(f"{step.chain.title} · {step.name}", neighbours.url_of(step.chain))


def agenda_table(items: list[AgendaItem], current: AgendaItem | None) -> Table:
    """The agenda; the current item is marked, a decided one shows its order."""
    columns = [
        Column(_("序号"), "number"),
        Column(_("议题"), frozen=True),
        Column(_("来源"), "nowrap"),
        Column(_("现在解决可省（工作日）"), "number"),
        Column(_("按期概率"), "nowrap"),
        Column(_("责任单位")),
        Column(_("时限"), "date"),
        Column(_("议定情况"), "nowrap"),
        Column(_("交办单"), "nowrap"),
    ]
    rows = [
        Row(
            [
                str(item.sequence),
                Cell(item.name, meeting_url(item.meeting, item)),
                item.get_origin_display(),
                *_weight(item),
                str(item.unit or ""),
                item.due_on.isoformat(),
                item.get_outcome_display(),
                order_cell(item.order),
            ],
            key=str(item.pk),
            selected=current is not None and item.pk == current.pk,
        )
        for item in items
    ]
    return Table(_("议程"), columns, rows, empty=_("没有议题"), identifier="agenda")


def _weight(item: AgendaItem) -> list[str]:
    """What leaving an item alone costs, as it was known when the agenda was drawn up."""
    cost = KeptCost.of(item.cost)
    if cost is None:
        return ["—", "—"]
    chance = f"−{cost.chance_lost * 100:.0f}%" if cost.chance_lost >= 0.005 else "—"
    return [days_cell(cost), chance]


def following(items: list[AgendaItem], item: AgendaItem | None) -> AgendaItem | None:
    """The next item without an outcome, from `item` on, else from the start."""
    place = item.sequence if item else 0
    pending = [i for i in items if i.outcome == Outcome.PENDING and (item is None or i.pk != item.pk)]
    return next((i for i in pending if i.sequence > place), pending[0] if pending else None)
