"""Import through the page: upload, correct the columns, dry run, confirm, progress, result."""

from __future__ import annotations

import io
import secrets
from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongtu.kernel.base.errors import HongtuError
from hongtu.ledger import actions, queries
from hongtu.ledger.declaration import Ledger
from hongtu.ledger.imports import run
from hongtu.ledger.imports.files import content
from hongtu.ledger.imports.missing import missing_groups
from hongtu.ledger.imports.report import message, missing_names, summary
from hongtu.ledger.models import ImportJob, ImportMode, ImportState
from hongtu.ledger.sheets import (
    DEFAULT_LIMITS,
    Mapping,
    Refusal,
    analyse,
    choose_sheet,
    mark_faults,
    open_table,
)
from hongtu.ledger.sheets.grid import RawSheet, column_letter
from hongtu.ledger.spec import import_spec, is_required, language
from hongtu.ledger.views.common import crumbs, get_ledger, ledger_guard
from hongtu.ledger.views.sheets import XLSX, download
from hongtu.ui.components import Crumb, Progress

SAMPLES = 3


def _ledger(slug: str) -> Ledger:
    ledger = get_ledger(slug)
    if ledger.sheet is None or ledger.bulk is None:
        raise Http404(_("这本台账不能导入。"))
    return ledger


def _trail(ledger: Ledger, name: str = "") -> list[Crumb]:
    url = reverse("ledger:import", args=[ledger.slug])
    if name:
        return crumbs(ledger, Crumb(_("导入"), url), Crumb(name))
    return crumbs(ledger, Crumb(_("导入")))


@ledger_guard("change")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a file; an unreadable one is refused here with the reason."""
    ledger = _ledger(slug)
    fault = ""
    if request.method == "POST":
        given = request.FILES.get("file")
        if given is None or isinstance(given, list):
            fault = _("请选择一个文件。")
        elif (given.size or 0) > DEFAULT_LIMITS.file_bytes:
            fault = _("文件太大，上限 %(limit)d MB。请删去图片或分成几个文件。") % {
                "limit": DEFAULT_LIMITS.file_bytes // 2**20
            }
        else:
            try:
                job = _start(ledger, request, given.name or "", given.read())
                return HttpResponseRedirect(reverse("ledger:import-job", args=[slug, job.pk]))
            except Refusal as refusal:
                fault = refusal.message(language())
    context = {
        "ledger": ledger,
        "fault": fault,
        "recent": queries.import_jobs(ledger=slug, by=request.user)[:10],
        "max_bytes": DEFAULT_LIMITS.file_bytes,
        "breadcrumbs": _trail(ledger),
    }
    return render(request, "ledger/import_upload.html", context, status=422 if fault else 200)


def _start(ledger: Ledger, request: HttpRequest, name: str, given: bytes) -> ImportJob:
    """Read the file, match its columns, keep it under a name that says nothing."""
    workbook = open_table(given)
    spec = import_spec(ledger, request.user)
    _layout, mapping = analyse(choose_sheet(workbook, spec, None), spec)
    stored = default_storage.save(f"imports/{secrets.token_hex(16)}", ContentFile(given))
    return actions.start_import(
        by=request.user,
        ledger=ledger.slug,
        file=stored,
        file_name=name,
        digest=workbook.digest,
        mapping=mapping.as_data(),
    )


@ledger_guard("change")
@require_GET
def job(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Where an import stands: columns to correct, dry run to confirm, progress, or result."""
    ledger = _ledger(slug)
    found = queries.import_job(pk, ledger=slug, by=request.user)
    context: dict[str, Any] = {"ledger": ledger, "job": found, "breadcrumbs": _trail(ledger, found.file_name)}
    if found.state == ImportState.MAPPING or (
        found.state == ImportState.CHECKED and "columns" in request.GET
    ):
        try:
            context.update(_mapping_context(ledger, request, found))
        except HongtuError as refusal:
            return _gone(request, ledger, refusal)
        return render(request, "ledger/import_mapping.html", context)
    if found.state == ImportState.QUEUED:
        context["progress"] = _progress(ledger, found)
        return render(request, "ledger/import_progress.html", context)
    context["rows"] = [_shown(ledger, row) for row in found.preview]
    context["modes"] = ImportMode
    context["missing"] = missing_groups(ledger, found.missing)
    nothing = not (found.counts.get("new") or found.counts.get("changed"))
    context["nothing_to_do"] = nothing and not found.counts.get("faulty")
    context["may_confirm"] = not nothing and not found.counts.get("whole_file")
    return render(
        request,
        "ledger/import_checked.html" if found.state == ImportState.CHECKED else "ledger/import_result.html",
        context,
    )


def _gone(request: HttpRequest, ledger: Ledger, refusal: HongtuError) -> HttpResponse:
    """Its file is not kept any more: say so where another can be uploaded."""
    messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("ledger:import", args=[ledger.slug]))


def _shown(ledger: Ledger, row: dict[str, Any]) -> dict[str, Any]:
    """A row of the dry run with labels and sentences in the reader's language."""
    changes = [
        (force_str(ledger.column(name).label), before, after) for name, before, after in row["changes"]
    ]
    faults = [(fault["cell"], message(fault), fault["level"]) for fault in row["faults"]]
    return {**row, "changes": changes, "faults": faults, "word": _WORDS[row["verdict"]]()}


