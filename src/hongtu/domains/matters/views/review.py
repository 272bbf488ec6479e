"""Write a version, hand it in, decide on somebody else's."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hongtu.domains.matters import actions, queries
from hongtu.domains.matters.forms import DecisionForm, GuideForm, initial_of
from hongtu.domains.matters.models import Guide, Matter
from hongtu.domains.matters.queries import elements
from hongtu.domains.matters.rules.elements import BY_KEY
from hongtu.domains.matters.views.attachments import attachments
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import can, get
from hongtu.kernel.profile.models import today
from hongtu.ledger.pages import attempt, form_status
from hongtu.ui.components import Change, Crumb


def _staff_url(guide: Guide) -> str:
    return reverse("ledger:detail", args=["guides", guide.pk])


@guard("matters.change")
@require_http_methods(["GET", "POST"])
def guide_edit(request: PersonRequest, pk: int) -> HttpResponse:
    """The editor of a draft: save, or save and hand in."""
    guide = queries.guide(pk, request.user, "change")
    initial = initial_of(guide)
    form = GuideForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        fields, parts = form.values()
        version = form.cleaned_data["version"]

        def save() -> Guide:
            saved = actions.revise_guide(
                by=request.user, record=guide, version=version, parts=parts, **fields
            )
            if "submit" in request.POST:
                saved = actions.submit(by=request.user, guide=saved, version=saved.version)
            return saved

        saved = attempt(form, save)
        if saved:
            messages.success(request, _("已送审") if "submit" in request.POST else _("已保存草稿"))
            return HttpResponseRedirect(_staff_url(saved))
    context = {
        "guide": guide,
        "form": form,
        "sections": form.sections(),
        "standing": elements.standing(guide),
        "files": attachments(guide),
        "breadcrumbs": [
            Crumb(_("办事指南台账"), reverse("ledger:list", args=["guides"])),
            Crumb(str(guide), _staff_url(guide)),
            Crumb(_("编辑")),
        ],
    }
    return render(request, "matters/guide_edit.html", context, status=form_status(form))


@guard("matters.change")
@require_POST
def guide_next(request: PersonRequest, pk: int) -> HttpResponse:
    """Begin the next version out of this one."""
    made = actions.next_version(by=request.user, guide=queries.guide(pk, request.user, "change"))
    return HttpResponseRedirect(reverse("matters:guide-edit", args=[made.pk]))


@guard("matters.change")
@require_POST
def guide_first(request: PersonRequest, pk: int) -> HttpResponse:
    """Begin the first version of a matter."""
    matter = get(Matter, pk, by=request.user, to="change")
    made = actions.draft(by=request.user, matter=matter, department=matter.unit.name)
    return HttpResponseRedirect(reverse("matters:guide-edit", args=[made.pk]))


@guard("matters.approve")
@require_http_methods(["GET", "POST"])
def guide_decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Read a submitted version beside the one in force, then publish or return it."""
    guide = queries.guide(pk, request.user, "approve")
    form = DecisionForm(request.POST or None, initial={"version": guide.version})
    if request.method == "POST" and form.is_valid():
        publish = "publish" in request.POST
        decided = attempt(
            form,
            lambda: actions.decide(
                by=request.user,
                guide=guide,
                version=form.cleaned_data["version"],
                publish=publish,
                reason=form.cleaned_data["reason"],
            ),
        )
        if decided:
            messages.success(request, _("已发布") if publish else _("已退回"))
            return HttpResponseRedirect(reverse("matters:review"))
    before = queries.whole(today()).filter(matter=guide.matter).first()
    context = {
        "guide": guide,
        "form": form,
        "more": elements.more(guide),
        "before": before,
        "changes": changes(guide, before),
        "breadcrumbs": [Crumb(_("指南审核"), reverse("matters:review")), Crumb(str(guide))],
    }
    return render(request, "matters/guide_decide.html", context, status=form_status(form))


def changes(guide: Guide, before: Guide | None) -> list[Change]:
    """What a version changes in the one in force, element by element."""
    known = {item.element.key: item.text for item in elements.sheet(before)} if before else {}
    house = {"task_version", "task_state", "last_reviewed"}
    return [
        Change(item.label, known.get(item.element.key, ""), item.text)
        for item in elements.sheet(guide)
        if item.element.key not in house and item.text != known.get(item.element.key, "")
    ]


@guard("matters.read")
def review(request: PersonRequest) -> HttpResponse:
    """What waits: versions to decide on, her own drafts, reviews overdue, guides about to expire."""
    day = today()
    context = {
        "waiting": queries.waiting(request.user)[:200],
        "drafts": queries.drafts(request.user)[:200] if can(request.user, "matters.change") else [],
        "overdue": queries.overdue(day)[:200],
        "expiring": queries.expiring(day)[:200],
        "perms_change": can(request.user, "matters.change"),
        "incomplete": queries.incomplete(day)[:10],
    }
    return render(request, "matters/review.html", context)


PER_PAGE = 50


@guard("matters.read")
def incomplete(request: PersonRequest) -> HttpResponse:
    """What guides in force lack: each mandatory element with the number of guides, then the guides."""
    day = today()
    lacking = request.GET.get("lacking", "")
    lacking = lacking if lacking in BY_KEY else ""
    mine = request.GET.get("mine") == "1"
    rows = queries.incomplete(day, by=request.user if mine else None, lacking=lacking)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "share": round(queries.completeness(day) * 100, 1),
        "counts": [(key, _(BY_KEY[key].label), n) for key, n in queries.lacking_counts(day).items()],
        "lacking": lacking,
        "mine": mine,
        "page": page,
        "rows": [(g, [_(BY_KEY[key].label) for key in g.standing.lacking]) for g in page],
        "breadcrumbs": [Crumb(_("指南审核"), reverse("matters:review")), Crumb(_("要素缺项清单"))],
    }
    return render(request, "matters/incomplete.html", context)
