"""Writes of the machinery's own records: saved views, imports, API tokens."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.ledger.models import ApiToken, SavedView
from hongtu.ledger.queries import token_digest


@action("ledger.save_view")
def save_view(*, by: Any, ledger: str, name: str, query: str, shared: bool = False) -> SavedView:
    """Keep a view under a name; a view of the same name is replaced."""
    name = name.strip()
    if not name or len(name) > 60:
        raise InvalidInput(_("视图名称要有 1 到 60 个字。"), fields={"name": [_("1 到 60 个字")]})
    if len(query) > 2000:
        raise InvalidInput(_("筛选条件太长，存不下。请少选几项。"), fields={"query": [_("太长")]})
    found = SavedView.objects.filter(owner=by, ledger=ledger, name=name).first()
    if found is None:
        found = SavedView.objects.create(owner=by, ledger=ledger, name=name, query=query, shared=shared)
    else:
        found.revise(found.version, query=query, shared=shared)
    note(found, ledger=ledger, name=name)
    return found


@action("ledger.delete_view")
def delete_view(*, by: Any, view: SavedView) -> None:
    note(view, ledger=view.ledger, name=view.name)
    SavedView.objects.filter(pk=view.pk, owner=by).delete()


@action("ledger.issue_token")
def issue_token(*, by: Any, name: str, expires_on: date) -> tuple[ApiToken, str]:
    """A new token of `by` and its text, which is never kept and cannot be shown again."""
    text = f"hongtu_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        person=by, name=name.strip()[:60] or "API", digest=token_digest(text), expires_on=expires_on
    )
    note(token, name=token.name, expires_on=expires_on.isoformat())
    return token, text


@action("ledger.revoke_token")
def revoke_token(*, by: Any, token: ApiToken) -> ApiToken:
    note(token, name=token.name)
    return token.revise(token.version, revoked=True)
