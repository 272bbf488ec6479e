"""The dry run in the background: progress, stop, coming back, a defect; sheet and unit chosen by hand."""

import io
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from hongtu.kernel.people.models import Person, Unit
from hongtu.ledger import actions, jobs
from hongtu.ledger.imports import run as module
from hongtu.ledger.imports.progress import Reporter
from hongtu.ledger.imports.run import run, run_check
from hongtu.ledger.models import ImportJob, ImportPhase, ImportProgress, ImportState
from hongtu.ledger.sheets import Stopped
from tests.ledger.test_import import ROWS, check, confirm, upload, workbook

Login = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def start(client: Client, job: ImportJob) -> str:
    """Press 预检; the page that follows."""
    url = f"/ledgers/units/import/{job.pk}/"
    return client.post(f"{url}check/", follow=True).content.decode()


def test_the_dry_run_waits_for_the_worker_and_shows_how_far_it_is(
    unit: Unit, centre: Person, client_of: Login
) -> None:
    client = client_of(centre)
    job = upload(client, workbook(ROWS))
    page = start(client, job)
    assert "正在预检" in page
    assert "排队等候" in page
    queued = ProcrastinateJob.objects.get(task_name="ledger.run_check")
    assert queued.args == {"job_id": job.pk, "round": 1, "language": "zh-hans"}
    ImportProgress.objects.filter(job=job).update(phase="columns", done=2, total=4)
    url = f"/ledgers/units/import/{job.pk}/"
    bar = client.get(f"{url}progress/").content.decode()
    assert "第 2 列，共 4 列" in bar
    assert 'value="60"' in bar
    start(client, job)
    assert ProcrastinateJob.objects.filter(task_name="ledger.run_check").count() == 1, "pressed twice"
    assert run_check(job.pk) == ImportState.CHECKED
    assert client.get(f"{url}progress/")["HX-Redirect"] == url
    assert "第三步：预检结果" in client.get(url).content.decode()
    assert Unit.objects.count() == 1


