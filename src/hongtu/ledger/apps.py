from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "hongtu.ledger"
    label = "ledger"
    verbose_name = _("台账")

    def ready(self) -> None:
        from hongtu.ledger.declaration import autodiscover

        autodiscover()
