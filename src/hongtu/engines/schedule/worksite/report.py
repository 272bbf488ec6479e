"""An answer as plain data (for JSON): dates instead of day indexes, last days inclusive."""

from __future__ import annotations

from typing import Any

from .constraints import Constraint, ConstraintKind, constraints_of
from .days import DayAxis
from .explain import MoveRecord, Reason, explain
from .joint import Answer, Cluster
from .model import Scene, as_params
from .pricing import PricedConflict, price
from .problem import Problem
from .result import JointSchedule, Part
from .verify import verify


def report_of(answer: Answer) -> dict[str, Any]:
    """The whole answer; every alternative carries the verdict of the independent check."""
    scene = answer.scene
    conflicts = price(scene, answer.conflicts)
    return {
        "projects": len(scene.projects),
        "spaces": len(scene.spaces),
        "calendar": "working" if scene.axis.is_working else "civil",
        "conflicts": [_conflict(scene, conflict) for conflict in conflicts],
        "clusters": [_cluster(scene, cluster) for cluster in answer.clusters],
    }


def window(axis: DayAxis, start: int, finish: int) -> dict[str, Any]:
    """A half-open window of day indexes as first day, last day and number of days."""
    return {
        "start": axis.start_date(start).isoformat(),
        "finish": axis.last_date(finish).isoformat(),
        "days": finish - start,
    }


def _conflict(scene: Scene, conflict: PricedConflict) -> dict[str, Any]:
    one, other = scene.spaces[conflict.first], scene.spaces[conflict.second]
    return {
        "class": conflict.verdict.value,
        "spaces": [one.id, other.id],
        "projects": [one.project, other.project],
        "overlap": window(scene.axis, conflict.overlap_start, conflict.overlap_finish),
        "if_waits": {
            one.id: {"days": conflict.first_waits_days, "yuan": conflict.first_waits_yuan},
            other.id: {"days": conflict.second_waits_days, "yuan": conflict.second_waits_yuan},
        },
        "price": {"days": conflict.price_days, "yuan": conflict.price_yuan},
    }


def _cluster(scene: Scene, cluster: Cluster) -> dict[str, Any]:
    return {
        "projects": [scene.projects[number].id for number in cluster.projects],
        "alternatives": [_alternative(cluster.problem, schedule) for schedule in cluster.alternatives],
    }


def _alternative(problem: Problem, schedule: JointSchedule) -> dict[str, Any]:
    scene = problem.scene
    violations = verify(problem, schedule)
    return {
        "aim": schedule.aim.value,
        "party": schedule.party,
        "also": list(schedule.also),
        "optimal": schedule.optimal,
        "objective": schedule.objective,
        "bound": schedule.bound,
        "gap": round(schedule.gap, 6),
        "total_yuan": schedule.total_yuan,
        "losses": [
            as_params(
                project=loss.project,
                days=loss.days,
                yuan=loss.yuan,
                days_past_promise=loss.days_past_promise,
                relative_days=round(loss.relative, 3),
            )
            for loss in schedule.losses
        ],
        "schedule": [
            {
                "space": scene.spaces[index].id,
                "project": scene.spaces[index].project,
                "option": problem.options[index][placement.option].kind.value,
                "parts": [_part(scene.axis, part) for part in placement.parts],
            }
            for index, placement in sorted(schedule.placements.items())
        ],
        "moves": [_move(scene, record) for record in explain(problem, schedule)],
        "constraints": [_constraint(scene, line) for line in constraints_of(problem, schedule)],
        "verified": not violations,
        "violations": [
            {"code": found.code, "spaces": list(found.spaces), "detail": found.detail} for found in violations
        ],
    }


def _part(axis: DayAxis, part: Part) -> dict[str, Any]:
    row = window(axis, part.start, part.finish)
    return {**row, "place": part.place} if part.place else row


def _move(scene: Scene, record: MoveRecord) -> dict[str, Any]:
    return {
        "code": record.code.value,
        "space": record.space,
        "project": record.project,
        "planned": window(scene.axis, *record.planned),
        "placed": window(scene.axis, *record.placed),
        "parts": [_part(scene.axis, part) for part in record.parts],
        "yuan": record.yuan,
        "reasons": [_reason(scene.axis, reason) for reason in record.reasons],
    }


def _reason(axis: DayAxis, reason: Reason) -> dict[str, Any]:
    params = dict(reason.params)
    if "day" in params:
        params["day"] = axis.start_date(params["day"]).isoformat()
    return {"code": reason.code.value, "params": params}


def _constraint(scene: Scene, line: Constraint) -> dict[str, Any]:
    row = as_params(kind=line.kind.value, project=line.project, activity=line.activity, space=line.space)
    if line.kind is ConstraintKind.RELATION:
        row |= {
            "predecessor_project": line.predecessor_project,
            "predecessor_activity": line.predecessor_activity,
            "predecessor_space": line.predecessor_space,
            "type": "FS",
            "lag_days": line.lag,
        }
    elif line.day is not None:
        late = line.kind is ConstraintKind.FINISH_NO_LATER_THAN
        day = scene.axis.last_date(line.day) if late else scene.axis.start_date(line.day)
        row["date"] = day.isoformat()
        row["place"] = line.place
    return row
