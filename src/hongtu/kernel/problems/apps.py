from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProblemSpineConfig(AppConfig):
    name = "hongtu.kernel.problems"
    label = "problem_spine"
    verbose_name = _("问题主线")

    def ready(self) -> None:
        from hongtu.kernel.problems import indicators, protections

        protections.install()
        indicators.install()
