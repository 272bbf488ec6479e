"""Guides out of Word, PDF and Excel: upload, what was recognised, corrections, drafts."""

import hashlib
import json
import secrets
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hongtu.domains.matters import actions, queries, vocab
from hongtu.domains.matters.actions.parts import forbidden, material_words, value_fault_words
from hongtu.domains.matters.models import Matter
from hongtu.domains.matters.rules import Fault
from hongtu.domains.matters.rules.elements import BY_KEY, ELEMENTS
from hongtu.domains.matters.rules.interpretation import Recognised, Trouble, interpret, shown
from hongtu.domains.matters.rules.recognition import SKIP, Piece, choosable, corrected, recognise
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import objects
from hongtu.kernel.base.errors import HongtuError
from hongtu.ledger import actions as ledger_actions
from hongtu.ledger import queries as ledger_queries
from hongtu.ledger.documents import Refusal, open_document
from hongtu.ledger.documents.safety import DOCUMENT_LIMITS
from hongtu.ledger.imports.files import FOLDER
from hongtu.ledger.models import ImportJob, ImportState
from hongtu.ledger.spec import language
from hongtu.ui.components import Crumb

SLUG = "guide-documents"
MOST_PIECES = 3_000
NEW = "new"


@guard("matters.change")
@require_http_methods(["GET", "POST"])
def guide_import(request: PersonRequest) -> HttpResponse:
    """Choose a file; one that cannot be read is refused here with the reason and its code."""
    fault = code = ""
    if request.method == "POST":
        given = request.FILES.get("file")
        if given is None or isinstance(given, list):
            fault = _("请选择一个文件。")
        elif (given.size or 0) > DOCUMENT_LIMITS.file_bytes:
            refusal = Refusal(
                "file.too_large",
                size_mb=(given.size or 0) // 2**20,
                limit_mb=DOCUMENT_LIMITS.file_bytes // 2**20,
            )
            fault, code = refusal.message(language()), refusal.code
        else:
            try:
                job = _start(request, given.name or "", given.read())
                return HttpResponseRedirect(reverse("matters:guide-import-job", args=[job.pk]))
            except Refusal as refusal:
                fault, code = refusal.message(language()), refusal.code
    context = {
        "fault": fault,
        "code": code,
        "max_bytes": DOCUMENT_LIMITS.file_bytes,
        "recent": ledger_queries.import_jobs(ledger=SLUG, by=request.user)[:10],
        "breadcrumbs": _trail(),
    }
    return render(request, "matters/import_upload.html", context, status=422 if fault else 200)


def _trail(*more: Crumb) -> list[Crumb]:
    url = reverse("matters:guide-import") if more else ""
    return [
        Crumb(_("办事指南台账"), reverse("ledger:list", args=["guides"])),
        Crumb(_("导入办事指南"), url),
        *more,
    ]


def _start(request: PersonRequest, name: str, given: bytes) -> ImportJob:
    """Read the file once; what was found is kept with the import, the file under a name that says nothing."""
    document = open_document(given)
    pieces = recognise(document.blocks)
    if not any(piece.element for piece in pieces) or len(pieces) > MOST_PIECES:
        raise Refusal("document.no_guide")
    stored = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", ContentFile(given))
    layout = {"kind": document.kind, "pages": document.pages}
    job = ledger_actions.start_import(
        by=request.user,
        ledger=SLUG,
        file=stored,
        file_name=name,
        digest=document.digest,
        mapping={},
        layout=layout,
    )
    _keep(job, pieces, {})
    return job


def _keep(job: ImportJob, pieces: list[Piece], mapping: dict[str, Any]) -> None:
    """The dry run: pieces, what a person chose for them, and the fingerprint under which it is confirmed."""
    ledger_actions.record_mapping(job, mapping, job.layout)
    preview = [asdict(piece) for piece in pieces]
    seen = json.dumps([preview, mapping], sort_keys=True, default=str)
    found = _guides(pieces, mapping)
    counts = {"guides": len(found), "faulty": sum(len(g.troubles) for g in found)}
    fingerprint = hashlib.sha256(seen.encode()).hexdigest()
    ledger_actions.record_check(job, counts=counts, preview=preview, fingerprint=fingerprint)


