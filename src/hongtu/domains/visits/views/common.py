"""What the pages of this room share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.visits.models import Visit
from hongtu.domains.visits.vocab import VisitState
from hongtu.kernel.access.guards import PersonRequest
from hongtu.kernel.base.errors import HongtuError, InvalidInput, StaleVersion
from hongtu.ui.components import Crumb
from hongtu.ui.status import Status

STATUS_OF_VISIT = {
    VisitState.PLANNED: Status.NOT_DUE,
    VisitState.DONE: Status.DONE,
    VisitState.CANCELLED: Status.EXCUSED,
}


def visit_url(visit: Visit) -> str:
    return reverse("visits:visit", args=[visit.pk])


def day_url(leader: int, on: Any) -> str:
    return f"{reverse('visits:day')}?leader={leader}&on={on}"


def crumbs(*last: Crumb) -> list[Crumb]:
    return [Crumb(_("走访调研"), reverse("visits:home")), *last]


def attempt(form: forms.Form, run: Callable[[], Any]) -> Any:
    """Run an action; its refusal goes to the fields it names, or above the form. None when refused."""
    try:
        return run()
    except StaleVersion as stale:
        form.add_error(None, str(stale.message))
        form.data = {**form.data.dict(), "version": str(stale.current)}  # type: ignore[attr-defined]
    except InvalidInput as refusal:
        named = {k: v for k, v in refusal.fields.items() if k in form.fields}
        for name, texts in named.items():
            for text in texts:
                form.add_error(name, text)
        if not named:
            form.add_error(None, str(refusal.message))
    except HongtuError as refusal:
        form.add_error(None, str(refusal.message))
    return None


def done(request: PersonRequest, text: str, url: str) -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(url)
