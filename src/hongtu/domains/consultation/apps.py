from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationConfig(AppConfig):
    name = "hongtu.domains.consultation"
    label = "consultation"
    verbose_name = _("协商议事")

    def ready(self) -> None:
        from hongtu.domains.consultation.queries import dates

        dates.install()
