"""How numbers, money, dates and lateness are written. Plain functions; the template filters call them.

Money is kept in 万元 (10,000 yuan) throughout; 亿元 is 10,000 of those.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NOTHING = "—"
Number = int | float | Decimal | str | None


def as_decimal(value: Number) -> Decimal | None:
    """Decimal of a number or of its text with separators; ``None`` when empty or not a number."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def grouped(value: Number, digits: int = 0) -> str:
    """Number with thousands separators, rounded half up as people do; a dash for nothing."""
    number = as_decimal(value)
    if number is None:
        return NOTHING
    return f"{number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP):,f}"


def wan(value: Number, digits: int = 0) -> str:
    """An amount held in 万元, written in 万元 without the unit (the unit stands in the head)."""
    return grouped(value, digits)


def yi(value: Number, digits: int = 2) -> str:
    """An amount held in 万元, written in 亿元 without the unit."""
    number = as_decimal(value)
    return NOTHING if number is None else grouped(number / 10_000, digits)


def money(value: Number) -> str:
    """An amount held in 万元 with its unit, in 亿元 from one 亿 on."""
    number = as_decimal(value)
    if number is None:
        return NOTHING
    if abs(number) >= 10_000:
        return _("%(amount)s亿元") % {"amount": yi(number)}
    return _("%(amount)s万元") % {"amount": grouped(number, 0 if number == number.to_integral() else 2)}


def percent(value: Number, digits: int = 1) -> str:
    """A share (0.874) as a percentage (87.4%)."""
    number = as_decimal(value)
    return NOTHING if number is None else f"{grouped(number * 100, digits)}%"


def isodate(value: dt.date | dt.datetime | str | None) -> str:
    """YYYY-MM-DD, a dash for nothing."""
    if not value:
        return NOTHING
    return value if isinstance(value, str) else value.strftime("%Y-%m-%d")


def lateness(working_days: int | None) -> str:
    """“滞后 4 个工作日”, “提前 2 个工作日”, “按期”; a dash for nothing. Positive is late."""
    if working_days is None:
        return NOTHING
    if working_days == 0:
        return _("按期")
    days = abs(working_days)
    if working_days > 0:
        return ngettext("滞后 %(days)d 个工作日", "滞后 %(days)d 个工作日", days) % {"days": days}
    return ngettext("提前 %(days)d 个工作日", "提前 %(days)d 个工作日", days) % {"days": days}


def due(working_days: int | None) -> str:
    """Working days left until a date: “还有 3 个工作日”, “今日到期”, or the lateness."""
    if working_days is None:
        return NOTHING
    if working_days == 0:
        return _("今日到期")
    if working_days < 0:
        return lateness(-working_days)
    return ngettext("还有 %(days)d 个工作日", "还有 %(days)d 个工作日", working_days) % {"days": working_days}
