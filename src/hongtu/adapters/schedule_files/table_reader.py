"""A schedule as a table in a workbook: identifiers, names, durations, predecessors, dates, constraints."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hongtu.engines.schedule.calendars import WHOLE_DAY, Calendar
from hongtu.engines.schedule.model import (
    Activity,
    ActivityKind,
    Constraint,
    ConstraintKind,
    Duration,
    Network,
    Relation,
    Unit,
)

from .document import (
    ActivityDetail,
    BreakdownNode,
    FileFormat,
    Remark,
    Resource,
    Rules,
    SavedDates,
    ScheduleFile,
)
from .errors import refuse
from .limits import Limits
from .link_text import parse_duration, parse_links, plain
from .summaries import MOST_LINKS, expand_links, leaves_of
from .table_columns import CONSTRAINT_NAMES, NO_CONSTRAINT, Header, find_header, key_of
from .table_estimates import read_estimates
from .values import Place

HEADER_ROWS = 30
WIDEST = 200
EIGHT_HOURS = 8 * 60
_TOTALS = ("合计", "总计", "小计", "total", "sum")
_HEADING = re.compile(r"^[(（]?[一二三四五六七八九十]+[)）]?[、.]?$")
_SERIAL_EPOCH = datetime(1899, 12, 30)
_DATE = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?(?:\s+(\d{1,2}):(\d{2}))?")
_DATA_DATE = re.compile(r"(数据日期|状态日期|统计日期|截至|data date|status date)", re.IGNORECASE)

Cells = tuple[object, ...]


@dataclass
class Line:
    """One row of the table that holds a task or a heading."""

    id: str
    number: int
    """Row in the sheet, from 1."""
    cells: Mapping[str, object]
    place: Place
    parent: str | None = None

    def text(self, field: str) -> str:
        """The cell as plain text."""
        value = self.cells.get(field)
        if isinstance(value, float) and value == int(value):
            value = int(value)
        return plain(value)

    def day(self, field: str) -> datetime | None:
        """The cell as a moment; a date is its midnight."""
        return read_moment(self.cells.get(field), self.place, field)


def read_table(
    data: bytes, *, file: str, limits: Limits, calendar: Calendar | None = None, start: date | None = None
) -> ScheduleFile:
    """The schedule of a workbook's first sheet that looks like one.

    `calendar` (default: Monday to Friday, whole days) counts its working days; `start` is used when the table
    has no date at all. Rows numbered like chapters, or with deeper rows below, become breakdown nodes.
    """
    rows, header, sheet = _sheet(data, file, limits)
    lines = _lines(rows, header, file, sheet, limits)
    if not lines:
        raise refuse("schedule-file.no-activities", file=file, place=sheet)
    own = calendar or Calendar.working_week("standard", name="Monday to Friday", shifts=WHOLE_DAY)
    return _Table(lines, header, rows, own, file).document(start)


def _sheet(data: bytes, file: str, limits: Limits) -> tuple[list[Cells], Header, str]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    tried: list[str] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations it leaves out
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                rows: list[Cells] = []
                for cells in sheet.iter_rows(values_only=True, max_col=WIDEST):
                    if len(rows) >= limits.records:
                        raise refuse(
                            "schedule-file.too-many-records",
                            file=file,
                            limit=limits.records,
                            kind=sheet.title,
                        )
                    rows.append(cells)
                header = find_header(rows[:HEADER_ROWS])
                if header.usable():
                    return rows, header, sheet.title
                tried.append(f"{sheet.title}: {header.names()}")
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as fault:
        raise refuse("schedule-file.archive-broken", file=file, detail=str(fault)[:200]) from fault
    raise refuse("schedule-file.columns-missing", file=file, found="; ".join(tried) or "no sheet")


def _lines(rows: Sequence[Cells], header: Header, file: str, sheet: str, limits: Limits) -> list[Line]:
    lines: list[Line] = []
    for number, cells in enumerate(rows[header.row + 1 :], header.row + 2):
        found = {f: cells[c] for f, c in header.columns.items() if c < len(cells) and plain(cells[c])}
        name = plain(found.get("name"))
        if not name:
            continue
        if name.lower().startswith(_TOTALS) or plain(found.get("row")).lower().startswith(_TOTALS):
            continue
        line = Line("", number, found, Place(file, f"{sheet} row {number}"))
        line.id = line.text("row") or line.text("wbs") or str(len(lines) + 1)
        lines.append(line)
    return lines


def read_moment(value: object, place: Place, field: str) -> datetime | None:
    """A date as a cell holds it: a date, a serial number, or text (`2026年3月1日`, `2026-03-01 8:00`)."""
    if value is None or plain(value) in ("", "-", "/", "无", "NA"):
        return None
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, int | float) and 20_000 < value < 80_000:
        return (_SERIAL_EPOCH + timedelta(days=float(value))).replace(second=0, microsecond=0)
    match = _DATE.search(plain(value))
    if match:
        year, month, day, hour, minute = (int(part or 0) for part in match.groups())
        try:
            return datetime(year, month, day, hour, minute)
        except ValueError:
            pass
    raise place.wrong(plain(value), field, "a date such as 2026-03-01 or 2026年3月1日")


class _Table:
    """The rows of one table on their way to a schedule file."""

    def __init__(
        self, lines: list[Line], header: Header, rows: Sequence[Cells], calendar: Calendar, file: str
    ) -> None:
        self.header, self.calendar, self.file = header, calendar, file
        self.remarks: list[Remark] = []
        self._unique(lines)
        self._outline(lines)
        above = {line.parent for line in lines}
        self.headings = [line for line in lines if line.id in above or self._is_heading(line)]
        heading_ids = {line.id for line in self.headings}
        self.work = [line for line in lines if line.id not in heading_ids]
        self.lines = lines
        self.data_date = self._data_date(rows)

    def document(self, start: date | None) -> ScheduleFile:
        """The schedule file."""
        if not self.work:
            raise refuse("schedule-file.no-activities", file=self.file)
        relations = self._relations()
        with_predecessor = {r.successor for r in relations}
        activities = [self._activity(line, line.id in with_predecessor) for line in self.work]
        dated = [m for line in self.lines for f in ("start", "actual_start", "finish") if (m := line.day(f))]
        begin = min(dated) if dated else start
        if begin is None:
            raise refuse("schedule-file.field-missing", file=self.file, field="开始 / start")
        if self.data_date is None:
            actual = [
                m for line in self.work for f in ("actual_start", "actual_finish") if (m := line.day(f))
            ]
            if actual:
                self.data_date = datetime.combine(max(actual).date() + timedelta(days=1), time())
                text = f"taken as the day after the last actual date: {self.data_date:%Y-%m-%d}"
                self.remarks.append(Remark("data-date-assumed", self.file, text))
        network = Network(
            activities=activities,
            relations=relations,
            start=begin,
            calendars=(self.calendar,),
            default_calendar=self.calendar.id,
            name=re.sub(r"\.\w+$", "", self.file),
            data_date=self.data_date,
        )
        names = dict.fromkeys(n for line in self.work for n in self._resource_names(line))
        return ScheduleFile(
            network=network,
            format=FileFormat.XLSX,
            rules=Rules.STANDARD,
            nodes=tuple(
                BreakdownNode(h.id, h.text("name"), h.text("wbs") or h.id, h.parent) for h in self.headings
            ),
            resources=tuple(Resource(name, name) for name in names),
            details={line.id: self._detail(line) for line in self.work},
            saved={line.id: SavedDates(line.day("start"), line.day("finish")) for line in self.work},
            estimates=read_estimates(self.work, self._duration, self._parsed, self.calendar),
            remarks=tuple(self.remarks),
        )

    def _unique(self, lines: list[Line]) -> None:
        seen: set[str] = set()
        for line in lines:
            if line.id in seen:
                raise refuse(
                    "schedule-file.duplicate-id", file=self.file, place=line.place.record, value=line.id
                )
            seen.add(line.id)

    def _outline(self, lines: list[Line]) -> None:
        """Parents from the level column, else from codes such as 1, 1.1, 1.1.2, else from chapter numbers."""
        codes = {line.text("wbs") or line.id: line.id for line in lines}
        open_lines: list[tuple[int, str]] = []
        chapter: str | None = None
        for line in lines:
            if level := line.text("level"):
                depth = line.place.whole(level, "level")
                while open_lines and open_lines[-1][0] >= depth:
                    open_lines.pop()
                line.parent = open_lines[-1][1] if open_lines else None
                open_lines.append((depth, line.id))
                continue
            code = line.text("wbs") or line.id
            line.parent = codes.get(code.rpartition(".")[0]) if "." in code else None
            if self._is_heading(line):
                chapter = line.id
            elif line.parent is None:
                line.parent = chapter

    def _is_heading(self, line: Line) -> bool:
        bare = not any(
            f in line.cells for f in ("duration", "start", "finish", "predecessors", "actual_start")
        )
        return bare and bool(_HEADING.match(line.text("row")) or "milestone" not in line.cells)

    def _relations(self) -> list[Relation]:
        by_name = {line.text("name"): line.id for line in self.lines}
        known = {line.id for line in self.lines} | by_name.keys()
        durations = {line.id: self._duration(line) for line in self.work}
        written: list[Relation] = []
        for line in self.lines:
            text = line.text("predecessors")
            if text in ("", "-", "/", "无"):
                continue
            try:
                links = list(parse_links(text, known))
            except LookupError as fault:
                raise refuse(
                    "schedule-file.predecessor-unknown",
                    file=self.file,
                    place=line.place.record,
                    value=fault.args[0],
                ) from None
            except ValueError as fault:
                raise line.place.wrong(str(fault), "predecessors", "like 3, 3FS+2d or 5SS-1w") from None
            ids = {known_line.id for known_line in self.lines}
            for link in links:
                source = link.predecessor if link.predecessor in ids else by_name[link.predecessor]
                lag = link.lag
                if link.percent is not None:
                    whole = durations.get(source, Duration.days(0))
                    lag = Duration(whole.amount * link.percent / 100, whole.unit)
                written.append(Relation(source, line.id, link.type, lag))
        leaves = leaves_of({line.id: line.parent for line in self.lines}, {h.id for h in self.headings})
        starts = {line.id: str(line.day("start") or "") for line in self.work}
        return expand_links(written, leaves, starts, most=MOST_LINKS, file=self.file)

    def _parsed(self, text: str) -> Duration | None:
        bare = text.replace(".", "", 1).isdigit()
        found = parse_duration(text + self.header.duration_suffix if bare else text)
        if found is None or found.unit is not Unit.MINUTE:
            return found
        # Eight hours are a day, whatever the calendar's day has.
        return Duration.minutes(found.amount * self.calendar.minutes_per_day / EIGHT_HOURS)

    def _duration(self, line: Line) -> Duration:
        text = line.text("duration")
        if text:
            found = self._parsed(text)
            if found is None:
                raise line.place.wrong(text, "duration", "a duration such as 5, 5d, 2w or 30日历天")
            return found
        begin, end = line.day("start"), line.day("finish")
        if begin is None or end is None:
            return Duration.days(0)
        if end < begin:
            raise line.place.wrong(f"{end:%Y-%m-%d}", "finish", f"on or after the start {begin:%Y-%m-%d}")
        return Duration.days(self.calendar.working_days_between(begin.date(), end.date() + timedelta(days=1)))

    def _activity(self, line: Line, has_predecessor: bool) -> Activity:
        duration = self._duration(line)
        begin, finish = line.day("actual_start"), line.day("actual_finish")
        remaining = line.text("remaining")
        left = self._parsed(remaining) if remaining and begin else None
        milestone = (
            line.text("milestone") in ("是", "1", "yes", "Yes", "true", "True", "√") or not duration.amount
        )
        return Activity(
            id=line.id,
            name=line.text("name"),
            duration=Duration.days(0) if milestone else duration,
            kind=ActivityKind.FINISH_MILESTONE if milestone else ActivityKind.TASK,
            constraints=self._constraints(line, has_predecessor),
            deadline=_end_of(line.day("deadline")),
            actual_start=begin or finish,
            actual_finish=_end_of(finish),
            remaining=left,
            percent_complete=self._percent(line),
            resources=self._resource_names(line),
        )

    def _percent(self, line: Line) -> float:
        text = line.text("percent")
        if not text:
            return 0.0
        found = line.place.number(text.rstrip("%"), "percent")
        fraction = "%" not in text and isinstance(line.cells["percent"], float) and 0 <= found <= 1
        return found * 100 if fraction else found

    def _constraints(self, line: Line, has_predecessor: bool) -> tuple[Constraint, ...]:
        """The typed constraint; a typed start without predecessors holds the start, else it is a result."""
        word = key_of(line.text("constraint"))
        kind = CONSTRAINT_NAMES.get(word)
        if kind is None and word not in NO_CONSTRAINT:
            raise line.place.wrong(
                line.text("constraint"), "constraint", "a constraint such as 不得早于开始 or SNET"
            )
        if kind is ConstraintKind.AS_LATE_AS_POSSIBLE:
            return (Constraint(kind),)
        moment = line.day("constraint_date")
        if kind is not None:
            if moment is None:
                raise refuse(
                    "schedule-file.field-missing", file=self.file, place=line.place.record, field="限制日期"
                )
            at_end = kind.name.startswith(("FINISH", "MUST_FINISH"))
            return (Constraint(kind, _end_of(moment) if at_end else moment),)
        begin = line.day("start")
        if begin is not None and not has_predecessor:
            return (Constraint(ConstraintKind.START_NO_EARLIER_THAN, begin),)
        return ()

    def _detail(self, line: Line) -> ActivityDetail:
        return ActivityDetail(row=line.number, unique_id=line.id, node=line.parent)

    def _resource_names(self, line: Line) -> tuple[str, ...]:
        return tuple(n for part in re.split(r"[,;、\n]+", line.text("resources")) if (n := part.strip()))

    def _data_date(self, rows: Sequence[Cells]) -> datetime | None:
        """Written above the table: `数据日期：2026-03-01`, in one cell or in the one beside it."""
        for number, cells in enumerate(rows[: self.header.row], 1):
            joined = " ".join(
                plain(c) if not isinstance(c, datetime) else f"{c:%Y-%m-%d}" for c in cells if c
            )
            match = _DATA_DATE.search(joined)
            if match and _DATE.search(joined[match.end() :]):
                return read_moment(joined[match.end() :], Place(self.file, f"row {number}"), "data date")
        return None


def _end_of(moment: datetime | None) -> datetime | date | None:
    """A day as a finish means its end; a moment with a time of day is meant as typed."""
    if moment is None or moment.time() != time():
        return moment
    return moment.date()
