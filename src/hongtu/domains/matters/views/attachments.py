"""The materials of a draft one by one, and the files of a guide: put, taken off, fetched."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hongtu.domains.matters import actions, queries
from hongtu.domains.matters.forms import FileForm, MaterialForm
from hongtu.domains.matters.models import Guide, GuideFile
from hongtu.domains.matters.queries.elements import files_of
from hongtu.domains.matters.rules.elements import FILES, MATERIAL_FILES
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can, get
from hongtu.kernel.profile.models import today
from hongtu.ledger.pages import attempt, form_status
from hongtu.ui.components import Crumb


@dataclass(frozen=True)
class Place:
    """Where a file may be put: the element, the material it belongs to, and the file that is there."""

    element: str
    label: str
    material: str
    file: GuideFile | None


def attachments(guide: Guide, material: str = "") -> list[Place]:
    """The places for files of a guide, or of one of its materials."""
    known = files_of(guide)
    listed = MATERIAL_FILES if material else FILES
    return [Place(e.key, _(e.label), material, known.get((e.key, material))) for e in listed]


def _trail(guide: Guide, *more: Crumb) -> list[Crumb]:
    edit = reverse("matters:guide-edit", args=[guide.pk])
    return [Crumb(_("办事指南台账"), reverse("ledger:list", args=["guides"])), Crumb(str(guide), edit), *more]


@guard("matters.change")
@require_http_methods(["GET", "POST"])
def guide_material(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """One material of a draft with all its elements and its two files."""
    guide = queries.guide(pk, request.user, "change")
    materials = list(guide.materials.all())
    material = next((m for m in materials if m.sequence == number), None)
    if material is None:
        raise Http404(_("没有这份材料。"))
    form = MaterialForm(request.POST or None, initial=MaterialForm.initial_of(material, guide.version))
    if request.method == "POST" and form.is_valid():
        changed = form.row(material.name)
        rows = [changed if m.sequence == number else actions.material_row(m) for m in materials]
        version = form.cleaned_data["version"]
        saved = attempt(
            form,
            lambda: actions.revise_guide(
                by=request.user, record=guide, version=version, parts={"materials": rows}
            ),
        )
        if saved:
            messages.success(request, _("已保存材料"))
            return HttpResponseRedirect(reverse("matters:guide-edit", args=[saved.pk]) + "#materials")
    context = {
        "guide": guide,
        "material": material,
        "form": form,
        "files": attachments(guide, material.name),
        "breadcrumbs": _trail(guide, Crumb(material.name)),
    }
    return render(request, "matters/guide_material.html", context, status=form_status(form))


@guard("matters.change")
@require_http_methods(["GET", "POST"])
def guide_attach(request: PersonRequest, pk: int, element: str) -> HttpResponse:
    """Put a file in its place; `?material=` names the material it belongs to."""
    guide = queries.guide(pk, request.user, "change")
    material = request.GET.get("material", "")
    place = next((p for p in attachments(guide, material) if p.element == element), None)
    if place is None or (material and not guide.materials.filter(name=material).exists()):
        raise Http404(_("指南里没有放这个附件的地方。"))
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: actions.attach(
                by=request.user,
                guide=guide,
                element=element,
                material=material,
                file=form.cleaned_data["file"],
            ),
        )
        if made:
            messages.success(request, _("已上传"))
            return HttpResponseRedirect(_back(guide, material))
    context = {"guide": guide, "place": place, "form": form, "breadcrumbs": _trail(guide, Crumb(place.label))}
    return render(request, "matters/guide_attach.html", context, status=form_status(form))


def _back(guide: Guide, material: str) -> str:
    found = guide.materials.filter(name=material).first() if material else None
    if found is not None:
        return reverse("matters:guide-material", args=[guide.pk, found.sequence])
    return reverse("matters:guide-edit", args=[guide.pk]) + "#files"


@guard("matters.change")
@require_POST
def guide_detach(request: PersonRequest, pk: int, file: int) -> HttpResponse:
    """Take a file off a draft."""
    guide = queries.guide(pk, request.user, "change")
    material = guide.files.filter(pk=file).values_list("material", flat=True).first() or ""
    actions.detach(by=request.user, guide=guide, key=file)
    messages.success(request, _("已移除附件"))
    return HttpResponseRedirect(_back(guide, material))


@guard(public=True)
def guide_file(request: HttpRequest, pk: int) -> FileResponse:
    """A file of a guide in force for everyone, of any version for staff; as a download, never run."""
    found = queries.guide_file(pk, today())
    if found is None and can(request.user, "matters.read"):
        found = GuideFile.objects.filter(pk=pk).first()
        if found is not None:
            get(Guide, found.guide_id, by=request.user)
    if found is None:
        raise Http404(_("没有这个附件，或它的办事指南目前不在有效期内。"))
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)
    response["Content-Security-Policy"] = "sandbox"
    return response
