"""One message to the gateway of its channel."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from hongtu.adapters.gateways import mail, webhook
from hongtu.kernel.notices.actions.outbox import Message
from hongtu.kernel.notices.vocab import Channel


def send(message: Message) -> None:
    """Send it, or raise NotDelivered with the reason."""
    if message.channel is Channel.EMAIL:
        mail.send(message)
    else:
        webhook.send(message)


def route(message: Message) -> str:
    """What fails together: the mail server, or the host of a webhook."""
    if message.channel is Channel.EMAIL:
        return f"mail:{settings.EMAIL_HOST}"
    return urlsplit(message.address).netloc.lower()
