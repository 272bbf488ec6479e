from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "hongtu.ui"
    label = "ui"
