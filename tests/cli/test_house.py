"""The commands that run the house, as a person at a terminal meets them: figures, doctor, import, init."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from hongtu.domains.projects.models import Project
from hongtu.kernel.audit.models import Entry
from tests.demonstration import url_of
from tests.shared_data import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]
WORKBOOK = ROOT / "examples/major-projects-office-style.xlsx"
PROFILE = ROOT / "src/hongtu/site/profiles/honggutan"


def hongtu(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hongtu", *arguments]
    known = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "HONGTU_HOME")}
    settings = {**known, "PYTHONPATH": str(ROOT / "src"), "LANG": "C.UTF-8", "COLUMNS": "200", **environment}
    return subprocess.run(command, capture_output=True, text=True, env=settings, check=False, timeout=300)


@pytest.fixture
def run(own_district: str, tmp_path: Path) -> Run:
    """`run("figures")`: the command in a process of its own, on a clone of the demonstration district."""
    environment = {"DATABASE_URL": url_of(own_district), "HONGTU_HOME": str(tmp_path)}
    connections.close_all()
    return lambda *arguments: hongtu(environment, *arguments)


def test_figures_are_json_with_exact_amounts(run: Run) -> None:
    done = run("figures", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert (found["projects"], found["key_projects"], found["chain_steps"]) == (241, 120, 1200)
    assert float(found["total_investment_wan"]) == 16_557_000
    assert float(found["annual_plan_wan"]) == 2_756_700
    assert 0 < found["on_time_rate"] < 1


def test_doctor_finds_a_healthy_house(run: Run) -> None:
    done = run("doctor", "--json")
    checks = {c["name"]: c for c in json.loads(done.stdout)}
    assert done.returncode == 0, done.stdout
    assert [c for c in checks.values() if c["state"] == "failed"] == []
    assert checks["district"]["words"].endswith("(demonstration)")
    assert "rows, head" in checks["audit chain"]["words"]


def test_import_says_first_and_writes_then(run: Run) -> None:
    dry = run("import", str(WORKBOOK), "--as", "zhongxin", "--dry-run", "--json")
    assert dry.returncode == 0, dry.stderr
    assert json.loads(dry.stdout)["counts"]["changed"] == 29
    assert not Project.objects.filter(progress__contains="5月上旬更新").exists()
    done = run("import", str(WORKBOOK), "--as", "zhongxin", "--json")
    assert json.loads(done.stdout)["state"] == "done"
    assert Project.objects.filter(progress__contains="5月上旬更新").count() == 29
    assert Entry.objects.filter(action="projects.import_rows").latest("sequence").detail["changed"] == 29


def test_a_refused_import_ends_with_2_and_says_why(run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_bytes(b"this is no workbook")
    for arguments, words in (
        ((str(wrong), "--as", "zhongxin"), "wrong.xlsx"),
        ((str(tmp_path / "missing.xlsx"), "--as", "zhongxin"), "import.no_file"),
        ((str(WORKBOOK), "--as", "nobody"), "import.no_account"),
        ((str(WORKBOOK), "--as", "zhongxin", "--ledger", "nothing"), "import.no_ledger"),
    ):
        refused = run("import", *arguments)
        assert refused.returncode == 2, refused.stderr
        assert words in refused.stderr
        assert "Traceback" not in refused.stderr
    assert not Entry.objects.filter(action__startswith="ledger.").exists()


def test_a_reader_cannot_import_from_the_terminal_either(run: Run) -> None:
    before = Entry.objects.count()
    refused = run("import", str(WORKBOOK), "--as", "jiedao")
    assert refused.returncode == 2, refused.stdout + refused.stderr
    assert Entry.objects.filter(action="projects.import_rows").latest("sequence").actor is None
    assert not Project.objects.filter(progress__contains="5月上旬更新").exists()
    assert Entry.objects.count() - before <= 2


@pytest.fixture
def fresh_home() -> Iterator[dict[str, str]]:
    """A home folder that the database server's own user may enter."""
    with tempfile.TemporaryDirectory(prefix="hongtu-init-") as folder:
        Path(folder).chmod(0o755)
        environment = {"HONGTU_HOME": folder}
        yield environment
        hongtu(environment, "stop")


def test_an_empty_district_starts_from_a_profile(fresh_home: dict[str, str]) -> None:
    done = hongtu(fresh_home, "init", str(PROFILE), "--administrator", "first")
    assert done.returncode == 0, done.stderr
    assert "log in as first with the password" in done.stderr
    found = json.loads(hongtu(fresh_home, "figures", "--json").stdout)
    assert (found["projects"], found["chain_steps"], found["on_time_rate"]) == (0, 0, None)
    again = hongtu(fresh_home, "init", str(PROFILE))
    assert again.returncode == 2
    assert "Traceback" not in again.stderr
