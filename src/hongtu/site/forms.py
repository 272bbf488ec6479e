"""The log-in form of the house."""

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext as _


class LogInForm(LoginForm):
    """Without a reset by mail: the house sends none, an administrator sets a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = _("忘记密码请联系系统管理员。")
