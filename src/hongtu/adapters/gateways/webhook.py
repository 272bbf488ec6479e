"""Notices to a group robot of WeCom (企业微信) or DingTalk (钉钉), in their text form.

Both take `{"msgtype": "text", "text": {"content": ...}}` and answer 200 with `errcode`; 0 is success. The
idempotency key goes in the header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a gateway of
the district's own between us and them honours it; the two services themselves do not read it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from functools import cache
from typing import Any
from urllib.parse import quote_plus, urlsplit

import requests
from django.conf import settings
from requests_hardened import Config, Manager
from requests_hardened.ip_filter import InvalidIPAddress

from hongtu.kernel.notices.actions.outbox import Message, NotDelivered
from hongtu.kernel.notices.vocab import Fault, WebhookForm

LONGEST = {WebhookForm.WECOM: 2048, WebhookForm.DINGTALK: 20_000}
"""Bytes of text that a robot takes."""
BUSY = {-1, 45009, 45033, 130101, 130102, 410100, 660026}
"""errcode: busy, or too many messages in a minute; everything else will not get better by itself."""
MOST_BYTES = 65_536


def allowed_host(url: str) -> bool:
    """Whether a robot may be there: a known service, or a gateway the administrator has named."""
    parts = urlsplit(url)
    return (
        parts.scheme in settings.HONGTU_WEBHOOK_SCHEMES
        and parts.netloc.lower() in settings.HONGTU_WEBHOOK_HOSTS
    )


def send(message: Message) -> None:
    """Post one message. Raises NotDelivered."""
    if not allowed_host(message.address):
        raise NotDelivered(Fault.REFUSED_ADDRESS, urlsplit(message.address).netloc, final=True)
    form = WebhookForm(message.form)
    body = {"msgtype": "text", "text": {"content": shortened(message.body, LONGEST[form])}}
    url = message.address
    if form is WebhookForm.DINGTALK and message.secret:
        url = signed(url, message.secret, round(time.time() * 1000))
    wait = settings.HONGTU_NOTICE_WAIT
    try:
        with _session(settings.HONGTU_NOTICE_NETWORK).post(
            url,
            data=json.dumps(body, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": f'"{message.key}"'},
            timeout=(wait, wait),
            stream=True,
        ) as answer:
            _judge(answer)
    except InvalidIPAddress as fault:
        raise NotDelivered(Fault.REFUSED_ADDRESS, urlsplit(url).netloc, final=True) from fault
    except requests.Timeout as fault:
        raise NotDelivered(Fault.TIMEOUT, resting=True) from fault
    except requests.RequestException as fault:
        raise NotDelivered(Fault.UNREACHABLE, type(fault).__name__, resting=True) from fault


def shortened(text: str, most: int) -> str:
    """At most `most` bytes of UTF-8, cut between characters, with a mark where it was cut."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[: most - 3].decode("utf-8", "ignore") + "…"


def signed(url: str, secret: str, milliseconds: int) -> str:
    """The address with DingTalk's signature (加签): HMAC-SHA256 of `timestamp\\nsecret` under the secret."""
    seal = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    return f"{url}&timestamp={milliseconds}&sign={quote_plus(base64.b64encode(seal))}"


@cache
def _session(network: str) -> requests.Session:
    """Kept open between messages. No proxy and no .netrc of whoever started the process."""
    wait = settings.HONGTU_NOTICE_WAIT
    manager = Manager(
        Config(
            ip_filter_enable=network != "inside",
            ip_filter_allow_loopback_ips=network == "host",
            never_redirect=True,
            default_timeout=(wait, wait),
            user_agent_override="hongtu",
        )
    )
    session = manager.get_session()
    session.trust_env = False
    return session


def _judge(answer: requests.Response) -> None:
    """Success, or NotDelivered: by status, then by `errcode`."""
    raw = answer.raw.read(MOST_BYTES, decode_content=True)
    if answer.status_code in (408, 409, 425, 429) or answer.status_code >= 500:
        raise NotDelivered(Fault.BUSY, f"HTTP {answer.status_code}", retry_after=_retry_after(answer))
    if answer.status_code != 200:
        raise NotDelivered(Fault.REJECTED, f"HTTP {answer.status_code}", final=True)
    try:
        said: Any = json.loads(raw or b"{}")
    except ValueError as fault:
        raise NotDelivered(Fault.REJECTED, "no JSON", final=True) from fault
    code = said.get("errcode", 0) if isinstance(said, dict) else 0
    if code:
        detail = f"errcode {code} {' '.join(str(said.get('errmsg', '')).split())}"
        raise NotDelivered(Fault.BUSY if code in BUSY else Fault.REJECTED, detail, final=code not in BUSY)


def _retry_after(answer: requests.Response) -> float | None:
    """Seconds of Retry-After; a date there is left to the usual pauses."""
    given = answer.headers.get("Retry-After", "")
    return float(given) if given.isdigit() else None
