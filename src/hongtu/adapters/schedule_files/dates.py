"""Dates of a schedule file by the rules of the program that made it."""

from __future__ import annotations

from hongtu.engines.schedule.cpm import schedule
from hongtu.engines.schedule.microsoft import MicrosoftRules, schedule_as_microsoft
from hongtu.engines.schedule.model import ScheduleResult

from .document import Rules, ScheduleFile


def microsoft_rules(document: ScheduleFile) -> MicrosoftRules:
    """What Microsoft Project's rules need beyond the network."""
    pinned = {}
    for id, detail in document.details.items():
        saved = document.saved.get(id)
        if detail.manual and saved and saved.start and saved.finish:
            pinned[id] = (saved.start, saved.finish)
    delays = {id: d.levelling_delay for id, d in document.details.items() if d.levelling_delay}
    return MicrosoftRules(pinned, delays, document.finish)


def compute_dates(document: ScheduleFile) -> ScheduleResult:
    """Early and late dates and float of every activity. Raises a `ScheduleError` naming the culprit."""
    if document.rules is Rules.MICROSOFT:
        return schedule_as_microsoft(document.network, microsoft_rules(document))
    return schedule(document.network)
