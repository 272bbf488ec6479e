from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "hongtu.ledger"
    label = "ledger"
