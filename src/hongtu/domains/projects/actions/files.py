"""A chain out of the schedule file people have, and a chain as a Microsoft Project file."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hongtu.adapters.schedule_files import ScheduleFile, ScheduleFileError, parse_schedule
from hongtu.adapters.schedule_files.dates import compute_dates
from hongtu.adapters.schedule_files.mspdi_writer import write_mspdi
from hongtu.domains.projects import queries
from hongtu.domains.projects.models import Project
from hongtu.domains.projects.queries.risk import approval_matters
from hongtu.domains.projects.rules.laws import matters_named
from hongtu.engines.schedule.errors import ScheduleError
from hongtu.engines.schedule.model import Activity, Calendar, ConstraintKind, ScheduleResult, Unit
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.chains.actions import Link, NewChain
from hongtu.kernel.chains.models import Chain
from hongtu.kernel.chains.scheduling import kept_calendar, network, own_hours
from hongtu.kernel.chains.vocab import DurationUnit, Segment
from hongtu.kernel.profile.models import today

MOST_STEPS = 2000


def chain_from_file(project: Project, year: int, upload: UploadedFile) -> NewChain:
    """Steps, relations, limits and actual dates of a schedule file as a chain of this project.

    Dates are those its author sees (the rules of her program). The chain counts in whole days; each step
    keeps the calendar it has in the file, whose hours go back into an exported file. Raises InvalidInput with
    the reader's stable code.
    """
    name = PurePath(upload.name or "schedule").name
    try:
        document = parse_schedule(name, upload.read())
        result = compute_dates(document)
    except ScheduleFileError as error:
        raise InvalidInput(error.text(get_language() or "zh"), code=error.code, file=name) from error
    except ScheduleError as error:
        raise InvalidInput(f"{name}: {error.message} {error.remedy}", code=error.code, file=name) from error
    activities = document.network.activities
    if not activities or len(activities) > MOST_STEPS:
        raise InvalidInput(
            _("%(file)s 有%(count)s项任务，可导入1到%(most)s项。")
            % {"file": name, "count": len(activities), "most": MOST_STEPS},
            code="projects.schedule_size",
        )
    numbers = {a.id: n for n, a in enumerate(activities, 1)}
    plan, listed = document.network, approval_matters(today())
    steps = [
        _step(project, a, numbers[a.id], result, plan.calendar(a.calendar))
        | _three_points(a, document, plan.calendar(a.calendar))
        | {"matters": matters_named(a.name, listed)[:120]}
        for a in activities
    ]
    used = {step["calendar"] for step in steps}
    finish = max(s["planned_finish"] for s in steps)
    return NewChain(
        chain={
            "subject_label": queries.SUBJECT,
            "subject_key": project.pk,
            "title": project.name,
            "year": year,
            "unit": project.responsible_unit,
            "start": min(s["planned_start"] for s in steps),
            "promised": finish,
            "promise": _("导入文件的完成日期（%s）") % name[:120],
            "calendars": {c.id[:80]: kept_calendar(c) for c in plan.calendars if c.id[:80] in used},
        },
        steps=steps,
        links=_links(document, numbers),
    )


def _links(document: ScheduleFile, numbers: Mapping[str, int]) -> list[Link]:
    """Relations in whole days; one relation of a kind between two steps, the longest lag kept."""
    calendar = document.network.calendar()
    found: dict[tuple[int, int, str], Link] = {}
    for relation in document.network.relations:
        ends = numbers[relation.predecessor], numbers[relation.successor]
        elapsed = relation.lag.unit is Unit.CALENDAR_DAY
        per_day = 1440 if elapsed else calendar.minutes_per_day
        lag = round(relation.lag.in_minutes(calendar) / per_day)
        unit = DurationUnit.CALENDAR_DAY if elapsed else DurationUnit.WORKING_DAY
        key = (*ends, relation.type.value)
        if key not in found or found[key].lag < lag:
            found[key] = Link(*ends, relation.type.value, lag, unit)
    return list(found.values())


def _step(
    project: Project, activity: Activity, number: int, result: ScheduleResult, calendar: Calendar
) -> dict[str, Any]:
    start, finish = result.start_day(activity.id), result.finish_day(activity.id)
    finish = max(start, finish)
    elapsed = activity.duration.unit is Unit.CALENDAR_DAY
    worked = calendar.working_days_between(start, finish + timedelta(days=1))
    days = (finish - start).days + 1 if elapsed else max(1, worked)
    milestone = activity.duration.amount == 0
    limits: dict[str, date | None] = {"start_no_earlier_than": None, "finish_no_later_than": None}
    for constraint in activity.constraints:
        if constraint.kind in (ConstraintKind.START_NO_EARLIER_THAN, ConstraintKind.MUST_START_ON):
            limits["start_no_earlier_than"] = _day(constraint.moment)
        if constraint.kind in (ConstraintKind.FINISH_NO_LATER_THAN, ConstraintKind.MUST_FINISH_ON):
            limits["finish_no_later_than"] = _day(constraint.moment)
    if activity.deadline is not None:
        limits["finish_no_later_than"] = _day(activity.deadline)
    actual_start, actual_finish = _day(activity.actual_start), _day(activity.actual_finish)
    if actual_start and actual_finish:
        actual_finish = max(actual_start, actual_finish)
    return {
        "sequence": number,
        "code": activity.id[:40],
        "name": (activity.name or activity.id)[:200],
        "segment": Segment.CONSTRUCTION,
        "unit": project.owner,
        "calendar": calendar.id[:80],
        "duration": 0 if milestone else days,
        "duration_unit": DurationUnit.CALENDAR_DAY if elapsed else DurationUnit.WORKING_DAY,
        "planned_start": start,
        "planned_finish": finish,
        "actual_start": actual_start,
        "actual_finish": actual_finish,
        **limits,
    }


def _three_points(activity: Activity, document: ScheduleFile, calendar: Calendar) -> dict[str, int]:
    """Estimated durations of a file in whole days of the step's unit; nothing where it has none."""
    points = document.estimates.get(activity.id)
    if points is None:
        return {}
    day = 1440 if activity.duration.unit is Unit.CALENDAR_DAY else calendar.minutes_per_day
    named = {
        "optimistic": points.optimistic,
        "most_likely": points.most_likely,
        "pessimistic": points.pessimistic,
    }
    return {name: round(duration.in_minutes(calendar) / day) for name, duration in named.items()}


def _day(moment: Any) -> date | None:
    return moment.date() if hasattr(moment, "date") else moment


def chain_to_mspdi(chain: Chain) -> bytes:
    """The chain as Microsoft Project XML, dates computed at the district's data date; calendars of the file
    it came from with the hours they had there."""
    steps = list(chain.steps.order_by("sequence"))
    plan = network(chain, steps, queries.relations_of(chain), today())
    return write_mspdi(plan, title=chain.title, hours=own_hours(chain)).data
