"""The user interface as a Django application: tokens, components, charts, maps, print."""

from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Holds templates, template tags and static files; has no models and knows no nouns."""

    name = "hongtu.ui"
    label = "ui"

    def ready(self) -> None:
        """Compile translations that are missing or out of date, of this and every other package."""
        from hongtu.ui.translations import compile_catalogues

        compile_catalogues(Path(__file__).resolve().parents[1])
