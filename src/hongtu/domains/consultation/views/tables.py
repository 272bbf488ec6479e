"""The tables of the pages: participants, options, tasks, what waits."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.consultation import queries
from hongtu.domains.consultation.models import Conclusion, Meeting, Option, Topic
from hongtu.domains.consultation.views.common import STATUS_OF_TASK, status_of, topic_url
from hongtu.domains.consultation.vocab import Interest, TaskState
from hongtu.kernel.access.policies import objects
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems.models import Problem
from hongtu.ledger.declaration import ledger_of
from hongtu.ui.components import Cell, Column, Row, Table
from hongtu.ui.formats import wan
from hongtu.ui.status import Status

STATUS_OF_INTEREST = {
    Interest.UNDECLARED: Status.NOT_DUE,
    Interest.NONE: Status.NORMAL,
    Interest.CONFLICT: Status.EXCUSED,
}


def waiting_table(topics: Iterable[Topic]) -> Table:
    """Open topics: at which step, until when, who convenes."""
    today = queries.this_day()
    columns = [
        Column(_("议题"), frozen=True),
        Column(_("编号"), "nowrap"),
        Column(_("步骤"), "nowrap"),
        Column(_("本步时限"), "date"),
        Column(_("社区（村）")),
        Column(_("召集人"), "nowrap"),
    ]
    rows = [
        Row(
            [
                Cell(t.name, topic_url(t)),
                t.number,
                t.get_step_display(),
                Cell(t.due_on.isoformat() if t.due_on else "", status=status_of(t, today)),
                str(t.community),
                str(t.convener or ""),
            ]
        )
        for t in topics
    ]
    return Table(_("进行中的议题"), columns, rows, empty=_("没有进行中的议题"), identifier="waiting")


def participants_table(topic: Topic, meeting: Meeting | None) -> Table:
    """Who is invited and why, what she declared, whether she came."""
    present = set(meeting.attended.values_list("pk", flat=True)) if meeting else set()
    columns = [
        Column(_("姓名"), "nowrap", frozen=True),
        Column(_("身份"), "nowrap"),
        Column(_("单位")),
        Column(_("邀请理由"), "long"),
        Column(_("利益冲突声明")),
        Column(_("到会"), "nowrap"),
    ]
    rows = [
        Row(
            [
                p.name,
                p.get_part_display(),
                str(p.unit or ""),
                f"{p.reason}{_('（规则要求）') if p.by_rule else ''}",
                Cell(
                    f"{p.get_interest_display()}{f'：{p.interest_note}' if p.interest_note else ''}",
                    status=STATUS_OF_INTEREST[Interest(p.interest)],
                    worded=True,
                ),
                _("到会") if p.pk in present else "",
            ]
        )
        for p in topic.participants.select_related("unit")
    ]
    return Table(_("参会名单"), columns, rows, empty=_("还没有邀请"), identifier="participants")


def options_table(options: list[Option], chosen: int | None) -> Table:
    """Options side by side: cost, where the money comes from, what is still missing."""
    columns = [
        Column(_("方案"), frozen=True),
        Column(_("做法"), "long"),
        Column(_("费用测算"), "number"),
        Column(_("资金来源")),
        Column(_("缺口"), "number"),
        Column(_("结果"), "nowrap"),
    ]
    rows = []
    for option in options:
        funded = sum((f.amount for f in option.funds.all()), Decimal(0))
        gap = max((option.cost or Decimal(0)) - funded, Decimal(0))
        sources = "、".join(f"{f.get_source_display()} {wan(f.amount, 2)}" for f in option.funds.all())
        won = option.pk == chosen
        rows.append(
            Row(
                [
                    option.name,
                    option.description,
                    "" if option.cost is None else wan(option.cost, 2),
                    sources,
                    Cell(wan(gap, 2), status=Status.WARNING if gap else None, worded=True),
                    Cell(_("通过"), status=Status.DONE, worded=True) if won else "",
                ]
            )
        )
    return Table(
        _("备选方案"), columns, rows, unit=_("万元"), empty=_("还没有备选方案"), identifier="options"
    )


def tasks_table(ended: Conclusion | None, by: Person | None) -> Table:
    """Money, owner, path, deadline, evidence of each task, and how far it is. `by` None: the public."""
    columns = [
        Column(_("任务"), frozen=True),
        Column(_("责任单位")),
        *([Column(_("责任人"), "nowrap")] if by else []),
        Column(_("时限"), "date"),
        Column(_("资金（万元）"), "number"),
        Column(_("佐证要求")),
        Column(_("问题单"), "nowrap"),
        Column(_("状态"), "nowrap"),
    ]
    tasks = list(ended.tasks.select_related("unit", "person", "problem")) if ended else []
    keys = [t.problem_id for t in tasks if t.problem_id]
    reached = objects(Problem, by=by).in_bulk(keys) if by else {}
    ledger = ledger_of(Problem)
    rows = []
    for task in tasks:
        number = task.problem.number if task.problem else ""
        found = reached.get(task.problem_id)
        state = f"{task.get_state_display()} {task.done_on.isoformat() if task.done_on else ''}".strip()
        edit = by is not None and task.state == TaskState.DRAFT
        rows.append(
            Row(
                [
                    Cell(
                        task.name,
                        reverse("ledger:edit", args=["consultation-tasks", task.pk]) if edit else "",
                    ),
                    str(task.unit or ""),
                    *([str(task.person or "")] if by else []),
                    task.due_on.isoformat() if task.due_on else "",
                    "" if task.amount is None else f"{wan(task.amount, 2)} {task.get_funding_display()}",
                    task.evidence,
                    Cell(number, ledger.url_of(found) if ledger and found else ""),
                    Cell(state, status=STATUS_OF_TASK[TaskState(task.state)], worded=True),
                ]
            )
        )
    return Table(_("任务单"), columns, rows, empty=_("还没有任务单"), identifier="tasks")
