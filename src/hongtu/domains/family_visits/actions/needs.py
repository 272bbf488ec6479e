"""What a family asked for: written down, worked off, told, and confirmed with the family by somebody else."""

from datetime import date
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from hongtu.domains.family_visits import rules
from hongtu.domains.family_visits.actions.store import (
    filled,
    member,
    refuse,
    resealed,
    room_action,
    sealed,
)
from hongtu.domains.family_visits.models import Need, Visit
from hongtu.domains.family_visits.vocab import NeedState, Outcome, VisitState
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import note
from hongtu.kernel.people.models import Person
from hongtu.kernel.profile.models import today


@room_action("family_visits.ask")
def ask(*, by: Person | None, visit: Visit, asked: str, owner: Person, due_on: date) -> Need:
    """A need the family spoke of, with who sees to it and until when. It is kept as long as the visit."""
    require(by, "family_visits.change", visit)
    if visit.state == VisitState.CANCELLED:
        raise refuse("not_planned", _("这次家访已取消。"))
    filled(asked=asked)
    member(owner, "owner")
    if owner.pk == visit.official.account_id:
        raise refuse("own_family", _("不能办理自己家的诉求。"), owner=_("不能办理自己家的诉求。"))
    if due_on < today():
        raise refuse("past", _("答复期限不能早于今天。"), due_on=_("不能早于今天。"))
    key: UUID = uuid4()
    made = Need.objects.create(
        id=key,
        visit=visit,
        owner=owner,
        due_on=due_on,
        **sealed(key, {"asked": asked.strip()}, visit.expires_on),
    )
    note(made)
    return made


def _move(need: Need, move: str) -> NeedState:
    try:
        return rules.moved(need.state, move)
    except ValueError as error:
        raise refuse("not_there", _("这件诉求现在不能这样办。")) from error


@room_action("family_visits.settle")
def settle(*, by: Person | None, need: Need, version: int, outcome: str, result: str, told_on: date) -> Need:
    """What came of it and when the family was told; a need that cannot be met is told with its reason."""
    require(by, "family_visits.change", need)
    state = _move(need, "settle")
    filled(result=result)
    if told_on > today():
        raise refuse("in_future", _("告知日期不能晚于今天。"), told_on=_("不能晚于今天。"))
    note(need, outcome=Outcome(outcome).value)
    return need.revise(
        version,
        state=state,
        outcome=Outcome(outcome),
        told_on=told_on,
        settled_by=by or need.owner,
        **resealed(need, {"result": result.strip(), "reply": ""}),
    )


@room_action("family_visits.confirm")
def confirm(
    *, by: Person | None, need: Need, version: int, agreed: bool, reply: str = "", as_: Person | None = None
) -> Need:
    """Another member asked the family: closed when they agree, back to work with what they said when not.

    `as_`: who asked, for the house itself (demonstration) only.
    """
    require(by, "family_visits.change", need)
    asker = by or as_
    state = _move(need, "confirm" if agreed else "return")
    if asker is None or asker.pk == need.settled_by_id:
        raise refuse("same_person", _("办理的人不能自己回访，请换一位成员。"))
    if not agreed:
        filled(reply=reply)
    note(need, agreed=agreed)
    changes = (
        {"confirmed_by": asker, "closed_on": today()}
        if agreed
        else {"outcome": "", "told_on": None, "settled_by": None, "returned": need.returned + 1}
    )
    return need.revise(version, state=state, **changes, **resealed(need, {"reply": reply.strip()}))