def test_a_stopped_dry_run_goes_back_to_the_columns_and_can_be_taken_up_again(
    unit: Unit, centre: Person, client_of: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(centre)
    job = upload(client, workbook(ROWS, ["单位编码", "叫法", "别的叫法", "类别", "主管单位"]))
    url = f"/ledgers/units/import/{job.pk}/"
    client.post(f"{url}check/", {"column-1": "name", "column-2": ""})
    told = Reporter.at

    def stop_in_the_middle(self: Reporter, phase: ImportPhase, done: int, total: int) -> None:
        if phase == ImportPhase.COLUMNS:
            client.post(f"{url}stop/")
            raise Stopped("as the database would say over its other connection")
        told(self, phase, done, total)

    monkeypatch.setattr(Reporter, "at", stop_in_the_middle)
    assert run_check(job.pk) == ImportState.MAPPING
    monkeypatch.undo()
    page = client.get(url).content.decode()
    assert "预检已停止" in page
    assert '<option value="name" selected>' in page, "the corrected column is kept"
    start(client, job)
    assert run_check(job.pk, 1) == ImportState.CHECKING, "the round that was stopped is not wanted any more"
    newest = ProcrastinateJob.objects.filter(task_name="ledger.run_check").latest("pk")
    assert run_check(job.pk, newest.args["round"]) == ImportState.CHECKED
    job.refresh_from_db()
    assert job.counts["new"] == 2


def test_what_an_overtaken_dry_run_found_is_not_kept(unit: Unit, centre: Person, client_of: Login) -> None:
    client = client_of(centre)
    job = upload(client, workbook(ROWS))
    start(client, job)
    client.post(f"/ledgers/units/import/{job.pk}/stop/")
    start(client, job)
    late = {"counts": {"new": 99}, "preview": [], "missing": [], "fingerprint": "x"}
    assert actions.finish_check(job.pk, 1, **late) == ImportState.CHECKING
    job.refresh_from_db()
    assert job.counts == {}


def test_an_import_stopped_before_its_turn_is_over_and_can_be_taken_up_again(
    unit: Unit, centre: Person, client_of: Login
) -> None:
    client = client_of(centre)
    job = check(client, upload(client, workbook(ROWS)))
    url = f"/ledgers/units/import/{job.pk}/"
    client.post(f"{url}confirm/", {"mode": "all", "fingerprint": job.fingerprint})
    page = client.post(f"{url}stop/", follow=True).content.decode()
    assert "按您的要求停止" in page
    assert run(job.pk) == ImportState.STOPPED, "the worker comes too late"
    assert Unit.objects.count() == 1
    assert confirm(client, check(client, job)).state == ImportState.DONE
    assert Unit.objects.count() == 3


def test_an_unforeseen_error_is_said_on_the_page_once_the_queue_gives_up(
    unit: Unit, centre: Person, client_of: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(centre)
    job = upload(client, workbook(ROWS))
    start(client, job)

    def break_down(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(module, "make_plan", break_down)
    for attempt in range(jobs.RETRIES + 1):
        context: Any = SimpleNamespace(job=SimpleNamespace(id=7, attempts=attempt))
        with pytest.raises(RuntimeError):
            jobs.run_check(context, job_id=job.pk, round=1, language="zh-hans")
        job.refresh_from_db()
        assert (job.state == ImportState.MAPPING) == (attempt == jobs.RETRIES)
    page = client.get(f"/ledgers/units/import/{job.pk}/").content.decode()
    assert "预检没有完成" in page
    assert "编号 7" in page


def two_sheets() -> bytes:
    """The sheet that fits best is not the one she means."""
    book = Workbook()
    book.active.title = "全部机构"
    book.active.append(["单位编码", "机构名称", "简称", "类别", "主管单位"])
    book.active.append(["EDU", "教育体育局", "教体局", "部门", "示例区"])
    new = book.create_sheet("今年新设")
    new.append(["单位编码", "机构名称", "类别", "主管单位"])
    new.append(["WATER", "水利局", "部门", "示例区"])
    book.create_sheet("随笔").append(["没有表头"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_another_sheet_of_the_workbook_is_chosen(unit: Unit, centre: Person, client_of: Login) -> None:
    client = client_of(centre)
    job = upload(client, two_sheets())
    url = f"/ledgers/units/import/{job.pk}/"
    page = client.get(url).content.decode()
    assert '<option value="全部机构" selected>' in page
    assert "今年新设（2 行）" in page
    page = client.post(f"{url}sheet/", {"sheet": "今年新设"}, follow=True).content.decode()
    assert '<option value="今年新设" selected>' in page
    assert "水利局" in page
    page = client.post(f"{url}sheet/", {"sheet": "随笔"}, follow=True).content.decode()
    assert "随笔" in page, "no header there: said, and the sheet before it stays"
    assert '<option value="今年新设" selected>' in page
    confirm(client, check(client, job))
    assert set(Unit.objects.values_list("code", flat=True)) == {"D", "WATER"}


def money_upload(client: Client, *cells: Any) -> str:
    """A ledger of projects with a total investment under a header that says no unit; the job's address."""
    book = Workbook()
    book.active.append(["项目名称", "总投资", "年度计划投资（亿元）", "形象进度"])
    book.active.append(["示例一号路", *cells, "路基完成"])
    target = io.BytesIO()
    book.save(target)
    file = SimpleUploadedFile("台账.xlsx", target.getvalue())
    return str(client.post("/ledgers/projects/import/", {"file": file}).url)


def test_the_unit_of_a_column_is_corrected_by_hand(unit: Unit, centre: Person, client_of: Login) -> None:
    client = client_of(centre)
    url = money_upload(client, 1.25, 1_500_000)
    page = client.get(url).content.decode()
    assert "<option selected>万元</option>" in page, "the unit of the ledger, where the header says none"
    assert "<option selected>亿元</option>" in page, "the unit of the header"
    client.post(f"{url}check/", {"unit-1": "亿元", "unit-2": "元"})
    job = ImportJob.objects.get()
    run_check(job.pk)
    plan = module.check(ImportJob.objects.get(), module.find("projects"))
    values = plan.rows[0].values
    assert (values["total_investment"], values["annual_plan"]) == (Decimal(12500), Decimal(150))
    page = client.get(f"{url}?columns=1").content.decode()
    assert "<option selected>元</option>" in page, "what she chose is shown when she comes back"


def test_another_field_brings_its_own_units(unit: Unit, centre: Person, client_of: Login) -> None:
    client = client_of(centre)
    url = money_upload(client, 1, 1)
    fragment = client.get(f"{url}unit/1/", {"column-1": "land_area_mu"}).content.decode()
    assert "<option selected>亩</option>" in fragment
    assert "公顷" in fragment
    assert "select" not in client.get(f"{url}unit/1/", {"column-1": "progress"}).content.decode()
    assert client.get(f"{url}unit/77/", {"column-77": "progress"}).status_code == 404
    other = client.post(f"{url}check/", {"column-1": "land_area_mu", "unit-1": "万元"})
    assert other.status_code == 302, "a unit left over from the other field is no fault"
    match = ImportJob.objects.get().mapping["columns"][1]
    assert (match[2], match[5]) == ("land_area_mu", None)


def test_a_header_with_the_ledgers_unit_does_not_say_it_twice(centre: Person, client_of: Login) -> None:
    book = load_workbook(io.BytesIO(client_of(centre).get("/ledgers/projects/template.xlsx").content))
    head = [str(cell.value) for row in book.worksheets[0].iter_rows(max_row=2) for cell in row if cell.value]
    assert [text for text in head if text.startswith("用地面积")] == ["用地面积（亩）"]
