from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "hongtu.kernel.audit"
    label = "audit"
