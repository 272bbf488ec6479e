from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "hongtu.domains.projects"
    label = "projects"
    verbose_name = _("重大项目")

    def ready(self) -> None:
        from hongtu.domains.projects.queries import indicators, neighbours

        neighbours.register()
        indicators.install()
