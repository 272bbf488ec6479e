"""The second step of an import: which sheet, which column is which field, what its numbers are in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hongtu.kernel.base.errors import HongtuError
from hongtu.ledger import actions, queries
from hongtu.ledger.declaration import Ledger
from hongtu.ledger.imports import files
from hongtu.ledger.imports.layout import examine, mapping_of
from hongtu.ledger.models import ImportJob, ImportState
from hongtu.ledger.sheets import ColumnMatch, Mapping, Refusal, SheetColumn, SheetSpec, units_alike
from hongtu.ledger.sheets.grid import column_letter
from hongtu.ledger.spec import import_spec, is_required, language
from hongtu.ledger.views.common import import_gone, import_trail, importable, ledger_guard

CORRECTABLE = {ImportState.MAPPING, ImportState.CHECKED, ImportState.STOPPED, ImportState.FAILED}


@dataclass(frozen=True)
class UnitChoice:
    """What the numbers of a column are in: the units that fit, the one taken, the one they are kept in."""

    column: int
    units: tuple[str, ...] = ()
    chosen: str = ""
    stored: str = ""


@dataclass(frozen=True)
class Line:
    """One column of the file on the page."""

    match: ColumnMatch
    letter: str
    samples: str
    unit: UnitChoice


def page(request: HttpRequest, ledger: Ledger, found: ImportJob) -> HttpResponse:
    """The columns as they were matched, to be corrected; what refused the last dry run stands above."""
    try:
        files.require(found)
        mapping, layout = mapping_of(found, ledger)
    except HongtuError as refusal:
        return import_gone(request, ledger, refusal)
    spec = import_spec(ledger, request.user)
    samples = layout.get("samples", {})
    present = {match.key for match in mapping.matches}
    context = {
        "ledger": ledger,
        "job": found,
        "breadcrumbs": import_trail(ledger, found.file_name),
        "columns": [
            Line(
                match,
                column_letter(match.column),
                samples.get(str(match.column), ""),
                unit_choice(spec, match, match.key),
            )
            for match in mapping.matches
        ],
        "options": [(column.key, column.title(language())) for column in spec.columns],
        "missing": [
            spec.column(name).title(language())
            for name in ledger.sheet_columns
            if name not in present and is_required(ledger, name)
        ],
        "sheets": [(name, rows) for name, rows, _hidden in layout.get("sheets", []) if rows],
        "sheet": mapping.sheet,
        "header_row": mapping.header_rows[-1] + 1 if mapping.header_rows else 0,
        "failure": found.failure if found.state == ImportState.MAPPING else {},
    }
    return render(request, "ledger/import_mapping.html", context)


def unit_choice(spec: SheetSpec, match: ColumnMatch, key: str | None) -> UnitChoice:
    """The units a column may be in when it is field `key`; none for what is not measured."""
    field: SheetColumn | None = spec.by_key.get(key or "")
    if field is None or not field.unit_group:
        return UnitChoice(match.column)
    units = units_alike(field.unit)
    return UnitChoice(match.column, units, match.unit if match.unit in units else field.unit, field.unit)


def corrected(request: HttpRequest, ledger: Ledger, found: ImportJob) -> tuple[Mapping, dict[str, Any]]:
    """The mapping with what the person chose in the form, and the layout. Raises Refusal."""
    spec = import_spec(ledger, request.user)
    mapping, layout = mapping_of(found, ledger)
    for match in mapping.matches:
        chosen = request.POST.get(f"column-{match.column}", match.key or "") or None
        if chosen != match.key:
            mapping = mapping.assign(spec, match.column, chosen)
    for match in mapping.matches:
        wanted = request.POST.get(f"unit-{match.column}", "")
        offered = unit_choice(spec, match, match.key)
        if wanted != offered.chosen and wanted in offered.units:
            mapping = mapping.with_unit(spec, match.column, wanted)
    return mapping, layout


@ledger_guard("change")
@require_GET
def unit(request: HttpRequest, slug: str, pk: int, column: int) -> HttpResponse:
    """The units to choose from, once the person says that a column is another field."""
    ledger = importable(slug)
    found = queries.import_job(pk, ledger=slug, by=request.user)
    try:
        mapping, _layout = mapping_of(found, ledger)
    except (Refusal, HongtuError) as refusal:
        raise Http404(str(refusal)) from refusal
    match = next((one for one in mapping.matches if one.column == column), None)
    if match is None:
        raise Http404(_("文件里没有这一列。"))
    key = request.GET.get(f"column-{column}")
    choice = unit_choice(import_spec(ledger, request.user), match, key)
    return render(request, "ledger/parts/unit.html", {"unit": choice})


@ledger_guard("change")
@require_POST
def sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take another sheet of the workbook and match its columns."""
    ledger = importable(slug)
    found = queries.import_job(pk, ledger=slug, by=request.user)
    url = reverse("ledger:import-job", args=[slug, pk])
    if found.state not in CORRECTABLE:
        return HttpResponseRedirect(url)
    try:
        spec = import_spec(ledger, request.user)
        other = examine(files.content(found), spec, request.POST.get("sheet", ""))
        actions.record_mapping(found, other.mapping.as_data(), other.layout)
    except Refusal as refusal:
        messages.error(request, refusal.message(language()))
        return HttpResponseRedirect(f"{url}?columns=1")
    except HongtuError as refusal:
        return import_gone(request, ledger, refusal)
    return HttpResponseRedirect(url)
