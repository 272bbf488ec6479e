"""What a person does with her own notices."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hongtu.engines.vocabulary import mark
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.base.sentences import Sentence
from hongtu.kernel.notices import queries
from hongtu.kernel.notices.actions.telling import News, tell, wake
from hongtu.kernel.notices.models import CalendarLink, Delivery, Notice, Preference
from hongtu.kernel.notices.vocab import DeliveryState, Kind
from hongtu.kernel.people.models import Person

SECRET = frozenset({"webhook_url", "webhook_secret"})


def mark_read(person: Person, notice: Notice) -> None:
    """She has seen it; the first time counts."""
    Notice.objects.filter(pk=notice.pk, person=person, read_at=None).update(read_at=timezone.now())


def mark_all_read(person: Person) -> int:
    """She has seen everything the list shows; how many were unread."""
    keys = queries.notices(person).filter(read_at=None).order_by().values("pk")
    return Notice.objects.filter(pk__in=keys).update(read_at=timezone.now())


@action("notices.keep_preference")
def keep_preference(*, by: Person, version: int, **values: Any) -> Preference:
    """Keep how she wants to hear. Raises StaleVersion when she changed it elsewhere meanwhile."""
    if values.get("webhook_form") and not values.get("webhook_url"):
        text = _("请填写机器人地址。")
        raise InvalidInput(text, fields={"webhook_url": [text]}, code="notices.no_webhook")
    found = Preference.objects.filter(person=by).first()
    if found is None:
        found = Preference.objects.create(person=by, **values)
    else:
        found = found.revise(version, **values)
    note(found, changed=sorted(set(values) - SECRET))
    return found


@action("notices.send_test")
def send_test(*, by: Person) -> None:
    """A notice to herself that waits for no quiet hours, to see whether the channels work."""
    text = Sentence(mark("收到这条，说明外发渠道可用。"))
    news = News(Kind.TEST, f"test:{uuid.uuid4()}", _("测试通知"), text)
    tell([(news, [by.pk])])
    note()


def token_digest(token: str) -> str:
    """What is kept of a calendar address."""
    return hashlib.sha256(token.encode()).hexdigest()


@action("notices.issue_link")
def issue_link(*, by: Person) -> str:
    """A new private calendar address; the one before stops working. Its token is not kept."""
    CalendarLink.objects.select_for_update().filter(person=by, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    token = secrets.token_urlsafe(32)
    note(CalendarLink.objects.create(person=by, digest=token_digest(token)))
    return token


@action("notices.revoke_link")
def revoke_link(*, by: Person) -> int:
    """Close her calendar address; 0 when there was none."""
    note()
    return CalendarLink.objects.filter(person=by, revoked_at=None).update(revoked_at=timezone.now())


@action("notices.retry")
def retry(*, by: Person, delivery: Delivery) -> None:
    """Send once more what was given up: under the same key, the count of attempts begun anew."""
    rows = Delivery.objects.filter(pk=delivery.pk, person=by, state=DeliveryState.DEAD)
    if rows.update(state=DeliveryState.WAITING, attempts=0, due_at=timezone.now()):
        transaction.on_commit(wake)
    note(channel=delivery.channel)
