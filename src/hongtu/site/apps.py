from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "hongtu.site"
    label = "site"
