"""The two passes of `microsoft`, task by task over the calendars' tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .calendars import MINUTES_PER_DAY, to_finish_minutes, to_minutes
from .errors import HorizonError
from .layout import build_layout
from .model import Activity, ActivityKind, ConstraintKind, Duration, Network, Relation, RelationType
from .timeline import Timeline, build_timeline

FROM_FINISH = (RelationType.FINISH_START, RelationType.FINISH_FINISH)
AT_FINISH = {
    ConstraintKind.FINISH_NO_EARLIER_THAN,
    ConstraintKind.FINISH_NO_LATER_THAN,
    ConstraintKind.MUST_FINISH_ON,
    ConstraintKind.MANDATORY_FINISH,
}
TO_FINISH = (RelationType.FINISH_FINISH, RelationType.START_FINISH)


@dataclass(frozen=True)
class MicrosoftRules:
    """What Microsoft Project knows of a plan beyond the network."""

    pinned: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict)
    """Typed start and finish of manually scheduled and external tasks."""
    levelling_delay: Mapping[str, int] = field(default_factory=dict)
    """Elapsed minutes by which levelling pushed a task."""
    finish: datetime | None = None
    """The project finish from which the plan is scheduled backwards."""


@dataclass
class Task:
    activity: Activity
    calendar: int
    length: int
    """Minutes of work, or around the clock when `elapsed`."""
    remaining: int
    elapsed: bool
    pinned: tuple[int, int] | None
    milestone: bool
    delay: int
    incoming: list[Link] = field(default_factory=list)
    outgoing: list[Link] = field(default_factory=list)
    start: int = 0
    finish: int = 0
    late_start: int = 0
    late_finish: int = 0

    @property
    def started(self) -> bool:
        return self.activity.actual_start is not None or self.done

    @property
    def done(self) -> bool:
        return self.activity.actual_finish is not None

    def kinds(self) -> dict[ConstraintKind, int]:
        """Constraints and their moments; of two of one kind the stricter."""
        found: dict[ConstraintKind, int] = {}
        for c in self.activity.constraints:
            moment = (
                0
                if c.moment is None
                else to_finish_minutes(c.moment)
                if c.kind in AT_FINISH
                else to_minutes(c.moment)
            )
            stricter = max if "NO_EARLIER" in c.kind.name else min
            found[c.kind] = stricter(found.get(c.kind, moment), moment)
        return found


@dataclass(frozen=True)
class Link:
    index: int
    relation: Relation
    source: Task
    target: Task
    lag: int
    elapsed: bool


class Passes:
    def __init__(self, network: Network, rules: MicrosoftRules) -> None:
        self.network, self.rules = network, rules
        self.calendars = list(network.calendars)
        self.around_the_clock = len(self.calendars)
        numbers = {calendar.id: at for at, calendar in reversed(list(enumerate(self.calendars)))}
        default = numbers[network.calendar().id]
        self.tasks = {
            a.id: self._task(a, numbers[a.calendar] if a.calendar else default) for a in network.activities
        }
        for index, relation in enumerate(network.relations):
            source, target = self.tasks[relation.predecessor], self.tasks[relation.successor]
            calendar = self.calendars[target.calendar]
            link = Link(
                index, relation, source, target, relation.lag.in_minutes(calendar), relation.lag.elapsed
            )
            source.outgoing.append(link)
            target.incoming.append(link)
        self.order = self._sorted()
        self.project_start = to_minutes(network.start)
        self.from_finish = rules.finish is not None
        self.late_known = False
        self.timeline = self._timeline(400)

    def _task(self, activity: Activity, calendar: int) -> Task:
        own = self.calendars[calendar]
        length = activity.duration.in_minutes(own)
        remaining = self._remaining(activity).in_minutes(own)
        pinned = self.rules.pinned.get(activity.id)
        return Task(
            activity=activity,
            calendar=calendar,
            length=length,
            remaining=remaining,
            elapsed=activity.duration.elapsed,
            pinned=(to_minutes(pinned[0]), to_minutes(pinned[1])) if pinned else None,
            milestone=activity.kind in (ActivityKind.START_MILESTONE, ActivityKind.FINISH_MILESTONE),
            delay=self.rules.levelling_delay.get(activity.id, 0),
        )

    @staticmethod
    def _remaining(activity: Activity) -> Duration:
        if activity.actual_finish is not None:
            return Duration.minutes(0)
        if activity.actual_start is None:
            return activity.duration
        if activity.remaining is not None:
            return activity.remaining
        left = activity.duration.amount * (1 - activity.percent_complete / 100)
        return Duration(left, activity.duration.unit)

    def _sorted(self) -> list[Task]:
        ids = list(self.tasks)
        number = {id: at for at, id in enumerate(ids)}
        relations = self.network.relations
        layout = build_layout(
            len(ids),
            [number[r.predecessor] for r in relations],
            [number[r.successor] for r in relations],
            label=lambda at: self.tasks[ids[at]].activity.label,
        )
        return [self.tasks[ids[at]] for at in layout.order]

    # --- time -------------------------------------------------------------------------------------------

    def _timeline(self, margin: int) -> Timeline:
        known = [self.project_start]
        if self.rules.finish:
            known.append(to_minutes(self.rules.finish))
        work = 0
        for task in self.tasks.values():
            known += [moment for kind, moment in task.kinds().items() if moment]
            known += [
                to_minutes(m)
                for m in (task.activity.actual_start, task.activity.actual_finish, task.activity.deadline)
                if m
            ]
            known += task.pinned or ()
            work += task.length
        first = min(known) // MINUTES_PER_DAY - margin
        last = max(known) // MINUTES_PER_DAY + margin + min(2 * work // 480, 8 * margin)
        self.margin = margin
        return build_timeline(self.calendars, first, last)

    def grow(self) -> None:
        """Widen the tables after dates left them."""
        if self.timeline.days > 3_000_000:
            raise HorizonError("Dates run beyond the year 9999.", remedy="Look for an impossible duration.")
        self.timeline = self._timeline(self.margin * 4)

    def inside(self) -> bool:
        """Whether every date lies inside the tables, so that none was cut off."""
        low, high = (
            self.timeline.base + MINUTES_PER_DAY,
            self.timeline.base + self.timeline.end - MINUTES_PER_DAY,
        )
        return all(
            low < moment < high
            for t in self.order
            for moment in (t.start, t.finish, t.late_start, t.late_finish)
        )

    def later(self, task: Task, moment: int, amount: int, elapsed: bool) -> int:
        """A moment moved by working or elapsed minutes on the task's calendar; negative moves back."""
        if elapsed:
            return moment + amount
        return self.timeline.move(task.calendar, moment, amount)

    def _next(self, task: Task, moment: int) -> int:
        """The next working moment; a milestone may stand at the end of a shift."""
        if task.elapsed:
            return moment
        work = self.timeline.work(task.calendar, moment)
        following = self.timeline.start_of(task.calendar, work)
        if task.milestone and following > moment and self._ends_shift(task, moment):
            return moment
        return following

    def _ends_shift(self, task: Task, moment: int) -> bool:
        return self.timeline.work(task.calendar, moment) > self.timeline.work(task.calendar, moment - 1)

    def _settle(self, task: Task, moment: int) -> int:
        """A finish in free time, moved back to the end of the work before it."""
        if task.elapsed:
            return moment
        work = self.timeline.work(task.calendar, moment)
        return self.timeline.start_of(task.calendar, work - 1) + 1 if work > 0 else moment

    # --- passes -----------------------------------------------------------------------------------------

    def run(self) -> None:
        """Both passes; backwards first when the plan hangs on its finish."""
        if self.rules.finish is not None:
            for task in self.order:
                task.start, task.finish = task.pinned or (self.project_start, self.project_start)
            self.finish = to_minutes(self.rules.finish)
            self._backward()
            self.project_start = min(t.late_start for t in self.order)
            self.late_known = True
            self._forward()
            return
        self.late_known = False
        self._forward()
        self.finish = max(t.finish for t in self.order) if self.order else self.project_start
        self._backward()
        if any(self.shows_late(t) for t in self.order):
            self.late_known = True
            self._forward()

    def _forward(self) -> None:
        for task in self.order:
            task.start, task.finish = self._early(task)

    def _early(self, task: Task) -> tuple[int, int]:
        if task.pinned:
            return task.pinned
        if task.started:
            return self._in_progress(task)
        kinds = task.kinds()
        floors = [
            moment
            for kind, moment in (
                (ConstraintKind.START_NO_EARLIER_THAN, kinds.get(ConstraintKind.START_NO_EARLIER_THAN)),
                (
                    ConstraintKind.FINISH_NO_EARLIER_THAN,
                    self._start_for(task, kinds.get(ConstraintKind.FINISH_NO_EARLIER_THAN)),
                ),
            )
            if moment is not None
        ]
        bounds = [self._start_bound(link) for link in task.incoming]
        if not bounds and not floors:
            floors.append(self.project_start)
        start = self._next(task, max(floors + bounds)) + task.delay
        start = self._held(task, kinds, self._next(task, start))
        if task.milestone or not task.length:
            return start, start
        return start, self.later(task, start, task.length, task.elapsed)

    def _held(self, task: Task, kinds: Mapping[ConstraintKind, int], start: int) -> int:
        """Constraint dates that win over relations."""
        for kind, from_finish in (
            (ConstraintKind.START_NO_LATER_THAN, False),
            (ConstraintKind.FINISH_NO_LATER_THAN, True),
        ):
            if kind in kinds:
                limit = self._start_for(task, kinds[kind]) if from_finish else kinds[kind]
                start = min(start, limit if limit is not None else start)
        for kind in (ConstraintKind.MUST_START_ON, ConstraintKind.MANDATORY_START):
            start = kinds.get(kind, start)
        for kind in (ConstraintKind.MUST_FINISH_ON, ConstraintKind.MANDATORY_FINISH):
            if kind in kinds:
                start = self._start_for(task, kinds[kind]) or start
        return start

    def _start_for(self, task: Task, finish: int | None) -> int | None:
        if finish is None:
            return None
        return self.later(task, finish, -task.length, task.elapsed) if task.length else finish

    def _in_progress(self, task: Task) -> tuple[int, int]:
        activity = task.activity
        if activity.actual_finish is not None:
            finish = to_finish_minutes(activity.actual_finish)
            return finish if activity.actual_start is None else to_minutes(activity.actual_start), finish
        assert activity.actual_start is not None
        start = to_minutes(activity.actual_start)
        if activity.resume is not None:
            finish = self.later(task, to_minutes(activity.resume), task.remaining, task.elapsed)
        else:
            finish = self.later(task, start, task.length, task.elapsed)
        floor = task.kinds().get(ConstraintKind.FINISH_NO_EARLIER_THAN)
        return start, finish if floor is None else max(finish, floor)

    def _start_bound(self, link: Link) -> int:
        """The earliest start of the successor that a relation allows."""
        task, kind = link.target, link.relation.type
        start, finish = self._pushing(link)
        moment = finish if kind in FROM_FINISH else start
        if link.lag:
            moment = self.later(task, moment, link.lag, link.elapsed)
        if kind in TO_FINISH and task.length:
            moment = self.later(task, moment, -task.length, task.elapsed)
        return max(moment, self.project_start) if kind is RelationType.FINISH_FINISH else moment

    def _pushing(self, link: Link) -> tuple[int, int]:
        """The predecessor's dates that count: late ones when it is as late as possible, its successor not."""
        source = link.source
        if self.late_known and self.shows_late(source) and not self.shows_late(link.target):
            return source.late_start, source.late_finish
        return source.start, source.finish

    def _backward(self) -> None:
        for task in reversed(self.order):
            self._late(task)

    def _late(self, task: Task) -> None:
        if task.done:
            task.late_start, task.late_finish = task.start, task.finish
            return
        bounds = [self._finish_bound(link) for link in task.outgoing if not link.target.done]
        finish = min([self.finish, *bounds])
        kinds = task.kinds()
        for kind in (ConstraintKind.FINISH_NO_LATER_THAN, ConstraintKind.START_NO_LATER_THAN):
            if kind in kinds:
                at = kinds[kind]
                from_start = kind is ConstraintKind.START_NO_LATER_THAN
                finish = min(finish, self._finish_for(task, at) if from_start else at)
        for kind in (ConstraintKind.MUST_START_ON, ConstraintKind.MANDATORY_START):
            if kind in kinds:
                finish = self._finish_for(task, kinds[kind])
        for kind in (ConstraintKind.MUST_FINISH_ON, ConstraintKind.MANDATORY_FINISH):
            finish = kinds.get(kind, finish)
        if task.activity.deadline is not None:
            finish = min(finish, to_finish_minutes(task.activity.deadline))
        finish = self._settle(task, finish)
        left = task.length if task.pinned else task.remaining
        task.late_finish = finish
        task.late_start = self.later(task, finish, -left, task.elapsed) if left else finish

    def _finish_for(self, task: Task, start: int) -> int:
        return self.later(task, start, task.length, task.elapsed) if task.length else start

    def _finish_bound(self, link: Link) -> int:
        """The latest finish of the predecessor that a relation allows."""
        task, kind = link.source, link.relation.type
        if kind not in FROM_FINISH and (task.pinned or task.started or link.target.started):
            return self.finish
        target = link.target
        moment = target.late_finish if kind in TO_FINISH else target.late_start
        if target.milestone and not target.elapsed and (task.elapsed or link.elapsed):
            # Around the clock Friday evening is not Monday morning: the milestone may wait until then.
            moment = self.timeline.start_of(target.calendar, self.timeline.work(target.calendar, moment))
        if link.lag:
            moment = self.later(target, moment, -link.lag, link.elapsed)
        if kind not in FROM_FINISH:
            moment = self._finish_for(task, self._next(task, moment))
        return moment

    def shows_late(self, task: Task) -> bool:
        if task.pinned or task.started:
            return False
        kinds = task.kinds()
        if ConstraintKind.AS_LATE_AS_POSSIBLE in kinds:
            return True
        return self.from_finish and not kinds
