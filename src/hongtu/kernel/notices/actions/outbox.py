"""Work off the outbox: freeze a message, send it, keep what came of it.

A message is claimed by a row lock held while it is sent. A worker that is killed loses its connection and
with it the lock, so that nothing is ever stuck and no lease has to run out. The attempt is counted and the
body frozen in a transaction of its own before: whatever is sent twice is the same under the same key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hongtu.kernel.notices import rules, texts
from hongtu.kernel.notices.models import Delivery, preference_of
from hongtu.kernel.notices.vocab import Channel, DeliveryState, Fault


@dataclass(frozen=True)
class Message:
    """What a gateway is given. `key` is the idempotency key; `address` depends on the channel."""

    key: UUID
    channel: Channel
    address: str
    subject: str
    body: str
    form: str = ""
    secret: str = ""


class NotDelivered(Exception):
    """A gateway's refusal. `final`: trying again is useless. `resting`: the whole route is out of order.
    `retry_after`: seconds the other side asked for."""

    def __init__(
        self,
        fault: Fault,
        detail: str = "",
        *,
        final: bool = False,
        resting: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{fault.value} {detail}".strip())
        self.fault, self.detail = fault, detail[:200]
        self.final, self.resting, self.retry_after = final, resting, retry_after


Send = Callable[[Message], None]
Route = Callable[[Message], str]
AFTER_A_FAULT = timedelta(minutes=1)
MOST_ATTEMPTS = 2 * len(rules.WAITS)


def drain(send: Send, route: Route, link: texts.Link, *, most: int = 10_000) -> Counter[str]:
    """Send what is due, until nothing is or `most` were tried; {state: how many}.

    A route that does not answer rests for this run: one dead gateway holds up nobody else's messages.
    """
    told: Counter[str] = Counter()
    resting: set[str] = set()
    for _ in range(most):
        found, message = _freeze(route, link, resting)
        if not found:
            break
        if message is not None:
            told[_attempt(message, send, resting)] += 1
    return told


@transaction.atomic
def _freeze(route: Route, link: texts.Link, resting: Collection[str]) -> tuple[bool, Message | None]:
    """Whether anything is due, and the message if it can be sent now: its text and route kept, its attempt
    counted."""
    rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("person")
    due = rows.filter(state=DeliveryState.WAITING, due_at__lte=timezone.now()).exclude(route__in=resting)
    found = due.order_by("due_at", "id").first()
    if found is None:
        return False, None
    if found.attempts >= MOST_ATTEMPTS:  # each time its worker died before it could keep why
        Delivery.objects.filter(pk=found.pk).update(state=DeliveryState.DEAD, fault=Fault.BROKEN_OFF)
        return True, None
    wish = preference_of(found.person)
    if not found.body:
        found.subject, found.body = texts.words(found, wish, link)
    message = _message(found, wish)
    found.route = route(message)[:255]
    if found.route in resting:  # first seen now: it waits with the others of its route
        Delivery.objects.filter(pk=found.pk).update(route=found.route, due_at=timezone.now() + AFTER_A_FAULT)
        return True, None
    found.attempts += 1
    # Should the worker die while it sends, the message is due again at once; the count tells how often.
    found.save(update_fields=["subject", "body", "route", "attempts"])
    return True, message


def _message(row: Delivery, wish: Any) -> Message:
    mail = row.channel == Channel.EMAIL
    return Message(
        key=row.pk,
        channel=Channel(row.channel),
        address=wish.email if mail else wish.webhook_url,
        subject=row.subject,
        body=row.body,
        form="" if mail else wish.webhook_form,
        secret="" if mail else wish.webhook_secret,
    )


@transaction.atomic
def _attempt(message: Message, send: Send, resting: set[str]) -> str:
    """Send it under its lock and keep the outcome. Another worker may have been faster: then nothing."""
    rows = Delivery.objects.select_for_update(skip_locked=True)
    row = rows.filter(pk=message.key, state=DeliveryState.WAITING, due_at__lte=timezone.now()).first()
    if row is None:
        return "elsewhere"
    try:
        if not message.address:
            raise NotDelivered(Fault.NO_ADDRESS, final=True)
        send(message)
    except NotDelivered as refusal:
        if refusal.resting:
            resting.add(row.route)
        return _keep_failure(row, refusal)
    row.state, row.sent_at, row.fault, row.detail = DeliveryState.SENT, timezone.now(), "", ""
    row.save(update_fields=["state", "sent_at", "fault", "detail"])
    return row.state


def _keep_failure(row: Delivery, refusal: NotDelivered) -> str:
    """Try again later, or give it up and say why."""
    wait = None if refusal.final else rules.wait_after(row.attempts, refusal.retry_after)
    row.fault, row.detail = refusal.fault.value, refusal.detail
    if wait is None:
        row.state = DeliveryState.DEAD
    else:
        row.due_at = timezone.now() + wait
    row.save(update_fields=["state", "fault", "detail", "due_at"])
    return DeliveryState.DEAD if wait is None else "later"
