"""Primavera XER: tab-separated tables in one text file, calendars as nested brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from hongtu.engines.schedule.calendars import MINUTES_PER_DAY, Shifts
from hongtu.engines.schedule.model import (
    ActivityKind,
    Constraint,
    ConstraintKind,
    LagCalendar,
    ProgressMode,
    RelationType,
)

from .document import Assignment, BreakdownNode, FileFormat, Resource, ResourceKind, SavedDates, ScheduleFile
from .errors import refuse
from .limits import Limits
from .primavera import (
    ActivityRecord,
    CalendarRecord,
    PrimaveraRecords,
    ProjectRecord,
    RelationRecord,
    build,
    constraint,
)
from .values import Place, tidy_shifts

Row = dict[str, str]

_KINDS = {
    "TT_Task": ActivityKind.TASK,
    "TT_Rsrc": ActivityKind.TASK,
    "TT_Mile": ActivityKind.START_MILESTONE,
    "TT_FinMile": ActivityKind.FINISH_MILESTONE,
    "TT_LOE": ActivityKind.LEVEL_OF_EFFORT,
    "TT_WBS": None,
}
_CONSTRAINTS = {
    "CS_ALAP": ConstraintKind.AS_LATE_AS_POSSIBLE,
    "CS_MSO": ConstraintKind.MUST_START_ON,
    "CS_MSOA": ConstraintKind.START_NO_EARLIER_THAN,
    "CS_MSOB": ConstraintKind.START_NO_LATER_THAN,
    "CS_MEO": ConstraintKind.MUST_FINISH_ON,
    "CS_MEOA": ConstraintKind.FINISH_NO_EARLIER_THAN,
    "CS_MEOB": ConstraintKind.FINISH_NO_LATER_THAN,
    "CS_MANDSTART": ConstraintKind.MANDATORY_START,
    "CS_MANDFIN": ConstraintKind.MANDATORY_FINISH,
}
_RELATIONS = {
    "PR_FS": RelationType.FINISH_START,
    "PR_SS": RelationType.START_START,
    "PR_FF": RelationType.FINISH_FINISH,
    "PR_SF": RelationType.START_FINISH,
}
_LAG_CALENDARS = {
    "rcal_Predecessor": LagCalendar.PREDECESSOR,
    "rcal_Successor": LagCalendar.SUCCESSOR,
    "rcal_ProjDefault": LagCalendar.PROJECT,
    "rcal_24Hour": LagCalendar.AROUND_THE_CLOCK,
}
_RESOURCES = {"RT_Labor": ResourceKind.WORK, "RT_Equip": ResourceKind.WORK, "RT_Mat": ResourceKind.MATERIAL}
_SERIAL_EPOCH = date(1899, 12, 30)


def read_xer(
    data: bytes, *, file: str, limits: Limits, project: str | None = None, encoding: str | None = None
) -> ScheduleFile:
    """The schedule of a XER file. `project`: which, when it holds several; `encoding`: guessed when None."""
    header, tables = _tables(decode(data, encoding), file, limits)
    for needed in ("PROJECT", "CALENDAR", "TASK"):
        if needed not in tables:
            raise refuse("schedule-file.table-missing", file=file, table=needed)
    records = PrimaveraRecords(FileFormat.XER, program=f"Primavera P6 {header}".strip())
    options = {row.get("proj_id", ""): row for row in tables.get("SCHEDOPTIONS", [])}
    for number, row in enumerate(tables["PROJECT"], 1):
        records.projects.append(_project(row, options, tables, Place(file, f"PROJECT {number}")))
    for number, row in enumerate(tables["CALENDAR"], 1):
        records.calendars.append(_calendar(row, Place(file, f"CALENDAR {number}")))
    project_nodes = {row["wbs_id"]: row for row in tables.get("PROJWBS", []) if "wbs_id" in row}
    for row in project_nodes.values():
        parent = row.get("parent_wbs_id") or None
        node = BreakdownNode(
            row["wbs_id"],
            row.get("wbs_name", ""),
            row.get("wbs_short_name", ""),
            parent if parent in project_nodes else None,
        )
        records.nodes.append((row.get("proj_id", ""), node))
    for number, row in enumerate(tables["TASK"], 1):
        records.activities.append(_activity(row, Place(file, f"TASK {number} {row.get('task_code', '')}")))
    for number, row in enumerate(tables.get("TASKPRED", []), 1):
        records.relations.append(_relation(row, Place(file, f"TASKPRED {number}")))
    records.resources += [_resource(row) for row in tables.get("RSRC", []) if row.get("rsrc_id")]
    for number, row in enumerate(tables.get("TASKRSRC", []), 1):
        if row.get("rsrc_id") and row.get("task_id"):
            records.assignments.append(_assignment(row, Place(file, f"TASKRSRC {number}")))
    return build(records, file=file, project=project)


def decode(data: bytes, encoding: str | None = None) -> str:
    """Text of a XER file: UTF-8, else GB18030 when its high bytes come in pairs, else Windows-1252.

    Primavera writes the code page of the writer's Windows and does not say which.
    """
    if encoding:
        return data.decode(encoding, errors="replace")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    runs = re.findall(rb"[\x81-\xfe][\x40-\xfe]|[\x80-\xff]", data)
    paired = sum(1 for run in runs if len(run) == 2 and run[1] >= 0xA1)
    if runs and paired >= 0.8 * len(runs):
        return data.decode("gb18030", errors="replace")
    return data.decode("cp1252", errors="replace")


def _tables(text: str, file: str, limits: Limits) -> tuple[str, dict[str, list[Row]]]:
    """Header version and the tables by name. Rows shorter than their header are filled with empty values."""
    tables: dict[str, list[Row]] = {}
    fields: list[str] = []
    rows: list[Row] | None = None
    header = ""
    table = ""
    for number, line in enumerate(_lines(text), 1):
        kind, _, rest = line.partition("\t")
        if kind == "%R":
            if rows is None or not fields:
                raise refuse(
                    "schedule-file.table-missing", file=file, place=f"line {number}", table="%T / %F"
                )
            if len(rows) >= limits.records:
                raise refuse("schedule-file.too-many-records", file=file, limit=limits.records, kind=table)
            values = rest.split("\t")
            values += [""] * (len(fields) - len(values))
            rows.append(dict(zip(fields, values, strict=False)))
        elif kind == "%T":
            table = rest.strip()
            rows = tables.setdefault(table, [])
            fields = []
        elif kind == "%F":
            fields = rest.rstrip().split("\t")
        elif kind == "ERMHDR":
            header = rest.split("\t")[0]
        elif kind == "%E":
            break
    return header, tables


def _lines(text: str) -> Iterator[str]:
    """Logical lines: a row may hold line breaks inside a memo, which then does not begin with a mark."""
    pending: str | None = None
    for line in re.split(r"\r\n|\n", text):
        if line.startswith(("%", "ERMHDR")):
            if pending is not None:
                yield pending
            pending = line
        elif pending is not None and line:
            pending += " " + line
    if pending is not None:
        yield pending


def _project(row: Row, options: dict[str, Row], tables: dict[str, list[Row]], place: Place) -> ProjectRecord:
    key = row.get("proj_id", "")
    option = options.get(key, {})
    names = [
        n.get("wbs_name", "")
        for n in tables.get("PROJWBS", [])
        if n.get("proj_id") == key and n.get("proj_node_flag") == "Y"
    ]
    override = option.get("sched_progress_override") == "Y"
    lag = _LAG_CALENDARS.get(option.get("sched_calendar_on_relationship_lag", ""), LagCalendar.PREDECESSOR)
    return ProjectRecord(
        key=key,
        id=row.get("proj_short_name", "") or key,
        name=names[0] if names else row.get("proj_short_name", ""),
        start=place.moment(row.get("plan_start_date"), "plan_start_date"),
        data_date=place.moment(row.get("last_recalc_date"), "last_recalc_date"),
        must_finish_by=place.moment(row.get("plan_end_date"), "plan_end_date"),
        calendar=row.get("clndr_id") or None,
        critical_float_hours=place.number(row.get("critical_drtn_hr_cnt"), "critical_drtn_hr_cnt", 0.0),
        lag_calendar=lag,
        progress=ProgressMode.PROGRESS_OVERRIDE if override else ProgressMode.RETAINED_LOGIC,
        use_expected_finish=option.get("sched_use_expect_end_flag") == "Y",
        float_is_finish_float=option.get("sched_float_type", "FT_FF") in ("FT_FF", ""),
    )


def _calendar(row: Row, place: Place) -> CalendarRecord:
    key = row.get("clndr_id", "")
    week, exceptions = parse_calendar(row.get("clndr_data", ""), place)
    return CalendarRecord(
        key=key,
        name=row.get("clndr_name", key),
        week=week,
        exceptions=exceptions,
        base=row.get("base_clndr_id") or None,
        day_hours=place.number(row.get("day_hr_cnt"), "day_hr_cnt", 0.0),
        default=row.get("default_flag") == "Y",
    )


Node = tuple[str, dict[str, str], list["Node"]]


def parse_calendar(text: str, place: Place) -> tuple[dict[int, Shifts], dict[date, Shifts]]:
    """Week (0 is Monday) and exceptions out of `clndr_data`; an empty text inherits all."""
    cleaned = re.sub(r"[\s\x7f]+", "", text)
    if not cleaned:
        return {}, {}
    root = _brackets(cleaned, place)
    week: dict[int, Shifts] = {}
    exceptions: dict[date, Shifts] = {}
    for name, _attributes, children in root[2]:
        for day_name, day_attributes, spans in children:
            shifts = tidy_shifts([_shift(span[1], place) for span in spans if "s" in span[1]])
            if name == "DaysOfWeek":
                week[(place.whole(day_name, "clndr_data DaysOfWeek") + 5) % 7] = shifts
            elif name == "Exceptions":
                serial = place.whole(day_attributes.get("d"), "clndr_data Exceptions")
                if 0 < serial < 120_000:
                    exceptions[_SERIAL_EPOCH + timedelta(days=serial)] = shifts
    return week, exceptions


def _shift(attributes: dict[str, str], place: Place) -> tuple[int, int]:
    start = place.clock(attributes["s"], "clndr_data s")
    end = place.clock(attributes.get("f", "00:00"), "clndr_data f")
    # Some versions write the last minute of the day for its end.
    return start, end + (end == MINUTES_PER_DAY - 1)


_BRACKET = re.compile(r"\(\d+\|\|([^()]*)\(([^()]*)\)\(")


def _brackets(text: str, place: Place) -> Node:
    """The tree of `(0||name(key|value|...)(children))`, without recursion."""
    root: Node = ("", {}, [])
    stack = [root]
    at = 0
    while at < len(text):
        if match := _BRACKET.match(text, at):
            parts = match[2].split("|") if match[2] else []
            node: Node = (match[1], dict(zip(parts[::2], parts[1::2], strict=False)), [])
            stack[-1][2].append(node)
            stack.append(node)
            at = match.end()
        elif text.startswith("))", at) and len(stack) > 1:
            stack.pop()
            at += 2
        else:
            raise place.wrong(text[at : at + 40], "clndr_data", "a calendar in Primavera's notation")
    if len(stack) != 1 or not root[2]:
        raise place.wrong(text[:40], "clndr_data", "a complete calendar in Primavera's notation")
    return root[2][0]


def _activity(row: Row, place: Place) -> ActivityRecord:
    kind_name = row.get("task_type", "TT_Task") or "TT_Task"
    if kind_name not in _KINDS:
        raise place.wrong(kind_name, "task_type", "one of " + ", ".join(_KINDS))
    remaining = row.get("remain_drtn_hr_cnt")
    duration = place.number(row.get("target_drtn_hr_cnt"), "target_drtn_hr_cnt", 0.0)
    remaining_hours = place.number(remaining, "remain_drtn_hr_cnt") if remaining else None
    physical = place.number(row.get("phys_complete_pct"), "phys_complete_pct", 0.0)
    percent = physical
    if row.get("complete_pct_type") == "CP_Drtn" and duration and remaining_hours is not None:
        percent = min(100.0, max(0.0, (duration - remaining_hours) / duration * 100))
    elif row.get("complete_pct_type") == "CP_Units":
        done, left = (
            sum(
                place.number(row.get(f"{part}_{unit}_qty"), f"{part}_{unit}_qty", 0.0)
                for unit in ("work", "equip")
            )
            for part in ("act", "remain")
        )
        percent = done / (done + left) * 100 if done + left else 0.0
    kind = _KINDS[kind_name]
    return ActivityRecord(
        key=row.get("task_id", ""),
        project=row.get("proj_id", ""),
        id=row.get("task_code") or row.get("task_id", ""),
        name=row.get("task_name", ""),
        node=row.get("wbs_id") or None,
        calendar=row.get("clndr_id") or None,
        kind=kind,
        duration_hours=duration,
        remaining_hours=remaining_hours,
        started=bool(row.get("act_start_date")) or row.get("status_code") in ("TK_Active", "TK_Complete"),
        finished=row.get("status_code") == "TK_Complete" or bool(row.get("act_end_date")),
        constraints=_constraints(row, place),
        actual_start=place.moment(row.get("act_start_date"), "act_start_date"),
        actual_finish=place.moment(row.get("act_end_date"), "act_end_date"),
        suspend=place.moment(row.get("suspend_date"), "suspend_date"),
        resume=place.moment(row.get("resume_date"), "resume_date"),
        expected_finish=place.moment(row.get("expect_end_date"), "expect_end_date"),
        percent=percent,
        physical_percent=physical,
        resource_dependent=kind_name == "TT_Rsrc",
        saved=_saved(row, place),
    )


def _constraints(row: Row, place: Place) -> tuple[Constraint, ...]:
    found: list[Constraint] = []
    for kind, moment in (("cstr_type", "cstr_date"), ("cstr_type2", "cstr_date2")):
        name = row.get(kind, "")
        if name and name not in _CONSTRAINTS:
            raise place.wrong(name, kind, "a Primavera constraint")
        found += constraint(_CONSTRAINTS.get(name), place.moment(row.get(moment), moment))
    # Dates from activities in other projects bound this one just as constraints do.
    early, late = row.get("external_early_start_date"), row.get("external_late_end_date")
    found += constraint(
        ConstraintKind.START_NO_EARLIER_THAN if early else None,
        place.moment(early, "external_early_start_date"),
    )
    found += constraint(
        ConstraintKind.FINISH_NO_LATER_THAN if late else None, place.moment(late, "external_late_end_date")
    )
    return tuple(found)


def _saved(row: Row, place: Place) -> SavedDates:
    def first(*names: str) -> datetime | None:
        return next((found for name in names if (found := place.moment(row.get(name), name))), None)

    def minutes(name: str) -> int | None:
        return round(place.number(row[name], name) * 60) if row.get(name) else None

    total = minutes("total_float_hr_cnt")
    return SavedDates(
        start=first("act_start_date", "early_start_date", "restart_date", "target_start_date"),
        finish=first("act_end_date", "early_end_date", "reend_date", "target_end_date"),
        early_start=first("early_start_date", "restart_date"),
        early_finish=first("early_end_date", "reend_date"),
        late_start=first("late_start_date", "rem_late_start_date"),
        late_finish=first("late_end_date", "rem_late_end_date"),
        total_float=total,
        free_float=minutes("free_float_hr_cnt"),
        critical=None if total is None else total <= 0,
    )


def _relation(row: Row, place: Place) -> RelationRecord:
    kind = row.get("pred_type", "PR_FS") or "PR_FS"
    if kind not in _RELATIONS:
        raise place.wrong(kind, "pred_type", "one of " + ", ".join(_RELATIONS))
    lag = place.number(row.get("lag_hr_cnt"), "lag_hr_cnt", 0.0)
    return RelationRecord(row.get("pred_task_id", ""), row.get("task_id", ""), _RELATIONS[kind], lag)


def _resource(row: Row) -> Resource:
    return Resource(
        row["rsrc_id"],
        row.get("rsrc_name", ""),
        _RESOURCES.get(row.get("rsrc_type", ""), ResourceKind.WORK),
        row.get("clndr_id") or None,
    )


def _assignment(row: Row, place: Place) -> Assignment:
    def minutes(name: str) -> int:
        return round(place.number(row.get(name), name, 0.0) * 60)

    per_hour = place.number(row.get("target_qty_per_hr"), "target_qty_per_hr", 1.0)
    return Assignment(
        activity=row["task_id"],
        resource=row["rsrc_id"],
        units=per_hour,
        work=minutes("target_qty"),
        actual_work=minutes("act_reg_qty") + minutes("act_ot_qty"),
        remaining_work=minutes("remain_qty"),
    )
