"""What the pages of this room share."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.visits.models import Visit
from hongtu.domains.visits.vocab import VisitState
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
