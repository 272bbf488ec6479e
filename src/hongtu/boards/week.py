"""What the week brings: the steps that are due within ten days, and what changed in the last seven."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hongtu.domains.projects import queries as projects
from hongtu.kernel.chains.models import Step, StepDateChange
from hongtu.ui.components import Cell, Column, Row, Table
from hongtu.ui.status import Status

DUE_WITHIN, CHANGED_WITHIN = timedelta(days=10), timedelta(days=7)
MOST_DUE, MOST_CHANGED = 8, 6


def project_url(key: int) -> str:
    return reverse("ledger:detail", args=["projects", key])


def due_steps(keys: Any, today: date) -> QuerySet[Step]:
    """Unfinished steps whose planned finish falls within the next ten days, the earliest first."""
    return (
        projects.steps_of(keys)
        .filter(
            actual_finish__isnull=True,
            planned_finish__gte=today,
            planned_finish__lt=today + DUE_WITHIN,
        )
        .order_by("planned_finish", "pk")
    )


def due(keys: QuerySet[Any], today: date) -> tuple[Table, int]:
    steps = due_steps(keys, today)
    count = steps.count()
    lines = [_step_row(step) for step in steps[:MOST_DUE]]
    columns = [
        Column(_("事项")),
        Column(_("亮灯"), "nowrap"),
        Column(_("计划完成"), "date"),
        Column(_("项目")),
        Column(_("责任单位")),
    ]
    return Table(_("十天内到期"), columns, lines, empty=_("十天内没有到期事项"), identifier="due"), count


def _step_row(step: Step) -> Row:
    return Row(
        [
            step.name,
            Cell("", status=Status(step.light)),
            step.planned_finish.isoformat(),
            Cell(step.chain.title, project_url(step.chain.subject_key)),
            step.unit.name,
        ],
        key=str(step.pk),
    )


def changed(keys: QuerySet[Any], today: date) -> Table:
    """What moved in the last seven days, newest first: dates that were changed, steps that were done."""
    news = sorted(chain(_moved(keys, today), _done(keys, today)), key=lambda n: n[0], reverse=True)
    columns = [
        Column(_("变化")),
        Column(_("日期"), "nowrap"),
        Column(_("项目")),
        Column(_("说明")),
    ]
    lines = [row for _day, row in news[:MOST_CHANGED]]
    return Table(
        _("一周内变化"), columns, lines, empty=_("一周内没有日期调整，也没有事项完成"), identifier="changed"
    )


def _moved(keys: QuerySet[Any], today: date) -> Iterator[tuple[date, Row]]:
    """Dates that somebody moved; where the data stand still the week counts back from the data date."""
    ends = timezone.make_aware(datetime.combine(today, time.max))
    changes = (
        StepDateChange.objects.filter(
            step__chain__subject_label=projects.SUBJECT,
            step__chain__subject_key__in=keys,
            at__gte=min(timezone.now(), ends) - CHANGED_WITHIN,
        )
        .select_related("step__chain")
        .order_by("-at")[:MOST_CHANGED]
    )
    fields = {f.name: f.verbose_name for f in Step._meta.get_fields() if hasattr(f, "verbose_name")}
    for change in changes:
        yield (
            min(timezone.localdate(change.at), today),
            Row(
                [
                    f"{change.step.name} · {fields.get(change.field, change.field)}",
                    f"{_day(change.before)} → {_day(change.after)}",
                    Cell(change.step.chain.title, project_url(change.step.chain.subject_key)),
                    str(change.reason),
                ]
            ),
        )


def _done(keys: QuerySet[Any], today: date) -> Iterator[tuple[date, Row]]:
    """Steps that were finished, with how late they were."""
    steps = (
        projects.steps_of(keys)
        .filter(actual_finish__gt=today - CHANGED_WITHIN, actual_finish__lte=today)
        .order_by("-actual_finish", "pk")[:MOST_CHANGED]
    )
    for step in steps:
        done = step.actual_finish or today
        late = (done - step.planned_finish).days
        words = ngettext("比计划晚%(n)d天", "比计划晚%(n)d天", late) % {"n": late} if late > 0 else _("按期")
        yield (
            done,
            Row(
                [
                    Cell(step.name, status=Status(step.light)),
                    done.isoformat(),
                    Cell(step.chain.title, project_url(step.chain.subject_key)),
                    words,
                ]
            ),
        )


def _day(day: date | None) -> str:
    return f"{day:%m-%d}" if day else "—"
