from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FamilyVisitsConfig(AppConfig):
    name = "hongtu.domains.family_visits"
    label = "family_visits"
    verbose_name = _("政治家访")

    def ready(self) -> None:
        from hongtu.domains.family_visits import actions

        actions.install()
