"""Notices by e-mail, through Django's mail.

The idempotency key is the Message-ID, so that servers which know it keep one of two copies.
"""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from hongtu.kernel.notices.actions.outbox import Message, NotDelivered
from hongtu.kernel.notices.vocab import Fault


def is_configured() -> bool:
    """Whether this installation has a mail server, or another way that Django knows."""
    return bool(settings.EMAIL_HOST) or not settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend")


def send(message: Message) -> None:
    """Send one mail. Raises NotDelivered; a refusal of the address (5xx) is final."""
    if not is_configured():
        raise NotDelivered(Fault.NO_MAIL_SERVER, final=True)
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
    mail = EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.address],
        headers={"Message-ID": f"<{message.key}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as fault:
        code, words = next(iter(fault.recipients.values()), (550, b""))
        raise NotDelivered(Fault.REJECTED, _said(code, words), final=code >= 500) from fault
    except smtplib.SMTPAuthenticationError as fault:
        raise NotDelivered(Fault.REJECTED, _said(fault.smtp_code, fault.smtp_error), resting=True) from fault
    except smtplib.SMTPResponseException as fault:
        final = fault.smtp_code >= 500
        raise NotDelivered(
            Fault.REJECTED if final else Fault.BUSY, _said(fault.smtp_code, fault.smtp_error), final=final
        ) from fault
    except TimeoutError as fault:
        raise NotDelivered(Fault.TIMEOUT, resting=True) from fault
    except (smtplib.SMTPException, OSError) as fault:
        raise NotDelivered(Fault.UNREACHABLE, type(fault).__name__, resting=True) from fault


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"
