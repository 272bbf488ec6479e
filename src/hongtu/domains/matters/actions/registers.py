"""What must not be asked of residents, what others handle, and what a project has ticked off."""

from hongtu.domains.matters.models import ForbiddenRequest, HandbookTick, Matter, Referral
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.audit.registers import register_actions
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today

forbidden_requests = register_actions(
    ForbiddenRequest,
    ("matters.register_forbidden", "matters.revise_forbidden", "matters.import_forbidden"),
    "matters.manage",
)
referrals = register_actions(
    Referral,
    ("matters.register_referral", "matters.revise_referral", "matters.import_referrals"),
    "matters.manage",
)


@action("matters.tick")
def tick(*, by: Person | None, project: int, matter: Matter, material: str = "", done: bool) -> HandbookTick:
    """Tick an approval (or one material of it) off for a project, or take the tick back.

    The caller has checked that `by` may change the project, which this room does not know.
    """
    require(by, "matters.read")
    row, _made = HandbookTick.objects.get_or_create(project=project, matter=matter, material=material[:200])
    row.revise(row.version, done_on=today() if done else None, by=by)
    note(row, project=project, matter=matter.code, material=material, done=done)
    return row
