"""Officials whose families are visited, the visits, what families asked for, and the room's own audit chain.

No record here is `tracked`: a history would keep what retention must delete. What was done, without content,
stands in the room's chain.
"""

import uuid
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hongtu.domains.family_visits import vocab
from hongtu.kernel.audit.models import SealedRow, chain_triggers
from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned
from hongtu.kernel.base.sealing import Ratchet
from hongtu.kernel.people.models import Person

CHAIN_LOCK = 471_100_2027


@cache
def _ratchet(path: Path) -> Ratchet:
    return Ratchet(path)


def ratchet() -> Ratchet:
    """The key of the closed rooms (settings.HONGTU_CLOSED_KEY)."""
    return _ratchet(Path(settings.HONGTU_CLOSED_KEY))


def _person(label: Any, *, optional: bool = False) -> models.ForeignKey:
    """No database constraint: an error about a person elsewhere must not tell that this room knows her."""
    return models.ForeignKey(
        Person,
        verbose_name=label,
        null=optional,
        blank=optional,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )


class Record(Versioned):
    """A record with a random key; `sealed` holds its free texts until `expires_on`."""

    class Meta(Versioned.Meta):
        abstract = True

    id = models.UUIDField(_("编号"), primary_key=True, default=uuid.uuid4, editable=False)
    sealed = models.TextField(_("加密内容"), blank=True, editable=False)
    expires_on = models.DateField(_("保存到"), editable=False, db_index=True)

    def contents(self) -> dict[str, Any]:
        """The free texts. Raises sealing.Unreadable when their key is gone."""
        return ratchet().open(str(self.pk), self.sealed) if self.sealed else {}


class Setting(Versioned):
    """What the room goes by, each with its basis; the lead may change it."""

    class Meta(Versioned.Meta):
        abstract = True
        ordering = ("sequence",)

    id = models.UUIDField(_("编号"), primary_key=True, default=uuid.uuid4, editable=False)
    sequence = models.PositiveSmallIntegerField(_("序号"), editable=False)
    name = models.CharField(_("名称"), max_length=60)
    basis = models.CharField(_("依据"), max_length=300)

    def __str__(self) -> str:
        return self.name


class PostRisk(Setting):
    """A class of posts by risk, and how often their families are visited."""

    class Meta(Setting.Meta):
        abstract = False
        verbose_name = _("岗位风险等级")

    duties = models.CharField(_("包括哪些岗位"), max_length=300)
    interval_months = models.PositiveSmallIntegerField(_("家访间隔（月）"))


class Element(Setting):
    """One of the “five ones” that a visit's record answers."""

    class Meta(Setting.Meta):
        abstract = False
        verbose_name = _("“五个一”内容")

    code = models.CharField(max_length=20, unique=True, editable=False)
    prompt = models.CharField(_("记什么"), max_length=200)


class Retention(Setting):
    """How long a record of this room is kept: one row."""

    class Meta(Setting.Meta):
        abstract = False
        verbose_name = _("保存期限")

    months = models.PositiveSmallIntegerField(_("保存几个月"))


class Official(Record):
    """Somebody whose family is visited. `account`: herself, if she has one here; she never sees this."""

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("干部")

    account = _person(_("本人账号"), optional=True)
    officer = _person(_("负责人"))
    risk = models.ForeignKey(
        PostRisk, verbose_name=_("岗位风险等级"), on_delete=models.PROTECT, related_name="+"
    )
    registered_on = models.DateField(_("登记日期"), editable=False)
    last_visit_on = models.DateField(_("上次家访"), null=True, blank=True, editable=False)
    demonstration = models.BooleanField(_("示例"), default=False, editable=False)


class Visit(Record):
    """A visit to a family by two members."""

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("家访")
        ordering = ("-planned_on",)

    official = models.ForeignKey(
        Official, verbose_name=_("干部"), on_delete=models.CASCADE, related_name="visits"
    )
    planned_on = models.DateField(_("家访日期"))
    visitor = _person(_("家访人"))
    companion = _person(_("同行人"))
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(vocab.VisitState), default="planned", editable=False
    )
    cancelled = models.CharField(
        _("取消原因"), max_length=16, choices=choices(vocab.Cancelled), blank=True, editable=False
    )
    held_on = models.DateField(_("实际日期"), null=True, blank=True, editable=False)


class Need(Record):
    """What a family asked for, driven to a result by its owner and confirmed with the family by another."""

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("家属诉求")
        ordering = ("due_on",)

    visit = models.ForeignKey(Visit, verbose_name=_("家访"), on_delete=models.CASCADE, related_name="needs")
    owner = _person(_("负责办理"))
    due_on = models.DateField(_("答复期限"))
    state = models.CharField(
        _("状态"), max_length=10, choices=choices(vocab.NeedState), default="open", editable=False
    )
    outcome = models.CharField(
        _("结果"), max_length=10, choices=choices(vocab.Outcome), blank=True, editable=False
    )
    told_on = models.DateField(_("告知家属日期"), null=True, blank=True, editable=False)
    settled_by = _person(_("办理人"), optional=True)
    confirmed_by = _person(_("回访人"), optional=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True, editable=False)
    returned = models.PositiveSmallIntegerField(_("退回次数"), default=0, editable=False)


class Entry(SealedRow):
    """The room's own chain: every write and every read. The house's audit chain knows nothing of it."""

    class Meta(SealedRow.Meta):
        abstract = False
        verbose_name = _("查阅记录")
        triggers: ClassVar = chain_triggers("family_visits_entry", CHAIN_LOCK)
