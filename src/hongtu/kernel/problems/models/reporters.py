"""Who reported a problem, and whose outcome she waits for."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.base.choices import choices
from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.problems import vocab
from hongtu.kernel.problems.models.fields import person_key, problem_key


@tracked
class Reporter(Versioned):
    """Somebody who reported `problem` (as it was first reported). Her link is kept as a hash only."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("反映人")
        verbose_name_plural = _("反映人")

    problem = problem_key("reporters")
    person = person_key(_("工作人员"))
    name = models.CharField(_("称呼"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    words = models.TextField(_("原话"), blank=True)
    code = models.CharField(_("查询码"), max_length=12, unique=True, editable=False)
    link_hash = models.CharField(max_length=64, unique=True, editable=False)
    contacted_at = models.DateTimeField(_("联系时间"), null=True, blank=True)
    satisfaction = models.CharField(
        _("满意度"), max_length=12, choices=choices(vocab.Satisfaction), blank=True
    )

    def __str__(self) -> str:
        return self.name or self.code


@tracked
class Following(Versioned):
    """A reporter waits for the outcome of a problem: the one she reported, the one it was merged into, or
    each part it was split into. Moved by merge and split, never deleted: nobody is lost on the way."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("关注关系")
        verbose_name_plural = _("关注关系")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reporter", "problem"], name="problem_spine_follows_once")
        ]

    reporter = models.ForeignKey(Reporter, on_delete=models.CASCADE, related_name="followings")
    problem = problem_key("followings")
    active = models.BooleanField(default=True)
    verdict = models.CharField(_("答复"), max_length=10, choices=choices(vocab.Verdict), blank=True)
    satisfaction = models.CharField(
        _("满意度"), max_length=12, choices=choices(vocab.Satisfaction), blank=True
    )
    comment = models.TextField(_("意见"), blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.reporter} → {self.problem}"
