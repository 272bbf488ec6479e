from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "hongtu.domains.visits"
    label = "visits"
    verbose_name = _("走访调研")

    def ready(self) -> None:
        from hongtu.domains.visits import queries

        queries.install()
