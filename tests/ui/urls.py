"""Addresses of the test site: the interface only."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("ui/", include("hongtu.ui.urls"))]
