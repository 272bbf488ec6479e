"""A person's deadlines as an iCalendar feed (RFC 5545), for the calendar program she uses anyway."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from hongtu.kernel.notices.queries import Deadline

REFRESH = timedelta(hours=4)


def feed(name: str, deadlines: Iterable[Deadline], address: Callable[[Deadline], str], host: str) -> bytes:
    """The calendar as bytes. A problem's deadline is a moment, in UTC; a step's is a whole day. Overdue ones
    stay on the day they were due and say so."""
    calendar = Calendar()
    calendar.add("prodid", "-//Hongtu//deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    for deadline in deadlines:
        calendar.add_component(_event(deadline, address(deadline), host))
    return calendar.to_ical()


def _event(deadline: Deadline, address: str, host: str) -> Event:
    event = Event()
    event.add("uid", f"{deadline.label}-{deadline.key}@{host}")
    event.add("dtstamp", deadline.changed_at.astimezone(UTC))
    event.add("sequence", deadline.version)
    event.add(
        "summary", _("【逾期】%(title)s") % {"title": deadline.title} if deadline.late else deadline.title
    )
    event.add("description", deadline.note)
    due = deadline.due
    event.add("dtstart", due.astimezone(UTC) if isinstance(due, datetime) else due)
    event.add("transp", "TRANSPARENT")  # a deadline does not make her busy
    if address:
        event.add("url", address)
    if not deadline.late:
        event.add_component(_alarm(deadline.title))
    return event


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(days=-1))
    return alarm
