"""A preference is its owner's alone: no role reaches it, and no page takes its key."""

from hongtu.kernel.access.policies import Policy, protect
from hongtu.kernel.notices.models import Preference


def install() -> None:
    """Register the policy; called once when Django starts."""
    protect(Preference, Policy("notices", person_paths=("person",)))
