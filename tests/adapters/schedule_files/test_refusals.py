"""Files that must be turned away: each with a stable code, the file's name, and nothing half-read."""

import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from hongtu.adapters.schedule_files import Limits, ScheduleFileError, parse_schedule, read_schedule
from hongtu.adapters.schedule_files.dates import compute_dates
from hongtu.adapters.schedule_files.errors import MESSAGES
from hongtu.engines.schedule.errors import CycleError
from tests.adapters.schedule_files.plans import link, mspdi, task, xer
from tests.shared_data import shared

BOMB = b"""<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<Project xmlns="http://schemas.microsoft.com/project"><Title>&b;</Title></Project>"""
OUTSIDE = b"""<!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<Project xmlns="http://schemas.microsoft.com/project"><Title>&x;</Title></Project>"""
PMXML = b"<APIBusinessObjects xmlns='http://xmlns.oracle.com/Primavera/P6/V8.4/API/BusinessObjects'>%s</APIBusinessObjects>"


def code_of(name: str, data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(ScheduleFileError) as refusal:
        parse_schedule(name, data, limits=limits)
    assert refusal.value.file == name
    assert name in refusal.value.text("zh")
    assert name in refusal.value.message
    return refusal.value.code


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("plan.mpp", b"just a text file\n", "type-mismatch"),
        ("plan.xer", b"<Project/>", "type-mismatch"),
        ("plan.xlsx", b"ERMHDR\t8.4", "type-mismatch"),
        ("plan.pdf", b"%PDF-1.7", "type-unknown"),
        ("plan", b"\x00\x01\x02\x03", "type-unknown"),
        ("page.html", b"<html><body>hello</body></html>", "type-unknown"),
        (
            "plan.xml",
            b"<Project xmlns='http://schemas.microsoft.com/project'><Tasks><Task><UID>1",
            "xml-broken",
        ),
        ("plan.xml", b"<", "xml-broken"),
        ("plan.xml", BOMB, "xml-unsafe"),
        ("plan.xml", OUTSIDE, "xml-unsafe"),
        ("plan.xml", mspdi(""), "no-activities"),
        ("plan.xml", mspdi("<a>" * 70 + "</a>" * 70), "xml-too-deep"),
        ("plan.xml", mspdi(task(1) + task(1)), "duplicate-id"),
        ("plan.xml", mspdi(task(1, links=link(9))), "predecessor-unknown"),
        ("plan.xml", mspdi(task(1, fields="<CalendarUID>77</CalendarUID>")), "calendar-unknown"),
        ("plan.xml", mspdi(task(1).replace("PT8H0M0S", "eight hours")), "value-wrong"),
        ("plan.xml", mspdi(task(1, hours=10**17)), "value-wrong"),
        ("plan.xml", mspdi(task(1, fields="<ActualStart>yesterday</ActualStart>")), "value-wrong"),
        ("plan.xer", xer(leave_out="TASK").encode(), "table-missing"),
        ("plan.xer", xer(leave_out="CALENDAR").encode(), "table-missing"),
        ("plan.xer", xer(tasks=()).encode(), "no-activities"),
        ("plan.xer", xer(calendar="(0||CalendarData()((0||DaysOfWeek()(").encode(), "value-wrong"),
        ("plan.xer", xer(links=("1\t2\t1\tPR_XX\t0",)).encode(), "value-wrong"),
        ("plan.xer", xer(links=("1\t2\t1\tPR_FS\tNaN",)).encode(), "value-wrong"),
        ("plan.xer", b"ERMHDR\t8.4\r\n%R\t1\t2\r\n", "table-missing"),
        ("plan.xml", PMXML % b"", "table-missing"),
        ("plan.xml", PMXML % b"<Project><ObjectId>1</ObjectId></Project>", "no-activities"),
        ("plan.xlsx", workbook([["a", "b"], [1, 2]]), "columns-missing"),
        ("plan.xlsx", b"PK\x03\x04 not really an archive", "archive-broken"),
    ],
)
def test_a_wrong_file_is_refused_with_its_code(name: str, data: bytes, code: str) -> None:
    assert code_of(name, data) == f"schedule-file.{code}"


def test_every_truncation_of_a_real_xml_file_is_refused_or_read_never_a_crash() -> None:
    whole = shared("data/schedules/task-links-project2019-mspdi.xml").read_bytes()
    for cut in range(1, len(whole), 6007):
        with pytest.raises(ScheduleFileError):
            parse_schedule("cut.xml", whole[:cut])


