"""Escalation by clock and by consequence, each exactly once."""

from collections.abc import Iterable, Iterator
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
from hongtu.kernel.problems.vocab import Clock
from hongtu.kernel.profile.models import today

LOCK = 0x686F6E67  # one scheduler at a time; the unique constraints hold even without it


@action("dispatch.escalate")
def escalate(*, by: Person | None, on: date | None = None) -> int:
    """Write what one level or another must know by the day `on`; how many rows are new.

    Safe to run twice, late, after a jump of the clock, or by two schedulers at once: a level hears of a
    missed deadline once, and a deadline that was extended starts anew.
    """
    require(by, "dispatch.change")
    day = on or today()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    found = list(_due(day))
    known = set(Escalation.objects.values_list("problem_id", "step_id", "level", "since"))
    fresh = [row for row in found if (row.problem_id, row.step_id, row.level, row.since) not in known]
    Escalation.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1000)
    note(escalated=len(fresh), on=str(day))
    return len(fresh)


def _due(day: date) -> Iterator[Escalation]:
    clocks, calendar = levels()["clocks"], working_calendar()
    for problem in queries.overdue_problems(day):
        if problem.clock_due_at is None:
            continue
        since = timezone.localtime(problem.clock_due_at).date()
        days = calendar.count(since, day)
        clock = Sentence(Clock(problem.clock).label)
        named = Sentence(mark("%(clock)s%(since)s已过"), {"clock": clock, "since": since})
        for row in _rows(rules.reached(days, clocks), problem.title, since, days, named, day):
            row.problem = problem
            yield row
    for step in queries.overdue_steps(day):
        days = calendar.count(step.planned_finish, day)
        lost = step.critical and (step.total_float or 0) < 0
        named = Sentence(mark("计划%(since)s完成，尚未完成"), {"since": step.planned_finish})
        if lost:
            named = Sentence(
                mark("计划%(since)s完成，尚未完成，关键节点总时差%(float)d，承诺日期将失守"),
                {"since": step.planned_finish, "float": step.total_float},
            )
        title = f"{step.chain.title}：{step.name}"
        reached = rules.reached(days, clocks, promise_lost=lost)
        for row in _rows(reached, title, step.planned_finish, days, named, day):
            row.step = step
            yield row


def _rows(
    reached: Iterable[rules.Reached], name: str, since: date, days: int, named: Sentence, day: date
) -> Iterator[Escalation]:
    for item in reached:
        pattern = (
            mark("%(what)s，直接提至%(level)d级")
            if item.consequence
            else mark("%(what)s，满%(after)d个工作日，提至%(level)d级")
        )
        yield Escalation(
            name=name[:200],
            level=item.level,
            cause=Cause.CONSEQUENCE if item.consequence else Cause.CLOCK,
            since=since,
            days=max(0, days),
            reason=Sentence(pattern, {"what": named, "after": item.after, "level": item.level}),
            on=day,
        )
