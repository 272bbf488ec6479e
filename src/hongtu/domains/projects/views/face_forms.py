"""One work face changed or removed by hand."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hongtu.domains.projects import actions
from hongtu.domains.projects.actions.faces import FaceFaults
from hongtu.domains.projects.forms import RemoveForm
from hongtu.domains.projects.forms.faces import FaceForm
from hongtu.domains.projects.models import WorkFace
from hongtu.domains.projects.views import face_words as words
from hongtu.domains.projects.views.faces import trail
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import get
from hongtu.ledger.pages import attempt, form_status


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def face(request: PersonRequest, pk: int) -> HttpResponse:
    """Ground, window and access of a face; refused in words where the ground makes no sense."""
    found = get(WorkFace, pk, by=request.user, to="change")
    form = FaceForm(request.POST or None, face=found)
    faults: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def save() -> WorkFace | None:
            try:
                return actions.revise_face(
                    by=request.user,
                    face=found,
                    version=given["version"],
                    changes=form.changes(),
                    reason=given["reason"],
                )
            except FaceFaults as refusal:
                faults.extend(words.fault_words(fault) for fault in refusal.faults[:20])
                form.add_error(None, refusal.message)
                return None

        if attempt(form, save):
            messages.success(request, _("已保存：%s") % given["name"])
            return HttpResponseRedirect(reverse("projects:faces"))
    remove_url = reverse("projects:face-remove", args=[found.pk])
    return _page(request, found, form, found.name, faults=faults, remove_url=remove_url)


@guard("projects.change")
@require_http_methods(["GET", "POST"])
def face_remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a face out, with a reason."""
    found = get(WorkFace, pk, by=request.user, to="change")
    form = RemoveForm(request.POST or None, initial={"version": found.version})

    def remove() -> bool:
        actions.remove_face(by=request.user, face=found, **form.cleaned_data)
        return True

    if request.method == "POST" and form.is_valid() and attempt(form, remove):
        messages.success(request, _("已删除：%s") % found.name)
        return HttpResponseRedirect(reverse("projects:faces"))
    return _page(request, found, form, _("删除作业面：%s") % found.name, submit_label=_("删除"))


def _page(request: PersonRequest, found: WorkFace, form: Any, title: str, **extra: Any) -> HttpResponse:
    context = {
        "form": form,
        "face": found,
        "title": title,
        "back_url": reverse("projects:faces"),
        "breadcrumbs": trail(title),
        **extra,
    }
    return render(request, "projects/face.html", context, status=form_status(form))
