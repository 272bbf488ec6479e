"""What only this room keeps: keys of outside applications."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.base.models import Versioned, tracked


@tracked
class ApiKey(Versioned):
    """The key of an application that posts by Open311. Only its hash is kept."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("应用密钥")
        verbose_name_plural = _("应用密钥")

    name = models.CharField(_("应用名称"), max_length=80)
    contact = models.CharField(_("联系人"), max_length=120, blank=True)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    active = models.BooleanField(_("启用"), default=True)

    def __str__(self) -> str:
        return self.name
