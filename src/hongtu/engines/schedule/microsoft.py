"""Dates by Microsoft Project's rules, which differ from Primavera's: what the author of such a file sees.

Where the two programs differ, and what is done here (the rules are those that Microsoft Project's own saved
dates show, see docs/reference/schedule-oracle.md):

- A manually scheduled task stays on its typed dates whatever its relations say. It still gets late dates, but
  its start relations (SS, SF) do not bound them.
- Constraint dates win over relations (must start on, must finish on, no later than). A start-no-earlier-than
  or finish-no-earlier-than task without predecessors may lie before the project start, and so may a task
  that a lead pulls there, except by a finish-finish relation.
- A task in progress is not moved by predecessors or by a data date: it runs from its actual start, or, when
  interrupted, its remaining work from the resume date.
- Lags run on the successor's calendar; elapsed lags and durations around the clock.
- An as-late-as-possible task is shown on its late dates and pushes its successors; its slack is zero.
- A plan may be scheduled from its finish: then everything unconstrained is as late as possible.

A task in progress does not bound its predecessors' start relations; finished successors bound nothing.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from .calendars import MINUTES_PER_DAY, to_datetime
from .microsoft_passes import FROM_FINISH, TO_FINISH, Link, MicrosoftRules, Passes, Task
from .model import Network, ScheduleResult
from .prepare import faults

__all__ = ["MicrosoftRules", "schedule_as_microsoft"]


def schedule_as_microsoft(network: Network, rules: MicrosoftRules | None = None) -> ScheduleResult:
    """Early and late dates and slack of a network as Microsoft Project computes them.

    `network.data_date`, `must_finish_by`, `progress` and `lag_calendar` have no part in its rules. Raises a
    `ScheduleError` naming the culprit when the network cannot be planned.
    """
    for fault in faults(network):
        raise fault
    plan = _Plan(network, rules or MicrosoftRules())
    while True:
        plan.run()
        if plan.inside():
            return plan.result()
        plan.grow()


class _Plan(Passes):
    """The passes, and what is told of them."""

    def result(self) -> ScheduleResult:
        """Arrays in the order of the network."""
        tasks = [self.tasks[a.id] for a in self.network.activities]
        late = [self.shows_late(t) for t in tasks]
        free = [self._free(t) for t in tasks]
        total = np.array([self._total(t) for t in tasks], np.int64)
        shown = [
            (t.late_start if as_late and not t.started else t.start, t.late_finish if as_late else t.finish)
            for t, as_late in zip(tasks, late, strict=True)
        ]
        done = np.array([t.done for t in tasks], np.bool_)

        def column(values: list[int]) -> np.ndarray:
            return np.array(values, np.int64)

        critical = ~done & (total <= self.network.critical_float)
        driving = [(k.index, at) for at, t in enumerate(tasks) for k in t.incoming if self._drives(k)]
        return ScheduleResult(
            ids=tuple(t.activity.id for t in tasks),
            early_start=column([t.start for t in tasks]),
            early_finish=column([t.finish for t in tasks]),
            late_start=column([t.start if t.started else t.late_start for t in tasks]),
            late_finish=column([t.late_finish for t in tasks]),
            shown_start=column([s for s, _ in shown]),
            shown_finish=column([f for _, f in shown]),
            total_float=total,
            free_float=column(free),
            critical=critical,
            minutes_per_day=column([self._day(t) for t in tasks]),
            project_start=min((s for s, _ in shown), default=self.project_start),
            project_finish=self.finish,
            driving_relation=column([relation for relation, _ in driving]),
            driving_successor=column([successor for _, successor in driving]),
            longest_path=self._longest(tasks),
            caveats=self._caveats(tasks),
            index={t.activity.id: at for at, t in enumerate(tasks)},
        )

    def _day(self, task: Task) -> int:
        return MINUTES_PER_DAY if task.elapsed else self.calendars[task.calendar].minutes_per_day

    def _between(self, task: Task, first: int, last: int) -> int:
        if task.elapsed:
            return last - first
        return self.timeline.work(task.calendar, last) - self.timeline.work(task.calendar, first)

    def _total(self, task: Task) -> int:
        if task.done or self.shows_late(task):
            return 0
        by_finish = self._between(task, task.finish, task.late_finish)
        if task.started:
            return by_finish
        return min(by_finish, self._between(task, task.start, task.late_start))

    def _free(self, task: Task) -> int:
        if task.done:
            return 0
        gaps = [self._gap(link) for link in task.outgoing if not link.target.done]
        return max(0, min(gaps)) if gaps else max(0, self._total(task))

    def _gap(self, link: Link) -> int:
        kind = link.relation.type
        source = self._shown(link.source)[0 if kind not in FROM_FINISH else 1]
        target = self._shown(link.target)[1 if kind in TO_FINISH else 0]
        if link.lag:
            target = self.later(link.target, target, -link.lag, link.elapsed)
        return self._between(link.source, source, target)

    def _shown(self, task: Task) -> tuple[int, int]:
        return (task.late_start, task.late_finish) if self.shows_late(task) else (task.start, task.finish)

    def _drives(self, link: Link) -> bool:
        return not (link.target.pinned or link.target.started) and self._gap(link) <= 0

    def _longest(self, tasks: list[Task]) -> np.ndarray:
        on_path = {id(t) for t in tasks if t.finish == self.finish and not t.done}
        for task in reversed(self.order):
            if id(task) in on_path:
                on_path |= {id(k.source) for k in task.incoming if self._drives(k) and not k.source.done}
        return np.array([id(t) in on_path for t in tasks], np.bool_)

    def _caveats(self, tasks: list[Task]) -> tuple[str, ...]:
        if not tasks:
            return ()
        first = to_datetime(min(t.start for t in tasks)).date()
        last = (to_datetime(max(t.late_finish for t in tasks)) - timedelta(minutes=1)).date()
        used = {t.calendar for t in tasks}
        said = (self.calendars[at].caveat(first, last) for at in sorted(used))
        return tuple(dict.fromkeys(s for s in said if s))
