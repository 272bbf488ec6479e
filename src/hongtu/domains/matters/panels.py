"""The parts of a matter's staff page: the guide as residents read it, and its versions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from hongtu.domains.matters import queries, rules, vocab
from hongtu.domains.matters.models import Guide, Matter
from hongtu.domains.matters.queries import elements
from hongtu.domains.matters.rules.elements import ELEMENTS
from hongtu.kernel.access.policies import can
from hongtu.kernel.profile.models import today
from hongtu.ledger.panels import Panel

OPEN = (vocab.GuideState.DRAFT, vocab.GuideState.RETURNED)


class GuidePanel(Panel):
    """The guide in force (of a matter) or the version looked at, with what is due."""

    title = _("办事指南")
    template = "matters/parts/guide_panel.html"
    key = "guide"

    def context(self, record: Any, request: Any, ledger: Any) -> dict[str, Any]:
        if isinstance(record, Matter):
            guide = queries.whole(today()).filter(matter=record).first()
        else:
            guide = queries.with_parts(Guide.objects.filter(pk=record.pk)).get()
        return {
            "guide": guide,
            "more": elements.more(guide) if guide else None,
            "matter": record if isinstance(record, Matter) else record.matter,
            "late": rules.overdue(guide.reviewed_on, today()) if guide else 0,
            "may_change": can(request.user, "matters.change"),
            "open": guide is not None and guide.state in OPEN,
        }


class ElementsPanel(Panel):
    """The 78 elements of a version: what is filled and what is missing, the mandatory ones first."""

    title = _("七十八项要素")
    template = "matters/parts/elements_panel.html"
    key = "elements"

    def context(self, record: Guide, request: Any, ledger: Any) -> dict[str, Any]:
        guide = queries.with_parts(Guide.objects.filter(pk=record.pk)).get()
        must, may = elements.missing(guide)
        return {
            "guide": guide,
            "groups": [(_(g.label), items) for g, items in elements.by_group(guide)],
            "must": must,
            "may": may,
            "filled": len(ELEMENTS) - len(must) - len(may),
            "all": len(ELEMENTS),
        }


class VersionsPanel(Panel):
    """Every version with who wrote it, who published it, and when."""

    title = _("版本")
    template = "matters/parts/versions.html"
    key = "versions"

    def context(self, record: Matter, request: Any, ledger: Any) -> dict[str, Any]:
        return {"versions": queries.versions(record)}
