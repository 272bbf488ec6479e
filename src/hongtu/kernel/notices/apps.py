from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "hongtu.kernel.notices"
    label = "notices"
    verbose_name = _("通知")

    def ready(self) -> None:
        from hongtu.kernel.notices import protections, reactions

        protections.install()
        reactions.install()
