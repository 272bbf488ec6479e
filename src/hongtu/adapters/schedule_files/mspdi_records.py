"""The elements of a Microsoft Project XML as records, before they are put together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from xml.etree.ElementTree import Element

from .document import Assignment, Resource, ResourceKind
from .limits import Limits
from .mspdi_calendars import DayBudget, RawCalendar, read_calendar
from .mspdi_tasks import ID_ALIAS, ID_FIELD
from .values import Place
from .xml_records import children, fields_of, stream

_PROPERTIES = {
    "Name",
    "Title",
    "StartDate",
    "FinishDate",
    "StatusDate",
    "ScheduleFromStart",
    "CalendarUID",
    "MinutesPerDay",
    "CriticalSlackLimit",
    "HonorConstraints",
    "SaveVersion",
    "BuildNumber",
}
_WANTED = _PROPERTIES | {
    "ExtendedAttributes/ExtendedAttribute",
    "Calendars/Calendar",
    "Tasks/Task",
    "Resources/Resource",
    "Assignments/Assignment",
}


@dataclass
class TaskRecord:
    """A `Task` element: its plain fields and its links, with its place for messages."""

    uid: str
    fields: dict[str, str]
    links: list[dict[str, str]]
    place: Place
    own_id: str = ""
    """Our identifier, in a file that we wrote."""
    baseline: dict[str, str] = field(default_factory=dict)
    parent: str | None = None

    def flag(self, name: str) -> bool:
        """Whether a yes/no field is set."""
        return self.fields.get(name) in ("1", "true")

    def moment(self, name: str) -> datetime | None:
        """A date field."""
        return self.place.moment(self.fields.get(name), name)

    def whole(self, name: str, default: int) -> int:
        """A number field."""
        return self.place.whole(self.fields.get(name), name, default)


@dataclass
class MspdiRecords:
    """Everything read from the file before it is put together."""

    properties: dict[str, str] = field(default_factory=dict)
    calendars: dict[str, RawCalendar] = field(default_factory=dict)
    tasks: list[TaskRecord] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    carries_our_ids: bool = False


def read_records(data: bytes, *, file: str, limits: Limits) -> MspdiRecords:
    """All records of a file; identifiers that our own export carried are put back."""
    records = MspdiRecords()
    budget = DayBudget(limits.records, file)
    for path, element in stream(data, _WANTED, file=file, limits=limits):
        match path:
            case "Calendars/Calendar":
                calendar = read_calendar(element, file, budget)
                records.calendars[calendar.uid] = calendar
            case "ExtendedAttributes/ExtendedAttribute":
                records.carries_our_ids |= fields_of(element).get("Alias") == ID_ALIAS
            case "Tasks/Task":
                records.tasks.append(_task(element, file))
            case "Resources/Resource":
                records.resources.append(_resource(fields_of(element), file))
            case "Assignments/Assignment":
                _add_assignment(records, fields_of(element), file)
            case _:
                records.properties.setdefault(path, element.text or "")
    if records.carries_our_ids:
        _rename(records)
    return records


def _rename(records: MspdiRecords) -> None:
    """Puts the identifiers back that our own export carried in a text field."""
    names = {t.uid: t.own_id for t in records.tasks if t.own_id}
    if len(set(names.values())) < len(names) or not names.keys().isdisjoint(names.values()):
        names = {}
    for task in records.tasks:
        task.uid = names.get(task.uid, task.uid)
        for link in task.links:
            link["PredecessorUID"] = names.get(link.get("PredecessorUID", ""), link.get("PredecessorUID", ""))
    records.assignments = [
        replace(a, activity=names.get(a.activity, a.activity)) for a in records.assignments
    ]


def _task(element: Element, file: str) -> TaskRecord:
    fields = fields_of(element)
    uid = fields.get("UID", "")
    place = Place(file, f"Task {fields.get('ID', uid)} {fields.get('Name', '')}".strip())
    links = [fields_of(link) for link in children(element, "PredecessorLink")]
    extended = (fields_of(e) for e in children(element, "ExtendedAttribute"))
    own = next((e.get("Value", "") for e in extended if e.get("FieldID") == str(ID_FIELD)), "")
    baselines = (fields_of(b) for b in children(element, "Baseline"))
    baseline: dict[str, str] = next((b for b in baselines if b.get("Number") == "0"), {})
    return TaskRecord(uid, fields, links, place, own, baseline)


def _resource(fields: dict[str, str], file: str) -> Resource:
    uid = fields.get("UID", "")
    place = Place(file, f"Resource {uid}")
    kinds = {0: ResourceKind.MATERIAL, 1: ResourceKind.WORK, 2: ResourceKind.COST}
    kind = kinds.get(place.whole(fields.get("Type"), "Type", 1), ResourceKind.WORK)
    calendar = fields.get("CalendarUID")
    units = place.number(fields.get("MaxUnits"), "MaxUnits", 1.0)
    named = calendar if calendar not in (None, "", "-1") else None
    return Resource(uid, fields.get("Name", ""), kind, named, units)


def _add_assignment(records: MspdiRecords, fields: dict[str, str], file: str) -> None:
    task, resource = fields.get("TaskUID", ""), fields.get("ResourceUID", "")
    # Resource -65535 is Microsoft Project's mark for "nobody yet".
    if not task or resource.startswith("-") or not resource:
        return
    place = Place(file, f"Assignment {fields.get('UID', '')}")
    records.assignments.append(
        Assignment(
            task,
            resource,
            place.number(fields.get("Units"), "Units", 1.0),
            round(place.span(fields.get("Work"), "Work", 0.0)),
            round(place.span(fields.get("ActualWork"), "ActualWork", 0.0)),
            round(place.span(fields.get("RemainingWork"), "RemainingWork", 0.0)),
        )
    )
