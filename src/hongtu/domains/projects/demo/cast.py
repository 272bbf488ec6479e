"""The people of the demonstration: fictional, marked 示例, each with a part to play."""

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from hongtu.kernel.access.demonstration import Account, fictional, log_ins
from hongtu.kernel.audit.actions import action, note
from hongtu.kernel.people.models import Person, Unit, UnitKind
from hongtu.kernel.pinyin import sort_key

PASSWORD = "hongtu-shili-2025"  # noqa: S105 - a demonstration password, printed at every start
_NUMERALS = "甲乙丙丁戊己庚辛壬癸子丑寅卯"


ACCOUNTS = (
    Account("zhongxin", "promotion_centre", "示例·推进中心", "项目调度科", "项目推进中心", unit="ZDXM"),
    Account("lingdao", "district_leader", "示例领导甲", "区领导", "区领导"),
    Account("zhujian", "department_officer", "示例·住建经办", "经办人", "部门经办人", unit="ZJJ"),
    Account("yezhu", "project_owner", "示例·业主", "项目负责人", "项目单位", unit="OWNER01"),
    Account(
        "jijiu", "project_owner", "示例·急救中心业主", "项目负责人", "项目单位（急救中心）", unit="OWNER12"
    ),
    Account("jiedao", "subdistrict_helper", "示例·街道经办", "帮办员", "街道经办人", unit="360113004"),
    Account("guanli", "administrator", "示例·管理员", "系统管理员", "系统管理员"),
    Account("shenji", "auditor", "示例·审计员", "审计员", "审计员"),
)
OWNERS = (
    "南昌红谷滩城市投资集团有限公司", "南昌红江实业发展有限公司", "示例产业发展有限公司", "示例科技园区建设有限公司",
    "示例轨道置业有限公司", "示例数字产业有限公司", "示例汽车商业有限公司", "示例智能制造有限公司", "示例水务建设有限公司",
    "示例农业发展有限公司", "示例教育投资有限公司", "示例医疗建设有限公司", "示例文旅发展有限公司", "示例生态环境有限公司",
)  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """Everybody by part: units by code, leaders, service officers, liaisons, owners with contacts."""

    units: dict[str, Unit]
    leaders: list[Person]
    officers: list[Person]
    liaisons: list[Person]
    owners: list[Unit]
    contacts: dict[int, Person] = field(default_factory=dict)

    def department(self, code: str) -> Unit:
        return self.units[code]

    @property
    def subdistricts(self) -> list[Unit]:
        return sorted(
            (u for u in self.units.values() if u.kind == UnitKind.SUBDISTRICT), key=lambda u: u.code
        )


@action("projects.demonstration_cast")
def make_cast(*, by: Person | None) -> Cast:
    """Make the companies, people and log-ins of the demonstration."""
    units = {u.code: u for u in Unit.objects.exclude(kind=UnitKind.COMMUNITY)}
    root = next(u for u in units.values() if u.kind == UnitKind.DISTRICT)
    owners = Unit.objects.bulk_create(
        Unit(
            code=f"OWNER{n:02}", name=name, short_name=name[:40], kind=UnitKind.COMPANY, parent=root,
            path=f"{root.path}OWNER{n:02}/", pinyin=sort_key(name), demonstration=True,
        )
        for n, name in enumerate(OWNERS, 1)
    )  # fmt: skip
    units.update({u.code: u for u in owners})
    accounts = log_ins(ACCOUNTS, root, make_password(PASSWORD), units=units)
    leaders = Person.objects.bulk_create(
        fictional(f"leader{n:02}", f"示例领导{_NUMERALS[n]}", root, "区领导") for n in range(1, 12)
    )
    officers = Person.objects.bulk_create(
        fictional(f"officer{n:02}", f"示例专员{n:02}", units["ZDXM"], "服务专员") for n in range(1, 21)
    )
    liaisons = Person.objects.bulk_create(
        fictional(f"liaison{n:02}", f"示例联络员{n:02}", units["ZDXM"], "专班联络员") for n in range(1, 21)
    )
    contacts = Person.objects.bulk_create(
        fictional(f"contact{n:02}", f"示例负责人{n:02}", unit, "项目负责人")
        for n, unit in enumerate(owners, 1)
    )
    note(accounts=len(accounts))
    leader_account = accounts[[a.username for a in ACCOUNTS].index("lingdao")]
    return Cast(
        units, [leader_account, *leaders], officers, liaisons, owners, {p.unit_id: p for p in contacts if p.unit_id}
    )  # fmt: skip
