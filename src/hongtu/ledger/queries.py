"""Every read of the machinery's own records, scoped by person."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from hongtu.kernel.people.models import Person
from hongtu.ledger.models import ApiToken, ImportJob, SavedView


def saved_views(*, ledger: str, by: Any) -> list[SavedView]:
    """Her own views of a ledger and those that others share, one query."""
    rows = SavedView.objects.filter(Q(owner=by) | Q(shared=True), ledger=ledger)
    return list(rows.select_related("owner"))


def saved_view(key: int, *, by: Any) -> SavedView:
    """A view of her own; Http404 otherwise."""
    found = SavedView.objects.filter(pk=key, owner=by).first()
    if found is None:
        raise Http404(_("没有这个视图。"))
    return found


def import_job(key: int, *, ledger: str, by: Any) -> ImportJob:
    """An import of her own; Http404 otherwise (another person's import may hold rows she must not see)."""
    found = ImportJob.objects.filter(pk=key, ledger=ledger, owner=by).select_related("progress").first()
    if found is None:
        raise Http404(_("没有这次导入。"))
    return found


def import_jobs(*, ledger: str, by: Any) -> QuerySet[ImportJob]:
    return ImportJob.objects.filter(ledger=ledger, owner=by)


def token_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def person_of_token(text: str) -> Person | None:
    """Whose token this is; None for an unknown, expired or revoked one, or an inactive person."""
    found = ApiToken.objects.filter(digest=token_digest(text)).select_related("person__unit").first()
    return found.person if found and found.valid and found.person.is_active else None


def tokens(*, by: Any) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(person=by)
