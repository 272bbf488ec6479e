"""The blank workbook and the export of the present view."""

from __future__ import annotations

import io
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hongtu.ledger.exporting import export as write_export
from hongtu.ledger.listing import Listing
from hongtu.ledger.sheets import write_template
from hongtu.ledger.spec import import_spec, language
from hongtu.ledger.views.common import get_ledger, ledger_guard

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to keep, under a name with Chinese characters (RFC 6266)."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@ledger_guard("change")
@require_GET
def template(request: HttpRequest, slug: str) -> HttpResponse:
    """The workbook to fill in: one example row, rules in comments, drop-downs."""
    ledger = get_ledger(slug)
    if ledger.sheet is None or ledger.bulk is None:
        raise Http404
    target = io.BytesIO()
    write_template(target, import_spec(ledger, request.user, template=True), language=language())
    name = _("%(title)s模板.xlsx") % {"title": force_str(ledger.title)}
    return download(target.getvalue(), name, XLSX)


@ledger_guard("export")
@require_GET
def export(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """What the list shows for this address, every page of it."""
    ledger = get_ledger(slug)
    if form not in {"xlsx", "csv"}:
        raise Http404
    encoding = "gb18030" if request.GET.get("encoding") == "gb18030" else "utf-8-sig"
    listing = Listing(ledger, request.user, request.GET, to="export")
    content = write_export(listing, form, encoding)
    name = f"{force_str(ledger.title)}{timezone.localdate():%Y%m%d}.{form}"
    kind = XLSX if form == "xlsx" else f"text/csv; charset={encoding.removesuffix('-sig')}"
    return download(content, name, kind)