def _pieces(job: ImportJob) -> list[Piece]:
    return [
        Piece(**{**row, "heads": tuple(row["heads"]), "grid": [tuple(r) for r in row["grid"]]})
        for row in job.preview
    ]


def _guides(pieces: list[Piece], mapping: dict[str, Any]) -> list[Recognised]:
    choices = {int(n): key for n, key in mapping.get("elements", {}).items()}
    return interpret(corrected(pieces, choices), forbidden())


@guard("matters.change")
@require_http_methods(["GET", "POST"])
def guide_import_job(request: PersonRequest, pk: int) -> HttpResponse:
    """What was recognised, to be corrected and confirmed; afterwards what became of it."""
    job = ledger_queries.import_job(pk, ledger=SLUG, by=request.user)
    if request.method == "POST" and job.state == ImportState.CHECKED:
        if "confirm" in request.POST:
            if (response := _confirm(request, job)) is not None:
                return response
        else:
            _correct(request, job)
        return HttpResponseRedirect(reverse("matters:guide-import-job", args=[pk]))
    context = {"job": job, "breadcrumbs": _trail(Crumb(job.file_name))}
    if job.state == ImportState.DONE:
        context["drafts"] = queries.drafts(request.user).filter(origin=_("导入：%s") % job.file_name)
        return render(request, "matters/import_done.html", context)
    pieces = _pieces(job)
    found = _guides(pieces, job.mapping)
    context |= {
        "guides": [_shown(n, guide, request, job) for n, guide in enumerate(found)],
        "rows": _rows(pieces, job, found),
        "elements": choosable(),
        "matters": objects(Matter, by=request.user, to="change").order_by("code"),
        "themes": [(t.value, _(t.label)) for t in vocab.Theme],
        "skip": SKIP,
        "new": NEW,
        "again": ImportJob.objects.filter(ledger=SLUG, digest=job.digest, state=ImportState.DONE).first(),
    }
    return render(request, "matters/import_checked.html", context)


def _correct(request: PersonRequest, job: ImportJob) -> None:
    """Keep what was chosen for each piece and each guide, and recognise anew."""
    known = BY_KEY.keys() | {SKIP, ""}
    pieces = _pieces(job)
    elements = {
        str(n): key
        for n in range(len(pieces))
        if (key := request.POST.get(f"piece-{n}")) is not None and key in known and key != pieces[n].element
    }
    elements = {n: key or SKIP for n, key in elements.items()}
    targets = {
        name: value[:40]
        for name, value in request.POST.items()
        if name.startswith(("matter-", "theme-", "keep-", "given-"))
    }
    _keep(job, pieces, {"elements": elements, "targets": targets})
    messages.info(request, _("已按您的更正重新识别。"))


def _matter_of(guide: Recognised, request: PersonRequest) -> Matter | None:
    """The matter a guide is of: by its name, by what people call it."""
    rows = objects(Matter, by=request.user, to="change")
    if not guide.name:
        return None
    return rows.filter(name=guide.name).first() or rows.filter(aliases__contains=[guide.name]).first()


def _shown(number: int, guide: Recognised, request: PersonRequest, job: ImportJob) -> dict[str, Any]:
    """One recognised guide for the page: its matter, what was found, what is missing, what is wrong."""
    targets = job.mapping.get("targets", {})
    found = set(guide.found)
    matched = _matter_of(guide, request)
    must = [e for e in ELEMENTS if e.mandatory and e.key not in found]
    default = str(matched.pk) if matched else NEW
    return {
        "number": number,
        "name": guide.name,
        "found": [_(BY_KEY[key].label) for key in guide.found],
        "missing": [_(e.label) for e in must],
        "all": len(ELEMENTS),
        "troubles": [(place_words(t.piece), trouble_words(t)) for t in guide.troubles],
        "matter": targets.get(f"matter-{number}", default),
        "theme": targets.get(f"theme-{number}", ""),
        "keep": targets.get(f"keep-{number}", "1") == "1",
        "materials": guide.parts.get("materials", []),
        "steps": guide.parts.get("steps", []),
    }


