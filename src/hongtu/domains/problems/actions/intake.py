"""Reports from outside: a limit on how many one address may make, and keys of applications."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.domains.problems.models import ApiKey, Attempt
from hongtu.kernel.access.policies import require
from hongtu.kernel.access.roles import Confidentiality
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.people.models import Person
from hongtu.kernel.problems import actions as spine
from hongtu.kernel.problems.evidence import Photo
from hongtu.kernel.problems.models import Problem
from hongtu.kernel.problems.rules import BEFORE_CLOSING
from hongtu.kernel.problems.vocab import Kind, Source
from hongtu.kernel.profile.models import rule


class TooMany(InvalidInput):
    """An address reported too often."""

    code = "problems.too_many"


def source_of(address: str) -> str:
    """A keyed hash of an address: enough to count, not enough to know."""
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()


def key_hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@action("problems.public_report")
def public_report(
    *,
    by: Person | None,
    address_of_sender: str,
    report: Mapping[str, Any],
    photos: Sequence[Photo] = (),
    public: bool = True,
    source: str = Source.WEB,
) -> spine.Reported:
    """A resident's report. TooMany when her address made too many within the hour or the day."""
    _count(source_of(address_of_sender), rule("problems.intake"))
    made = spine.report(
        by=None,
        source=source,
        photos=photos,
        confidentiality=Confidentiality.PUBLIC if public else Confidentiality.INTERNAL,
        **report,
    )
    note(made.problem, number=made.problem.number)
    return made


@action("problems.public_join")
def public_join(
    *, by: Person | None, address_of_sender: str, number: str, contact: spine.Contact, words: str
) -> spine.Reported:
    """A resident says herself that it is a problem others reported, and follows that one. Her words are kept;
    the limit on reports counts. InvalidInput when it is no open problem that anyone may see."""
    _count(source_of(address_of_sender), rule("problems.intake"))
    found = Problem.objects.filter(
        number=number,
        confidentiality=Confidentiality.PUBLIC,
        kind__in=(Kind.PROBLEM, Kind.TICKET),
        state__in=sorted(BEFORE_CLOSING),
    ).first()
    if found is None:
        text = _("这件事已经办结或不再公开，请改为新上报。")
        raise InvalidInput(text, fields={"same": [text]}, code="problems.cannot_join")
    made = spine.join_report(by=None, problem=found, contact=contact, words=words)
    note(found, number=found.number)
    return made


def _count(source: str, limits: Mapping[str, Any]) -> None:
    now = timezone.now()
    own = Attempt.objects.filter(source=source)
    hour = own.filter(at__gte=now - timedelta(hours=1)).count()
    day = own.filter(at__gte=now - timedelta(days=1)).count()
    if hour >= int(limits["per_hour"]) or day >= int(limits["per_day"]):
        raise TooMany(_("您上报得太频繁了，请稍后再试，或拨打12345。"))
    Attempt.objects.create(source=source, at=now)


@action("problems.forget_attempts")
def forget_attempts(*, by: Person | None) -> int:
    """Attempts older than two days are deleted; they serve the limit only."""
    gone, _each = Attempt.objects.filter(at__lt=timezone.now() - timedelta(days=2)).delete()
    note(attempts=gone)
    return gone


@action("problems.issue_key")
def issue_key(*, by: Person | None, name: str, contact: str = "", key: str = "") -> tuple[ApiKey, str]:
    """A key for an application; it is shown once. The house may bring its own (demonstration)."""
    require(by, "problems.manage")
    fresh = key if key and by is None else secrets.token_urlsafe(24)
    made = ApiKey.objects.create(name=name, contact=contact, key_hash=key_hash(fresh))
    note(made, name=name)
    return made, fresh


@action("problems.withdraw_key")
def withdraw_key(*, by: Person | None, record: ApiKey, version: int) -> ApiKey:
    require(by, "problems.manage", record)
    note(record, name=record.name)
    return record.revise(version, active=False)
