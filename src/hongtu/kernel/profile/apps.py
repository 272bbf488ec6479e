from django.apps import AppConfig


class ProfileConfig(AppConfig):
    name = "hongtu.kernel.profile"
    label = "profile"
