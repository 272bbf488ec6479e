"""From the rows of a chain to the schedule engine and back."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from hongtu.engines.schedule.calendars import NO_WORK, WHOLE_DAY, Shifts
from hongtu.engines.schedule.errors import ScheduleError
from hongtu.engines.schedule.model import (
    Activity,
    Calendar,
    Constraint,
    ConstraintKind,
    Duration,
    Network,
    Owner,
    OwnerKind,
    Relation,
    RelationType,
    ScheduleResult,
)
from hongtu.engines.schedule.model import (
    Unit as TimeUnit,
)
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.calendar.working import WorkingCalendar, working_calendar
from hongtu.kernel.chains.models import Chain, Step, StepRelation
from hongtu.kernel.chains.vocab import DurationUnit


@dataclass(frozen=True)
class StepDates:
    """What the engine says about a step; dates are the days shown, both ends included.

    `total_float` in working days: negative when the promise is already broken through this step.
    `driven_by` lists the steps (primary keys) whose relations fix its early start.
    """

    forecast_start: date
    forecast_finish: date
    latest_start: date
    latest_finish: date
    total_float: int
    critical: bool
    driven_by: tuple[int, ...]


def engine_calendar(calendar: WorkingCalendar) -> Calendar:
    """The district's working calendar for the engine: whole days, an unpublished year by weekends."""
    return Calendar.statutory(
        "district",
        holidays=calendar.holidays,
        make_up_days=calendar.make_up_days,
        published_years=calendar.published,
    )


def kept_calendar(calendar: Calendar) -> dict[str, Any]:
    """A calendar of a schedule file as a chain keeps it: the worked spans of each weekday and exception.

    A span is `[first minute, minute after the last]` of its day, a day that is not worked has none.
    """
    return {
        "name": calendar.name,
        "week": [[list(span) for span in shifts] for shifts in calendar.week],
        "exceptions": {
            day.isoformat(): [list(span) for span in shifts] for day, shifts in calendar.exceptions.items()
        },
    }


def own_calendars(chain: Chain) -> dict[str, Calendar]:
    """The calendars a chain brought along from the file it came from, by their identifier there.

    Their worked days only: a chain is planned in whole days (docs/adr/chains-count-whole-days.md).
    """
    return {
        id: _own(id, kept, lambda spans: WHOLE_DAY if spans else NO_WORK, 1440)
        for id, kept in chain.calendars.items()
    }


def own_hours(chain: Chain) -> dict[str, Calendar]:
    """The same calendars with their hours, for programs that plan in hours.

    Without those that were kept before hours were: of them only the worked days are known.
    """

    def spans_of(spans: list[list[int]]) -> Shifts:
        return tuple((start, end) for start, end in spans)

    return {
        id: _own(id, kept, spans_of, 0)
        for id, kept in chain.calendars.items()
        if all(isinstance(spans, list) for spans in (*kept["week"], *kept["exceptions"].values()))
    }


def _own(id: str, kept: Mapping[str, Any], shifts: Callable[[Any], Shifts], per_day: int) -> Calendar:
    exceptions = {date.fromisoformat(day): shifts(spans) for day, spans in kept["exceptions"].items()}
    return Calendar(id, kept["name"], tuple(shifts(spans) for spans in kept["week"]), exceptions, per_day)


def network(
    chain: Chain,
    steps: Sequence[Step],
    relations: Iterable[StepRelation],
    data_date: date,
    calendar: WorkingCalendar | None = None,
) -> Network:
    """One chain as a network of the engine, judged at `data_date` against the promised date."""
    own = own_calendars(chain)
    return Network(
        activities=[_activity(step, own) for step in steps],
        relations=[
            Relation(
                str(r.predecessor_id),
                str(r.successor_id),
                RelationType(r.type),
                _duration(r.lag, r.lag_unit),
            )
            for r in relations
        ],
        start=min([chain.start, *(s.planned_start for s in steps)]),
        calendars=(engine_calendar(calendar or working_calendar()), *own.values()),
        name=chain.title,
        data_date=max(data_date, chain.start),
        must_finish_by=chain.promised,
    )


