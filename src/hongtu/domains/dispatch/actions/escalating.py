"""Escalation by clock and by consequence, each exactly once."""

from collections.abc import Iterator
from datetime import date

from django.db import connection
from django.utils import timezone

from hongtu.domains.dispatch import queries, rules
from hongtu.domains.dispatch.actions.agenda import levels
from hongtu.domains.dispatch.models import Escalation
from hongtu.domains.dispatch.vocab import Cause
from hongtu.engines.vocabulary import mark
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.calendar.working import working_calendar
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import actions as problems
from hongtu.kernel.problems.cost_words import in_short
from hongtu.kernel.problems.vocab import Clock
from hongtu.kernel.profile.models import today

LOCK = 0x686F6E67  # one scheduler at a time; the unique constraints hold even without it


@action("dispatch.escalate")
def escalate(*, by: Person | None, on: date | None = None) -> int:
    """Write what one level or another must know by the day `on`; how many rows are new.

    Safe to run twice, late, after a jump of the clock, or by two schedulers at once: of one deadline a level
    hears once, by clock or by consequence, whichever came first; a deadline that was extended starts anew.
    """
    require(by, "dispatch.change")
    day = on or today()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    problems.fresh_costs(day)
    fresh: dict[tuple[int | None, int | None, int, date], Escalation] = {}
    known = set(Escalation.objects.values_list("problem_id", "step_id", "level", "since"))
    for row in (*_by_clock(day), *_by_consequence(day)):
        key = (row.problem_id, row.step_id, row.level, row.since)
        if key not in known:
            fresh.setdefault(key, row)
    Escalation.objects.bulk_create(fresh.values(), ignore_conflicts=True, batch_size=1000)
    note(escalated=len(fresh), on=str(day))
    return len(fresh)


def _by_clock(day: date) -> Iterator[Escalation]:
    """What ran out, and each level whose own days are used up since."""
    clocks, calendar = levels()["clocks"], working_calendar()
    for problem in queries.overdue_problems(day):
        if problem.clock_due_at is None:
            continue
        since = timezone.localtime(problem.clock_due_at).date()
        days = calendar.count(since, day)
        clock = Sentence(Clock(problem.clock).label)
        named = Sentence(mark("%(clock)s%(since)s已过"), {"clock": clock, "since": since})
        for found in rules.reached(days, clocks):
            row = _row(problem.title, since, day, found.level, Cause.CLOCK)
            row.problem, row.days, row.reason = problem, days, _spent(named, found)
            yield row
    for step in queries.overdue_steps(day):
        days = calendar.count(step.planned_finish, day)
        named = Sentence(mark("计划%(since)s完成，尚未完成"), {"since": step.planned_finish})
        for found in rules.reached(days, clocks):
            row = _row(f"{step.chain.title}：{step.name}", step.planned_finish, day, found.level, Cause.CLOCK)
            row.step, row.days, row.reason = step, days, _spent(named, found)
            yield row


def _spent(named: Sentence, found: rules.Reached) -> Sentence:
    values = {"what": named, "after": found.after, "level": found.level}
    return Sentence(mark("%(what)s，满%(after)d个工作日，提至%(level)d级"), values)


def _by_consequence(day: date) -> Iterator[Escalation]:
    """What costs a promise so much that a level must know at once, overdue or not, the dearest first."""
    asked, calendar = levels()["consequence"], working_calendar()
    least = min(asked.values(), key=lambda t: t.late_days).late_days
    chance = min(asked.values(), key=lambda t: t.chance_lost).chance_lost
    for cost in queries.dear(least, chance):
        problem, step = cost.problem, cost.step
        since = timezone.localtime(problem.due_at).date() if problem else step.planned_finish
        name = problem.title if problem else f"{step.chain.title}：{step.name}"
        for level in rules.concerned(cost.late_days, cost.chance_lost, asked):
            row = _row(name, since, day, level, Cause.CONSEQUENCE)
            row.problem, row.step = problem, None if problem else step
            row.days = max(0, calendar.count(since, day))
            values = {"cost": in_short(cost), "until": cost.until, "level": level}
            row.reason = Sentence(mark("按卡到%(until)s计算，%(cost)s，直接提至%(level)d级"), values)
            yield row


def _row(name: str, since: date, day: date, level: int, cause: Cause) -> Escalation:
    return Escalation(name=name[:200], level=level, cause=cause, since=since, on=day, days=0)
