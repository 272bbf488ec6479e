"""What the pages of this room share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.projects.models import Project
from hongtu.kernel.access.guards import PersonRequest
from hongtu.kernel.base.errors import HongtuError, InvalidInput, StaleVersion
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


def attempt(form: forms.Form, run: Callable[[], Any]) -> Any:
    """Run an action; its refusal goes to the fields it names, or above the form. None when refused."""
    try:
        return run()
    except StaleVersion as stale:
        theirs = "；".join(f"{name}: {value}" for name, value in stale.theirs.items())
        form.add_error(None, f"{stale.message} {theirs}")
        # The next attempt is made against what the reader has now seen.
        form.data = {**form.data.dict(), "version": str(stale.current)}  # type: ignore[attr-defined]
    except InvalidInput as refusal:
        named = {k: v for k, v in refusal.fields.items() if k in form.fields}
        for name, texts in named.items():
            for text in texts:
                form.add_error(name, text)
        if not named or refusal.message:
            form.add_error(None, refusal.message)
    except HongtuError as refusal:
        form.add_error(None, refusal.message)
    return None


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
    return render(
        request, "projects/form.html", context, status=422 if form.is_bound and form.errors else 200
    )


def done(request: PersonRequest, text: str, url: str) -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(url)
