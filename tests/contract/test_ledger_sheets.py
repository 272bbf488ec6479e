"""Workbooks of every ledger: template, export that equals the view, import and back."""

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from openpyxl import load_workbook

from hongtu.kernel.audit.models import Entry
from hongtu.ledger.declaration import Ledger
from hongtu.ledger.imports.plan import make_plan
from hongtu.ledger.imports.run import run, run_check
from hongtu.ledger.listing import Listing
from hongtu.ledger.models import ImportJob, ImportState
from hongtu.ledger.sheets import View, open_table, write_xlsx
from hongtu.ledger.spec import import_spec
from tests.contract.examples import Example
from tests.contract.world import World

Make = Callable[..., Any]


def workbook_of(ledger: Ledger, world: World, rows: list[dict[str, Any]]) -> bytes:
    """A workbook of the ledger's sheet with the given values."""
    target = io.BytesIO()
    spec = import_spec(ledger, world.wang)
    present = [n for n in ledger.sheet_columns if any(row.get(n) is not None for row in rows)]
    write_xlsx(target, spec, [{n: row.get(n) for n in present} for row in rows], View(keys=present))
    return target.getvalue()


def stored_values(ledger: Ledger, record: Any) -> dict[str, Any]:
    return {n: ledger.column(n).read(record) for n in ledger.sheet_columns}


def test_the_template_opens_and_names_every_column(
    sheet_ledger: Ledger, world: World, login: Callable
) -> None:
    answer = login(world.wang).get(f"/ledgers/{sheet_ledger.slug}/template.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    head = " ".join(str(cell.value) for cell in sheet[1])
    for name in sheet_ledger.sheet_columns:
        assert import_spec(sheet_ledger, world.wang).column(name).zh in head


def test_an_export_has_the_rows_and_columns_of_the_view(
    ledger: Ledger, make: Make, world: World, login: Callable
) -> None:
    for number in (1, 2, 3):
        make(number)
    name = ledger.name_column
    parameters = {"sort": f"-{name}"} if ledger.table[name].sort else {}
    seen = Listing(ledger, world.wang, QueryDict(urlencode(parameters)))
    answer = login(world.wang).get(f"/ledgers/{ledger.slug}/export.csv", parameters)
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == seen.count + 1
    assert lines[0].count(",") == len(seen.columns) - 1
    for line, record in zip(lines[1:], seen.rows, strict=True):
        first = seen.columns[0]
        assert line.startswith((first.text(first.read(record)), '"')), "same order"
    book = login(world.wang).get(f"/ledgers/{ledger.slug}/export.xlsx", parameters)
    assert load_workbook(io.BytesIO(book.content)).active.max_row >= seen.count + 2


def test_what_was_exported_comes_back_unchanged(sheet_ledger: Ledger, make: Make, world: World) -> None:
    records = [make(number) for number in (1, 2, 3)]
    fresh = sheet_ledger.model._default_manager.filter(pk__in=[r.pk for r in records])
    content = workbook_of(sheet_ledger, world, [stored_values(sheet_ledger, r) for r in fresh])
    plan = make_plan(sheet_ledger, world.wang, open_table(content))
    assert [str(f.message("en")) for f in plan.faults if f.level == "error"] == []
    assert (plan.counts["unchanged"], plan.counts["changed"], plan.counts["new"]) == (3, 0, 0), [
        r.changes for r in plan.rows
    ]


def test_new_rows_are_written_with_one_audit_entry(
    sheet_ledger: Ledger, case: Example, world: World, login: Callable
) -> None:
    rows = [case.values(world, number) for number in (1, 2)]
    client = login(world.wang)
    before = sheet_ledger.model._default_manager.count()
    file = io.BytesIO(workbook_of(sheet_ledger, world, rows))
    file.name = "rows.xlsx"
    url = client.post(f"/ledgers/{sheet_ledger.slug}/import/", {"file": file}).url
    client.post(f"{url}check/")
    assert run_check(ImportJob.objects.get().pk) == ImportState.CHECKED
    job = ImportJob.objects.get()
    assert job.counts["faulty"] == 0, job.preview
    client.post(f"{url}confirm/", {"mode": "all", "fingerprint": job.fingerprint})
    assert run(job.pk) == ImportState.DONE, ImportJob.objects.get().failure
    assert sheet_ledger.model._default_manager.count() == before + 2
    assert Entry.objects.filter(detail__contains={"import": job.pk, "digest": job.digest}).count() == 1
    made = list(sheet_ledger.model._default_manager.order_by("-pk")[:2])[::-1]
    for number, record in enumerate(made, 1):
        wanted = case.values(world, number)
        for name in sheet_ledger.sheet_columns:
            if name in wanted and name not in sheet_ledger.sheet.only_new:
                assert getattr(record, name) == wanted[name], name
