"""Tasks: what a conclusion asks of whom; handed to the spine whole, done when the spine proves it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.consultation.actions.core import at_step, refuse, required_text
from hongtu.domains.consultation.models import Conclusion, Task
from hongtu.domains.consultation.vocab import Agreement, Refusal, Step, TaskState
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.events import subscribe
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import actions as problems
from hongtu.kernel.problems import vocab as spine
from hongtu.kernel.problems.events import ProblemClosed, ProblemReopened
from hongtu.kernel.problems.models import Problem

NEEDED = ("amount", "funding", "unit", "person", "approach", "due_on", "evidence")
CLOSE_OF_BUSINESS = time(17, 30)


@action("consultation.set_task")
def set_task(*, by: Person | None, conclusion: Conclusion, name: str, **values: Any) -> Task:
    """A task out of a conclusion. It may lack things until it is handed over."""
    topic = conclusion.topic
    require(by, "consultation.change", topic)
    at_step(topic, Step.ASSIGN)
    if conclusion.agreement == Agreement.NONE or conclusion.round != topic.round:
        refuse(Refusal.NOT_AGREED)
    required_text({"name": name})
    made = Task.objects.create(conclusion=conclusion, name=name.strip(), **values)
    note(made, topic=topic.number)
    return made


@action("consultation.revise_task")
def revise_task(*, by: Person | None, record: Task, version: int, **changes: Any) -> Task:
    """Complete a task that was not handed over yet; afterwards the spine's moves are the only way."""
    topic = record.conclusion.topic
    require(by, "consultation.change", record)
    at_step(topic, Step.ASSIGN)
    if record.state != TaskState.DRAFT:
        refuse(Refusal.WRONG_STEP, step=record.get_state_display())
    if changes.get("conclusion", record.conclusion) != record.conclusion:
        refuse(Refusal.OTHER_CONCLUSION, "conclusion")
    note(record, fields=sorted(changes))
    return record.revise(version, **changes)


def _whole(task: Task) -> None:
    """Refuse a task that lacks money, owner, path, deadline or evidence, naming what is missing."""
    lacking = [name for name in NEEDED if getattr(task, name) in (None, "")]
    if lacking:
        labels = [str(Task._meta.get_field(name).verbose_name) for name in lacking]  # type: ignore[union-attr]
        refuse(Refusal.INCOMPLETE_TASK, fields="、".join(labels))


@action("consultation.hand_over")
def hand_over(*, by: Person | None, task: Task, version: int) -> Task:
    """Give a whole task to its owner as a problem of the one numbering, due when the task says."""
    topic = task.conclusion.topic
    require(by, "consultation.approve", topic)
    at_step(topic, Step.ASSIGN)
    if task.state != TaskState.DRAFT:
        refuse(Refusal.WRONG_STEP, step=task.get_state_display())
    _whole(task)
    made = problems.report(
        by=by,
        kind=spine.Kind.CONSULTATION,
        source=spine.Source.CONSULTATION,
        title=task.name,
        description=task.approach,
        urgency=spine.Urgency.COMPLEX,
        desk=topic.subdistrict,
        subdistrict=topic.subdistrict,
        community=topic.community,
        demonstration=topic.demonstration,
    ).problem
    due = timezone.make_aware(datetime.combine(task.due_on, CLOSE_OF_BUSINESS))  # type: ignore[arg-type]
    made.revise(made.version, due_at=due, first_due_at=due)
    made = problems.triage(by=by, problem=made, version=made.version)
    made = problems.assign(by=by, problem=made, version=made.version, unit=task.unit, text=topic.number)
    note(task, number=made.number)
    return task.revise(version, state=TaskState.HANDED, problem=made)


@action("consultation.adopt_problem")
def adopt_problem(*, by: Person | None, task: Task, version: int, problem: Problem) -> Task:
    """The task is what an existing problem already asks for: link them instead of making a second one."""
    topic = task.conclusion.topic
    require(by, "consultation.approve", topic)
    require(by, "problems.triage", problem)
    at_step(topic, Step.ASSIGN)
    _whole(task)
    if task.state != TaskState.DRAFT or Task.objects.filter(problem=problem).exists():
        refuse(Refusal.NOT_RELATED, "problem")
    note(task, number=problem.number)
    task.revise(version, state=TaskState.HANDED, problem=problem)
    _follow(task, problem)
    return task


def _follow(task: Task, problem: Problem) -> None:
    """Bring the task up to date with its problem."""
    if problem.state == spine.State.SOLVED and problem.closed_at:
        day = timezone.localtime(problem.closed_at).date()
        after = {"state": TaskState.DONE, "done_on": day}
    elif problem.state in spine.TERMINAL:
        after = {"state": TaskState.FAILED, "done_on": None}
    else:
        after = {"state": TaskState.HANDED, "done_on": None}
    if task.state != after["state"]:
        task.revise(task.version, **after)


@action("consultation.follow_problem")
def follow_problem(*, by: Person | None, task: Task) -> Task:
    """A task's problem ended or runs again: solved with evidence is done, every other end is not."""
    if task.problem is None:
        raise ValueError(_("任务单还没有交办。"))
    note(task, number=task.problem.number, state=task.problem.state)
    _follow(task, task.problem)
    return task


@subscribe(ProblemClosed)
def on_closed(event: ProblemClosed) -> None:
    _tell(event.problem)


@subscribe(ProblemReopened)
def on_reopened(event: ProblemReopened) -> None:
    _tell(event.problem)


def _tell(problem: int) -> None:
    for task in Task.objects.filter(problem=problem).select_related("problem"):
        follow_problem(by=None, task=task)
