"""The approval network beside what was published of it: equal, or the difference explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hongtu.domains.projects.queries import risk as reads
from hongtu.domains.projects.rules.risk import approval_type
from hongtu.kernel.profile.models import today
from hongtu.ui.components import Cell, Column, Row, Table
from hongtu.ui.formats import grouped
from hongtu.ui.status import Status

if TYPE_CHECKING:
    from hongtu.engines.schedule.approvals import Matter
    from hongtu.engines.schedule.backward import BackwardPlan


def approval_check_table(
    matters: Sequence[Matter], project_type: str, until: str, plan: BackwardPlan
) -> Table | None:
    """Published figures, ours by the same rule of thumb, and ours on the real calendar; None without any.

    The published ones count a working day as 7/5 of a calendar day and take the owner's preparation and the
    handling of a matter as one. The real calendar has the festivals, and starts today.
    """
    from hongtu.engines.schedule.approvals import nominal_path

    published = reads.approval_check(project_type, today())
    if published is None:
        return None
    ours = nominal_path(matters, approval_type(project_type), until)
    path = published["path"].split()
    on_calendar = (plan.result.finish_day(until) - plan.result.start_day(plan.chain[-1].activity.id)).days + 1
    columns = [
        Column(_("核对项"), frozen=True),
        Column(_("公布的"), "long"),
        Column(_("按同一口径计算"), "long"),
        Column(_("核对"), "nowrap"),
        Column(_("按实际日历倒排"), "long"),
    ]
    real = tuple(dict.fromkeys(link.activity.id.split(".")[0] for link in reversed(plan.chain)))
    rows = [
        _row(_("事项数"), published["matters"], str(ours.matters), "—"),
        _row(_("先后关系数"), published["relations"], str(ours.relations), "—"),
        _row(
            _("到施工许可的自然日"), published["calendar_days"], str(ours.calendar_days), grouped(on_calendar)
        ),
        _row(_("关键线路"), " → ".join(path), " → ".join(ours.path), " → ".join(real)),
        _row(
            _("其中审批部门承诺的工作日"),
            f"{float(published['government_days']):g}",
            f"{ours.government_days:g}",
            "—",
        ),
    ]
    return Table(_("与公布的关键线路核对"), columns, rows, identifier="approval-check")


def _row(label: str, published: str, ours: str, real: str) -> Row:
    same = published == ours
    verdict = Cell(_("一致") if same else _("不一致"), status=Status.DONE if same else Status.WARNING)
    return Row([label, published, ours, verdict, real])
