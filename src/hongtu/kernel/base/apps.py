from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "hongtu.kernel.base"
    label = "base"