def place_words(piece: Piece) -> str:
    """Where in the document a piece stands."""
    words = [_("工作表“%s”") % piece.sheet] if piece.sheet else []
    if piece.page:
        words.append(_("第%d页") % piece.page)
    if piece.sheet:
        words.append(_("第%d行") % piece.number)
    elif piece.table:
        words.append(_("表%(table)d第%(row)d行") % {"table": piece.table, "row": piece.number})
    else:
        words.append(_("第%d段") % piece.number)
    return " ".join(words)


def trouble_words(trouble: Trouble) -> str:
    """What is wrong and what to do."""
    if trouble.value is not None:
        return value_fault_words(trouble.value)
    return _("%s这份材料不会导入。") % material_words(Fault(trouble.code, "materials", trouble.text))


def _rows(pieces: list[Piece], job: ImportJob, guides: list[Recognised]) -> list[dict[str, Any]]:
    chosen = job.mapping.get("elements", {})
    many = len({p.guide for p in pieces}) > 1
    return [
        {
            "number": n,
            "place": place_words(piece),
            "label": piece.label,
            "text": shown(piece)[:300],
            "element": chosen.get(str(n), piece.element),
            "guide": piece.guide + 1 if many else 0,
        }
        for n, piece in enumerate(pieces)
    ]


def _confirm(request: PersonRequest, job: ImportJob) -> HttpResponse | None:
    """Write the drafts; a refusal is said on the page, and nothing of the file is then written."""
    found = _guides(_pieces(job), job.mapping)
    try:
        pairs = [(guide, _target(n, guide, request, job)) for n, guide in enumerate(found)]
        made = actions.import_documents(
            by=request.user, job=job, fingerprint=request.POST.get("fingerprint", ""), guides=pairs
        )
    except HongtuError as refusal:
        messages.error(request, refusal.message)
        return None
    if len(made) == 1:
        messages.success(request, _("已建立草稿，请核对后送审。"))
        return HttpResponseRedirect(reverse("matters:guide-edit", args=[made[0].pk]))
    messages.success(
        request, _("已建立%d份草稿。") % len(made) if made else _("文件内容与最新版本一致，没有新建草稿。")
    )
    return HttpResponseRedirect(reverse("matters:guide-import-job", args=[job.pk]))


def _target(number: int, guide: Recognised, request: PersonRequest, job: ImportJob) -> actions.Target:
    """The matter chosen for a guide. HongtuError names what a new one still needs."""
    targets = job.mapping.get("targets", {})
    matched = _matter_of(guide, request)
    choice = (
        request.POST.get(f"matter-{number}")
        or targets.get(f"matter-{number}")
        or (str(matched.pk) if matched else NEW)
    )
    keep = (request.POST.get(f"keep-{number}", "1" if f"given-{number}" not in request.POST else "")) == "1"
    if choice != NEW:
        key = int(choice) if choice.isdecimal() else 0
        found = objects(Matter, by=request.user, to="change").filter(pk=key).first()
        if found is None:
            raise HongtuError(_("第%d份指南没有选事项。") % (number + 1), code="matters.import_matter")
        return actions.Target(found, keep=keep)
    theme = request.POST.get(f"theme-{number}", "") or targets.get(f"theme-{number}", "")
    if not guide.name or theme not in set(vocab.Theme):
        text = _("第%d份指南是新事项：请在“事项名称”一行写明名称，并选择主题。") % (number + 1)
        raise HongtuError(text, code="matters.import_new_matter")
    line = str(guide.fields.get("department") or request.user.unit or "")[:40]
    code = queries.free_code()
    return actions.Target(
        None, {"code": code, "name": guide.name, "line": line, "theme": theme, "unit": request.user.unit}
    )
