"""The policies of the kernel's own nouns: registers that everybody reads and a few keep."""

from hongtu.kernel.access.policies import Policy, protect, require, require_all
from hongtu.kernel.base import permissions
from hongtu.kernel.calendar.models import CalendarDay, PublishedYear
from hongtu.kernel.people.models import Person, Unit
from hongtu.kernel.places.models import Place
from hongtu.kernel.profile.models import RuleSet


def install() -> None:
    """Register the kernel's policies and answer the permission questions of the floors below."""
    permissions.install(check=require, check_all=require_all)
    protect(Unit, Policy("people", unit_paths=("path",), everyone=True))
    protect(Person, Policy("people", unit_paths=("unit__path",), everyone=True))
    protect(CalendarDay, Policy("calendar", everyone=True))
    protect(PublishedYear, Policy("calendar", everyone=True))
    protect(Place, Policy("places", everyone=True))
    protect(RuleSet, Policy("rules", everyone=True))
