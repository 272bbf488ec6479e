"""The declarations of the matters room: matters, their guides in versions, and two short registers."""

from typing import ClassVar

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from hongtu.domains.matters import actions, vocab
from hongtu.domains.matters.models import ForbiddenRequest, Guide, Matter, Referral
from hongtu.domains.matters.panels import ElementsPanel, GuidePanel, VersionsPanel
from hongtu.domains.matters.queries.elements import value, words
from hongtu.domains.matters.rules.elements import OWN, Element
from hongtu.ledger.columns import Column
from hongtu.ledger.declaration import Fieldset, Ledger, Sheet, register
from hongtu.ledger.panels import FactsPanel, HistoryPanel


def _of_element(element: Element) -> Column:
    """An element without a column of its own, as a column that can be shown and exported."""
    return Column(
        f"element_{element.key}",
        label=_(element.label),
        kind="long" if element.kind is vocab.ElementKind.LONG or element.columns else "text",
        value=lambda guide: words(element, value(guide, element)),
        shown=False,
    )


_PUBLISHED = Guide.objects.filter(matter=OuterRef("pk"), state=vocab.GuideState.PUBLISHED).order_by("-number")


@register
class MatterLedger(Ledger):
    model = Matter
    title = _("办事事项台账")
    slug = "matters"
    frozen = "name"
    columns = (
        "name",
        "code",
        "kind",
        "line",
        "theme",
        "unit",
        "helper",
        Column(
            "edition",
            label=_("已发布版本"),
            kind="integer",
            expression=Subquery(_PUBLISHED.values("number")[:1]),
        ),
        Column(
            "reviewed",
            label=_("最近核校"),
            kind="date",
            expression=Subquery(_PUBLISHED.values("reviewed_on")[:1]),
        ),
        "suspended",
        Column("aliases", shown=False),
    )
    filters = ("kind", "line", "theme", "unit", "helper", "suspended")
    search = ("name", "code", "pinyin", "initials")
    ordering = ("code",)
    form = (
        Fieldset(_("事项"), "code", "name", "kind", "line", "theme", "aliases"),
        Fieldset(_("责任"), "unit", "helper", "suspended"),
    )
    sheet = Sheet(
        columns=("code", "name", "kind", "line", "theme", "unit"),
        synonyms={
            "code": ("事项编码", "编号"),
            "name": ("事项", "服务事项", "办理事项"),
            "line": ("条线", "所属条线", "业务"),
            "unit": ("责任单位", "承办部门", "实施主体"),
        },
        key=("code",),
    )
    panels = (
        GuidePanel(),
        VersionsPanel(),
        FactsPanel("code", "kind", "line", "theme", "aliases", "unit", "helper", "suspended"),
        HistoryPanel(),
    )
    create, update, bulk = actions.register, actions.revise, actions.import_matters


@register
class GuideLedger(Ledger):
    model = Guide
    title = _("办事指南台账")
    slug = "guides"
    frozen = "matter"
    columns = (
        "matter",
        "number",
        "state",
        "department",
        "promised_days",
        "legal_days",
        "day_unit",
        "fee",
        "effective_from",
        "expires_on",
        "reviewed_on",
        Column("phone", shown=False),
        Column("audience", shown=False),
        Column("conditions", shown=False),
        Column("drafted_by", shown=False),
        Column("decided_by", shown=False),
        Column("origin", shown=False),
        Column(
            "filled",
            label=_("已填要素（共78项）"),
            kind="integer",
            expression=F("standing__filled"),
            sort=("filled",),
        ),
        Column(
            "lacking",
            label=_("缺必填要素"),
            kind="integer",
            expression=F("standing__lacking__len"),
            sort=("lacking",),
        ),
        *(
            Column(name, shown=False)
            for name in (
                "channels",
                "visits",
                "time_note",
                "result",
                "basis",
                "mistakes",
                "complaint_phone",
                "commitment",
            )
        ),
        *(_of_element(element) for element in OWN),
    )
    filters = ("state", "matter", "filled", "lacking", "effective_from", "reviewed_on", "promised_days")
    search = ("matter__name", "matter__pinyin", "matter__initials", "department")
    ordering = ("matter", "-number")
    form = (
        Fieldset(_("版本"), "matter", "effective_from", "expires_on", "origin"),
        Fieldset(_("谁来办"), "department", "audience", "phone", "complaint_phone"),
        Fieldset(_("怎么办"), "conditions", "channels", "visits", "mistakes", "commitment"),
        Fieldset(
            _("多久、多少钱、得到什么"),
            "legal_days",
            "promised_days",
            "day_unit",
            "time_note",
            "fee",
            "result",
            "basis",
        ),
    )
    sheet = Sheet(
        columns=(
            "matter",
            "effective_from",
            "expires_on",
            "department",
            "audience",
            "conditions",
            "channels",
            "visits",
            "legal_days",
            "promised_days",
            "day_unit",
            "fee",
            "result",
            "basis",
            "phone",
            "complaint_phone",
            "mistakes",
        ),
        synonyms={
            "matter": ("事项名称", "办理事项"),
            "department": ("实施机关", "责任部门"),
            "conditions": ("办理条件", "申请条件"),
            "legal_days": ("法定办结时限", "法定时限（工作日）"),
            "promised_days": ("承诺办结时限", "承诺时限（工作日）"),
            "fee": ("收费标准", "是否收费"),
            "result": ("审批结果", "结果名称"),
            "basis": ("办理依据", "法律依据"),
            "phone": ("咨询方式", "联系电话"),
            "mistakes": ("注意事项", "温馨提示"),
        },
        key=(("matter", "effective_from"),),
    )
    panels = (GuidePanel(), ElementsPanel(), HistoryPanel())
    create, update, bulk = actions.draft, actions.revise_guide, actions.import_guides


@register
class ForbiddenLedger(Ledger):
    model = ForbiddenRequest
    title = _("不得索要的材料")
    slug = "forbidden-requests"
    frozen = "phrase"
    columns = ("phrase", "reason", "basis")
    search = ("phrase", "reason")
    ordering = ("phrase",)
    form = (Fieldset(_("不得索要的材料"), "phrase", "reason", "basis"),)
    sheet = Sheet(key=("phrase",))
    verbs: ClassVar[dict[str, str]] = {"change": "manage"}
    create, update, bulk = actions.forbidden_requests


@register
class ReferralLedger(Ledger):
    model = Referral
    title = _("他处办理事项")
    slug = "referrals"
    frozen = "name"
    columns = ("name", "handled_by", "phone", "aliases")
    search = ("name", "handled_by")
    ordering = ("name",)
    form = (Fieldset(_("他处办理事项"), "name", "handled_by", "phone", "aliases"),)
    sheet = Sheet(columns=("name", "handled_by", "phone"), key=("name",))
    verbs: ClassVar[dict[str, str]] = {"change": "manage"}
    create, update, bulk = actions.referrals
