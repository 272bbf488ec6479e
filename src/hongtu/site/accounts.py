"""How accounts come to be, and the log-in page."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LoginView
from django.http import HttpRequest

from hongtu.kernel.access.policies import can
from hongtu.site.demonstration import log_ins


class AccountAdapter(DefaultAccountAdapter):
    """An administrator makes accounts; nobody signs up by herself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who has no wall to look at begins in her room."""
        from hongtu.site import rooms  # which imports the URL table, which imports this

        if can(request.user, "family_visits.read") and not can(request.user, "projects.read"):
            return rooms.address("family_visits:home")
        return str(super().get_login_redirect_url(request))


class LogInView(LoginView):
    """The log-in page; a demonstration district lists its accounts there."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "demonstration_log_ins": log_ins()}
