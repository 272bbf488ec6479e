"""What the ledger machinery itself keeps: saved views, imports on their way, API tokens."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hongtu.kernel.base.models import Versioned, tracked
from hongtu.kernel.people.models import Person


@tracked
class SavedView(Versioned):
    """A named address of a ledger: its filters, sorting and columns."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("保存的视图")
        verbose_name_plural = _("保存的视图")
        ordering = ("ledger", "name")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "ledger", "name"], name="ledger_one_view_a_name")
        ]

    owner = models.ForeignKey(Person, verbose_name=_("所有人"), on_delete=models.CASCADE, related_name="+")
    ledger = models.CharField(_("台账"), max_length=40, db_index=True)
    name = models.CharField(_("名称"), max_length=60)
    query = models.CharField(_("筛选条件"), max_length=2000, blank=True)
    shared = models.BooleanField(_("与同事共用"), default=False)

    def __str__(self) -> str:
        return self.name


class ImportState(models.TextChoices):
    MAPPING = "mapping", _("核对列")
    CHECKING = "checking", _("正在预检")
    CHECKED = "checked", _("预检完成")
    QUEUED = "queued", _("等待导入")
    DONE = "done", _("已导入")
    STOPPED = "stopped", _("已停止")
    FAILED = "failed", _("未导入")


class ImportMode(models.TextChoices):
    ALL_OR_NOTHING = "all", _("全部无误才导入")
    GOOD_ROWS = "good", _("只导入无误的行")


class ImportPhase(models.TextChoices):
    WAITING = "", _("排队等候")
    READING = "reading", _("读取文件")
    COLUMNS = "columns", _("核对各列")
    COMPARING = "comparing", _("与台账比对")
    WRITING = "writing", _("写入")


class ImportJob(models.Model):
    """One workbook on its way into a ledger; becomes DONE in the transaction that writes the rows."""

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        ordering = ("-created_at",)

    owner = models.ForeignKey(Person, verbose_name=_("导入人"), on_delete=models.CASCADE, related_name="+")
    ledger = models.CharField(_("台账"), max_length=40)
    file = models.CharField(_("存放位置"), max_length=100)
    file_name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(_("摘要（SHA-256）"), max_length=64)
    mapping = models.JSONField(_("列的对应"), default=dict)
    layout = models.JSONField(_("文件里的表"), default=dict)
    mode = models.CharField(
        _("方式"), max_length=4, choices=ImportMode.choices, default=ImportMode.ALL_OR_NOTHING
    )
    state = models.CharField(
        _("状态"), max_length=8, choices=ImportState.choices, default=ImportState.MAPPING
    )
    counts = models.JSONField(_("行数"), default=dict)
    preview = models.JSONField(_("预检结果"), default=list)
    create_missing = models.BooleanField(_("一并新建所引用的记录"), default=False)
    missing = models.JSONField(_("尚不存在的引用"), default=list)
    fingerprint = models.CharField(_("预检指纹"), max_length=64, blank=True)
    failure = models.JSONField(_("未导入的原因"), default=dict)
    context = models.UUIDField(_("变更批次"), null=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    def __str__(self) -> str:
        return self.file_name

    @property
    def over(self) -> bool:
        return self.state in {ImportState.DONE, ImportState.STOPPED, ImportState.FAILED}


class ImportProgress(models.Model):
    """How far a dry run or an import is; a row of its own, written outside the import's transaction.

    `round` counts what was started: work of an earlier round is no longer wanted and ends by itself.
    """

    job = models.OneToOneField(ImportJob, on_delete=models.CASCADE, related_name="progress")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    phase = models.CharField(max_length=9, choices=ImportPhase.choices, default="", blank=True)
    round = models.PositiveIntegerField(default=0)
    stop = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"


@tracked
class ApiToken(Versioned):
    """A person's key to the API. Only its SHA-256 is kept; the text is shown once."""

    class Meta(Versioned.Meta):
        abstract = False
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")
        ordering = ("-created_at",)

    person = models.ForeignKey(Person, verbose_name=_("人员"), on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("用途"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_on = models.DateField(_("有效至"))
    revoked = models.BooleanField(_("已撤销"), default=False)

    def __str__(self) -> str:
        return self.name

    @property
    def valid(self) -> bool:
        return not self.revoked and self.expires_on >= timezone.localdate()
