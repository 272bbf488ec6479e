"""The live gallery: every component in every state, on one page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hongtu.ui import gallery_data


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with made-up content; used to look at, to test and to take screenshots of."""
    return render(request, "ui/gallery.html", gallery_data.context(request))


def progress(request: HttpRequest) -> HttpResponse:
    """The progress fragment, moving on by ten percent at each request and done at a hundred."""
    step = min(100, int(request.GET.get("step", "0") or 0) + 10)
    return render(request, "ui/gallery_progress.html", {"job": gallery_data.job(step)})
