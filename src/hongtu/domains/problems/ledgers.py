"""The declarations of this room: the ledger of problems and the kinds of problem."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.problems import actions
from hongtu.kernel.problems.models import Category, Problem
from hongtu.ledger.columns import Column
from hongtu.ledger.declaration import Fieldset, Ledger, Sheet, register


@register
class ProblemLedger(Ledger):
    model = Problem
    title = _("问题台账")
    slug = "problems"
    frozen = "title"
    columns = (
        "title",
        "number",
        "state",
        "outcome",
        "category",
        "subdistrict",
        "owner_unit",
        "lead_unit",
        "reported_at",
        "due_at",
        Column("clock_due_at", shown=False),
        Column("kind", shown=False),
        Column("source", shown=False),
        Column("urgency", shown=False),
        Column("handling_unit", shown=False),
        Column("closed_at", shown=False),
        Column("extensions", shown=False),
        Column("redone", shown=False),
        Column("disputes", shown=False),
        Column("address", shown=False),
    )
    filters = ("state", "outcome", "kind", "source", "category", "subdistrict", "owner_unit", "lead_unit")
    search = ("title", "number", "description", "address")
    ordering = ("-reported_at",)
    detail_url = lambda record: reverse("problems:detail", args=[record.pk])  # noqa: E731


@register
class CategoryLedger(Ledger):
    model = Category
    title = _("问题类别")
    slug = "problem-categories"
    columns = ("name", "code", "group", "urgency", "unit", "active", Column("english", shown=False))
    filters = ("group", "urgency", "unit", "active")
    search = ("name", "code", "keywords")
    ordering = ("group", "code")
    form = (
        Fieldset(_("类别"), "code", "name", "english", "group", "description", "keywords"),
        Fieldset(_("办理"), "urgency", "unit", "active"),
    )
    sheet = Sheet(key="code")
    create, update, bulk = actions.categories
