"""What an office can be assessed by out of the spine. The same reading as `measures`: reports as they were
made, on the day they were made, against their first deadline and for the office first given them, so that
closing unsolved, splitting, merging, extending, handing on or marking unreasonable raises no rate.

Problems above the internal level are in no score at all: a count would betray them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from hongtu.engines.vocabulary import mark
from hongtu.kernel.access.roles import Confidentiality
from hongtu.kernel.indicators.knowledge import Moment
from hongtu.kernel.indicators.registry import Fact, Indicator, register
from hongtu.kernel.indicators.vocab import Measure, Subject
from hongtu.kernel.problems.models import Problem, Reporter
from hongtu.kernel.problems.vocab import Outcome, Satisfaction

FIELDS = (
    "number", "title", "lead_unit_id", "desk_id", "outcome", "first_due_at", "respond_by", "contacted_at",
    "closed_at", "asked_at", "solved_in_time", "redone",
)  # fmt: skip
WORTH = {Satisfaction.SATISFIED: 1.0, Satisfaction.BASICALLY: 0.6}
"""What an answer counts; silence and dissatisfaction count nothing, as in `measures.score`."""
MOST_REDONE = 1
EVERYBODY = frozenset(Subject)


def _counted(moment: Moment) -> list[Any]:
    """Reports made by the day, not secret, with a first office or a desk."""
    where = Q(origin=True, confidentiality__lte=int(Confidentiality.INTERNAL), reported_at__lt=moment.end)
    return moment.rows(Problem, FIELDS, where)


def _ended(row: Any, moment: Moment) -> datetime | None:
    """When it had an outcome; None while it was open on the day."""
    if row.outcome == Outcome.OPEN:
        return None
    at = row.closed_at or row.asked_at
    return at if at is not None and at < moment.end else None


def _due(moment: Moment) -> Iterator[tuple[Any, datetime | None]]:
    """What fell due or ended this year by the day, with when it ended."""
    for row in _counted(moment):
        ended = _ended(row, moment)
        fell_due = moment.begin <= row.first_due_at < moment.start
        if row.lead_unit_id and (fell_due or (ended is not None and ended >= moment.begin)):
            yield row, ended


def _name(row: Any) -> str:
    return f"{row.number} {row.title}"


def _day(at: datetime) -> str:
    return timezone.localtime(at).date().isoformat()


def _settled(moment: Moment, subject: Subject, *, in_time: bool) -> Iterator[Fact]:
    for row, ended in _due(moment):
        solved = ended is not None and row.outcome == Outcome.SOLVED
        kept = solved and (row.solved_in_time or not in_time)
        if kept:
            state, why = mark("已解决"), mark("%(ended)s办结，原时限%(due)s")
        elif solved:
            state, why = mark("逾期解决"), mark("%(ended)s办结，原时限%(due)s")
        elif ended is not None:
            state, why = mark("办结但未解决"), mark("%(ended)s办结，原时限%(due)s")
        else:
            state, why = mark("未办结"), mark("原时限%(due)s")
        facts = {"due": _day(row.first_due_at), "ended": _day(ended) if ended else ""}
        if ended is not None and row.outcome == Outcome.EXCLUDED:
            state = mark("认定不合理，仍计入应计")
        yield Fact(
            row.lead_unit_id,
            row.row_key,
            _name(row),
            float(kept),
            state=state,
            why=why,
            facts=facts,
        )


def in_time(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """Solved by the first deadline, of all that fell due or ended."""
    return _settled(moment, subject, in_time=True)


def solved(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """Solved, late or not, of all that fell due or ended."""
    return _settled(moment, subject, in_time=False)


def overdue(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """Calendar days beyond the first deadline, over all that fell due; only a solution stops the count."""
    for row, ended in _due(moment):
        solved_at = ended if row.outcome == Outcome.SOLVED else None
        until = (row.asked_at or solved_at) if solved_at is not None else moment.start
        days = max(0, (until - row.first_due_at).days)
        yield Fact(
            row.lead_unit_id, row.row_key, _name(row), float(days), why=mark("超过原时限%(days)s天"),
            facts={"days": days}, state=mark("逾期") if days else mark("未逾期"),
        )  # fmt: skip


def responded(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """The reporter was spoken to in time. A sub-district answers for what its own desk received."""
    for row in _counted(moment):
        contacted = row.contacted_at if row.contacted_at and row.contacted_at < moment.end else None
        unit = row.desk_id if subject is Subject.SUBDISTRICT else row.lead_unit_id
        if (
            not unit
            or row.respond_by < moment.begin
            or (row.respond_by >= moment.start and contacted is None)
        ):
            continue
        kept = contacted is not None and contacted <= row.respond_by
        yield Fact(
            unit,
            row.row_key,
            _name(row),
            float(kept),
            state=mark("按时联系") if kept else mark("未按时联系"),
            why=mark("应于%(due)s前联系"),
            facts={"due": _day(row.respond_by)},
        )


def satisfied(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """Reporters of what ended: satisfied 1, basically satisfied 0.6, else nothing."""
    ended = {row.row_key: row for row, at in _due(moment) if at is not None}
    for reporter in moment.rows(Reporter, ("problem_id", "satisfaction")):
        row = ended.get(reporter.problem_id)
        if row is None:
            continue
        answer = Satisfaction(reporter.satisfaction)
        yield Fact(
            row.lead_unit_id, row.row_key, _name(row), WORTH.get(answer, 0.0), part=str(reporter.row_key),
            state=answer.label,
        )  # fmt: skip


def done_once(moment: Moment, subject: Subject) -> Iterator[Fact]:
    """Sent back to be done again at most once, of what ended."""
    for row, at in _due(moment):
        if at is None:
            continue
        kept = row.redone <= MOST_REDONE and row.outcome == Outcome.SOLVED
        yield Fact(
            row.lead_unit_id, row.row_key, _name(row), float(kept),
            state=mark("一次办成") if kept else mark("反复办理或未解决"), why=mark("重办%(times)s次"),
            facts={"times": row.redone},
        )  # fmt: skip


def install() -> None:
    """Register the indicators; called once when Django starts."""
    for key, title, collect, measure, meaning in (
        (
            "problems.in_time",
            mark("问题按期办结"),
            in_time,
            Measure.ITEMS,
            mark("按原时限解决的，占到期或已办结的"),
        ),
        ("problems.solved", mark("问题解决"), solved, Measure.ITEMS, mark("已解决的，占到期或已办结的")),
        (
            "problems.overdue",
            mark("问题超期天数"),
            overdue,
            Measure.DAYS,
            mark("到期问题平均超过原时限的天数"),
        ),
        (
            "problems.responded",
            mark("按时响应"),
            responded,
            Measure.ITEMS,
            mark("按时联系反映人的，占应联系的"),
        ),
        (
            "problems.satisfied",
            mark("服务评价"),
            satisfied,
            Measure.SHARE,
            mark("满意计1，基本满意计0.6，其余计0"),
        ),
        (
            "problems.done_once",
            mark("一次办成"),
            done_once,
            Measure.ITEMS,
            mark("重办不超过一次且解决的，占已办结的"),
        ),
    ):
        register(Indicator(key, title, EVERYBODY, Problem, collect, measure, meaning))
