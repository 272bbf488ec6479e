"""What endangers the promises most: late steps and open problems, ranked by what waiting costs."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.projects import queries as projects
from hongtu.kernel.access.policies import objects
from hongtu.kernel.chains.models import Chain
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import ranking
from hongtu.kernel.problems.cost_words import working_days
from hongtu.kernel.problems.costs import Cost
from hongtu.kernel.problems.models import Problem
from hongtu.ledger.costs import days_cell
from hongtu.ledger.declaration import ledger_of
from hongtu.ui.components import Cell, Column, Row, Table
from hongtu.ui.formats import grouped

MOST_DANGERS = 10


def dear_blocks(by: Person, keys: QuerySet[Any]) -> list[Cost]:
    """What costs these projects most to leave alone; problems she may not see are left out."""
    chains = Chain.objects.filter(subject_label=projects.SUBJECT, subject_key__in=keys)
    seen = objects(Problem, by=by).order_by().values("pk")
    return list(ranking.endangering(chains.order_by().values("pk"), seen, MOST_DANGERS))


def table(costs: list[Cost]) -> Table:
    """What endangers most: ranked by what it costs, not by how long it is overdue."""
    ledger = ledger_of(Problem)
    rows = []
    for cost in costs:
        problem, chain = cost.problem, cost.step.chain
        name = Cell(problem.title, ledger.url_of(problem)) if problem and ledger else cost.step.name
        rows.append(
            Row(
                [
                    name,
                    Cell(chain.title, reverse("projects:chain", args=[chain.subject_key])),
                    cost.step.unit.name,
                    days_cell(cost),
                    working_days(cost.neighbour_days) if cost.neighbour_days else "",
                    _("−%s个百分点") % f"{cost.chance_lost * 100:.0f}",
                    grouped(cost.money_delayed),
                ],
                key=str(cost.pk),
            )
        )
    columns = [
        Column(_("问题或事项"), frozen=True),
        Column(_("项目")),
        Column(_("责任单位")),
        Column(_("现在解决可省（工作日）"), "number"),
        Column(_("其中相邻项目"), "number"),
        Column(_("再拖则按期概率"), "nowrap"),
        Column(_("推迟到下年的投资（万元）"), "number"),
    ]
    return Table(
        _("最危及承诺的卡点"), columns, rows, identifier="wall-dangers", empty=_("没有推迟完成日期的卡点")
    )
