"""Import through the page: columns, dry run, confirm, result; the same file twice; faulty rows; stop."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from hongtu.kernel.audit.models import Entry
from hongtu.kernel.people import actions
from hongtu.kernel.people.models import Person, Unit
from hongtu.ledger.imports.run import run, run_check
from hongtu.ledger.models import ImportJob, ImportProgress, ImportState

Login = Callable[[Person], Client]
HEAD = ["单位编码", "机构名称", "简称", "类别", "主管单位"]
ROWS = [["EDU", "教育体育局", "教体局", "部门", "示例区"], ["WATER", "水利局", "", "部门", "示例区"]]


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def workbook(rows: list[list[Any]], head: list[str] = HEAD) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(["示例区机构名录"])
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(client: Client, content: bytes, name: str = "名录.xlsx") -> ImportJob:
    response = client.post("/ledgers/units/import/", {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()
    return ImportJob.objects.latest("pk")


def check(client: Client, job: ImportJob, **columns: str) -> ImportJob:
    client.post(f"/ledgers/units/import/{job.pk}/check/", columns)
    run_check(job.pk)
    job.refresh_from_db()
    return job


def confirm(client: Client, job: ImportJob, mode: str = "all") -> ImportJob:
    client.post(f"/ledgers/units/import/{job.pk}/confirm/", {"mode": mode, "fingerprint": job.fingerprint})
    run(job.pk)
    job.refresh_from_db()
    return job


def test_a_workbook_becomes_records_with_one_audit_entry(
    unit: Unit, centre: Person, client_of: Login
) -> None:
    client = client_of(centre)
    job = upload(client, workbook(ROWS))
    page = client.get(f"/ledgers/units/import/{job.pk}/").content.decode()
    assert "机构名称" in page
    assert "同义词" in page
    job = check(client, job)
    assert (job.counts["new"], job.counts["faulty"]) == (2, 0)
    assert Unit.objects.count() == 1, "a dry run writes nothing"
    job = confirm(client, job)
    assert job.state == ImportState.DONE
    made = Unit.objects.get(code="EDU")
    assert (made.name, made.parent, made.path, made.pinyin) == (
        "教育体育局",
        unit,
        "D/EDU/",
        "jiao yu ti yu ju",
    )
    entry = Entry.objects.get(action="people.import_units")
    assert (entry.detail["created"], entry.detail["digest"], entry.actor) == (2, job.digest, centre)
    assert job.context == entry.context
    assert "已写入" in client.get(f"/ledgers/units/import/{job.pk}/").content.decode()


def test_the_same_file_twice_changes_nothing(unit: Unit, centre: Person, client_of: Login) -> None:
    client = client_of(centre)
    confirm(client, check(client, upload(client, workbook(ROWS))))
    before = list(Unit.objects.values_list("pk", "version"))
    job = check(client, upload(client, workbook(ROWS)))
    assert (job.counts["unchanged"], job.counts["new"], job.counts["changed"]) == (2, 0, 0)
    assert "没有需要写入的" in client.get(f"/ledgers/units/import/{job.pk}/").content.decode()
    assert list(Unit.objects.values_list("pk", "version")) == before


def test_a_second_run_of_the_same_job_does_nothing(unit: Unit, centre: Person, client_of: Login) -> None:
    client = client_of(centre)
    job = confirm(client, check(client, upload(client, workbook(ROWS))))
    assert run(job.pk) == ImportState.DONE
    assert Unit.objects.count() == 3
    assert Entry.objects.filter(action="people.import_units").count() == 1


def test_the_dry_run_says_which_fields_change(unit: Unit, centre: Person, client_of: Login) -> None:
    client = client_of(centre)
    confirm(client, check(client, upload(client, workbook(ROWS))))
    job = check(client, upload(client, workbook([["EDU", "教育局", "", "部门", "示例区"]])))
    page = client.get(f"/ledgers/units/import/{job.pk}/").content.decode()
    assert "<del>教育体育局</del> → <ins>教育局</ins>" in page
    job = confirm(client, job)
    changed = Unit.objects.get(code="EDU")
    assert (changed.name, changed.short_name, changed.version) == ("教育局", "教体局", 2), "empty cells keep"


def test_faulty_rows_are_named_marked_and_left_out(unit: Unit, centre: Person, client_of: Login) -> None:
    client = client_of(centre)
    bad = [*ROWS, ["X1", "某局", "", "什么类别", "示例区"], ["X2", "某某局", "", "部门", "不存在的区"]]
    job = check(client, upload(client, workbook(bad)))
    assert job.counts["faulty"] == 2
    page = client.get(f"/ledgers/units/import/{job.pk}/").content.decode()
    assert "什么类别" in page
    assert "D5" in page
    marked = load_workbook(io.BytesIO(client.get(f"/ledgers/units/import/{job.pk}/faults.xlsx").content))
    assert "不存在的区" in marked.active["E6"].comment.text
    refused = confirm(client, job, "all")
    assert refused.state == ImportState.CHECKED, "all or nothing refuses"
    assert confirm(client, job, "good").state == ImportState.DONE
    assert set(Unit.objects.values_list("code", flat=True)) == {"D", "EDU", "WATER"}


def test_columns_are_corrected_by_hand(unit: Unit, centre: Person, client_of: Login) -> None:
    client = client_of(centre)
    job = upload(client, workbook(ROWS, ["单位编码", "叫法", "别的叫法", "类别", "主管单位"]))
    job = check(client, job, **{"column-1": "name", "column-2": ""})
    assert job.counts["new"] == 2
    confirm(client, job)
    assert Unit.objects.get(code="EDU").name == "教育体育局"


def test_data_that_changed_after_the_dry_run_asks_for_another_look(
    unit: Unit, centre: Person, client_of: Login
) -> None:
    client = client_of(centre)
    confirm(client, check(client, upload(client, workbook(ROWS))))
    job = check(client, upload(client, workbook([["EDU", "教育局", "", "部门", "示例区"]])))
    record = Unit.objects.get(code="EDU")
    actions.revise_unit(by=None, record=record, version=record.version, name="教体委")
    job = confirm(client, job)
    assert job.state == ImportState.CHECKED
    assert Unit.objects.get(code="EDU").name == "教体委"
    assert "又有变化" in client.get(f"/ledgers/units/import/{job.pk}/").content.decode()


def test_a_stopped_import_writes_nothing(
    unit: Unit, centre: Person, client_of: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hongtu.ledger.imports.progress import Reporter
    from hongtu.ledger.sheets import Stopped

    def stop(self: Any, phase: str, done: int, total: int) -> None:
        if phase == "writing" and done:
            raise Stopped("asked to")

    client = client_of(centre)
    job = check(client, upload(client, workbook(ROWS)))
    monkeypatch.setattr(Reporter, "at", stop)
    job = confirm(client, job)
    assert job.state == ImportState.STOPPED
    assert Unit.objects.count() == 1
    assert not Entry.objects.filter(action="people.import_units").exists()


def test_another_persons_import_is_not_found(
    unit: Unit, centre: Person, client_of: Login, make_person: Callable[..., Person]
) -> None:
    job = upload(client_of(centre), workbook(ROWS))
    other = client_of(make_person("li", "promotion_centre"))
    assert other.get(f"/ledgers/units/import/{job.pk}/").status_code == 404


def test_what_is_no_table_is_refused_with_the_reason(centre: Person, client_of: Login) -> None:
    response = client_of(centre).post(
        "/ledgers/units/import/", {"file": SimpleUploadedFile("照片.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100)}
    )
    assert response.status_code == 422
    assert "不是表格文件" in response.content.decode()
    assert not ImportJob.objects.exists()


def test_the_progress_page_leads_to_the_result(unit: Unit, centre: Person, client_of: Login) -> None:
    client = client_of(centre)
    job = check(client, upload(client, workbook(ROWS)))
    url = f"/ledgers/units/import/{job.pk}/"
    client.post(f"{url}confirm/", {"mode": "all", "fingerprint": job.fingerprint})
    ImportProgress.objects.filter(job=job).update(done=1, phase="writing")
    assert "已写入 1 / 2 行" in client.get(url).content.decode()
    assert 'hx-trigger="every 1s"' in client.get(f"{url}progress/").content.decode()
    run(job.pk)
    assert client.get(f"{url}progress/")["HX-Redirect"] == url


def test_template_filled_in_comes_back(unit: Unit, centre: Person, client_of: Login) -> None:
    client = client_of(centre)
    book = load_workbook(io.BytesIO(client.get("/ledgers/units/template.xlsx").content))
    sheet = book.worksheets[0]
    head = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[1]}
    for name, value in {"编码": "EDU", "名称": "教育局", "类别": "部门", "上级单位": "D"}.items():
        sheet.cell(3, head[name], value)
    target = io.BytesIO()
    book.save(target)
    confirm(client, check(client, upload(client, target.getvalue())))
    assert Unit.objects.get(code="EDU").parent == unit


def test_an_export_equals_the_view(unit: Unit, centre: Person, client_of: Login) -> None:
    for code, name in (("B", "水利局"), ("A", "教育局"), ("C", "=HYPERLINK(1)")):
        actions.register_unit(by=None, code=code, name=name, kind="department", parent=unit)
    client = client_of(centre)
    query = "kind=department&sort=-code&columns=code"
    content = client.get(f"/ledgers/units/export.xlsx?{query}").content
    sheet = load_workbook(io.BytesIO(content)).active
    values = [[c.value for c in row] for row in sheet.iter_rows() if row[0].value is not None]
    start = next(i for i, row in enumerate(values) if row[0] == "名称")
    assert values[start : start + 4] == [
        ["名称", "编码"],
        ["=HYPERLINK(1)", "C"],
        ["水利局", "B"],
        ["教育局", "A"],
    ]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == "=HYPERLINK(1)")
    assert cell.data_type != "f"
    text = client.get(f"/ledgers/units/export.csv?{query}&encoding=gb18030").content.decode("gb18030")
    assert text.splitlines()[1].startswith("'=HYPERLINK(1)")
