"""An empty district and an office's workbook: the companies and people it names are made with the import."""

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.test import Client
from openpyxl import Workbook

from hongtu.domains.projects.models import Project
from hongtu.kernel.access.models import Assignment
from hongtu.kernel.audit.models import Entry
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.ledger.imports.run import run, run_check
from hongtu.ledger.models import ImportJob, ImportState
from hongtu.site import starting
from hongtu.site.importing import import_file

ROOT = Path(__file__).resolve().parents[2]
PROFILE = ROOT / "src/hongtu/site/profiles/honggutan"
WORKBOOK = ROOT / "examples/major-projects-office-style.xlsx"
TOTALS = (Decimal(16_557_000), Decimal(2_756_700))


@pytest.fixture
def empty_district(db: None, settings: Any, tmp_path: Path) -> Person:
    settings.MEDIA_ROOT = tmp_path
    starting.start(PROFILE, "admin")
    return Person.objects.get(username="admin")


def totals() -> tuple[Decimal, Decimal]:
    found = Project.objects.aggregate(a=Sum("total_investment"), b=Sum("annual_plan"))
    return found["a"], found["b"]


def quiet(_words: str) -> None:
    pass


def test_the_office_workbook_fills_an_empty_district(empty_district: Person) -> None:
    dry = import_file(WORKBOOK, "projects", "admin", mode="all", dry_run=True, step=quiet)
    assert dry["counts"]["faulty"] > 0
    known = {group["key"]: group["names"] for group in dry["missing"]}
    assert known["companies"] and known["people"]
    people, units = Person.objects.count(), Unit.objects.count()

    done = import_file(
        WORKBOOK, "projects", "admin", mode="all", dry_run=False, step=quiet, create_missing=True
    )
    assert done["state"] == ImportState.DONE, (done["counts"], done["faults"][:5])
    assert Project.objects.count() == 241
    assert totals() == TOTALS
    assert set(Unit.objects.filter(kind=UnitKind.COMPANY).values_list("name", flat=True)) == set(
        known["companies"]
    )
    assert Unit.objects.count() == units + len(known["companies"])
    assert Person.objects.count() == people + len(known["people"])
    assert not any(p.has_usable_password() for p in Person.objects.filter(name__in=known["people"]))

    entry = Entry.objects.get(action="projects.import_rows")
    assert entry.detail["created_with_it"] == known
    insert = Unit.pgh_event_models["insert"].objects.filter(code__startswith="company-").first()
    assert insert.pgh_context_id == entry.context, "one batch of history for companies and projects"

    again = import_file(
        WORKBOOK, "projects", "admin", mode="all", dry_run=True, step=quiet, create_missing=True
    )
    assert (again["counts"]["unchanged"], again["missing"]) == (241, [])


HEAD = [
    "项目名称", "类别", "项目类型", "投资主体", "街道（镇）", "建设地点", "建设规模", "总投资（万元）",
    "年度计划（万元）", "开工时间", "竣工时间", "建设单位", "责任单位", "挂点领导", "服务专员",
]  # fmt: skip


def workbook(*rows: tuple[str, str, str, str]) -> bytes:
    """Projects by (name, owner, leader, service officer); everything else is in order."""
    book = Workbook()
    book.active.append(HEAD)
    district = Unit.objects.get(kind="district").name
    for name, owner, leader, officer in rows:
        book.active.append([
            name, "社会民生", "政府投资房建", "政府投资", district, "某路", "一所", 100, 10, "2025-01-01",
            "2026-01-01", owner, district, leader, officer,
        ])  # fmt: skip
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(client: Client, content: bytes) -> ImportJob:
    file = SimpleUploadedFile("台账.xlsx", content)
    assert client.post("/ledgers/projects/import/", {"file": file}).status_code == 302
    job = ImportJob.objects.latest("pk")
    client.post(f"/ledgers/projects/import/{job.pk}/check/")
    run_check(job.pk)
    job.refresh_from_db()
    return job


def wish(client: Client, job: ImportJob, tick: bool) -> str:
    data = {"missing": "1", **({"create_missing": "1"} if tick else {})}
    client.post(f"/ledgers/projects/import/{job.pk}/check/", data)
    run_check(job.pk)
    job.refresh_from_db()
    return client.get(f"/ledgers/projects/import/{job.pk}/").content.decode()


def test_the_page_asks_before_it_makes_anything(
    empty_district: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(empty_district)
    rows = (("甲校", "新城建设公司", "赵一", "赵一"), ("乙校", "新城建设公司", "钱二", "孙三、李四"))
    job = upload(client, workbook(*rows))
    page = client.get(f"/ledgers/projects/import/{job.pk}/").content.decode()
    assert "1 家企业" in page
    assert "2 名人员" in page, "赵一 stands in two columns and is one; 孙三、李四 is nobody's name"
    assert job.counts["faulty"] == 2, job.preview

    page = wish(client, job, tick=True)
    assert (job.counts["new"], job.counts["faulty"]) == (1, 1), job.preview
    assert "将随本次导入新建" in page
    assert "1 名人员" in page, "钱二 belongs to a faulty row"
    assert not Person.objects.filter(name="赵一").exists(), "a dry run writes nothing"
    assert 'name="create_missing" value="1" checked' not in wish(client, job, tick=False)
    wish(client, job, tick=True)

    client.post(
        f"/ledgers/projects/import/{job.pk}/confirm/", {"mode": "good", "fingerprint": job.fingerprint}
    )
    assert run(job.pk) == ImportState.DONE
    made = Project.objects.get()
    assert (made.owner.name, made.owner.kind, made.leader) == (
        "新城建设公司",
        "company",
        made.service_officer,
    )
    assert not Person.objects.filter(name="钱二").exists()
    assert "随本次导入新建" in client.get(f"/ledgers/projects/import/{job.pk}/").content.decode()


def test_an_import_that_fails_leaves_no_company_behind(
    empty_district: Person, client_of: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from hongtu.domains.projects.actions import ledger
    from hongtu.kernel.base.errors import InvalidInput

    client = client_of(empty_district)
    job = upload(client, workbook(("甲校", "新城建设公司", "赵一", "")))
    wish(client, job, tick=True)
    client.post(
        f"/ledgers/projects/import/{job.pk}/confirm/", {"mode": "all", "fingerprint": job.fingerprint}
    )

    def fail(*_given: Any) -> None:
        raise InvalidInput("late", code="test.late")

    monkeypatch.setattr(ledger, "_open_books", fail)
    assert run(job.pk) == ImportState.FAILED
    assert not Unit.objects.filter(kind="company").exists()
    assert not Person.objects.filter(name="赵一").exists()


def test_whoever_may_not_enter_people_is_not_offered_it(
    empty_district: Person, client_of: Callable[[Person], Client]
) -> None:
    district = Unit.objects.get(kind="district")
    officer = Person(username="liu", name="liu", pinyin="liu", unit=district, password="!")
    officer.save()
    Assignment.objects.create(person=officer, role="department_officer", unit=district)
    client = client_of(officer)
    job = upload(client, workbook(("甲校", "新城建设公司", "赵一", "")))
    page = wish(client, job, tick=True)
    assert (job.counts["faulty"], job.missing) == (1, [])
    assert "一并新建" not in page
