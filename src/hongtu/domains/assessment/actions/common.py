"""What the decisions of this room share."""

from django.utils.translation import gettext as _

from hongtu.kernel.base.errors import InvalidInput, NotAllowed
from hongtu.kernel.people.models import Person


def other_person(by: Person | None, *hands: int | None) -> None:
    """Nobody decides what she asked for or decided before; None is the house itself."""
    if by is not None and by.pk in hands:
        raise NotAllowed(_("须由另一个人决定：您已经手过这件事。"), code="assessment.own_request")


def in_state(found: str, wanted: str) -> None:
    if found != wanted:
        raise InvalidInput(_("这件事已经处理过了。"), code="assessment.decided")


def reasoned(text: str, field: str) -> str:
    """The text without margins; InvalidInput naming the field when there is none."""
    if not text.strip():
        raise InvalidInput(
            _("请写明理由。"), fields={field: [_("请填写。")]}, code="assessment.reason_required"
        )
    return text.strip()
