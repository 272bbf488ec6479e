from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "hongtu.kernel.access"
    label = "access"