def test_every_truncation_of_a_real_xer_file_is_refused_or_read_never_a_crash() -> None:
    whole = shared("data/schedules/percent-complete-8.4.xer").read_bytes()
    read = 0
    for cut in range(1, len(whole), 997):
        try:
            document = parse_schedule("cut.xer", whole[:cut])
        except ScheduleFileError:
            continue
        compute_dates(document)
        read += 1
    assert read  # cut inside the table of tasks it is still a readable file


def test_a_missing_and_an_empty_file_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "empty.xer").touch()
    for name, code in (("absent.xer", "missing"), ("empty.xer", "empty"), ("", "missing")):
        with pytest.raises(ScheduleFileError) as refusal:
            read_schedule(tmp_path / name)
        assert refusal.value.code == f"schedule-file.{code}"


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.xer"
    with path.open("wb") as stream:
        stream.truncate(200 << 20)  # a hole: nothing is written to the disk
    with pytest.raises(ScheduleFileError) as refusal:
        read_schedule(path)
    assert refusal.value.code == "schedule-file.too-large"
    assert str(200 << 20) in refusal.value.message


def archive(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return stream.getvalue()


def test_an_archive_that_unpacks_to_hundreds_of_megabytes_is_refused() -> None:
    bomb = archive({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * (300 << 20)})
    assert len(bomb) < 1 << 20
    assert code_of("plan.xlsx", bomb) == "schedule-file.archive-unsafe"


def test_an_archive_that_claims_a_huge_size_is_refused() -> None:
    data = bytearray(archive({"xl/workbook.xml": b"<workbook/>"}))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 2_000_000_000)  # the uncompressed size it claims
    assert code_of("plan.xlsx", bytes(data)) == "schedule-file.archive-unsafe"


def test_macros_and_other_archives_are_refused() -> None:
    macros = archive({"xl/workbook.xml": b"<workbook/>", "xl/vbaProject.bin": b"x"})
    assert code_of("plan.xlsx", macros) == "schedule-file.workbook-macros"
    assert code_of("letter.docx", archive({"word/document.xml": b"<w/>"})) == "schedule-file.type-unknown"


def test_a_workbook_with_entities_in_a_sheet_is_refused() -> None:
    plain = workbook([["序号", "任务名称", "工期"], [1, "立项", 5]])
    source = zipfile.ZipFile(io.BytesIO(plain))
    members = {name: source.read(name) for name in source.namelist()}
    members["xl/worksheets/sheet1.xml"] = BOMB
    assert code_of("plan.xlsx", archive(members)) in {
        "schedule-file.archive-broken",
        "schedule-file.xml-unsafe",
    }


def test_a_small_file_cannot_ask_for_endless_exception_days() -> None:
    forever = (
        "<Exception><TimePeriod><FromDate>2000-01-01T00:00:00</FromDate><ToDate>2059-01-01T00:00:00</ToDate>"
        "</TimePeriod><Type>1</Type><DayWorking>0</DayWorking></Exception>"
    )
    calendar = f"<Calendar><UID>1</UID><Name>x</Name><Exceptions>{forever * 100}</Exceptions></Calendar>"
    assert code_of("plan.xml", mspdi(task(1), calendars=calendar)) == "schedule-file.too-many-records"


def test_too_many_records_are_refused() -> None:
    many = mspdi("".join(task(n) for n in range(1, 30)))
    assert code_of("plan.xml", many, Limits(records=20)) == "schedule-file.too-many-records"
    rows = "".join(f"{n}\t10\t100\t7\tTT_Task\tTK_NotStart\tT{n}\tx\t8\t8\n" for n in range(1, 30))
    assert code_of("p.xer", xer(tasks=tuple(rows.splitlines())).encode(), Limits(records=20)) == (
        "schedule-file.too-many-records"
    )


def test_a_cycle_is_told_as_the_cycle() -> None:
    ring = mspdi(task(1, links=link(3)) + task(2, links=link(1)) + task(3, links=link(2)))
    with pytest.raises(CycleError) as refusal:
        compute_dates(parse_schedule("ring.xml", ring))
    assert set(refusal.value.subjects) == {"Task 1 (1)", "Task 2 (2)", "Task 3 (3)"}
    around = xer(links=("1\t2\t1\tPR_FS\t0", "2\t1\t2\tPR_SS\t0"))
    with pytest.raises(CycleError):
        compute_dates(parse_schedule("ring.xer", around.encode()))


def test_every_code_speaks_both_languages_with_the_same_blanks() -> None:
    for english, chinese in MESSAGES.values():
        blanks = {part.split("}")[0] for part in english.split("{")[1:]}
        assert blanks == {part.split("}")[0] for part in chinese.split("{")[1:]}
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese) or chinese == "{detail}"
