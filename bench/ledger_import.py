"""Import of 5,000 rows x 40 columns: Hongtu beside django-import-export on the same file.

Both read the same .xlsx, do a dry run and then write into the same tables with the same history triggers,
inside a transaction that is rolled back. Hongtu also writes its audit row. Each contender runs in a process
of its own, so that its peak memory is its own. `python bench/ledger_import.py [--full]`; --full adds the
peer as its manual shows it, row by row, which takes many minutes: the quick run has its bulk mode only.
"""
# ruff: noqa: E501, RUF012

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hongtu.site.settings")

FIELDS = [
    "sequence",
    "name",
    "alias",
    "project_code",
    "kind",
    "type",
    "levels",
    "key_project",
    "investment_subject",
    "nature",
    "industry",
    "site",
    "subdistrict",
    "scale",
    "land_area_mu",
    "floor_area",
    "total_investment",
    "annual_plan",
    "done_before_year",
    "funds_in_place",
    "registered_on",
    "planned_start",
    "actual_start",
    "planned_finish",
    "actual_finish",
    "planned_use",
    "owner",
    "owner_contact",
    "responsible_unit",
    "supporting_units",
    "leader",
    "task_force",
    "liaison",
    "service_officer",
    "plan_document",
    "builders",
    "stage",
    "progress",
    "last_report",
    "light_reason",
]
UNITS, PEOPLE = 60, 200


def project_ledger() -> Any:
    """A ledger of 40 columns whose action does what every bulk action does, and nothing a domain adds."""
    from hongtu.domains.projects.models import Project
    from hongtu.domains.projects.vocab import Level
    from hongtu.kernel.audit.actions import action, note
    from hongtu.kernel.base import bulk
    from hongtu.kernel.pinyin import initials, sort_key
    from hongtu.ledger.columns import Column
    from hongtu.ledger.declaration import Ledger, Sheet

    @action("bench.import")
    def write(*, by: Any, create: Any, update: Any, source: Any) -> None:
        named = [
            {**row, "pinyin": sort_key(row["name"]), "initials": initials(row["name"])} for row in create
        ]
        bulk.write(Project, create=named, update=update)
        note(**source)

    class BenchLedger(Ledger):
        model = Project
        title, slug = "台账", "bench"
        columns = tuple(
            Column(n, words=tuple((v.value, v.label) for v in Level)) if n == "levels" else n for n in FIELDS
        )
        sheet = Sheet(columns=tuple(FIELDS), key=("project_code", "name"))
        bulk = write

    return BenchLedger()


