"""Writes of the working calendar. Every one of them makes the cached calendar forgotten."""

from functools import partial

from django.db import transaction

from hongtu.kernel.audit.registers import register_actions
from hongtu.kernel.calendar.models import CalendarDay, PublishedYear
from hongtu.kernel.calendar.working import forget_calendar

_forgotten = partial(transaction.on_commit, forget_calendar)

# holidays and make-up working days
days = register_actions(
    CalendarDay,
    ("calendar.register_day", "calendar.revise_day", "calendar.import_days"),
    "calendar.change",
    after=_forgotten,
)
# years whose arrangement was announced; without it dates of that year are marked as estimated
published_years = register_actions(
    PublishedYear,
    ("calendar.register_year", "calendar.revise_year", "calendar.import_years"),
    "calendar.change",
    after=_forgotten,
)
