"""The room's first page, and the research programme with its conversion list."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.visits import queries
from hongtu.domains.visits.models import Conversion, Pairing, Visit
from hongtu.domains.visits.views.common import crumbs, day_url, visit_url
from hongtu.domains.visits.vocab import VisitState
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import objects
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today
from hongtu.ui.components import Cell, Column, Crumb, Figure, Row, Table
from hongtu.ui.status import Status


def headline(by: Person) -> list[Figure]:
    """The six figures, each opening the rows it counts."""
    found = queries.figures(by)

    def rows(slug: str, query: str = "") -> str:
        return reverse("ledger:list", args=[slug]) + query

    return [
        Figure(_("实地走访"), found["visits"], _("次"), url=rows("visits", "?state=done")),
        Figure(_("现场解决"), found["solved_on_the_spot"], _("个"), url=rows("findings", "?disposal=solved")),
        Figure(_("问题清单"), found["problems_listed"], _("条"), url=rows("findings", "?disposal=listed")),
        Figure(_("专项整治方案"), found["rectification_plans"], _("个"), url=rows("rectification-plans")),
        Figure(_("调研课题"), found["research_topics"], _("个"), url=rows("research-topics")),
        Figure(
            _("成果转化"),
            found["results"],
            _("项"),
            url=rows("research-results", "?achieved_on_from=2000-01-01"),
        ),
    ]


def due_table(pairings: list[Pairing], now: Any) -> Table:
    """Assigned projects and when they must be visited."""
    columns = [
        Column(_("项目"), frozen=True),
        Column(_("挂点领导"), "nowrap"),
        Column(_("最近走访"), "date"),
        Column(_("应走访日期"), "date"),
        Column(_("提醒"), "nowrap"),
    ]
    rows = []
    for pairing in pairings:
        days = (now - pairing.due_on).days
        words = (
            _("已过 %(days)d 天") % {"days": days} if days > 0 else _("还有 %(days)d 天") % {"days": -days}
        )
        rows.append(
            Row(
                [
                    Cell(pairing.name, reverse("ledger:detail", args=["assigned-projects", pairing.pk])),
                    Cell(str(pairing.leader), day_url(pairing.leader_id, now)),
                    pairing.last_visit.isoformat() if pairing.last_visit else "",
                    pairing.due_on.isoformat(),
                    Cell(words, status=Status.LATE if days > 0 else Status.WARNING),
                ]
            )
        )
    return Table(_("到期的挂点走访"), columns, rows, empty=_("两周内没有到期的挂点走访"), identifier="due")


def visit_table(visits: list[Visit], label: str, identifier: str) -> Table:
    columns = [
        Column(_("走访对象"), frozen=True),
        Column(_("日期"), "date"),
        Column(_("区领导"), "nowrap"),
        Column(_("类别"), "nowrap"),
        Column(_("状态"), "nowrap"),
    ]
    rows = [
        Row(
            [
                Cell(v.name, visit_url(v)),
                v.visited_on.isoformat(),
                Cell(str(v.leader), day_url(v.leader_id, v.visited_on)),
                v.get_kind_display(),
                v.get_state_display(),
            ]
        )
        for v in visits
    ]
    return Table(label, columns, rows, empty=_("还没有走访"), identifier=identifier)


def rounds_table(by: Person, now: Any) -> Table:
    """Leader by leader how her assigned projects stand; each number opens its rows."""
    columns = [
        Column(_("挂点领导"), "nowrap", frozen=True),
        Column(_("挂点项目"), "number"),
        Column(_("到期未走访"), "number"),
        Column(_("两周内到期"), "number"),
        Column(_("今年走访"), "number"),
        Column(_("状态"), "nowrap"),
    ]
    own, held = (reverse("ledger:list", args=[slug]) for slug in ("assigned-projects", "visits"))
    before, later = now - timedelta(days=1), now + timedelta(days=14)
    rows = []
    for line in queries.rounds(by, now):
        mine = f"{own}?leader={line.leader.pk}"
        status = Status.LATE if line.overdue else Status.WARNING if line.soon else Status.NORMAL
        rows.append(
            Row(
                [
                    Cell(str(line.leader), day_url(line.leader.pk, now)),
                    Cell(str(line.projects), mine),
                    Cell(str(line.overdue), f"{mine}&due_on_to={before}" if line.overdue else ""),
                    Cell(str(line.soon), f"{mine}&due_on_from={now}&due_on_to={later}" if line.soon else ""),
                    Cell(
                        str(line.visits),
                        f"{held}?leader={line.leader.pk}&state=done&kind=project"
                        f"&visited_on_from={now.year}-01-01",
                    ),
                    Cell("", status=status),
                ]
            )
        )
    return Table(_("领导挂点计划"), columns, rows, empty=_("还没有挂点项目"), identifier="rounds")


@guard("visits.read")
def home(request: PersonRequest) -> HttpResponse:
    """Figures, what is due, what is planned, what was held last."""
    now = today()
    due = list(queries.due(request.user, now + timedelta(days=14))[:20])
    rows = objects(Visit, by=request.user).select_related("leader")
    planned = rows.filter(state=VisitState.PLANNED).order_by("visited_on", "leader", "sequence")[:20]
    held = rows.filter(state=VisitState.DONE).order_by("-visited_on", "-id")[:10]
    context = {
        "figures": headline(request.user),
        "due": due_table(due, now),
        "due_count": queries.due(request.user, now + timedelta(days=14)).count(),
        "due_until": now + timedelta(days=14),
        "rounds": rounds_table(request.user, now),
        "planned": visit_table(list(planned), _("已安排的走访"), "planned"),
        "held": visit_table(list(held), _("最近走访"), "held"),
        "may_change": objects(Visit, by=request.user, to="change").exists(),
    }
    return render(request, "visits/home.html", context)


@guard("visits.read")
def programme(request: PersonRequest) -> HttpResponse:
    """Twelve aspects, their topics, and what each was turned into."""
    year = today().year
    columns = [
        Column(_("课题"), frozen=True),
        Column(_("牵头领导"), "nowrap"),
        Column(_("走访"), "number"),
        Column(_("转化措施"), "long"),
        Column(_("责任单位")),
        Column(_("转化成果"), "long"),
        Column(_("状态"), "nowrap"),
    ]
    parts = []
    for aspect, topics in queries.programme(request.user, year):
        rows = []
        for topic in topics:
            lines: list[Conversion | None] = [*topic.conversions.all()] or [None]
            for number, line in enumerate(lines):
                rows.append(
                    Row(
                        [
                            Cell(
                                f"{topic.number}. {topic.name}" if number == 0 else "〃",
                                reverse("ledger:detail", args=["research-topics", topic.pk]),
                            ),
                            str(topic.leader),
                            str(topic.visited),  # type: ignore[attr-defined]
                            line.measure if line else "",
                            str(line.unit) if line else "",
                            line.result if line else "",
                            Cell(
                                topic.get_state_display(),
                                status=Status.DONE if line and line.result else Status.NOT_DUE,
                            ),
                        ]
                    )
                )
        table = Table(_(aspect.label), columns, rows, empty=_("本年没有课题"), identifier=aspect.value)
        parts.append((_(aspect.label), len(topics), table))
    context = {
        "parts": parts,
        "year": year,
        "figures": headline(request.user)[-2:],
        "breadcrumbs": crumbs(Crumb(_("调研课题与成果转化"))),
    }
    return render(request, "visits/programme.html", context)
