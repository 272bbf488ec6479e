"""The declarations of the assessment: everything that was decided, searchable and exportable."""

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hongtu.domains.assessment import queries  # noqa: F401 - the access policies stand there
from hongtu.domains.assessment.models import Adjustment, Excuse, Falsification, Objection, Ranking, Scheme
from hongtu.kernel.indicators.registry import find
from hongtu.ledger.columns import Column
from hongtu.ledger.declaration import Ledger, register
from hongtu.ledger.panels import FactsPanel


def _indicator(record: Any) -> str:
    found = find(record.indicator)
    return gettext(found.title) if found else str(record.indicator)


@register
class SchemeLedger(Ledger):
    model = Scheme
    title = _("考核办法")
    slug = "schemes"
    columns = (
        "name",
        "subject",
        "effective_from",
        "state",
        "proposed_by",
        "adopted_by",
        "adopted_at",
        "basis",
    )
    filters = ("subject", "state", "effective_from")
    search = ("name", "basis")
    ordering = ("subject", "-effective_from")
    verbs: ClassVar[dict[str, str]] = {"change": "manage"}
    detail_url = lambda record: reverse("assessment:scheme", args=[record.pk])  # noqa: E731


@register
class RankingLedger(Ledger):
    model = Ranking
    title = _("考核通报")
    slug = "rankings"
    columns = ("name", "number", "subject", "on", "published_at", "published_by", "objections_until",
               "supersedes", Column("digest", shown=False))  # fmt: skip
    filters = ("subject", "on")
    search = ("name", "number")
    ordering = ("-published_at",)
    panels = (
        FactsPanel(
            "name",
            "number",
            "subject",
            "scheme",
            "on",
            "known_at",
            "published_by",
            "published_at",
            "objections_until",
            "supersedes",
            "digest",
        ),
    )
    detail_url = lambda record: reverse("assessment:published", args=[record.pk])  # noqa: E731


@register
class ExcuseLedger(Ledger):
    model = Excuse
    title = _("免责申请")
    slug = "excuses"
    columns = (
        "name",
        "unit",
        Column("indicator", value=_indicator),
        "since",
        "state",
        "asked_by",
        "decided_by",
        "reason",
    )
    filters = ("unit", "state", "since")
    search = ("name", "reason", "basis")
    ordering = ("-since",)
    detail_url = lambda record: reverse("assessment:excuse", args=[record.pk])  # noqa: E731


@register
class AdjustmentLedger(Ledger):
    model = Adjustment
    title = _("加减分")
    slug = "score-adjustments"
    columns = ("name", "unit", "subject", "points", "on", "state", "basis", "asked_by", "decided_by")
    filters = ("unit", "subject", "state", "on")
    search = ("name", "basis")
    ordering = ("-on",)
    detail_url = lambda record: reverse("assessment:adjustment", args=[record.pk])  # noqa: E731


@register
class FalsificationLedger(Ledger):
    model = Falsification
    title = _("弄虚作假")
    slug = "falsifications"
    columns = ("name", "unit", "subject", "occurred_on", "state", "reported_by", "decided_by", "appeal_until")
    filters = ("unit", "subject", "state", "occurred_on")
    search = ("name", "facts", "basis")
    ordering = ("-occurred_on",)
    detail_url = lambda record: reverse("assessment:falsification", args=[record.pk])  # noqa: E731


@register
class ObjectionLedger(Ledger):
    model = Objection
    title = _("考核异议")
    slug = "objections"
    columns = ("name", "ranking", "unit", "item", "state", "asked_by", "asked_at", "decided_by", "answer")
    filters = ("unit", "state", "ranking")
    search = ("name", "reason", "answer")
    ordering = ("-asked_at",)
    detail_url = lambda record: reverse("assessment:objection", args=[record.pk])  # noqa: E731
