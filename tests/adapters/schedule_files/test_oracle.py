"""Our dates against two independent witnesses: what the files' own programs saved, and MPXJ's schedulers."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from hongtu.adapters.schedule_files import FileFormat, ScheduleFileError, read_schedule
from hongtu.adapters.schedule_files.dates import compute_dates
from hongtu.adapters.schedule_files.java_bridge import oracle_dates
from hongtu.adapters.schedule_files.mspdi_writer import write_mspdi
from hongtu.adapters.schedule_files.oracle import against_answer, against_oracle, against_saved, tally
from tests.adapters.schedule_files.plans import random_plan
from tests.shared_data import ROOT, shared

needs_java = pytest.mark.skipif(
    shutil.which("java") is None or importlib.util.find_spec("jpype") is None,
    reason="Java or the extra `schedules` (mpxj, jpype1) is not installed",
)
NATIVE = (".xer", ".xml", ".pmxml")
EMPTY = "calendar-calendars-project2019-mspdi.xml"
# A task finished before the data date, cut out of a longer plan: its late dates are those of the plan's end,
# 2020-12-30, which no activity left in the file can give.
CUT_OUT = {f"{name}Calendar.xer" for name in ("Predecessor", "Successor", "ProjectDefault", "TwentyFourHour")}


def native_files() -> list[Path]:
    return [f for f in sorted(shared("data/schedules").iterdir()) if f.suffix in NATIVE]


@pytest.mark.shared
def test_every_date_saved_by_the_program_is_found_again() -> None:
    compared = 0
    for file in native_files():
        if file.name == EMPTY:
            continue
        document = read_schedule(file)
        comparisons = against_saved(document, compute_dates(document))
        unequal = {(c.activity, c.field) for c in comparisons if not c.equal}
        expected = {("A1000", "late_start"), ("A1000", "late_finish")} if file.name in CUT_OUT else set()
        assert unequal == expected, file.name
        compared += len(comparisons)
    assert compared > 2000


@pytest.mark.shared
def test_a_file_with_the_project_line_only_is_refused_by_name() -> None:
    with pytest.raises(ScheduleFileError) as refusal:
        read_schedule(shared(f"data/schedules/{EMPTY}"))
    assert refusal.value.code == "schedule-file.no-activities"


@pytest.mark.shared
def test_the_reference_page_names_every_file_and_leaves_no_difference_unexplained() -> None:
    page = (ROOT / "docs/reference/schedule-oracle.md").read_text(encoding="utf-8")
    files = [f.name for f in shared("data/schedules").iterdir() if f.suffix in (*NATIVE, ".mpp")]
    assert [name for name in files if f"| {name} |" not in page] == []
    assert "NOT EXPLAINED" not in page


@needs_java
@pytest.mark.shared
def test_mpxj_agrees_on_every_native_file_but_one_manual_task() -> None:
    files = [f for f in native_files() if f.name != EMPTY]
    answers = oracle_dates(files)
    differences = {}
    for file in files:
        document = read_schedule(file)
        comparisons = against_answer(document, compute_dates(document), answers[file])
        assert comparisons, file.name
        differences[file.name] = {(c.activity, c.field) for c in comparisons if not c.equal}
    found = {name: fields for name, fields in differences.items() if fields}
    # The start-finish link of a manual task: Microsoft Project's own saved dates are ours, not MPXJ's.
    assert found == {
        "task-links-project2019-mspdi.xml": {
            ("11", "late_start"),
            ("11", "late_finish"),
            ("11", "total_float"),
        }
    }


@needs_java
@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "task-links-project2010-mpp9.mpp",
        "task-links-project2019-mpp14.mpp",
        "assignment-assignments-project2010-mpp9.mpp",
    ],
)
def test_binary_files_give_the_dates_their_program_saved(name: str) -> None:
    path = shared(f"data/schedules/{name}")
    document = read_schedule(path)
    assert document.format is FileFormat.MPP
    comparisons = against_saved(document, compute_dates(document))
    assert [c for c in comparisons if not c.equal] == []
    assert len(comparisons) >= 8 * len(document.network.activities)


FEATURES = (
    "",
    "lag",
    "ss ff lag",
    "cal ss ff",
    "snet fnet",
    "snlt fnlt",
    "mso mfo",
    "deadline lag",
    "alap",
    "progress",
)


@needs_java
def test_random_plans_exported_and_scheduled_by_mpxj_have_our_dates(tmp_path: Path) -> None:
    paths = []
    for features in FEATURES:
        for seed in range(4):
            path = tmp_path / f"{features.replace(' ', '-') or 'plain'}-{seed}.xml"
            path.write_bytes(write_mspdi(random_plan(seed, features)).data)
            paths.append(path)
    answers = oracle_dates(paths)
    compared = 0
    for path in paths:
        document = read_schedule(path)
        comparisons = against_answer(document, compute_dates(document), answers[path])
        compared += len(comparisons)
        assert [c for c in comparisons if not c.equal] == [], (path.name, tally(comparisons))
    assert compared == len(paths) * 25 * 8


@needs_java
@pytest.mark.parametrize("name", ["percent-complete-8.4.xer", "percent-complete-8.4.pmxml"])
def test_every_field_of_a_progressed_primavera_file_is_right_in_at_least_995_of_1000(name: str) -> None:
    """Against the dates saved in it and against Primavera's scheduler as MPXJ has it, file by file."""
    path = shared(f"data/schedules/{name}")
    document = read_schedule(path)
    result = compute_dates(document)
    scheduler, computed = against_oracle(path, document, result)
    assert scheduler == "PrimaveraScheduler"
    for comparisons in (against_saved(document, result), computed):
        fields = tally(comparisons)
        assert len(fields) >= 4
        for field, (equal, compared) in fields.items():
            assert equal >= 0.995 * compared > 0, (field, equal, compared)
