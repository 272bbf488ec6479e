"""What a newer version brings to a district that an older one established."""

from hongtu.domains.matters import actions as matters
from hongtu.domains.matters.models import Guide
from hongtu.kernel.profile.establish import add_rules
from hongtu.kernel.profile.models import district
from hongtu.site import profiles


def catch_up() -> None:
    """Rules the district did not know yet, and what is computed of guides that were kept before it was.

    Nothing in an empty database. Called after migrations; the second time it finds nothing to do.
    """
    if district() is None:
        return
    add_rules(by=None, rules=profiles.rules(profiles.STANDARD))
    lacking = list(Guide.objects.filter(standing=None).values_list("pk", flat=True))
    if lacking:
        matters.assess_all(by=None, guides=lacking)
