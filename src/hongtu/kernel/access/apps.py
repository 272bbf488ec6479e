from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "hongtu.kernel.access"
    label = "access"

    def ready(self) -> None:
        from hongtu.kernel.access import protections

        protections.install()
