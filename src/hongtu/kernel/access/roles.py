"""The roles of a district and what each may do.

A permission is `<domain>.<verb>`: read, change (create and update), approve, export, manage; for
problems also triage (receive, assign, verify, merge and split), kept apart from the work itself.
`*` in place of the verb means all of the domain. Confidentiality is not a permission but a
ceiling: a record above the reader's ceiling does not exist for her, administrators included.
"""

from dataclasses import dataclass
from enum import IntEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Confidentiality(IntEnum):
    """How far a record may be seen; a reader's ceiling must reach it."""

    PUBLIC = 0
    INTERNAL = 1
    RESTRICTED = 2
    CONFIDENTIAL = 3


@dataclass(frozen=True)
class Role:
    """`whole_district`: the role reads everything of its domains, whatever unit it is held at.

    `closed`: a role of a closed room. It is given and taken inside that room only; no administrator sees,
    gives or takes it, and the ledger of roles does not know it.
    """

    code: str
    title: Promise
    permissions: frozenset[str]
    ceiling: Confidentiality = Confidentiality.INTERNAL
    whole_district: bool = False
    closed: bool = False

    def grants(self, permission: str) -> bool:
        return permission in self.permissions or permission.split(".")[0] + ".*" in self.permissions


def _role(
    code: str,
    title: Promise,
    *permissions: str,
    ceiling: Confidentiality = Confidentiality.INTERNAL,
    whole_district: bool = False,
    closed: bool = False,
) -> Role:
    return Role(code, title, frozenset(permissions), ceiling, whole_district, closed)


ROLES: dict[str, Role] = {
    r.code: r
    for r in (
        _role(
            "administrator",
            _("系统管理员"),
            "people.*",
            "access.*",
            "calendar.*",
            "places.*",
            "rules.*",
            whole_district=True,
        ),
        _role("auditor", _("审计员"), "audit.read", "audit.export", whole_district=True),
        _role(
            "promotion_centre",
            _("项目推进中心"),
            "projects.*",
            "problems.*",
            "matters.*",
            "visits.*",
            "dispatch.*",
            "assessment.*",
            "calendar.*",
            "places.*",
            "rules.*",
            "people.read",
            "people.change",
            "people.export",
            ceiling=Confidentiality.RESTRICTED,
            whole_district=True,
        ),
        _role(
            "district_leader",
            _("区领导"),
            "projects.read",
            "projects.approve",
            "projects.export",
            "problems.read",
            "problems.approve",
            "problems.export",
            "matters.read",
            "matters.export",
            "visits.read",
            "visits.change",
            "visits.export",
            "dispatch.read",
            "dispatch.change",
            "dispatch.export",
            "assessment.read",
            "assessment.approve",
            "assessment.export",
            "consultation.read",
            "consultation.export",
            "people.read",
            "places.read",
            "calendar.read",
            "rules.read",
            ceiling=Confidentiality.RESTRICTED,
            whole_district=True,
        ),
        _role(
            "department_officer",
            _("部门经办人"),
            "projects.read",
            "projects.change",
            "projects.export",
            "problems.read",
            "problems.change",
            "problems.export",
            "matters.read",
            "matters.change",
            "matters.export",
            "visits.read",
            "dispatch.read",
            "dispatch.change",  # of the meetings her unit prepares or she chairs
            "assessment.read",
            "assessment.change",
            "assessment.export",
            "consultation.read",
            "people.read",
            "places.read",
            "calendar.read",
            "rules.read",
        ),
        _role(
            "project_owner",
            _("项目单位"),
            "projects.read",
            "projects.change",
            "problems.read",
            "problems.change",
            "matters.read",
            "assessment.read",
            "assessment.change",
            "people.read",
            "places.read",
            "calendar.read",
            "rules.read",
        ),
        _role(
            "chief_helper",
            _("首席帮办员"),
            "matters.*",
            "projects.read",
            "people.read",
            "places.read",
            "calendar.read",
            "rules.read",
        ),
        _role(
            "subdistrict_helper",
            _("街道经办人"),
            "projects.read",
            "problems.read",
            "problems.change",
            "problems.triage",
            "problems.export",
            "matters.read",
            "matters.change",
            "matters.export",
            "matters.answer",
            "visits.read",
            "visits.change",
            "assessment.read",
            "assessment.change",
            "consultation.*",
            "owners.*",
            "people.read",
            "places.read",
            "calendar.read",
            "rules.read",
        ),
        # The room of family visits. These roles hold nothing else, and nobody else holds anything there.
        _role(
            "discipline_officer",
            _("纪检监察干部"),
            "family_visits.read",
            "family_visits.change",
            ceiling=Confidentiality.CONFIDENTIAL,
            closed=True,
        ),
        _role(
            "discipline_lead",
            _("纪检监察负责人"),
            "family_visits.*",
            ceiling=Confidentiality.CONFIDENTIAL,
            whole_district=True,
            closed=True,
        ),
        _role(
            "community_worker",
            _("社区工作者"),
            "problems.read",
            "problems.change",
            "consultation.read",
            "consultation.change",
            "consultation.export",
            "owners.read",
            "owners.change",
            "owners.export",
            "people.read",
            "places.read",
            "calendar.read",
            "rules.read",
        ),
        _role("resident_representative", _("居民代表"), "consultation.read"),
    )
}
CLOSED_ROLES = frozenset(r.code for r in ROLES.values() if r.closed)
ROLE_CHOICES = [(r.code, r.title) for r in ROLES.values() if not r.closed]
