"""The user interface as a Django application: tokens, components, charts, maps, print."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Holds templates, template tags and static files; has no models and knows no nouns."""

    name = "hongtu.ui"
    label = "ui"
