"""HTML to PDF, with the font that travels with the product and without any network.

A printed page is an ordinary Django template extending ``ui/print.html``; :func:`render_pdf` renders
it and :func:`html_to_pdf` turns any HTML into PDF. Resources come from the static files of the
installation and from ``files`` handed over by the caller, nothing else: an address in a record can not
make the server fetch something.

WeasyPrint is loaded at the first use, since it needs Pango on the machine (`docs/adr`).
"""

from __future__ import annotations

import datetime as dt
import mimetypes
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hongtu.ui.context import HTML_LANGUAGES

ORIGIN = "https://hongtu.invalid"
"""Where relative addresses of a printed page seem to lie; `.invalid` never resolves (RFC 2606)."""

PAGES: dict[str, tuple[str, str]] = {
    "a4": ("A4 portrait", "20mm 16mm 18mm 16mm"),
    "a5": ("148mm 210mm", "14mm 12mm 14mm 12mm"),
    "a4-landscape": ("A4 landscape", "12mm 12mm 15mm 12mm"),
    "a3-landscape": ("A3 landscape", "12mm 12mm 15mm 12mm"),
    "a1-landscape": ("841mm 594mm", "18mm 18mm 22mm 18mm"),
    "a0-landscape": ("1189mm 841mm", "22mm 22mm 28mm 22mm"),
}
"""Name -> (CSS page size, margins top right bottom left)."""
FOOT_SIZES = {"a5": "7pt", "a1-landscape": "14pt", "a0-landscape": "18pt"}
MM = 96 / 25.4
"""CSS pixels in a millimetre."""


class PrintUnavailable(RuntimeError):
    """PDF cannot be made on this machine; the text says which library is missing and what to do."""

    code = "UI-PRINT-PANGO"


def page_area(page: str) -> tuple[float, float]:
    """Width and height in CSS pixels between the margins of a page named in :data:`PAGES`."""
    named = {"A4 portrait": (210.0, 297.0), "A4 landscape": (297.0, 210.0), "A3 landscape": (420.0, 297.0)}
    size, margins = PAGES[page]
    width, height = named.get(size) or [float(part.removesuffix("mm")) for part in size.split()]
    top, right, bottom, left = (float(m.removesuffix("mm")) for m in margins.split())
    return (width - left - right) * MM, (height - top - bottom) * MM


def render_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    page: str = "a4",
    data_date: dt.date | None = None,
    files: Mapping[str, bytes | Path] | None = None,
) -> bytes:
    """PDF of a template that extends ``ui/print.html``.

    ``page`` is a key of :data:`PAGES`; ``data_date`` stands in the foot of every page; ``files`` are
    reachable in the template as ``/files/<name>`` (photographs, seals).
    """
    size, margins = PAGES[page]
    language = get_language() or settings.LANGUAGE_CODE
    foot = _("数据截至 %(day)s") % {"day": f"{data_date:%Y-%m-%d}"} if data_date else ""
    # The words around the counters, for `content` of the page margin box; %(n)s is put in by CSS.
    before, between, after = _("第 {page}/{pages} 页").replace("{pages}", "{page}").split("{page}")
    html = render_to_string(
        template,
        {
            **context,
            "print": {
                "size": size,
                "margins": margins,
                "foot_size": FOOT_SIZES.get(page, "8pt"),
                "page": page,
                "lang": HTML_LANGUAGES.get(language, language),
                "foot": f"{foot} · " if foot else "",
                "before": before,
                "between": between,
                "after": after,
            },
        },
    )
    return html_to_pdf(html, files=files)


def html_to_pdf(html: str, *, files: Mapping[str, bytes | Path] | None = None) -> bytes:
    """PDF of a whole HTML document; raises :class:`PrintUnavailable` where Pango is missing."""
    weasyprint = _weasyprint()
    document = weasyprint.HTML(string=html, base_url=f"{ORIGIN}/", url_fetcher=_fetcher()(files or {}))
    result: bytes = document.write_pdf()
    return result


def pdf_response(content: bytes, filename: str, *, inline: bool = True) -> HttpResponse:
    """A PDF as an answer; Chinese file names are encoded as browsers expect."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(not inline, filename) or ""
    return response


@cache
def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError as fault:
        raise PrintUnavailable(
            _(
                "UI-PRINT-PANGO：这台机器缺少Pango库，不能生成PDF。"
                "Debian/Ubuntu请运行 apt-get install libpango-1.0-0 libpangoft2-1.0-0，"
                "macOS请运行 brew install pango。"
            )
        ) from fault
    return weasyprint


@cache
def _fetcher() -> type:
    """The fetcher class; made late because its base class comes from WeasyPrint."""
    urls = _weasyprint().urls

    class InstallationOnly(urls.URLFetcher):  # type: ignore[name-defined]
        """Answers from static files, from ``files`` and from ``data:``; refuses every other address."""

        def __init__(self, files: Mapping[str, bytes | Path]) -> None:
            super().__init__(allowed_protocols=("data",), allow_redirects=False)
            self.files = files

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            """One resource; ``ValueError`` for a foreign or unknown address."""
            if not url.startswith(f"{ORIGIN}/"):
                return super().fetch(url, headers)
            path = unquote(urlsplit(url).path)
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            return urls.URLFetcherResponse(url, _content(path, self.files), {"Content-Type": kind})

    return InstallationOnly


def _content(path: str, files: Mapping[str, bytes | Path]) -> bytes:
    if path.startswith("/files/"):
        given = files.get(path.removeprefix("/files/"))
        if given is None:
            raise ValueError(f"UI-PRINT-FILE: {path} was not handed over to the printed page")
        return given if isinstance(given, bytes) else given.read_bytes()
    name = path.removeprefix("/" + settings.STATIC_URL.strip("/") + "/")
    found = finders.find(name)
    if not isinstance(found, str):
        raise ValueError(f"UI-PRINT-FILE: {path} is not a static file of this installation")
    return Path(found).read_bytes()
