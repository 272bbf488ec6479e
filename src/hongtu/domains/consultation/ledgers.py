"""The declarations of the consultation room."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hongtu.domains.consultation import actions
from hongtu.domains.consultation.models import Estate, Household, Proposal, Task, Topic
from hongtu.ledger.columns import Column
from hongtu.ledger.declaration import Fieldset, Ledger, Sheet, register
from hongtu.ledger.panels import FactsPanel, HistoryPanel


@register
class TopicLedger(Ledger):
    model = Topic
    title = _("协商议题台账")
    slug = "consultations"
    frozen = "name"
    columns = (
        "name",
        "number",
        "kind",
        "step",
        "state",
        "due_on",
        "community",
        "estate",
        "round",
        "registered_on",
        Column("subdistrict", shown=False),
        Column("common_matter", shown=False),
        Column("convener", shown=False),
        Column("verdict", shown=False),
        Column("screened_on", shown=False),
        Column("archived_on", shown=False),
    )
    filters = ("state", "step", "kind", "common_matter", "subdistrict", "community", "estate", "due_on")
    search = ("name", "number", "description")
    ordering = ("-registered_on",)
    form = (
        Fieldset(_("议题"), "name", "description", "kind", "common_matter"),
        Fieldset(_("地点"), "subdistrict", "community", "estate"),
        Fieldset(_("组织"), "convener", "formal"),
    )
    create, update = actions.register, actions.revise
    detail_url = lambda record: reverse("consultation:topic", args=[record.pk])  # noqa: E731


@register
class ProposalLedger(Ledger):
    model = Proposal
    title = _("提事台账")
    slug = "proposals"
    columns = (
        "name",
        "source",
        "proposer",
        "kind",
        "community",
        "estate",
        "made_on",
        "topic",
        Column("subdistrict", shown=False),
        Column("problem", shown=False),
    )
    filters = ("source", "kind", "subdistrict", "community", "estate", "topic", "made_on")
    search = ("name", "description", "proposer")
    ordering = ("-made_on",)
    form = (
        Fieldset(_("提事"), "name", "description", "source", "proposer", "kind", "made_on"),
        Fieldset(_("地点"), "subdistrict", "community", "estate"),
        Fieldset(_("关联"), "problem", "topic"),
    )
    sheet = Sheet(
        columns=(
            "name",
            "description",
            "source",
            "proposer",
            "kind",
            "subdistrict",
            "community",
            "estate",
            "made_on",
        ),
        synonyms={
            "name": ("诉求标题", "事项"),
            "proposer": ("反映人", "提事人"),
            "made_on": ("日期", "提事日期"),
        },
        key=(("name", "made_on"),),
    )
    create, update, bulk = actions.proposals


@register
class EstateLedger(Ledger):
    model = Estate
    title = _("小区台账")
    slug = "estates"
    columns = ("name", "subdistrict", "community", "address")
    filters = ("subdistrict", "community")
    search = ("name", "address")
    ordering = ("name",)
    form = (Fieldset(_("小区"), "name", "subdistrict", "community", "address"),)
    create, update = actions.estates.create, actions.estates.update


@register
class HouseholdLedger(Ledger):
    model = Household
    title = _("专有部分名册")
    slug = "households"
    frozen = "room"
    columns = ("room", "estate", Column("area", unit=_("平方米")), "owner", "standing", "counted")
    filters = ("estate", "standing", "counted")
    search = ("room", "owner")
    ordering = ("estate", "room")
    totals = ("area",)
    form = (Fieldset(_("专有部分"), "estate", "room", "area", "owner", "standing", "counted"),)
    sheet = Sheet(
        synonyms={
            "estate": ("小区名称", "项目名称"),
            "room": ("房屋编号", "门牌", "室号", "户号"),
            "area": ("建筑面积", "产权面积", "面积", "登记面积"),
            "owner": ("产权人编号", "业主代码"),
            "standing": ("交付状态", "状态"),
            "counted": ("是否计入表决", "计票"),
        },
        key=(("estate", "room"),),
        units={"area": "平方米"},  # not for translation: unit of the workbook
    )
    panels = (FactsPanel("estate", "room", "area", "owner", "standing", "counted"), HistoryPanel())
    create, update, bulk = actions.households


@register
class TaskLedger(Ledger):
    model = Task
    title = _("协商任务单台账")
    slug = "consultation-tasks"
    columns = (
        "name",
        Column("conclusion__topic", label=_("议题")),
        "unit",
        "person",
        "amount",
        "funding",
        "due_on",
        "state",
        "done_on",
        Column("problem", label=_("问题单"), shown=False),
        Column("evidence", shown=False),
    )
    filters = ("state", "unit", "person", "funding", "due_on", "done_on")
    search = ("name", "approach")
    ordering = ("due_on",)
    totals = ("amount",)
    form = (
        Fieldset(_("任务"), "conclusion", "name", "approach", "evidence"),
        Fieldset(_("谁、何时、多少钱"), "unit", "person", "due_on", "amount", "funding"),
    )
    panels = (
        FactsPanel(
            "name", "conclusion__topic", "approach", "unit", "person", "amount", "funding", "due_on",
            "evidence", "state", "problem", "done_on",
        ),
        HistoryPanel(),
    )  # fmt: skip
    create, update = actions.set_task, actions.revise_task
