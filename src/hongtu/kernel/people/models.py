"""Units of the district and the people in them."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.base.models import Versioned, tracked


class UnitKind(models.TextChoices):
    DISTRICT = "district", _("区")
    DEPARTMENT = "department", _("部门")
    SUBDISTRICT = "subdistrict", _("街道（镇）")
    COMMUNITY = "community", _("社区（村）")
    COMPANY = "company", _("企业")
    INSTITUTION = "institution", _("事业单位")


@tracked
class Unit(Versioned):
    """An organisation unit. `path` lists the codes from the district down to itself, each followed
    by `/`; a person whose scope is a unit reaches all units whose path begins with its path."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        ordering = ("kind", "pinyin")

    code = models.CharField(_("编码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    pinyin = models.CharField(_("拼音"), max_length=300, editable=False, db_index=True)
    kind = models.CharField(_("类别"), max_length=12, choices=UnitKind.choices)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级单位"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(max_length=400, unique=True, editable=False)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    demonstration = models.BooleanField(_("示例"), default=False)

    def __str__(self) -> str:
        return self.short_name or self.name


class PersonManager(UserManager["Person"]):
    """People are made by actions; log-in needs `get_by_natural_key` only."""


@tracked
class Person(Versioned, AbstractUser):
    """Someone of the district: an account when she has a usable password, a name otherwise."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        ordering = ("pinyin",)

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    groups = None  # type: ignore[assignment]
    user_permissions = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=60)
    pinyin = models.CharField(_("拼音"), max_length=200, editable=False, db_index=True)
    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), null=True, on_delete=models.PROTECT, related_name="people"
    )
    title = models.CharField(_("职务"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    demonstration = models.BooleanField(_("示例"), default=False)

    objects: ClassVar[PersonManager] = PersonManager()
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Django's log-in stores `last_login` or a re-hashed password by itself; nothing else may."""
        fields = set(kwargs.get("update_fields") or ())
        if not self._state.adding and fields and fields <= {"last_login", "password"}:
            type(self)._base_manager.filter(pk=self.pk).update(
                **{name: getattr(self, name) for name in fields}, version=F("version") + 1
            )
            self.refresh_from_db(fields=["version"])
            return
        super().save(*args, **kwargs)
