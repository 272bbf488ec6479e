"""The words of a message that leaves the house, in its reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hongtu.kernel.notices import rules
from hongtu.kernel.notices.models import Delivery, Notice, Preference

Link = Callable[[Notice | None], str]
"""The address of a notice's page, or of the list; empty when the house does not know its own address."""

MOST_LINES = 20
LONGEST_SUBJECT = 200


def words(row: Delivery, wish: Preference, link: Link) -> tuple[str, str]:
    """(subject, body) of a delivery."""
    found = list(row.notices.order_by("at", "id"))
    with translation.override(wish.language):
        return _digest(found, link) if row.digest else _single(found[0], link)


def _single(notice: Notice, link: Link) -> tuple[str, str]:
    subject = _("【宏图】%(line)s") % {"line": _line(notice)}
    lines = [subject, _more(notice), link(notice)]
    return subject[:LONGEST_SUBJECT], "\n".join(line for line in lines if line)


def _digest(notices: Sequence[Notice], link: Link) -> tuple[str, str]:
    subject = _("【宏图】%(count)d条通知") % {"count": len(notices)}
    lines = [f"{n}. {_line(notice)}" for n, notice in enumerate(notices[:MOST_LINES], 1)]
    if len(notices) > MOST_LINES:
        lines.append(_("另有%(count)d条，请登录查看。") % {"count": len(notices) - MOST_LINES})
    return subject, "\n".join(line for line in (subject, *lines, link(None)) if line)


def _whole(notice: Notice) -> bool:
    """Asked anew when the message is made: the problem may have been classified since."""
    now = notice.problem.confidentiality if notice.problem else 0
    return rules.outside(max(notice.confidentiality, now)) is rules.Outside.WHOLE


def _line(notice: Notice) -> str:
    if not _whole(notice):
        return _("您有一条新通知，请登录查看。")
    return _("%(kind)s：%(title)s") % {"kind": notice.get_kind_display(), "title": notice.title}


def _more(notice: Notice) -> str:
    if not _whole(notice):
        return ""
    text = str(notice.text)
    if notice.due_at is None:
        return text
    due = _("时限：%(due)s") % {"due": f"{timezone.localtime(notice.due_at):%Y-%m-%d %H:%M}"}
    return f"{text}\n{due}" if text else due
