"""The declarations of the visits room."""

from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hongtu.domains.visits import actions
from hongtu.domains.visits.models import Conversion, Finding, Pairing, RectificationPlan, Topic, Visit
from hongtu.ledger.columns import Column
from hongtu.ledger.declaration import Fieldset, Ledger, Sheet, register
from hongtu.ledger.panels import FactsPanel, HistoryPanel, RowsPanel
from hongtu.ui.components import Cell

VISITS = _("走访")


@register
class VisitLedger(Ledger):
    model = Visit
    title = _("走访台账")
    slug = "visits"
    columns = (
        "name",
        "visited_on",
        "leader",
        "kind",
        "state",
        "unit",
        "topic",
        Column("not_before", shown=False),
        Column("not_after", shown=False),
        Column("minutes", shown=False),
        Column("summary", shown=False),
        Column("recorder", shown=False),
    )
    filters = ("state", "kind", "leader", "unit", "topic", "visited_on")
    search = ("name", "summary", "companions")
    ordering = ("-visited_on",)
    form = (
        Fieldset(_("安排"), "name", "kind", "leader", "visited_on", "unit", "recorder"),
        Fieldset(_("时间"), "not_before", "not_after", "minutes"),
        Fieldset(_("关联"), "topic", "place", "companions"),
    )
    create, update = actions.plan_visit, actions.revise_visit
    detail_url = lambda record: reverse("visits:visit", args=[record.pk])  # noqa: E731


@register
class FindingLedger(Ledger):
    model = Finding
    title = _("走访发现问题")
    slug = "findings"
    columns = (
        "name",
        "disposal",
        "visit__visited_on",
        "visit__leader",
        Column("visit", shown=False),
        "solution",
        "confirmed_by",
        Column("problem", label=_("问题单")),
        Column("problem__state", label=_("问题状态")),
    )
    filters = ("disposal", "visit__leader", "visit__visited_on", "problem__state")
    search = ("name", "solution")
    panels = (
        FactsPanel("name", "visit", "disposal", "solution", "confirmed_by", "problem", "found_at"),
        HistoryPanel(),
    )
    form = (Fieldset(_("发现"), "visit", "name", "disposal", "solution", "confirmed_by"),)
    create, update = actions.add_finding, actions.revise_finding


@register
class TopicLedger(Ledger):
    model = Topic
    title = _("调研课题")
    slug = "research-topics"
    columns = ("number", "name", "aspect", "leader", "unit", "due_on", "state", Column("year", shown=False))
    frozen = "name"
    filters = ("aspect", "state", "leader", "unit", "year")
    search = ("name",)
    ordering = ("number",)
    form = (Fieldset(_("课题"), "year", "number", "name", "aspect", "leader", "unit", "due_on"),)
    sheet = Sheet(key=(("year", "number"),))
    verbs: ClassVar[dict[str, str]] = {"change": "manage"}
    panels = (
        FactsPanel("number", "name", "aspect", "leader", "unit", "due_on", "state"),
        RowsPanel(
            _("转化清单"),
            lambda topic, person: topic.conversions.select_related("unit"),
            (
                (_("转化措施"), "long", lambda row: row.measure),
                (_("责任单位"), "text", lambda row: str(row.unit)),
                (_("转化成果"), "long", lambda row: row.result),
                (_("佐证"), "text", lambda row: row.evidence),
            ),
            key="conversions",
        ),
        RowsPanel(
            VISITS,
            lambda topic, person: topic.visits.select_related("leader"),
            (
                (_("日期"), "date", lambda row: row.visited_on.isoformat()),
                (
                    _("走访对象"),
                    "text",
                    lambda row: Cell(row.name, reverse("visits:visit", args=[row.pk])),
                ),
                (_("区领导"), "text", lambda row: str(row.leader)),
            ),
            key="visits",
        ),
        HistoryPanel(),
    )
    create, update, bulk = actions.topics


@register
class ConversionLedger(Ledger):
    model = Conversion
    title = _("调研成果转化清单")
    slug = "research-results"
    columns = ("topic", "measure", "unit", "due_on", "result", "evidence", "achieved_on")
    frozen = "measure"
    filters = ("topic__aspect", "unit", "due_on", "achieved_on")
    search = ("measure", "result", "topic__name")
    form = (
        Fieldset(_("措施"), "topic", "measure", "unit", "due_on"),
        Fieldset(_("成果"), "result", "evidence", "achieved_on"),
    )
    create, update = actions.convert, actions.revise_conversion


@register
class PlanLedger(Ledger):
    model = RectificationPlan
    title = _("专项整治方案")
    slug = "rectification-plans"
    columns = ("name", "leader", "unit", "adopted_on", "due_on", "state", Column("aim", shown=False))
    filters = ("state", "unit", "leader", "due_on")
    search = ("name", "aim", "measures")
    ordering = ("due_on",)
    form = (
        Fieldset(_("方案"), "name", "leader", "unit", "adopted_on", "due_on", "state"),
        Fieldset(_("内容"), "aim", "measures", "findings"),
    )
    panels = (
        FactsPanel("name", "leader", "unit", "aim", "measures", "adopted_on", "due_on", "state"),
        RowsPanel(
            _("涉及问题"),
            lambda plan, person: plan.findings.select_related("problem"),
            (
                (
                    _("问题"),
                    "text",
                    lambda row: Cell(row.name, reverse("ledger:detail", args=["findings", row.pk])),
                ),
                (_("编号"), "nowrap", lambda row: row.problem.number if row.problem else ""),
                (_("状态"), "nowrap", lambda row: row.problem.get_state_display() if row.problem else ""),
            ),
            key="findings",
        ),
        HistoryPanel(),
    )
    create, update = actions.adopt_plan, actions.revise_plan


@register
class PairingLedger(Ledger):
    model = Pairing
    title = _("领导挂点计划")
    slug = "assigned-projects"
    columns = ("name", "leader", "every_days", "last_visit", "due_on", Column("since", shown=False))
    filters = ("leader", "due_on", "last_visit")
    search = ("name",)
    ordering = ("due_on",)
    form = (Fieldset(_("挂点"), "name", "leader", "chain", "place", "since", "every_days"),)
    verbs: ClassVar[dict[str, str]] = {"change": "manage"}
    create, update = actions.pair, actions.revise_pairing
