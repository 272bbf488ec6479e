"""The quality gate at plan intake: the fourteen points of the DCMA schedule assessment.

Source: Defense Contract Management Agency, "Earned Value Management System (EVMS) Program Analysis Pamphlet"
(DCMA-EA PAM 200.1, October 2012), section 4, "14-Point Schedule Metrics". Completed activities, levels of
effort and milestones are left out of the shares where the pamphlet leaves them out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from .calendars import to_finish_minutes, to_minutes
from .cpm import Planner
from .model import Activity, ActivityKind, ConstraintKind, Network, RelationType, ScheduleResult

LONG_DAYS = 44
"""Two working months: more float or duration than that is high."""
TEST_DAYS = 600
"""How far the critical path test delays one activity."""

HARD = {
    ConstraintKind.MUST_START_ON,
    ConstraintKind.MUST_FINISH_ON,
    ConstraintKind.START_NO_LATER_THAN,
    ConstraintKind.FINISH_NO_LATER_THAN,
    ConstraintKind.MANDATORY_START,
    ConstraintKind.MANDATORY_FINISH,
}

LATE_ONLY = {ConstraintKind.START_NO_LATER_THAN, ConstraintKind.FINISH_NO_LATER_THAN}
"""Hard constraints that leave early dates alone."""


@dataclass(frozen=True)
class Finding:
    """One activity (or relation) that breaks a point."""

    activity: str
    name: str
    detail: str


@dataclass(frozen=True)
class Check:
    """One of the fourteen points.

    `value` is a share of `population` (0..1), a count or an index as the point demands; `threshold` the
    limit; `passed` None where the point does not apply (no baseline, no resources, nothing to count).
    """

    number: int
    code: str
    title_zh: str
    title_en: str
    value: float
    threshold: float
    passed: bool | None
    population: int = 0
    findings: tuple[Finding, ...] = field(default=())


def assess(network: Network) -> tuple[Check, ...]:
    """All fourteen points of a plan, in order. Raises `ScheduleError` when it cannot be scheduled."""
    return _Assessment(network).checks()


def failed(checks: Iterable[Check]) -> tuple[Check, ...]:
    """The points that are not met."""
    return tuple(check for check in checks if check.passed is False)


class _Assessment:
    def __init__(self, network: Network) -> None:
        self.network = network
        self.planner = Planner(network)
        self.result: ScheduleResult = self.planner.run()
        self.open = [
            a
            for a in network.activities
            if a.actual_finish is None and a.kind is not ActivityKind.LEVEL_OF_EFFORT
        ]
        self.work = [a for a in self.open if a.duration.amount > 0]
        ids = {a.id for a in self.open}
        self.relations = [r for r in network.relations if r.predecessor in ids or r.successor in ids]
        self.by_id = {a.id: a for a in network.activities}
        self.now = to_minutes(network.data_date or network.start)

    def checks(self) -> tuple[Check, ...]:
        """The points in their official order."""
        return (
            self._logic(),
            *self._lags(),
            self._types(),
            self._constraints(),
            *self._floats(),
            self._durations(),
            self._dates(),
            self._resources(),
            self._missed(),
            self._critical_path(),
            self._length_index(),
            self._execution_index(),
        )

    def _share(
        self,
        number: int,
        code: str,
        zh: str,
        en: str,
        threshold: float,
        population: int,
        findings: list[Finding],
    ) -> Check:
        value = len(findings) / population if population else 0.0
        passed = value <= threshold if population else None
        return Check(number, code, zh, en, value, threshold, passed, population, tuple(findings))

    def _findings(self, activities: Iterable[Activity], detail: Callable[[Activity], str]) -> list[Finding]:
        return [Finding(a.id, a.label, said) for a in activities if (said := detail(a))]

    def _logic(self) -> Check:
        before = {r.successor for r in self.network.relations}
        after = {r.predecessor for r in self.network.relations}
        starts = [a for a in self.open if a.id not in before]
        ends = [a for a in self.open if a.id not in after]
        # One start and one end every plan must have; they are not missing anything.
        spared = ({starts[0].id} if len(starts) == 1 else set()) | ({ends[0].id} if len(ends) == 1 else set())

        def missing(a: Activity) -> str:
            parts = [] if a.id in before else ["no predecessor"]
            parts += [] if a.id in after else ["no successor"]
            return "" if a.id in spared else ", ".join(parts)

        found = self._findings(self.open, missing)
        return self._share(1, "logic", "缺少逻辑关系", "Missing logic", 0.05, len(self.open), found)

    def _lags(self) -> tuple[Check, Check]:
        leads: list[Finding] = []
        lags: list[Finding] = []
        for r in self.relations:
            if r.lag.amount:
                activity = self.by_id[r.successor]
                found = Finding(activity.id, activity.label, r.label)
                (leads if r.lag.amount < 0 else lags).append(found)
        count = len(self.relations)
        return (
            self._share(2, "leads", "负时距", "Leads", 0.0, count, leads),
            self._share(3, "lags", "正时距", "Lags", 0.05, count, lags),
        )

    def _types(self) -> Check:
        found = [
            Finding(r.successor, self.by_id[r.successor].label, r.label)
            for r in self.relations
            if r.type is not RelationType.FINISH_START
        ]
        return self._share(
            4, "relation-types", "非完成—开始关系", "Not finish-to-start", 0.10, len(self.relations), found
        )

    def _constraints(self) -> Check:
        def hard(a: Activity) -> str:
            return ", ".join(f"{c.kind} {c.moment}" for c in a.constraints if c.kind in HARD)

        found = self._findings(self.open, hard)
        return self._share(5, "hard-constraints", "硬约束", "Hard constraints", 0.05, len(self.open), found)

    def _floats(self) -> tuple[Check, Check]:
        days = self.result.total_float_days

        def high(a: Activity) -> str:
            spare = days[self.result.index[a.id]]
            return f"{spare:g} working days" if spare > LONG_DAYS else ""

        def negative(a: Activity) -> str:
            spare = days[self.result.index[a.id]]
            return f"{spare:g} working days" if spare < 0 else ""

        tall, below = self._findings(self.open, high), self._findings(self.open, negative)
        count = len(self.open)
        return (
            self._share(6, "high-float", "总时差过大", "High float", 0.05, count, tall),
            self._share(7, "negative-float", "负时差", "Negative float", 0.0, count, below),
        )

    def _durations(self) -> Check:
        def long(a: Activity) -> str:
            i = self.result.index[a.id]
            minutes = self.planner.prepared.full_duration[self.planner.index[a.id]]
            days = minutes / self.result.minutes_per_day[i]
            return f"{days:g} days" if days > LONG_DAYS else ""

        work = [a for a in self.work if a.actual_start is None]
        found = self._findings(work, long)
        return self._share(8, "high-duration", "工期过长", "High duration", 0.05, len(work), found)

    def _dates(self) -> Check:
        """Actual dates in the future. Forecast dates in the past cannot occur: the pass forbids them."""

        def invalid(a: Activity) -> str:
            parts = []
            if a.actual_start is not None and to_minutes(a.actual_start) > self.now:
                parts.append(f"actual start {a.actual_start} after the data date")
            if a.actual_finish is not None and to_minutes(a.actual_finish) > self.now:
                parts.append(f"actual finish {a.actual_finish} after the data date")
            return ", ".join(parts)

        everything = self.network.activities
        found = self._findings(everything, invalid)
        return self._share(9, "invalid-dates", "无效日期", "Invalid dates", 0.0, len(everything), found)

    def _resources(self) -> Check:
        loaded = any(a.resources for a in self.network.activities)
        work = self.work if loaded else []
        found = self._findings(work, lambda a: "" if a.resources else "no resource")
        return self._share(10, "resources", "未配置资源", "Resources", 0.0, len(work), found)

    def _due(self) -> list[Activity]:
        """Activities whose baseline says they are finished by the data date."""
        return [
            a
            for a in self.network.activities
            if a.baseline_finish is not None and to_finish_minutes(a.baseline_finish) <= self.now
        ]

    def _missed(self) -> Check:
        def late(a: Activity) -> str:
            baseline = to_finish_minutes(a.baseline_finish)  # type: ignore[arg-type]
            if a.actual_finish is None:
                return f"due {a.baseline_finish}, not finished"
            slipped = to_finish_minutes(a.actual_finish) > baseline
            return f"due {a.baseline_finish}, finished {a.actual_finish}" if slipped else ""

        due = self._due()
        found = self._findings(due, late)
        return self._share(11, "missed-tasks", "未按基线完成", "Missed activities", 0.05, len(due), found)

    def _critical_path(self) -> Check:
        """Delay the first activity of the longest path: the end must move as far (value 0), else 1.

        A path that a hard constraint begins hides all work before it: that fails as well.
        """
        result, p = self.result, self.planner.prepared
        path = [
            (result.early_start[result.index[a.id]], at)
            for at, a in enumerate(p.activities)
            if result.longest_path[result.index[a.id]] and p.duration[at] > 0
        ]
        if not path:
            return Check(12, "critical-path-test", "关键线路测试", "Critical path test", 0.0, 0.0, None)
        _, at = min(path)
        duration = p.duration.copy()
        duration[at] += TEST_DAYS * int(self.planner.minutes_per_day[at])
        moved = self.planner.run(duration)
        own, t = int(p.calendar[at]), self.planner.timeline
        shift = t.work(own, moved.project_finish) - t.work(own, result.project_finish)
        wanted = int(duration[at] - p.duration[at])
        activity = p.activities[at]
        pinned = any(c.kind in HARD - LATE_ONLY for c in activity.constraints)
        holds = shift >= wanted * 0.99 and not (pinned and activity.actual_start is None)
        detail = "the longest path begins at its hard constraint; " if pinned else ""
        detail += (
            f"delayed by {TEST_DAYS} days, the end moves by {shift / self.planner.minutes_per_day[at]:g}"
        )
        found = () if holds else (Finding(activity.id, activity.label, detail),)
        return Check(
            12,
            "critical-path-test",
            "关键线路测试",
            "Critical path test",
            float(not holds),
            0.0,
            holds,
            1,
            found,
        )

    def _length_index(self) -> Check:
        """CPLI = (critical path length + total float) / critical path length, from the data date."""
        title = ("关键线路长度指数", "Critical path length index")
        if self.network.must_finish_by is None:
            return Check(13, "cpli", *title, 1.0, 0.95, None)
        t, own = self.planner.timeline, 0
        length = t.work(own, self.result.project_finish) - t.work(own, self.now)
        due = t.work(own, to_finish_minutes(self.network.must_finish_by))
        spare = due - t.work(own, self.result.project_finish)
        if length <= 0:
            return Check(13, "cpli", *title, 1.0, 0.95, None)
        value = (length + spare) / length
        return Check(13, "cpli", *title, value, 0.95, value >= 0.95, 1)

    def _execution_index(self) -> Check:
        """BEI = activities finished / activities the baseline says are finished by the data date."""
        due = self._due()
        title = ("基线执行指数", "Baseline execution index")
        if not due:
            return Check(14, "bei", *title, 1.0, 0.95, None)
        done = sum(
            a.actual_finish is not None and to_minutes(a.actual_finish) <= self.now
            for a in self.network.activities
            if a.baseline_finish is not None
        )
        value = float(np.round(done / len(due), 4))
        return Check(14, "bei", *title, value, 0.95, value >= 0.95, len(due))
