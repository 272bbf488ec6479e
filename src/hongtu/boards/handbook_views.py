"""The handbook on the screen, ticked off, printed as a small book, and as Word."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hongtu.boards import handbook, handbook_documents
from hongtu.domains.matters import actions as matter_actions
from hongtu.domains.matters import queries as matters
from hongtu.domains.projects import queries as projects
from hongtu.kernel.access.guards import PersonRequest, guard
from hongtu.kernel.access.policies import objects
from hongtu.kernel.profile.models import district, today
from hongtu.ui.components import Crumb
from hongtu.ui.print import pdf_response

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@guard("projects.read")
def handbook_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The project's approvals in order, with dates, offices, officers and checklists."""
    project = handbook.project_of(pk, request.user)
    book = handbook.build(project, today())
    changeable = objects(type(project), by=request.user, to="change").filter(pk=pk).exists()
    context = {
        "book": book,
        "project": project,
        "changeable": changeable,
        "district": district(),
        "breadcrumbs": [
            Crumb(_("重大项目台账"), reverse("ledger:list", args=["projects"])),
            Crumb(project.name, reverse("ledger:detail", args=["projects", pk])),
            Crumb(_("办事手册")),
        ],
    }
    return render(request, "boards/handbook.html", context)


@guard("projects.change")
@require_POST
def handbook_tick(request: PersonRequest, pk: int) -> HttpResponse:
    """Tick an approval or one of its materials, or take the tick back."""
    project = projects.project(pk, request.user, "change")
    code = request.POST.get("matter", "")
    guide = matters.public_guide(code, today())
    material = request.POST.get("material", "")
    if material and material not in {m.name for m in guide.materials.all()}:
        raise Http404(_("这个事项没有这份材料。"))
    matter_actions.tick(
        by=request.user,
        project=project.pk,
        matter=guide.matter,
        material=material,
        done=request.POST.get("done") == "1",
    )
    return HttpResponseRedirect(reverse("boards:handbook", args=[pk]) + f"#{code}")


@guard("projects.read")
def handbook_pdf(request: PersonRequest, pk: int, page: str) -> HttpResponse:
    """The small book: A5 or A4, with a table of contents and a QR code to the live page."""
    if page not in handbook_documents.PAGES:
        raise Http404(_("没有这种纸张。"))
    book = handbook.build(handbook.project_of(pk, request.user), today())
    url = request.build_absolute_uri(reverse("boards:handbook", args=[pk]))
    content = handbook_documents.pdf(book, page, url, district())
    return pdf_response(content, f"handbook-{pk}-{page}.pdf", inline=True)


@guard("projects.read")
def handbook_word(request: PersonRequest, pk: int) -> HttpResponse:
    """The same as Word, to be edited."""
    book = handbook.build(handbook.project_of(pk, request.user), today())
    response = HttpResponse(handbook_documents.word(book, district()), content_type=WORD)
    response["Content-Disposition"] = f'attachment; filename="handbook-{pk}.docx"'
    return response
