"""Which event tells whom. Runs inside the transaction of what happened: told with it, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from hongtu.engines.vocabulary import mark
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.chains.models import Step
from hongtu.kernel.events import subscribe
from hongtu.kernel.notices import recipients
from hongtu.kernel.notices.actions.telling import News, tell
from hongtu.kernel.notices.events import (
    AgreementProposed,
    EscalatedItem,
    ItemsEscalated,
    MeetingDecided,
    PeopleConcerned,
    ReviewAsked,
)
from hongtu.kernel.notices.vocab import Kind
from hongtu.kernel.people.models import Unit
from hongtu.kernel.problems.events import ClockRanOut, DecisionAsked, ProblemMoved
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.vocab import Clock, Move, Source
from hongtu.kernel.problems.vocab import Kind as ProblemKind
from hongtu.kernel.problems.vocab import Subject as Asked
from hongtu.kernel.profile.models import today

OLD = timedelta(days=3)
PEOPLE = ("handler", "handling_unit", "owner_unit", "desk", "reported_by")
PROBLEM = "problem_spine.problem"
_DAY = "hongtu.notices.today"


@dataclass(frozen=True)
class Telling:
    """What a move tells and to whom."""

    kind: Kind
    people: Callable[[Problem], set[int]]
    pattern: str


def _done(problem: Problem) -> set[int]:
    return recipients.workers(problem) | recipients.reporter(problem)


MOVES: dict[Move, Telling] = {
    Move.ASSIGN: Telling(Kind.ASSIGNED, recipients.workers, mark("%(number)s 交办给您，请签收")),
    Move.TRANSFER: Telling(Kind.ASSIGNED, recipients.workers, mark("%(number)s 转给您办理")),
    Move.RETURN: Telling(Kind.RETURNED, recipients.desk, mark("%(number)s 被承办单位退回，请重新交办")),
    Move.REJECT: Telling(Kind.RETURNED, recipients.workers, mark("%(number)s 复核未通过，请继续办理")),
    Move.DISPUTE: Telling(Kind.RETURNED, recipients.workers, mark("%(number)s 反映人不认可，请继续办理")),
    Move.REOPEN: Telling(Kind.RETURNED, recipients.workers, mark("%(number)s 已重启，请继续办理")),
    Move.ASK_TO_CLOSE: Telling(Kind.REVIEW, recipients.verifiers, mark("%(number)s 申请销号，请复核")),
    Move.VERIFY: Telling(Kind.VERIFIED, _done, mark("%(number)s 的成果已经他人复核通过")),
}


def install() -> None:
    """Subscribe; called once when Django starts."""
    subscribe(ProblemMoved)(on_moved)
    subscribe(ClockRanOut)(on_clock)
    subscribe(DecisionAsked)(on_decision_asked)
    subscribe(ItemsEscalated)(on_escalated)
    subscribe(MeetingDecided)(on_meeting)
    subscribe(AgreementProposed)(on_agreement)
    subscribe(ReviewAsked)(on_review)
    subscribe(PeopleConcerned)(on_concerned)


def is_news(at: datetime | None) -> bool:
    """Whether it happened lately, by the clock or by the district's own day. What is taken over from old
    records tells nobody."""
    if at is None or at >= timezone.now() - OLD:
        return True
    day = cache.get(_DAY)
    if day is None:
        day = today()
        cache.set(_DAY, day, timeout=60)
    return timezone.localtime(at).date() > day - OLD


def _problem(key: int) -> Problem:
    return Problem.objects.select_related(*PEOPLE).get(pk=key)


def _news(problem: Problem, kind: Kind, key: str, text: Sentence, at: datetime | None) -> News:
    return News(
        kind,
        key,
        problem.title,
        text,
        label=PROBLEM,
        subject=problem.pk,
        problem=problem.pk,
        confidentiality=problem.confidentiality,
        due_at=problem.clock_due_at,
        at=at,
    )


def on_moved(event: ProblemMoved) -> None:
    telling = MOVES.get(event.move)
    if telling is None or not is_news(event.at):
        return
    problem = _problem(event.problem)
    if event.move is Move.ASSIGN and _of_a_meeting(problem):
        return  # the meeting tells it, with its decision
    text = Sentence(telling.pattern, {"number": problem.number})
    key = f"{event.move.value}:{problem.pk}:{problem.version}"
    tell([(_news(problem, telling.kind, key, text, event.at), telling.people(problem) - {event.by or 0})])


def _of_a_meeting(problem: Problem) -> bool:
    return problem.kind == ProblemKind.ORDER and problem.source == Source.MEETING


def on_clock(event: ClockRanOut) -> None:
    problem = _problem(event.problem)
    if not is_news(problem.clock_due_at):
        return
    clock = Sentence(Clock(event.clock).label)
    text = Sentence(mark("%(number)s 的%(clock)s已过"), {"number": problem.number, "clock": clock})
    waits = (
        recipients.workers
        if problem.handling_unit_id and problem.owner_unit_id == problem.handling_unit_id
        else recipients.desk
    )
    key = f"overdue:{problem.pk}:{event.clock}:{problem.clock_due_at:%Y%m%d%H%M}"
    tell([(_news(problem, Kind.OVERDUE, key, text, None), waits(problem))])


def on_decision_asked(event: DecisionAsked) -> None:
    if not is_news(event.at):
        return
    problem = _problem(event.problem)
    subject = Sentence(Asked(event.subject).label)
    text = Sentence(mark("%(number)s 申请%(what)s，请审批"), {"number": problem.number, "what": subject})
    people = recipients.approvers(problem) - {event.by or 0}
    tell([(_news(problem, Kind.REVIEW, f"asked:{event.decision}", text, event.at), people)])


def on_escalated(event: ItemsEscalated) -> None:
    """Those who are to act hear of each of their items; the centre, of all of a day that reached a district
    leader, in one notice."""
    if not is_news(timezone.make_aware(datetime.combine(event.on, datetime.min.time()))):
        return
    problems = Problem.objects.select_related(*PEOPLE).in_bulk([i.problem for i in event.items if i.problem])
    steps = Step.objects.select_related("unit").in_bulk([i.step for i in event.items if i.step])
    batch: list[tuple[News, set[int]]] = []
    for item in _highest(event):
        key = f"escalated:{'problem' if item.problem else 'step'}:{item.problem or item.step}"
        key = f"{key}:{item.level}:{item.since}"
        problem, step = problems.get(item.problem or 0), steps.get(item.step or 0)
        if problem is not None:
            batch.append(
                (_news(problem, Kind.ESCALATED, key, item.reason, None), recipients.workers(problem))
            )
        elif step is not None:
            people = recipients.active([step.person_id]) if step.person_id else set()
            people = people or recipients.people_at(step.unit, "projects.change")
            news = News(Kind.ESCALATED, key, item.name, item.reason, label="chains.step", subject=step.pk)
            batch.append((news, people))
    tell([*batch, *_for_the_centre(event)])


def _highest(event: ItemsEscalated) -> list[EscalatedItem]:
    """Of several levels that one look reached for the same item, the highest: one thing is told once."""
    found: dict[tuple[int | None, int | None], EscalatedItem] = {}
    for item in sorted(event.items, key=lambda item: item.level):
        found[(item.problem, item.step)] = item
    return list(found.values())


def _for_the_centre(event: ItemsEscalated) -> list[tuple[News, set[int]]]:
    high = sorted(f"{i.problem}/{i.step}/{i.level}/{i.since}" for i in _highest(event) if i.level >= 3)
    root = Unit.objects.filter(parent=None).first()
    if not high or root is None:
        return []
    seal = hashlib.sha256(";".join(high).encode()).hexdigest()[:16]
    text = Sentence(mark("%(on)s有%(count)d件提至三级或四级"), {"on": event.on, "count": len(high)})
    news = News(Kind.ESCALATED, f"escalated:{event.on}:{seal}", root.name, text, label="dispatch.escalation")
    return [(news, recipients.people_at(root, "dispatch.manage", up_to_district=True))]


def on_meeting(event: MeetingDecided) -> None:
    held = timezone.make_aware(datetime.combine(event.held_on, datetime.min.time()))
    if not is_news(held):
        return
    order = _problem(event.order)
    values = {"meeting": event.meeting, "decision": event.decision, "due": event.due_on}
    text = Sentence(mark("%(meeting)s议定：%(decision)s，%(due)s前完成"), values)
    news = _news(order, Kind.DECIDED, f"decided:{event.item}", text, None)
    tell([(news, recipients.workers(order) - {event.by or 0})])


def on_agreement(event: AgreementProposed) -> None:
    people: set[int] = set()
    for unit in Unit.objects.filter(pk__in=event.units):
        people |= recipients.people_at(unit, "projects.change")
    text = Sentence(mark("协议已提请各方签署，请查看后签字"))
    news = News(Kind.SIGN, f"sign:{event.label}:{event.key}", event.name, text, event.label, event.key)
    tell([(news, people - {event.by or 0})])


def on_review(event: ReviewAsked) -> None:
    rows = Unit.objects.filter(pk=event.unit) if event.unit else Unit.objects.filter(parent=None)
    people = recipients.people_at(rows.first(), event.permission, up_to_district=True)
    key = f"review:{event.label}:{event.key}:{event.round}"
    tell([(News(Kind.REVIEW, key, event.name, event.what, event.label, event.key), people - {event.by or 0})])


def on_concerned(event: PeopleConcerned) -> None:
    if event.on is not None and not is_news(
        timezone.make_aware(datetime.combine(event.on, datetime.min.time()))
    ):
        return
    key = f"{event.kind.value}:{event.label}:{event.key}:{event.once}"
    news = News(event.kind, key, event.name, event.what, event.label, event.key, due_at=event.due_at)
    tell([(news, recipients.active(event.people - {event.by or 0}))])
