"""Import through the page: upload, dry run, confirm, progress, result. Columns: `views/columns.py`."""

from __future__ import annotations

import io
import secrets
from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongtu.kernel.base.errors import HongtuError
from hongtu.ledger import actions, queries
from hongtu.ledger.declaration import Ledger
from hongtu.ledger.imports import files, run
from hongtu.ledger.imports.layout import examine
from hongtu.ledger.imports.missing import missing_groups
from hongtu.ledger.imports.progress import progress_of, share
from hongtu.ledger.imports.report import message
from hongtu.ledger.models import ImportJob, ImportMode, ImportPhase, ImportState
from hongtu.ledger.sheets import DEFAULT_LIMITS, Refusal, mark_faults
from hongtu.ledger.spec import import_spec, language
from hongtu.ledger.views import columns
from hongtu.ledger.views.common import import_gone, import_trail, importable, ledger_guard
from hongtu.ledger.views.sheets import XLSX, download
from hongtu.ui.components import Progress

BUSY = {ImportState.CHECKING, ImportState.QUEUED}


@ledger_guard("change")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a file; an unreadable one is refused here with the reason."""
    ledger = importable(slug)
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
        "breadcrumbs": import_trail(ledger),
    }
    return render(request, "ledger/import_upload.html", context, status=422 if fault else 200)


def _start(ledger: Ledger, request: HttpRequest, name: str, given: bytes) -> ImportJob:
    """Read the file, match its columns, keep it under a name that says nothing."""
    found = examine(given, import_spec(ledger, request.user))
    stored = default_storage.save(f"{files.FOLDER}/{secrets.token_hex(16)}", ContentFile(given))
    return actions.start_import(
        by=request.user,
        ledger=ledger.slug,
        file=stored,
        file_name=name,
        digest=found.digest,
        mapping=found.mapping.as_data(),
        layout=found.layout,
    )


@ledger_guard("change")
@require_GET
def job(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Where an import stands: columns to correct, dry run to confirm, progress, or result."""
    ledger = importable(slug)
    found = queries.import_job(pk, ledger=slug, by=request.user)
    wants_columns = found.state not in BUSY | {ImportState.DONE} and "columns" in request.GET
    if found.state == ImportState.MAPPING or wants_columns:
        return columns.page(request, ledger, found)
    context: dict[str, Any] = {
        "ledger": ledger,
        "job": found,
        "breadcrumbs": import_trail(ledger, found.file_name),
    }
    if found.state in BUSY:
        context["progress"] = _progress(ledger, found)
        context["checking"] = found.state == ImportState.CHECKING
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


@ledger_guard("change")
@require_POST
def check(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the corrected columns and have the dry run done; also again, after one or an import stopped."""
    ledger = importable(slug)
    found = queries.import_job(pk, ledger=slug, by=request.user)
    try:
        files.require(found)
        mapping, layout = columns.corrected(request, ledger, found)
    except Refusal as refusal:
        messages.error(request, refusal.message(language()))
    except HongtuError as refusal:
        return import_gone(request, ledger, refusal)
    else:
        asked = "missing" in request.POST  # the form that asks about it, ticked or not
        wish = "create_missing" in request.POST if asked else found.create_missing
        actions.queue_check(found, mapping=mapping.as_data(), layout=layout, create_missing=wish)
    return HttpResponseRedirect(reverse("ledger:import-job", args=[slug, pk]))


@ledger_guard("change")
@require_POST
def confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Start what the dry run showed."""
    ledger = importable(slug)
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


_PHASES = {
    ImportPhase.WAITING: lambda: _("排队等候，轮到就开始"),
    ImportPhase.READING: lambda: _("正在读取：第 %(done)d 行，共 %(total)d 行"),
    ImportPhase.COLUMNS: lambda: _("正在核对各列：第 %(done)d 列，共 %(total)d 列"),
    ImportPhase.COMPARING: lambda: _("正在与台账里的记录比对"),
    ImportPhase.WRITING: lambda: _("已写入 %(done)d / %(total)d 行"),
}


def _progress(ledger: Ledger, found: ImportJob) -> Progress:
    state, writing = progress_of(found), found.state == ImportState.QUEUED
    label = _("正在导入 %(file)s") if writing else _("正在预检 %(file)s")
    return Progress(
        label % {"file": found.file_name},
        share(state, writing=writing),
        100,
        _PHASES[ImportPhase(state.phase)]() % {"done": state.done, "total": state.total},
        poll_url=reverse("ledger:import-progress", args=[ledger.slug, found.pk]),
    )


@ledger_guard("change")
@require_GET
def progress(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The progress bar, asked for each second; at the end the browser is sent to the result."""
    ledger = importable(slug)
    found = queries.import_job(pk, ledger=slug, by=request.user)
    if found.state not in BUSY:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("ledger:import-job", args=[slug, pk])
        return response
    return render(request, "ledger/parts/progress.html", {"progress": _progress(ledger, found)})


@ledger_guard("change")
@require_POST
def stop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Stop a dry run or an import; nothing of it is then written."""
    importable(slug)
    found = queries.import_job(pk, ledger=slug, by=request.user)
    if found.state == ImportState.QUEUED:
        actions.stop_import(by=request.user, job=found)
        messages.info(request, _("已请求停止，没有写入的内容不会写入。"))
    elif found.state == ImportState.CHECKING:
        actions.close_check(found.pk, progress_of(found).round, {})
        messages.info(request, _("预检已停止，文件和列的对应都还在；点“预检”再来一次。"))
    return HttpResponseRedirect(reverse("ledger:import-job", args=[slug, pk]))


@ledger_guard("change")
@require_GET
def faults(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The same workbook with the faulty cells marked, each with a comment that says what is wrong."""
    ledger = importable(slug)
    found = queries.import_job(pk, ledger=slug, by=request.user)
    target = io.BytesIO()
    try:
        plan = run.check(found, ledger)
        mark_faults(files.content(found), plan.faults, target, language=language())
    except HongtuError as refusal:
        return import_gone(request, ledger, refusal)
    stem = found.file_name.rsplit(".", 1)[0]
    return download(target.getvalue(), _("%(name)s（问题标注）.xlsx") % {"name": stem}, XLSX)
