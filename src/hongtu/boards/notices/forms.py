"""How a person wants to hear."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongtu.adapters.gateways import mail, webhook
from hongtu.kernel.notices.models import Preference

FIELDS = (
    "email",
    "webhook_form",
    "webhook_url",
    "webhook_secret",
    "pace",
    "digest_at",
    "quiet_from",
    "quiet_to",
    "quiet_rest_days",
    "urgent_through",
    "remind_days",
    "language",
)
TIMES = ("digest_at", "quiet_from", "quiet_to")
CHANNELS, TIMING = FIELDS[:4], FIELDS[4:]


class PreferenceForm(forms.ModelForm):
    """The robot's address and secret are keys: they are not sent back to the page once kept."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    forget_webhook = forms.BooleanField(label=gettext_lazy("删除已保存的机器人地址和密钥"), required=False)

    class Meta:
        model = Preference
        fields = FIELDS
        widgets: ClassVar = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in TIMES
        } | {
            "webhook_url": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            "webhook_secret": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        }
        help_texts: ClassVar = {
            "email": gettext_lazy("留空就不发邮件。"),
            "webhook_url": gettext_lazy("在群里添加机器人后得到的地址。请只用于自己的群。"),
            "webhook_secret": gettext_lazy("钉钉机器人选了“加签”才需要。"),
            "quiet_from": gettext_lazy("免打扰期间的消息到结束时再发。开始和结束相同表示不设。"),
            "quiet_rest_days": gettext_lazy("按本区工作日历，调休上班的日子照常发送。"),
            "digest_at": gettext_lazy("选择每天汇总时有效。"),
            "remind_days": gettext_lazy("1 到 15 个工作日。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not mail.is_configured():
            self.fields["email"].help_text = _("本系统还没有配置邮件服务器，邮件暂时发不出去。")
        self.initial["version"] = self.instance.version
        self.kept = {name: getattr(self.instance, name) for name in ("webhook_url", "webhook_secret")}
        for name, value in self.kept.items():
            self.initial[name] = ""
            if value:
                self.fields[name].help_text = _("已保存，不再显示。留空表示不改。")
        if not self.kept["webhook_url"]:
            del self.fields["forget_webhook"]

    def clean_webhook_url(self) -> str:
        given = self.cleaned_data["webhook_url"].strip()
        if given and not webhook.allowed_host(given):
            raise forms.ValidationError(
                _("只能填写企业微信或钉钉机器人的地址（https 开头）。其他地址请联系系统管理员。")
            )
        return given

    def clean_remind_days(self) -> int:
        given = int(self.cleaned_data["remind_days"])
        if not 1 <= given <= 15:
            raise forms.ValidationError(_("请填 1 到 15。"))
        return given

    def values(self) -> dict[str, Any]:
        """What the action is to keep: an empty key means the one that is kept already."""
        found = {name: self.cleaned_data[name] for name in FIELDS}
        if self.cleaned_data.get("forget_webhook"):
            return found | {"webhook_form": "", "webhook_url": "", "webhook_secret": ""}
        return found | {name: found[name] or kept for name, kept in self.kept.items()}

    def channel_fields(self) -> list[forms.BoundField]:
        names = (*CHANNELS, "forget_webhook")
        return [self[name] for name in names if name in self.fields]

    def timing_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in TIMING]
