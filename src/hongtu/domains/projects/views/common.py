"""What the pages of this room share."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.projects.models import Project
from hongtu.kernel.access.guards import PersonRequest
from hongtu.ledger.pages import form_status
from hongtu.ui.components import Crumb


def project_url(key: int, anchor: str = "") -> str:
    """The project's page, at a panel when an anchor is given."""
    return reverse("ledger:detail", args=["projects", key]) + (f"#{anchor}" if anchor else "")


def crumbs(project: Project, last: str) -> list[Crumb]:
    return [
        Crumb(_("重大项目台账"), reverse("ledger:list", args=["projects"])),
        Crumb(project.name, project_url(project.pk)),
        Crumb(last),
    ]


def form_page(
    request: PersonRequest, project: Project, form: forms.Form, title: str, **extra: Any
) -> HttpResponse:
    """A page with one form; 422 when it came back with faults."""
    context = {
        "project": project,
        "form": form,
        "title": title,
        "breadcrumbs": crumbs(project, title),
        **extra,
    }
    return render(request, "projects/form.html", context, status=form_status(form))
