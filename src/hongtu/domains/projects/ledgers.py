"""The declarations of the projects room: the major-project ledger and its chain templates."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from hongtu.domains.projects import actions, queries
from hongtu.domains.projects.models import ChainTemplate, Project
from hongtu.domains.projects.panels import (
    ChainPanel,
    EvidencePanel,
    LightsPanel,
    LinesPanel,
    MapPanel,
    MoneyPanel,
    ReportsPanel,
)
from hongtu.kernel.people import actions as people
from hongtu.ledger.columns import Column
from hongtu.ledger.declaration import Fieldset, Ledger, Missing, Sheet, register
from hongtu.ledger.panels import FactsPanel, HistoryPanel

SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": ("项目名称", "工程名称", "项目"),
    "project_code": ("项目代码", "投资项目代码", "赋码"),
    "kind": ("项目类别", "类别", "领域", "所属领域"),
    "type": ("项目类型", "工程类型"),
    "key_project": ("区重点推进", "是否重点", "重点项目"),
    "investment_subject": ("投资主体类型", "投资主体", "资金性质"),
    "nature": ("建设性质",),
    "site": ("建设地点", "项目地址", "地点"),
    "subdistrict": ("所在街道（镇）", "所在街道", "街道（镇）", "属地"),
    "scale": ("建设规模及内容", "建设内容", "建设规模", "主要建设内容及规模"),
    "land_area_mu": ("用地面积（亩）", "用地面积", "占地面积"),
    "floor_area": ("总建筑面积（万平方米）", "总建筑面积", "建筑面积", "总建面"),
    "total_investment": ("总投资", "总投资额", "计划总投资", "项目总投资"),
    "annual_plan": ("本年计划投资", "年度计划投资", "年度计划", "2025年计划投资", "当年计划"),
    "done_before_year": ("至上年底累计完成", "上年底累计", "截至上年底完成投资"),
    "done_this_year": ("本年累计完成", "累计完成投资", "本年完成", "年度完成投资"),
    "planned_start": ("计划开工", "计划开工时间", "开工时间", "计划开工日期"),
    "actual_start": ("实际开工", "实际开工时间"),
    "planned_finish": ("计划竣工", "计划竣工时间", "竣工时间", "计划完工时间"),
    "actual_finish": ("实际竣工", "实际竣工时间"),
    "owner": ("项目单位", "建设单位", "业主单位", "项目业主"),
    "responsible_unit": ("责任单位", "牵头单位", "主管部门"),
    "leader": ("挂点区领导", "挂点领导", "联系领导", "包保领导"),
    "service_officer": ("服务专员", "对接服务专员"),
    "stage": ("项目阶段", "阶段", "建设阶段"),
    "progress": ("形象进度", "项目进展", "进展情况"),
}

# A ledger from a spreadsheet names its companies and people before the district has entered them.
COMPANIES = Missing(
    key="companies",
    title=ngettext_lazy("%(count)d 家企业", "%(count)d 家企业", "count"),
    draft=people.draft_companies,
    store=people.store_drafts,
    permission="people.change",
)
PEOPLE = Missing(
    key="people",
    title=ngettext_lazy("%(count)d 名人员", "%(count)d 名人员", "count"),
    draft=people.draft_people,
    store=people.store_drafts,
    permission="people.change",
)


@register
class ProjectLedger(Ledger):
    model = Project
    title = _("重大项目台账")
    slug = "projects"
    unit = _("万元")
    frozen = "name"
    columns = (
        Column("sequence", shown=False),
        "name",
        "stage",
        "kind",
        "responsible_unit",
        "leader",
        "subdistrict",
        "total_investment",
        "annual_plan",
        "done_this_year",
        "light",
        Column("light_reason", shown=False),
        Column("planned_finish"),
        Column("owner", shown=False),
        Column("service_officer", shown=False),
        Column("key_project", shown=False),
        Column("project_code", shown=False),
        Column("type", shown=False),
        Column("planned_start", shown=False),
        Column("done_before_year", shown=False),
        Column("progress", shown=False),
        Column("last_report", shown=False),
    )
    filters = (
        "stage",
        "kind",
        "responsible_unit",
        "leader",
        "subdistrict",
        "light",
        "key_project",
        "total_investment",
        "planned_finish",
    )
    search = queries.SEARCH
    ordering = ("sequence",)
    totals = ("total_investment", "annual_plan", "done_this_year")
    form = (
        Fieldset(
            _("基本情况"),
            "name",
            "alias",
            "project_code",
            "kind",
            "type",
            "key_project",
            "investment_subject",
            "nature",
            "industry",
            "scale",
            "land_area_mu",
            "floor_area",
        ),
        Fieldset(_("地点"), "subdistrict", "site", "place"),
        Fieldset(
            _("投资（万元）"),
            "total_investment",
            "annual_plan",
            "done_before_year",
            "funds_in_place",
            "registered_on",
        ),
        Fieldset(
            _("时间"), "planned_start", "actual_start", "planned_finish", "actual_finish", "planned_use"
        ),
        Fieldset(
            _("责任"),
            "owner",
            "owner_contact",
            "responsible_unit",
            "supporting_units",
            "leader",
            "task_force",
            "liaison",
            "service_officer",
            "plan_document",
            "builders",
        ),
        Fieldset(_("进度"), "progress"),
    )
    sheet = Sheet(
        columns=(
            "name",
            "project_code",
            "kind",
            "type",
            "key_project",
            "investment_subject",
            "nature",
            "subdistrict",
            "site",
            "scale",
            "land_area_mu",
            "floor_area",
            "total_investment",
            "annual_plan",
            "done_before_year",
            "done_this_year",
            "planned_start",
            "actual_start",
            "planned_finish",
            "actual_finish",
            "owner",
            "responsible_unit",
            "leader",
            "service_officer",
            "stage",
            "progress",
        ),
        synonyms=SYNONYMS,
        groups={
            "total_investment": _("投资"),
            "annual_plan": _("投资"),
            "done_before_year": _("投资"),
            "done_this_year": _("投资"),
            "planned_start": _("建设时间"),
            "actual_start": _("建设时间"),
            "planned_finish": _("建设时间"),
            "actual_finish": _("建设时间"),
            "owner": _("责任"),
            "responsible_unit": _("责任"),
            "leader": _("责任"),
            "service_officer": _("责任"),
        },
        key=("project_code", "name"),
        only_new=("done_this_year",),
        missing={"owner": COMPANIES, "leader": PEOPLE, "service_officer": PEOPLE},
    )
    panels = (
        LightsPanel(),
        FactsPanel(
            "leader",
            "liaison",
            "responsible_unit",
            "service_officer",
            "owner",
            "owner_contact",
            "plan_document",
            title=_("一个项目、一名领导、一个专班、一套方案、一名专员"),
            key="people",
        ),
        ChainPanel(),
        LinesPanel(),
        MoneyPanel(),
        FactsPanel(
            "stage",
            "kind",
            "type",
            "investment_subject",
            "nature",
            "project_code",
            "scale",
            "land_area_mu",
            "floor_area",
            "total_investment",
            "annual_plan",
            "done_before_year",
            "done_this_year",
            "planned_start",
            "actual_start",
            "planned_finish",
            "actual_finish",
            "planned_use",
            "site",
            "subdistrict",
            "progress",
            title=_("基本情况"),
        ),
        MapPanel(),
        ReportsPanel(),
        EvidencePanel(),
        HistoryPanel(),
    )
    create, update, bulk = actions.register, actions.revise, actions.import_rows


@register
class ChainTemplateLedger(Ledger):
    model = ChainTemplate
    title = _("链条模板")
    slug = "chain-templates"
    frozen = "item"
    columns = ("item", "type", "sequence", "segment", "critical", "month", "evidence", "matters")
    filters = ("type", "segment", "critical")
    search = ("item", "evidence")
    ordering = ("type", "sequence")
    form = (
        Fieldset(_("模板事项"), "type", "sequence", "segment", "item", "critical", "month"),
        Fieldset(_("佐证与依据"), "evidence", "matters"),
    )
    sheet = Sheet(key=(("type", "sequence"),))
    verbs: ClassVar[dict[str, str]] = {"change": "manage"}
    create, update, bulk = actions.chain_templates
