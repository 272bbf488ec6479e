"""What must not be asked of residents, what others handle, and what a project has ticked off."""

from hongtu.domains.matters.models import ForbiddenRequest, HandbookTick, ManualTick, Matter, Referral
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


@action("matters.tick_manual")
def tick_manual(*, by: Person | None, project: int, node: str, item: str = "", done: bool) -> ManualTick:
    """Tick a node of the full-cycle manual (or one item of its checklist) off, or take the tick back.

    The caller has checked that `by` may change the project and that the manual in force has the node.
    """
    require(by, "matters.read")
    row, _made = ManualTick.objects.get_or_create(project=project, node=node[:20], item=item[:200])
    row.revise(row.version, done_on=today() if done else None, by=by)
    note(row, project=project, node=node, item=item, done=done)
    return row