def _duration(amount: int, unit: str) -> Duration:
    return Duration(
        amount, TimeUnit.CALENDAR_DAY if unit == DurationUnit.CALENDAR_DAY else TimeUnit.WORKING_DAY
    )


def _activity(step: Step, own: Mapping[str, Calendar]) -> Activity:
    constraints = []
    if step.start_no_earlier_than:
        constraints.append(Constraint(ConstraintKind.START_NO_EARLIER_THAN, step.start_no_earlier_than))
    if step.finish_no_later_than:
        constraints.append(Constraint(ConstraintKind.FINISH_NO_LATER_THAN, step.finish_no_later_than))
    remaining = None
    if step.actual_start and step.remaining_duration is not None:
        remaining = _duration(step.remaining_duration, step.duration_unit)
    return Activity(
        id=str(step.pk),
        name=step.name,
        duration=_duration(step.duration, step.duration_unit),
        calendar=step.calendar if step.calendar in own else None,
        constraints=tuple(constraints),
        actual_start=step.actual_start,
        actual_finish=step.actual_finish,
        remaining=remaining,
        owner=Owner(OwnerKind(step.whose), str(step.unit_id)),
    )


def dates(net: Network, result: ScheduleResult) -> dict[int, StepDates]:
    """Engine arrays back to step rows, by primary key."""
    found: dict[int, StepDates] = {}
    floats = result.total_float_days
    for at, activity in enumerate(net.activities):
        drivers = tuple(int(net.relations[i].predecessor) for i in result.driving(activity.id))
        found[int(activity.id)] = StepDates(
            result.start_day(activity.id),
            result.finish_day(activity.id),
            result.start_day(activity.id, late=True),
            result.finish_day(activity.id, late=True),
            round(float(floats[at])),
            bool(result.critical[at]),
            drivers,
        )
    return found


def compute(chains: Sequence[Chain], data_date: date) -> dict[int, StepDates]:
    """Forecast and latest dates of all steps of the given chains, two queries whatever their number."""
    from hongtu.engines.schedule.cpm import schedule  # numba loads only when a plan is computed

    calendar = working_calendar()
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(chain__in=chains).order_by("chain_id", "sequence"):
        steps[step.chain_id].append(step)
    relations: dict[int, list[StepRelation]] = defaultdict(list)
    chain_of = {step.pk: key for key, own in steps.items() for step in own}
    for relation in StepRelation.objects.filter(successor__chain__in=chains):
        relations[chain_of[relation.successor_id]].append(relation)
    found: dict[int, StepDates] = {}
    for chain in chains:
        if own := steps[chain.pk]:
            net = network(chain, own, relations[chain.pk], data_date, calendar)
            try:
                found.update(dates(net, schedule(net)))
            except ScheduleError as error:
                raise refusal(error, own) from error
    return found


def refusal(error: ScheduleError, steps: Sequence[Step]) -> InvalidInput:
    """The engine's refusal in the words of the page: steps by number and name instead of keys."""
    names = {str(step.pk): f"{step.sequence}. {step.name}" for step in steps}
    culprits = " → ".join(names.get(subject, subject) for subject in error.subjects)
    words = {
        "schedule.cycle": _("前置关系成了一个圈：%s。请去掉其中一条。"),
        "schedule.negative-duration": _("工期不能为负数：%s。"),
        "schedule.missing-activity": _("前置关系指向不存在的事项：%s。"),
    }
    pattern = words.get(error.code, _("这样的计划无法计算：%s。"))
    return InvalidInput(pattern % (culprits or error.message), code=error.code, steps=list(error.subjects))


def whole_days(start: date, finish: date) -> int:
    """Calendar days from start to finish, both included."""
    return (finish - start + timedelta(days=1)).days
