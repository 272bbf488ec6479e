from django.apps import AppConfig


class ChainsConfig(AppConfig):
    name = "hongtu.kernel.chains"
    label = "chains"
