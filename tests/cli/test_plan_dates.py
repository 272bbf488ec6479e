"""`hongtu plan dates` as a person at a terminal meets it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adapters.schedule_files.plans import link, mspdi, task
from tests.shared_data import ROOT, shared

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def hongtu(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hongtu", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT | environment, check=False)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plans") / "plan.xml"
    path.write_bytes(mspdi(task(1, hours=16) + task(2, links=link(1)) + task(3)))
    return path


def test_json_is_the_only_thing_on_standard_output(plan: Path) -> None:
    done = hongtu("plan", "dates", str(plan), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["format"] == "mspdi"
    by_id = {a["id"]: a for a in found["activities"]}
    assert by_id["2"] == {
        "id": "2",
        "row": 2,
        "unique_id": "2",
        "name": "Task 2",
        "kind": "task",
        "start": "2026-04-08T08:00",
        "finish": "2026-04-08T17:00",
        "early_start": "2026-04-08T08:00",
        "early_finish": "2026-04-08T17:00",
        "late_start": "2026-04-08T08:00",
        "late_finish": "2026-04-08T17:00",
        "total_float_days": 0.0,
        "free_float_days": 0.0,
        "critical": True,
    }
    assert by_id["3"]["total_float_days"] == 2
    assert not by_id["3"]["critical"]


def test_the_table_speaks_the_language_of_the_terminal(plan: Path) -> None:
    english = hongtu("plan", "dates", str(plan))
    assert english.returncode == 0
    assert "early start" in english.stdout
    assert "■ critical" in english.stdout
    chinese = hongtu("plan", "dates", str(plan), LC_ALL="zh_CN.UTF-8")
    assert "最迟完成" in chinese.stdout


def test_a_refused_file_ends_with_code_and_words(tmp_path: Path) -> None:
    path = tmp_path / "notes.mpp"
    path.write_text("minutes of the meeting")
    done = hongtu("plan", "dates", str(path))
    assert done.returncode == 2
    assert done.stdout == ""
    assert "schedule-file.type-mismatch" in done.stderr
    as_json = hongtu("plan", "dates", str(path), "--json")
    assert as_json.returncode == 2
    assert json.loads(as_json.stdout)["error"]["code"] == "schedule-file.type-mismatch"


def test_a_cycle_is_printed_as_the_cycle(tmp_path: Path) -> None:
    path = tmp_path / "ring.xml"
    path.write_bytes(mspdi(task(1, links=link(2)) + task(2, links=link(1))))
    done = hongtu("plan", "dates", str(path))
    assert done.returncode == 2
    assert "schedule.cycle" in done.stderr
    assert "Task 1 (1) -> Task 2 (2) -> Task 1 (1)" in done.stderr.replace("\n", " ") or (
        "Task 2 (2) -> Task 1 (1) -> Task 2 (2)" in done.stderr.replace("\n", " ")
    )


@pytest.mark.shared
def test_a_primavera_file() -> None:
    found = json.loads(
        hongtu("plan", "dates", str(shared("data/schedules/percent-complete-8.4.xer")), "--json").stdout
    )
    assert len(found["activities"]) == 12
    assert found["activities"][0]["id"] == "A1000"
    assert found["rules"] == "primavera"


def test_importing_the_command_loads_no_framework_and_no_compiler() -> None:
    probe = (
        "import sys, hongtu.cli; "
        "print([m for m in ('django', 'numpy', 'numba', 'openpyxl', 'jpype') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, env=ENVIRONMENT, check=True
    )
    assert done.stdout.strip() == "[]"


def test_dates_that_cannot_hold_together_are_named_as_the_smallest_set(tmp_path: Path) -> None:
    def held(kind: int, day: str) -> str:
        return f"<ConstraintType>{kind}</ConstraintType><ConstraintDate>{day}</ConstraintDate>"

    def task(number: int, extra: str, before: int = 0) -> str:
        link = f"<PredecessorLink><PredecessorUID>{before}</PredecessorUID><Type>1</Type></PredecessorLink>"
        words = f"<UID>{number}</UID><ID>{number}</ID><Name>T{number}</Name><Duration>PT40H0M0S</Duration>"
        return f"<Task>{words}{extra}{link if before else ''}</Task>"

    tasks = (
        task(1, held(2, "2026-02-02T08:00:00"))
        + task(2, "", 1)
        + task(3, held(3, "2026-01-16T17:00:00"), 2)
        + task(4, held(7, "2026-12-31T17:00:00"), 1)
    )
    file = tmp_path / "held.xml"
    file.write_text(
        '<Project xmlns="http://schemas.microsoft.com/project"><StartDate>2026-01-05T08:00:00</StartDate>'
        f"<Tasks>{tasks}</Tasks></Project>"
    )
    found = json.loads(hongtu("plan", "dates", str(file), "--json").stdout)
    (contradiction,) = found["contradictions"]
    assert contradiction["activities"] == ["T1 (1)", "T2 (2)", "T3 (3)"]
    assert "2026-02-02" in contradiction["message"] and "2026-01-16" in contradiction["message"]


def test_xml_in_the_encoding_of_chinese_programs_is_read_and_a_false_declaration_refused(
    tmp_path: Path,
) -> None:
    text = (
        '<?xml version="1.0" encoding="{}"?><Project xmlns="http://schemas.microsoft.com/project">'
        "<StartDate>2026-01-05T08:00:00</StartDate><Tasks><Task><UID>1</UID><ID>1</ID><Name>可研批复</Name>"
        "<Duration>PT40H0M0S</Duration></Task></Tasks></Project>"
    )
    file = tmp_path / "plan.xml"
    file.write_bytes(text.format("GBK").encode("gbk"))
    told = hongtu("plan", "dates", str(file), "--json")
    assert json.loads(told.stdout)["activities"][0]["name"] == "可研批复"

    file.write_bytes(text.format("UTF-8").encode("gbk"))
    refused = hongtu("plan", "dates", str(file), "--json")
    assert refused.returncode == 2
    assert json.loads(refused.stdout)["error"]["code"] == "schedule-file.encoding-wrong"


def test_levelling_refuses_as_an_object_too(tmp_path: Path) -> None:
    file = tmp_path / "circle.rcp"
    file.write_text("3 1\n2\n1 1 1 2\n1 1 1 3\n1 1 1 1\n")
    refused = hongtu("plan", "level", str(file), "--json")
    assert refused.returncode == 2
    assert json.loads(refused.stdout)["error"]["code"] == "levelling.cycle"
