"""What every page with a form does, in whatever room it stands: run the action, say what it refused.

Ledgers and domains share it, so that a refusal, and the loss of a race between two editors, look the
same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from hongtu.kernel.access.limits import TooManyRequests
from hongtu.kernel.base.errors import HongtuError, InvalidInput, StaleVersion

TOO_MANY = "too_many_requests"
"""The code of the fault above a form that was sent too often."""


def attempt(form: forms.BaseForm, run: Callable[[], Any]) -> Any:
    """Run an action; its refusal goes to the fields it names, or above the form. None when refused."""
    try:
        return run()
    except StaleVersion as stale:
        _show_stale(form, stale)
    except InvalidInput as refusal:
        show_refusal(form, refusal)
    except TooManyRequests as refusal:
        form.add_error(None, forms.ValidationError(str(refusal.message), code=TOO_MANY))
    except HongtuError as refusal:
        form.add_error(None, str(refusal.message))
    return None


def show_refusal(form: forms.BaseForm, refusal: InvalidInput) -> None:
    """Each objection at its field; the refusal itself above the form when it names none of them."""
    named = refusal.fields.keys() & form.fields.keys()
    if not named:
        form.add_error(None, str(refusal.message))
    for name, texts in refusal.fields.items():
        for text in texts:
            if name in named or str(text) != str(refusal.message):
                form.add_error(name if name in named else None, text)


def _show_stale(form: forms.BaseForm, stale: StaleVersion) -> None:
    """What she typed stays; what the other one wrote into the same fields is said above the form."""
    theirs = [
        _("%(field)s现在是“%(value)s”")
        % {"field": force_str(form.fields[name].label or name), "value": value}
        for name, value in stale.theirs.items()
        if name in form.fields
    ]
    form.add_error(None, " ".join([str(stale.message), _("；").join(theirs)]).strip())
    # The next attempt is made against what the reader has now seen.
    form.data = {**form.data.dict(), "version": str(stale.current)}  # type: ignore[attr-defined]


def form_status(form: forms.BaseForm) -> int:
    """HTTP status of the page a form stands on: 422 when it came back with faults, 429 when it was not the
    form but how often it was sent."""
    if form.has_error(NON_FIELD_ERRORS, TOO_MANY):
        return 429
    return 422 if form.is_bound and form.errors else 200


def done(request: HttpRequest, text: str, url: str) -> HttpResponse:
    """What was to be done is done: say so on the page that comes next."""
    messages.success(request, text)
    return HttpResponseRedirect(url)
