"""Changes of one work face by hand: its ground, window and access, or its removal."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from hongtu.domains.projects.actions.faces import check_scene, need_reason
from hongtu.domains.projects.models import WorkFace
from hongtu.kernel.access.policies import require
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.base.errors import InvalidInput
from hongtu.kernel.chains.events import NeighboursChanged
from hongtu.kernel.events import publish
from hongtu.kernel.people.models import Person

FIELDS = (
    *("name", "kind", "access", "geometry", "width_m", "radius_m", "clearance_m", "start", "finish"),
    *("earliest", "latest_finish", "fixed", "elastic", "delay_cost_per_day", "step"),
)


@action("projects.revise_face")
def revise_face(
    *, by: Person | None, face: WorkFace, version: int, changes: Mapping[str, Any], reason: str
) -> WorkFace:
    """Change a face under the version its reader saw; the whole district's scene is checked afterwards.

    Raises InvalidInput for a field that may not be changed, dates out of order or a missing reason;
    StaleVersion when somebody else was faster; FaceFaults when the ground makes no sense.
    """
    require(by, "projects.change", face.project)
    need_reason(reason)
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise InvalidInput(
            _("不能修改这些字段：%s") % "、".join(sorted(unknown)), code="projects.field_not_editable"
        )
    _check_window({name: changes.get(name, getattr(face, name)) for name in FIELDS})
    step = changes.get("step")
    if step is not None and step.chain.subject_key != face.project_id:
        raise InvalidInput(_("该事项不属于这个项目。"), code="projects.foreign_step")
    before = {name: str(getattr(face, name)) for name in changes}
    face.revise(version, **changes)
    after = {name: str(value) for name, value in changes.items()}
    note(face.project, reason=reason, face=face.code, before=before, after=after)
    check_scene()
    publish(NeighboursChanged())
    return face


def _check_window(after: Mapping[str, Any]) -> None:
    faults: dict[str, list[str]] = {}
    if after["start"] > after["finish"]:
        faults["finish"] = [_("结束日期不能早于开始日期。")]
    if after["earliest"] and after["earliest"] > after["start"]:
        faults["earliest"] = [_("最早可开始的日期不能晚于开始日期。")]
    if after["latest_finish"] and after["latest_finish"] < after["finish"]:
        faults["latest_finish"] = [_("最迟结束的日期不能早于结束日期。")]
    if faults:
        raise InvalidInput(_("请改正下面的内容。"), code="projects.face_window", fields=faults)


@action("projects.remove_face")
def remove_face(*, by: Person | None, face: WorkFace, version: int, reason: str) -> None:
    """Take a face out that is not needed any more."""
    require(by, "projects.change", face.project)
    need_reason(reason)
    face.revise(version, fixed=face.fixed)  # the version is the condition: nobody changed it meanwhile
    note(face.project, reason=reason, face=face.code)
    face.delete()
    check_scene()
    publish(NeighboursChanged())
