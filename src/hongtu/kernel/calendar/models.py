"""The editable working calendar: public holidays and make-up working days, year by year."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.base.models import Versioned, tracked


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", _("放假")
    MAKE_UP = "make_up", _("调休上班")


@tracked
class CalendarDay(Versioned):
    """A day that differs from the plain week: a holiday on a weekday, or a working weekend day."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("节假日与调休")
        verbose_name_plural = _("节假日与调休")
        ordering = ("date",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["date"], name="calendar_one_row_a_day")]

    date = models.DateField(_("日期"))
    kind = models.CharField(_("安排"), max_length=8, choices=DayKind.choices)
    name = models.CharField(_("节日"), max_length=40)
    basis = models.CharField(_("依据"), max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()}"


@tracked
class PublishedYear(Versioned):
    """A year whose arrangement was announced; any other year falls back to weekends and says so."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("已公布年份")
        verbose_name_plural = _("已公布年份")
        ordering = ("year",)

    year = models.PositiveSmallIntegerField(_("年份"), unique=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.year)
