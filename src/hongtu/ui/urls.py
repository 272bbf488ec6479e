"""Addresses of the interface itself: preferences and the gallery."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from hongtu.ui import gallery, preferences

app_name = "ui"
urlpatterns = [
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/screen/", gallery.screen, name="gallery-screen"),
    path("gallery/progress/", gallery.progress, name="gallery-progress"),
    path("preferences/large-type/", preferences.large_type, name="large-type"),
    path("preferences/language/", set_language, name="language"),
]
