"""When a notice goes out and how much of it: quiet hours, digests, repeats, confidentiality; no framework.

Moments are naive local times of the district; the callers convert.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum

DAY = timedelta(days=1)
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
"""Pause after the first, second ... failure; a failure beyond them is the last (eight attempts, two days)."""
HORIZON_DAYS = 400


class Outside(IntEnum):
    """How much of a notice may leave the house."""

    NOTHING = 0
    NEUTRAL = 1
    WHOLE = 2


@dataclass(frozen=True)
class Hours:
    """A person's quiet hours, `quiet_from` to `quiet_to`, over midnight where the former is later; equal
    times: none. `rest_days`: days on which nobody works are quiet as a whole. `digest_at`: None to send at
    once, else the time of the one message of the day."""

    quiet_from: time
    quiet_to: time
    rest_days: bool
    digest_at: time | None = None


def next_moment(moment: datetime, hours: Hours, is_working: Callable[[date], bool]) -> datetime:
    """The first moment from `moment` on that is not quiet; `moment` itself when it is not."""
    for _ in range(2 * HORIZON_DAYS):
        later = _end_of_quiet(moment, hours, is_working)
        if later is None:
            return moment
        moment = later
    return moment


def _end_of_quiet(moment: datetime, hours: Hours, is_working: Callable[[date], bool]) -> datetime | None:
    """When the quiet time that `moment` lies in ends, None when it lies in none."""
    midnight = datetime.combine(moment.date(), time.min)
    if hours.rest_days and not is_working(moment.date()):
        return midnight + DAY
    begin, end = hours.quiet_from, hours.quiet_to
    if begin == end:
        return None
    if begin < end:
        return datetime.combine(moment.date(), end) if begin <= moment.time() < end else None
    if moment.time() >= begin:
        return datetime.combine(moment.date() + DAY, end)
    return datetime.combine(moment.date(), end) if moment.time() < end else None


def send_at(
    moment: datetime, hours: Hours, is_working: Callable[[date], bool], *, through: bool = False
) -> datetime:
    """When what happens at `moment` is sent. `through`: it waits for nothing."""
    if through:
        return moment
    if hours.digest_at is not None:
        today = datetime.combine(moment.date(), hours.digest_at)
        moment = today if moment <= today else today + DAY
    return next_moment(moment, hours, is_working)


def wait_after(attempts: int, asked: float | None = None) -> timedelta | None:
    """Pause after so many failed attempts, None when it was the last. `asked`: seconds the other side
    asked us to wait (Retry-After), kept when longer, up to a day."""
    if attempts > len(WAITS):
        return None
    usual = WAITS[max(0, attempts - 1)]
    return usual if asked is None else max(usual, min(timedelta(seconds=asked), DAY))


def outside(confidentiality: int) -> Outside:
    """Public and internal matters (0, 1) may be named outside; of a restricted one (2) only that there is
    news; of a confidential one (3) not even that."""
    if confidentiality >= 3:
        return Outside.NOTHING
    return Outside.NEUTRAL if confidentiality == 2 else Outside.WHOLE
