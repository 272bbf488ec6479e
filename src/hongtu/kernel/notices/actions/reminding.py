"""What falls due soon: each person is told once of each deadline, as early as she wants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from hongtu.engines.vocabulary import mark
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.chains.models import Step
from hongtu.kernel.notices import deadlines, recipients
from hongtu.kernel.notices.actions.telling import News, tell
from hongtu.kernel.notices.models import Preference
from hongtu.kernel.notices.vocab import Kind
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.vocab import State
from hongtu.kernel.profile.models import today

USUAL_DAYS: int = Preference._meta.get_field("remind_days").default
MOST_DAYS = 15
IN_WORK = (State.ASSIGNED, State.SIGNED, State.WORKING)
Told = tuple[News, set[int], date]


@action("notices.remind")
def remind(*, by: Person | None, on: date | None = None) -> int:
    """Tell whom a deadline concerns that it comes near; how many notices are new. Safe to run twice: a
    deadline that was moved is a new one."""
    day, calendar = on or today(), working_calendar()
    wishes = dict(Preference.objects.values_list("person_id", "remind_days"))
    longest = min(MOST_DAYS, max([USUAL_DAYS, *wishes.values()]))
    last = calendar.add(day, longest)
    batch = []
    for news, people, due in (*_problems(day, last), *_steps(day, last), *_rooms(day, last)):
        left = calendar.count(day, due)
        wanted = [p for p in people if left <= min(MOST_DAYS, wishes.get(p, USUAL_DAYS))]
        if wanted:
            batch.append((news, wanted))
    told = tell(batch)
    note(told=told, on=str(day))
    return told


def _problems(day: date, last: date) -> Iterator[Told]:
    begin = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
    rows: QuerySet[Problem] = Problem.objects.filter(state__in=IN_WORK, due_at__gte=begin, due_at__lt=end)
    units: dict[tuple[int, int], set[int]] = {}
    for problem in rows.select_related("handler", "handling_unit", "owner_unit", "desk").order_by("pk"):
        due = timezone.localtime(problem.due_at).date()
        handling = problem.handling_unit_id
        if problem.handler_id or handling is None:
            people = recipients.workers(problem)
        else:
            unit = (handling, problem.confidentiality)
            people = units[unit] if unit in units else units.setdefault(unit, recipients.workers(problem))
        text = Sentence(mark("%(number)s 须在%(due)s前办结"), {"number": problem.number, "due": due})
        news = News(
            Kind.DUE,
            f"due:problem:{problem.pk}:{due}",
            problem.title,
            text,
            label="problem_spine.problem",
            subject=problem.pk,
            problem=problem.pk,
            confidentiality=problem.confidentiality,
            due_at=problem.due_at,
        )
        yield news, people, due


def _steps(day: date, last: date) -> Iterator[Told]:
    rows = Step.objects.filter(actual_finish=None, planned_finish__range=(day, last))
    units: dict[int, set[int]] = {}
    for step in rows.select_related("chain", "unit").order_by("pk"):
        if step.person_id:
            people = recipients.active([step.person_id])
        elif step.unit_id in units:
            people = units[step.unit_id]
        else:
            people = units[step.unit_id] = recipients.people_at(step.unit, "projects.change")
        text = Sentence(mark("计划%(due)s完成"), {"due": step.planned_finish})
        news = News(
            Kind.DUE,
            f"due:step:{step.pk}:{step.planned_finish}",
            f"{step.chain.title}：{step.name}",
            text,
            label="chains.step",
            subject=step.pk,
            due_at=deadlines.close_of(step.planned_finish),
        )
        yield news, people, step.planned_finish


def _rooms(day: date, last: date) -> Iterator[Told]:
    """What rooms have of dates of their own."""
    for source in deadlines.sources():
        for found in source.between(day, last):
            due = found.due if isinstance(found.due, datetime) else deadlines.close_of(found.due)
            key = f"due:{found.label}:{found.key}:{found.day}"
            news = News(Kind.DUE, key, found.title, found.note, found.label, found.key, due_at=due)
            yield news, recipients.active(found.people), found.day
