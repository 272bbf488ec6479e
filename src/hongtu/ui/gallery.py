"""The live gallery: every component in every state, on one page."""

from __future__ import annotations

import dataclasses

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hongtu.ui import gallery_data


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with made-up content; used to look at, to test and to take screenshots of."""
    return render(request, "ui/gallery.html", gallery_data.context(request))


def screen(request: HttpRequest) -> HttpResponse:
    """The big-screen layout with the same content."""
    context = gallery_data.context(request) | {"screen_title": _("示例大屏"), "watermark_text": ""}
    context["chains"] = dataclasses.replace(context["chains"], lane=30, font=18, table_url="#chains")
    return render(request, "ui/gallery_screen.html", context)


def progress(request: HttpRequest) -> HttpResponse:
    """The progress fragment, moving on by ten percent at each request and done at a hundred."""
    step = min(100, int(request.GET.get("step", "0") or 0) + 10)
    return render(request, "ui/gallery_progress.html", {"job": gallery_data.job(step)})
