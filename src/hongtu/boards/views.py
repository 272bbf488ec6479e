"""Pages across domains."""

from urllib.parse import urlencode

from django.db.models import F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hongtu.boards import dangers, documents, wall, week
from hongtu.boards.filters import WallFilter
from hongtu.domains.projects import queries as projects
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.chains.models import Step
from hongtu.kernel.problems.cost_words import in_short
from hongtu.kernel.profile.models import district, today
from hongtu.ui.components import Cell, Column, Pages, Row, Tab, Table
from hongtu.ui.formats import lateness
from hongtu.ui.print import pdf_response
from hongtu.ui.status import Status

PER_PAGE = 50


@guard("projects.read")
def wall_page(request: PersonRequest) -> HttpResponse:
    """The page a leader keeps open."""
    form = WallFilter(request.GET, request.user)
    query = urlencode({k: v for k, v in request.GET.items() if v and k in form.fields})
    shown = wall.build(request.user, form.condition(), query, district(), today())
    template = "boards/wall_body.html" if request.headers.get("HX-Target") == "wall" else "boards/wall.html"
    return render(request, template, {"wall": shown, "filter": form, "today": today()})


def _in_state(state: str) -> Q:
    """`due` and `kept` are what the on-time rate counts, `missed` is their difference, `soon` lies ahead."""
    now = today()
    due = Q(excused=False) & (Q(actual_finish__isnull=False) | Q(planned_finish__lt=now))
    kept = due & Q(actual_finish__lte=F("planned_finish"))
    soon = Q(
        actual_finish__isnull=True,
        planned_finish__gte=now,
        planned_finish__lt=now + week.DUE_WITHIN,
    )
    return {"due": due, "kept": kept, "missed": due & ~kept, "soon": soon}.get(state, Q())


def _step_row(step: Step) -> Row:
    late = lateness(step.days_late) if step.days_late else ""
    return Row(
        [
            step.name,
            Cell(step.chain.title, week.project_url(step.chain.subject_key)),
            step.get_segment_display(),
            step.unit.name,
            step.planned_finish.isoformat(),
            step.actual_finish.isoformat() if step.actual_finish else "—",
            Cell(late, status=Status(step.light)),
        ]
    )


@guard("projects.read")
def steps_page(request: PersonRequest) -> HttpResponse:
    """All chain steps behind the wall's chart, as rows; `state` narrows to due, kept or missed."""
    form = WallFilter(request.GET, request.user)
    keys = projects.projects(request.user).filter(form.condition()).order_by().values("pk")
    steps = (
        projects.steps_of(keys)
        .filter(_in_state(request.GET.get("state", "")))
        .order_by("planned_finish", "pk")
    )
    number = max(1, int(request.GET.get("page") or 1)) if (request.GET.get("page") or "1").isdigit() else 1
    total = steps.count()
    state = request.GET.get("state", "")
    plain = {k: v for k, v in request.GET.items() if v and k in form.fields}
    lines = [_step_row(step) for step in steps[(number - 1) * PER_PAGE : number * PER_PAGE]]
    columns = [
        Column(_("事项"), frozen=True),
        Column(_("项目")),
        Column(_("环节"), "nowrap"),
        Column(_("责任单位")),
        Column(_("计划完成"), "date"),
        Column(_("实际完成"), "date"),
        Column(_("亮灯"), "nowrap"),
    ]
    pages = Pages(number, total, PER_PAGE, {k: v for k, v in request.GET.items() if v})
    table = Table(
        _("链条事项"), columns, lines, pages=pages, empty=_("没有符合条件的事项"), identifier="steps"
    )
    states = [
        Tab(label, "?" + urlencode({**plain, "state": value} if value else plain), current=state == value)
        for value, label in (
            ("", _("全部")),
            ("due", _("已到期")),
            ("kept", _("按期完成")),
            ("missed", _("逾期")),
            ("soon", _("十天内到期")),
        )
    ]
    context = {"table": table, "filter": form, "total": total, "states": states, "state": state}
    return render(request, "boards/steps.html", context)


@guard("projects.read")
def screen_page(request: PersonRequest) -> HttpResponse:
    """The wall for a screen on the wall: 1920x1080 and 3840x2160, renewed by itself, nothing to click."""
    rows = projects.projects(request.user)
    shown = wall.build(request.user, Q(), "", district(), today())
    worst = dangers.dear_blocks(request.user, rows.order_by().values("pk"))[:9]
    lines = [(cost, Status(cost.step.light).value, in_short(cost)) for cost in worst]
    due = week.due_steps(rows.order_by().values("pk"), today())[:8]
    return render(
        request, "boards/screen.html", {"wall": shown, "worst": lines, "due": due, "today": today()}
    )


@guard("projects.export")
def chains_pdf(request: PersonRequest, page: str) -> HttpResponse:
    """The chain chart on paper, filtered as the wall is."""
    found = district()
    if page not in documents.PAGES or found is None:
        raise Http404(_("没有这种纸张。"))
    form = WallFilter(request.GET, request.user)
    content = documents.chain_pdf(request.user, form.condition(), page, found, today())
    return pdf_response(content, f"chains-{page}-{today()}.pdf", inline=True)


@guard("projects.export")
def monthly_report(request: PersonRequest) -> HttpResponse:
    """The month's report as Word."""
    found = district()
    if found is None:
        raise Http404(_("还没有建立区。"))
    content = documents.monthly_report(request.user, found, today())
    response = HttpResponse(
        content, content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    response["Content-Disposition"] = f'attachment; filename="monthly-report-{today()}.docx"'
    return response
