"""How accounts come to be, and the log-in page."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LoginView
from django.http import HttpRequest

from hongtu.site.demonstration import log_ins


class AccountAdapter(DefaultAccountAdapter):
    """An administrator makes accounts; nobody signs up by herself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page this person may open: not everybody sees the wall."""
        from hongtu.site.context import home_url  # which imports the URL table, which imports this

        return home_url(request)


class LogInView(LoginView):
    """The log-in page; a demonstration district lists its accounts there."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "demonstration_log_ins": log_ins()}
