"""What the pages of this room share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.assessment import queries
from hongtu.domains.assessment.forms import AskForm
from hongtu.domains.assessment.models import Scheme
from hongtu.domains.assessment.queries.scoring import NoScheme, Result, result
from hongtu.domains.assessment.rules import Score
from hongtu.domains.assessment.vocab import SchemeState, Standing
from hongtu.kernel.access.guards import PersonRequest
from hongtu.kernel.access.policies import can
from hongtu.kernel.indicators.vocab import Subject
from hongtu.kernel.profile.models import today
from hongtu.ui.components import Crumb
from hongtu.ui.formats import grouped
from hongtu.ui.status import Status

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATUS = {
    Standing.GOOD: Status.NORMAL,
    Standing.PASS: Status.WARNING,
    Standing.POOR: Status.LATE,
    Standing.VETOED: Status.LATE,
    Standing.UNRANKED: Status.NOT_DUE,
}


def subject_of(code: str) -> Subject:
    """The subject of an address; Http404 for an unknown one."""
    try:
        return Subject(code)
    except ValueError:
        raise Http404(_("没有这类考核对象。")) from None


@dataclass(frozen=True)
class Asked:
    """What a page was asked for: whose ranking, of which day, as known when, by which scheme."""

    subject: Subject
    on: date
    known: datetime | None = None
    scheme: Scheme | None = None

    @property
    def query(self) -> str:
        """The same asking as part of an address."""
        given: dict[str, Any] = {}
        if self.on != today():
            given["on"] = self.on.isoformat()
        if self.known:
            given["known"] = timezone.localtime(self.known).replace(tzinfo=None).isoformat()
        if self.scheme:
            given["scheme"] = self.scheme.pk
        return "?" + urlencode(given) if given else ""

    def url(self, name: str, *more: Any) -> str:
        return reverse(f"assessment:{name}", args=[self.subject.value, *more]) + self.query

    def compute(self) -> Result:
        """Raises NoScheme."""
        return result(self.subject, self.on, self.known, scheme=self.scheme)


def scheme_asked(by: Any, key: Any, subject: Subject) -> Scheme | None:
    """Another scheme than that in force: an adopted one, for who proposes or decides a proposed one."""
    if not key:
        return None
    rows = queries.schemes(by).filter(subject=subject.value)
    if not (can(by, "assessment.manage") or can(by, "assessment.approve")):
        rows = rows.filter(state=SchemeState.ADOPTED)
    found = rows.filter(pk=key).first()
    if found is None:
        raise Http404(_("没有这份办法，或您无权查看。"))
    return found


def asked(request: PersonRequest, subject: Subject, form: AskForm) -> Asked:
    """What the address asks for; today, as known now, by the scheme in force when it says nothing."""
    given = form.cleaned_data if form.is_valid() else {}
    return Asked(
        subject,
        given.get("on") or today(),
        given.get("known"),
        scheme_asked(request.user, given.get("scheme"), subject),
    )


def ask_form(request: PersonRequest) -> AskForm:
    return AskForm({**request.GET.dict(), "on": request.GET.get("on") or today().isoformat()})


def computed(ask: Asked) -> Result | None:
    """The ranking, None when no scheme was in force then."""
    try:
        return ask.compute()
    except NoScheme:
        return None


def visible(lines: Any, by: Any) -> list[Score]:
    """The lines she may see before they are published: her own units', or all."""
    reach = queries.reach(by)
    return [line for line in lines if reach is None or line.unit in reach]


def crumbs(*last: Crumb) -> list[Crumb]:
    return [Crumb(_("考核排名"), reverse("assessment:home")), *last]


def number(value: float | None, digits: int = 2) -> str:
    """A number of points as people write it: 25, 24.5, 24.53."""
    if value is None:
        return ""
    text = grouped(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def score(value: float | None) -> str:
    """A score in a table: always two decimals, so that columns line up."""
    return "" if value is None else grouped(value, 2)


def signed(value: float | None) -> str:
    return "" if value is None else f"{'+' if value > 0 else ''}{number(value) or 0}"
