"""Reports from outside: a limit on how many one address may make, and keys of applications."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from hongtu.domains.problems.models import ApiKey
from hongtu.kernel.access.limits import spend_by_rule
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
    """A resident's report. TooManyRequests when her address made too many within the hour or the day."""
    _count(address_of_sender)
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
    _count(address_of_sender)
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


def _count(address: str) -> None:
    text = _("您上报得太频繁了，请稍后再试，或拨打12345。")
    spend_by_rule("problems.report", address, rule("problems.intake"), text, "problems.too_many")


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
