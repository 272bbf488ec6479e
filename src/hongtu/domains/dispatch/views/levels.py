"""The four levels: who, how often, what they may decide, and whether a meeting is due."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from hongtu.domains.dispatch import actions, queries
from hongtu.domains.dispatch.models import LEVELS, Meeting
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.people.models import Person
from hongtu.ui.components import Cell, Column, Row, Table
from hongtu.ui.status import Status


def due_after(level: int, held: date) -> date | None:
    """When the level meets again at the latest, a working day; None where the rule names no rhythm."""
    days = actions.levels()["levels"].get(level, {}).get("days")
    return working_calendar().add(held + timedelta(days=int(days)), 0) if days else None


def next_date(meeting: Meeting) -> date | None:
    """What is proposed for the meeting after this one."""
    return due_after(meeting.level, meeting.held_on)


def levels_table(by: Person, now: date) -> Table | None:
    """Each level with its rule and its rhythm; None where the rule in force says nothing of them."""
    rule, found = actions.levels(), queries.rhythm(by)
    if not rule["levels"]:
        return None
    columns = [
        Column(_("层级"), "nowrap", frozen=True),
        Column(_("谁来调度")),
        Column(_("频次"), "nowrap"),
        Column(_("能定什么")),
        Column(_("时限（工作日）"), "number"),
        Column(_("上次召开"), "date"),
        Column(_("下次召开"), "nowrap"),
    ]
    rows = []
    for level, name in LEVELS:
        words: dict[str, Any] = rule["levels"].get(level, {})
        dates = found.get(level, {})
        held, planned = dates.get("held"), dates.get("planned")
        rows.append(
            Row(
                [
                    str(name),
                    str(words.get("who", "")),
                    str(words.get("cadence", "")),
                    str(words.get("can", "")),
                    str(rule["clocks"].get(level, "")),
                    held.isoformat() if held else "",
                    _next(level, held, planned, now),
                ]
            )
        )
    return Table(_("四级调度规则"), columns, rows, identifier="levels")


def _next(level: int, held: date | None, planned: date | None, now: date) -> Cell:
    """The meeting that is planned, else by when there should be one."""
    if planned:
        return Cell(planned.isoformat(), status=Status.NORMAL, worded=True)
    due = due_after(level, held) if held else None
    if due is None:
        return Cell("")
    text = _("应于%(due)s前召开，还没有安排") % {"due": due.isoformat()}
    return Cell(text, status=Status.LATE if due < now else Status.WARNING, worded=True)
