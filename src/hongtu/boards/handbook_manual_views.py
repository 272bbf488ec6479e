"""The full-cycle manual on the screen, ticked off, printed and as Word."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hongtu.boards import handbook, handbook_documents, handbook_manual
from hongtu.domains.matters import actions as matter_actions
from hongtu.domains.projects import queries as projects
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import objects
from hongtu.kernel.profile.models import district, today
from hongtu.ui.components import Crumb
from hongtu.ui.print import pdf_response

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@guard("projects.read")
def manual_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The key nodes of the four lines with who, workflow, documents, checks, cautions, and what is done."""
    project = handbook.project_of(pk, request.user)
    manual = handbook_manual.build(project, today())
    context = {
        "manual": manual,
        "project": project,
        "opened": request.GET.get("open", ""),
        "next": handbook_manual.next_nodes(manual),
        "changeable": objects(type(project), by=request.user, to="change").filter(pk=pk).exists(),
        "district": district(),
        "breadcrumbs": [
            Crumb(_("重大项目台账"), reverse("ledger:list", args=["projects"])),
            Crumb(project.name, reverse("ledger:detail", args=["projects", pk])),
            Crumb(_("全周期手册")),
        ],
    }
    return render(request, "boards/manual.html", context)


@guard("projects.change")
@require_POST
def manual_tick(request: PersonRequest, pk: int) -> HttpResponse:
    """Tick a node or one line of its checklist, or take the tick back."""
    project = projects.project(pk, request.user, "change")
    node = handbook_manual.find(handbook_manual.build(project, today()), request.POST.get("node", ""))
    item = request.POST.get("item", "")
    if node is None or (item and item not in {i.key for i in node.items}):
        raise Http404(_("手册里没有这一项。"))
    matter_actions.tick_manual(
        by=request.user, project=project.pk, node=node.code, item=item, done=request.POST.get("done") == "1"
    )
    return HttpResponseRedirect(reverse("boards:manual", args=[pk]) + f"?open={node.code}#{node.code}")


@guard("projects.read")
def manual_pdf(request: PersonRequest, pk: int, page: str) -> HttpResponse:
    """The manual as a small book, A5 or A4, with a QR code to the live page."""
    if page not in handbook_documents.PAGES:
        raise Http404(_("没有这种纸张。"))
    manual = handbook_manual.build(handbook.project_of(pk, request.user), today())
    url = request.build_absolute_uri(reverse("boards:manual", args=[pk]))
    content = handbook_documents.manual_pdf(manual, page, url, district())
    return pdf_response(content, f"manual-{pk}-{page}.pdf", inline=True)


@guard("projects.read")
def manual_word(request: PersonRequest, pk: int) -> HttpResponse:
    """The same as Word, to be edited."""
    manual = handbook_manual.build(handbook.project_of(pk, request.user), today())
    response = HttpResponse(handbook_documents.manual_word(manual, district()), content_type=WORD)
    response["Content-Disposition"] = f'attachment; filename="manual-{pk}.docx"'
    return response
