"""How often an address may send something in without an account: counted by a keyed hash, not by itself."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone


def source_of(address: str) -> str:
    """A keyed hash of an address: enough to count, not enough to know."""
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()


def used_up(attempts: QuerySet[Any], source: str, limits: Mapping[str, Any]) -> bool:
    """Whether a source made as many attempts (rows with `source` and `at`) as `per_hour` or `per_day`
    allow."""
    now, own = timezone.now(), attempts.filter(source=source)
    hour = own.filter(at__gte=now - timedelta(hours=1)).count()
    day = own.filter(at__gte=now - timedelta(days=1)).count()
    return hour >= int(limits["per_hour"]) or day >= int(limits["per_day"])
