"""What the pages of this room share."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.visits.models import Visit
from hongtu.domains.visits.vocab import VisitState
from hongtu.ledger.pages import done
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


def kept(request: HttpRequest, text: str, url: str) -> HttpResponse:
    """What was written at the spot is kept. The script that sends it needs to know that for certain, and not
    be led to a page that might as well be the log-in."""
    if request.headers.get("X-Requested-With") != "XMLHttpRequest":
        return done(request, text, url)
    messages.success(request, text)
    return HttpResponse(status=204)
