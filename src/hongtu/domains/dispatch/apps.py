from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    name = "hongtu.domains.dispatch"
    label = "dispatch"
    verbose_name = _("四级调度")

    def ready(self) -> None:
        from hongtu.domains.dispatch import queries

        queries.install()