_WORDS = {
    "new": lambda: _("新增"),
    "changed": lambda: _("修改"),
    "unchanged": lambda: _("不变"),
    "faulty": lambda: _("有误"),
}


def _mapping_context(ledger: Ledger, request: HttpRequest, found: ImportJob) -> dict[str, Any]:
    spec = import_spec(ledger, request.user)
    mapping = Mapping.from_data(found.mapping)
    sheet = choose_sheet(run.read(found), spec, mapping.sheet)
    first = (mapping.header_rows[-1] if mapping.header_rows else -1) + 1
    columns = []
    for match in mapping.matches:
        columns.append((match, column_letter(match.column), _samples(sheet, first, match.column)))
    present = {match.key for match in mapping.matches}
    missing = [
        spec.column(n).title(language())
        for n in ledger.sheet_columns
        if n not in present and is_required(ledger, n)
    ]
    return {
        "columns": columns,
        "options": [(c.key, c.title(language())) for c in spec.columns],
        "missing": missing,
    }


def _samples(sheet: RawSheet, first: int, column: int) -> str:
    found: list[str] = []
    for number in range(first, min(len(sheet.rows), first + 30)):
        value = sheet.value(number, column)
        if value not in (None, "") and len(found) < SAMPLES:
            found.append(str(value)[:24])
    return "；".join(found)


@ledger_guard("change")
@require_POST
def check(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the corrected columns and do the dry run."""
    ledger = _ledger(slug)
    found = queries.import_job(pk, ledger=slug, by=request.user)
    url = reverse("ledger:import-job", args=[slug, pk])
    if found.state not in {ImportState.MAPPING, ImportState.CHECKED}:
        return HttpResponseRedirect(url)
    spec = import_spec(ledger, request.user)
    try:
        mapping = Mapping.from_data(found.mapping)
        for match in mapping.matches:
            chosen = request.POST.get(f"column-{match.column}", match.key or "") or None
            if chosen != match.key:
                mapping = mapping.assign(spec, match.column, chosen)
        actions.record_mapping(found, mapping.as_data())
        if "missing" in request.POST:  # the form that asks about it, ticked or not
            actions.record_wish(found, create_missing="create_missing" in request.POST)
        plan = run.check(found, ledger)
    except Refusal as refusal:
        messages.error(request, refusal.message(language()))
        return HttpResponseRedirect(url)
    except HongtuError as refusal:
        return _gone(request, ledger, refusal)
    actions.record_check(
        found,
        counts=plan.counts,
        preview=summary(plan),
        missing=missing_names(plan),
        fingerprint=plan.fingerprint,
    )
    return HttpResponseRedirect(url)


@ledger_guard("change")
@require_POST
def confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Start what the dry run showed."""
    ledger = _ledger(slug)
    found = queries.import_job(pk, ledger=ledger.slug, by=request.user)
    try:
        actions.queue_import(
            by=request.user,
            job=found,
            mode=request.POST.get("mode", ImportMode.ALL_OR_NOTHING),
            fingerprint=request.POST.get("fingerprint", ""),
        )
    except HongtuError as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("ledger:import-job", args=[slug, pk]))


def _progress(ledger: Ledger, found: ImportJob) -> Progress:
    state = run.progress_of(found)
    done, total = (state.done, state.total) if state else (0, 0)
    return Progress(
        _("正在导入 %(file)s") % {"file": found.file_name},
        done,
        total,
        _("已写入 %(done)d / %(total)d 行") % {"done": done, "total": total},
        poll_url=reverse("ledger:import-progress", args=[ledger.slug, found.pk]),
    )


@ledger_guard("change")
@require_GET
def progress(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The progress bar, asked for each second; at the end the browser is sent to the result."""
    ledger = _ledger(slug)
    found = queries.import_job(pk, ledger=slug, by=request.user)
    if found.state != ImportState.QUEUED:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("ledger:import-job", args=[slug, pk])
        return response
    return render(request, "ledger/parts/progress.html", {"progress": _progress(ledger, found)})


@ledger_guard("change")
@require_POST
def stop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Stop a running import; nothing of it is then written."""
    ledger = _ledger(slug)
    found = queries.import_job(pk, ledger=ledger.slug, by=request.user)
    if found.state == ImportState.QUEUED:
        actions.stop_import(by=request.user, job=found)
        messages.info(request, _("已请求停止，没有写入的内容不会写入。"))
    return HttpResponseRedirect(reverse("ledger:import-job", args=[slug, pk]))


@ledger_guard("change")
@require_GET
def faults(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The same workbook with the faulty cells marked, each with a comment that says what is wrong."""
    ledger = _ledger(slug)
    found = queries.import_job(pk, ledger=slug, by=request.user)
    target = io.BytesIO()
    try:
        plan = run.check(found, ledger)
        mark_faults(content(found), plan.faults, target, language=language())
    except HongtuError as refusal:
        return _gone(request, ledger, refusal)
    stem = found.file_name.rsplit(".", 1)[0]
    return download(target.getvalue(), _("%(name)s（问题标注）.xlsx") % {"name": stem}, XLSX)