def make_file(path: Path, rows: int) -> None:
    """A ledger as an office keeps it, words and names, 40 columns."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    ledger = project_ledger()
    sheet.append([str(ledger.column(n).label) for n in FIELDS])
    for number in range(rows):
        unit, person = f"单位{number % UNITS}", f"人员{number % PEOPLE}"
        start = date(2025, 1, 1) + timedelta(days=number % 300)
        values = {
            "sequence": number + 1, "name": f"示例项目第{number:05}号", "alias": f"别名{number}",
            "project_code": f"2504-360113-04-01-{number:06}", "kind": "城市基础设施", "type": "市政道路",
            "levels": "区重大、区重点推进", "key_project": "是", "investment_subject": "政府投资", "nature": "新建",
            "industry": "道路运输业", "site": f"示例路{number}号", "subdistrict": "单位1", "scale": "新建道路" * 10,
            "land_area_mu": 12.5, "floor_area": 3.25, "total_investment": 1000 + number, "annual_plan": 100,
            "done_before_year": 50, "funds_in_place": 80, "registered_on": start, "planned_start": start,
            "actual_start": start, "planned_finish": start + timedelta(days=400),
            "actual_finish": None, "planned_use": start + timedelta(days=500), "owner": unit,
            "owner_contact": person, "responsible_unit": unit, "supporting_units": "单位1、单位2", "leader": person,
            "task_force": "人员1、人员2", "liaison": person, "service_officer": person, "plan_document": "方案" * 20,
            "builders": "示例设计院/示例建工/示例监理", "stage": "在建", "progress": "主体完成百分之六十",
            "last_report": "2025-03", "light_reason": "",
        }  # fmt: skip
        sheet.append([values[n] for n in FIELDS])
    book.save(path)


def seed() -> None:
    from hongtu.kernel.people.models import Person, Unit

    Unit.objects.bulk_create(
        Unit(code=f"U{n}", name=f"单位{n}", kind="department", path=f"U{n}/", pinyin=f"{n}")
        for n in range(UNITS)
    )
    unit = Unit.objects.get(code="U1")
    Person.objects.bulk_create(
        Person(username=f"p{n}", name=f"人员{n}", pinyin=f"{n}", unit=unit) for n in range(PEOPLE)
    )
    from hongtu.kernel.access.models import Assignment

    Assignment.objects.create(person=Person.objects.get(username="p1"), role="promotion_centre", unit=unit)


def ours(path: Path) -> int:
    """Dry run, then plan again and write, as a confirmed import does."""
    from hongtu.domains.projects.models import Project
    from hongtu.kernel.people.models import Person
    from hongtu.ledger.imports.plan import make_plan
    from hongtu.ledger.imports.report import summary
    from hongtu.ledger.sheets import open_table

    ledger, by = project_ledger(), Person.objects.get(username="p1")
    plan = make_plan(ledger, by, open_table(path.read_bytes()))
    assert not plan.counts["faulty"], plan.faults[:3]
    summary(plan)
    plan = make_plan(ledger, by, open_table(path.read_bytes()))
    ledger.bulk(by=by, create=plan.create, update=plan.update, source={"file": path.name})
    return Project.objects.count()


def peer_resource(tuned: bool) -> Any:
    """django-import-export's resource of the same model and columns; `tuned` with its bulk mode, without diffs,
    and with references looked up once instead of row by row."""
    from import_export import fields, resources, widgets

    from hongtu.domains.projects.models import Project
    from hongtu.kernel.people.models import Person, Unit
    from hongtu.kernel.pinyin import initials, sort_key

    ledger = project_ledger()
    known: dict[Any, dict[str, Any]] = {}

    def names_of(model: Any) -> dict[str, Any]:
        if model not in known:
            known[model] = {o.name: o for o in model.objects.all()}
        return known[model]

    class Cached(widgets.ForeignKeyWidget):
        def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
            if not tuned:
                return super().clean(value, row, **kwargs)
            names = names_of(self.model)
            return names[value] if value else None

    class Many(widgets.ManyToManyWidget):
        def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
            if not tuned:
                return super().clean(value, row, **kwargs)
            names = names_of(self.model)
            return [names[part] for part in value.split("、")] if value else []

    class Words(widgets.Widget):
        def __init__(self, words: dict[str, str], many: bool) -> None:
            super().__init__()
            self.words, self.many = words, many

        def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
            if self.many:
                return [self.words[part] for part in value.split("、")] if value else []
            return self.words[value]

    class YesNo(widgets.BooleanWidget):
        TRUE_VALUES = ["是"]
        FALSE_VALUES = ["否"]

    class Text(widgets.CharWidget):
        def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
            return "" if value is None else str(value)

    def widget(name: str) -> Any:
        column = ledger.column(name)
        if column.kind == "reference":
            return Cached(Person if column.related is Person else Unit, "name")
        if column.kind == "references":
            return Many(Person if column.related is Person else Unit, separator="、", field="name")
        if column.kind in {"choice", "choices"}:
            return Words({str(label): value for value, label in column.words}, column.kind == "choices")
        kinds = {"boolean": YesNo(), "date": widgets.DateWidget(), "integer": widgets.IntegerWidget()}
        if column.kind in {"money", "number"}:
            return widgets.DecimalWidget()
        return kinds.get(column.kind, Text())

    class Meta:
        model = Project
        fields = tuple(FIELDS)
        import_id_fields = ("project_code",)
        use_bulk = tuned
        batch_size = 1000
        skip_diff = tuned
        use_transactions = True
        if tuned:
            from import_export.instance_loaders import CachedInstanceLoader as instance_loader_class

    body: dict[str, Any] = {
        n: fields.Field(attribute=n, column_name=str(ledger.column(n).label), widget=widget(n), m2m_add=False)
        for n in FIELDS
    }

    def before_save_instance(self: Any, instance: Any, row: Any, **kwargs: Any) -> None:
        instance.pinyin, instance.initials = sort_key(instance.name), initials(instance.name)

    body |= {"Meta": Meta, "before_save_instance": before_save_instance}
    return type("Projects", (resources.ModelResource,), body)()


def peer(path: Path, tuned: bool) -> int:
    import tablib

    from hongtu.domains.projects.models import Project

    made = peer_resource(tuned)
    for dry in (True, False):
        data = tablib.Dataset().load(path.read_bytes(), format="xlsx")
        result = made.import_data(data, dry_run=dry, raise_errors=True)
        assert not result.has_errors()
    return Project.objects.count()


def child(contender: str, path: Path) -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    connection.ensure_connection()
    began = time.perf_counter()
    with transaction.atomic():
        rows = ours(path) if contender == "hongtu" else peer(path, contender == "peer-tuned")
        transaction.set_rollback(True)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mb": peak}))


def measure(contender: str, path: Path, url: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, __file__, "--child", contender, "--file", str(path)],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--full", action="store_true")
    options.add_argument("--rows", type=int, default=5000)
    options.add_argument("--child")
    options.add_argument("--file", type=Path)
    given = options.parse_args()
    if given.child:
        child(given.child, given.file)
        return
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    settings.INSTALLED_APPS += ["import_export"] if "import_export" not in settings.INSTALLED_APPS else []
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        seed()
        known = connection.settings_dict
        port = f"&port={known['PORT']}" if known["PORT"] else ""
        url = (
            f"postgresql://{quote(known['USER'] or '')}:{quote(known['PASSWORD'] or '')}@/{known['NAME']}"
            f"?host={quote(known['HOST'] or '', safe='')}{port}"
        )
        for rows in (given.rows,):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "ledger.xlsx"
                make_file(path, rows)
                print(
                    f"{rows:,} rows x {len(FIELDS)} columns, {path.stat().st_size / 2**20:.1f} MB; dry run + import",
                    flush=True,
                )
                compare(
                    path, url, ("hongtu", "peer-tuned", "peer") if given.full else ("hongtu", "peer-tuned")
                )
    finally:
        teardown_databases(databases, verbosity=0)


NAMES = {
    "hongtu": "Hongtu (two steps, audit row)",
    "peer": "django-import-export as documented",
    "peer-tuned": "django-import-export, bulk, no diff, cached references",
}


def compare(path: Path, url: str, contenders: tuple[str, ...]) -> None:
    own = 0.0
    for name in contenders:
        seen = measure(name, path, url)
        own = own or seen["seconds"]
        line = f"  {NAMES[name]:<56}{seen['seconds']:8.2f} s {seen['peak_mb']:7.0f} MB"
        print(f"{line}   {seen['seconds'] / own:6.1f} x our time", flush=True)


if __name__ == "__main__":
    main()
