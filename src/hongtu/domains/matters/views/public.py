"""What residents read, without an account."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hongtu.domains.matters import queries, rules, vocab
from hongtu.domains.matters.queries import elements
from hongtu.kernel.access.guards import guard
from hongtu.kernel.profile.models import district, today
from hongtu.ui.components import Crumb
from hongtu.ui.maps import MapView, Place, point
from hongtu.ui.status import Status

PER_PAGE = 60


@dataclass(frozen=True)
class ThemeCount:
    """A theme with the number of its matters that match."""

    value: str
    label: str
    count: int
    current: bool


@guard(public=True)
def matter_list(request: HttpRequest) -> HttpResponse:
    """Theme, then matter; or search by name, pinyin, initials, or what people call it."""
    text = request.GET.get("q", "").replace("\0", "")[:100].strip()
    kind = request.GET.get("kind", "")
    kind = kind if kind in set(vocab.MatterKind) else ""
    theme = request.GET.get("theme", "")
    theme = theme if theme in set(vocab.Theme) else ""
    found = queries.public_matters(today(), text=text, kind=kind)
    counts: dict[str, int] = {}
    for value in found.order_by().values_list("matter__theme", flat=True):
        counts[value] = counts.get(value, 0) + 1
    themes = [
        ThemeCount(t.value, _(t.label), counts[t.value], t.value == theme)
        for t in vocab.Theme
        if counts.get(t.value)
    ]
    shown = found.filter(matter__theme=theme) if theme else found
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "themes": themes,
        "text": text,
        "theme": theme,
        "kind": kind,
        "bundles": queries.bundles() if not text and not theme else [],
        "district": district(),
        "ask_url": _ask_url(),
    }
    template = (
        "matters/list_body.html" if request.headers.get("HX-Target") == "matters" else "matters/list.html"
    )
    return render(request, template, context)


@guard(public=True)
def matter_page(request: HttpRequest, code: str) -> HttpResponse:
    """One guide in full, with its version and dates."""
    guide = queries.public_guide(code, today())
    context = {
        "guide": guide,
        "more": elements.more(guide),
        "late": rules.overdue(guide.reviewed_on, today()),
        "matter": guide.matter,
        "map": _map(guide),
        "district": district(),
        "ask_url": _ask_url(),
        "bundles": guide.matter.bundles.all(),
        "breadcrumbs": [
            Crumb(_("办事指南"), reverse("matters:list")),
            Crumb(guide.matter.get_theme_display(), f"{reverse('matters:list')}?theme={guide.matter.theme}"),
            Crumb(guide.matter.name),
        ],
    }
    return render(request, "matters/matter.html", context)


_desk: list[str] = []


def answer_questions_at(name: str) -> None:
    """Name of the address that answers what is typed into the box; whoever answers says so at the start."""
    _desk[:] = [name]


def _ask_url() -> str:
    return reverse(_desk[0]) if _desk else ""


def _map(guide: Any) -> MapView | None:
    places = [
        Place(office.name, point(*office.place.point), Status.NORMAL, office.address, "", str(office.pk))
        for office in guide.offices.all()
        if office.place
    ]
    here = district()
    outline = here.outline if here else None
    return MapView(_("办理地点"), places, outline, identifier="offices-map") if places else None


@guard(public=True)
def bundle_page(request: HttpRequest, code: str) -> HttpResponse:
    """A life event: its matters in order, each material once."""
    bundle = queries.bundle(code)
    guides = {g.matter_id: g for g in queries.whole(today())}
    items = [(item, guides[item.matter_id]) for item in bundle.items.all() if item.matter_id in guides]
    once: dict[str, list[str]] = {}
    for item, guide in items:
        for material in guide.materials.all():
            if not material.held_by_government:
                once.setdefault(material.name, []).append(item.matter.name)
    context = {
        "bundle": bundle,
        "items": items,
        "materials": list(once.items()),
        "breadcrumbs": [Crumb(_("办事指南"), reverse("matters:list")), Crumb(bundle.name)],
    }
    return render(request, "matters/bundle.html", context)
