"""Deletion when its time has come."""

from datetime import date

from django.db import transaction

from hongtu.domains.family_visits import queries
from hongtu.domains.family_visits.actions.store import room_action
from hongtu.domains.family_visits.models import Record, ratchet
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import note
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today


def purge(*, by: Person | None, now: date | None = None) -> int:
    """Delete every record whose time is over, then destroy the keys of past months; rows deleted.

    The key goes last: should the process end in between, the next run finds nothing to delete and destroys
    it. What lies in old backups cannot be opened from then on. The chain keeps when and how many, not what.
    `now` is for the house itself (tests, replays).
    """
    require(by, "family_visits.manage")
    day = now if by is None and now else today()
    due = queries.expired(day)
    gone = _delete(by=by, due=due) if any(due.values()) else 0
    transaction.on_commit(lambda: ratchet().advance(day))
    return gone


@room_action("family_visits.purge")
def _delete(*, by: Person | None, due: dict[type[Record], list]) -> int:
    gone = 0
    for model, keys in due.items():
        gone += model._default_manager.filter(pk__in=keys).delete()[0]
    note(deleted=gone, kinds={model.__name__.lower(): len(keys) for model, keys in due.items()})
    return gone
