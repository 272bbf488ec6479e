"""Words of chains and steps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Segment(models.TextChoices):
    """The three segments of an annual chain."""

    PREPARATION = "preparation", _("前期报建")
    CONSTRUCTION = "construction", _("施工进展")
    PROBLEM = "problem", _("问题办结")


class Line(models.TextChoices):
    """The four lines of a project's life."""

    APPROVAL = "approval", _("报批报建")
    DESIGN = "design", _("设计")
    CONSTRUCTION = "construction", _("施工建造")
    PROCUREMENT = "procurement", _("招标采购")


class DurationUnit(models.TextChoices):
    WORKING_DAY = "working_day", _("工作日")
    CALENDAR_DAY = "calendar_day", _("自然日")


class RelationType(models.TextChoices):
    FINISH_START = "FS", _("完成-开始")
    START_START = "SS", _("开始-开始")
    FINISH_FINISH = "FF", _("完成-完成")
    START_FINISH = "SF", _("开始-完成")


class Whose(models.TextChoices):
    """Whose days a step's duration is."""

    OWNER = "owner", _("项目单位")
    DEPARTMENT = "department", _("审批部门")
    STATUTORY = "statutory", _("法定等待")
    CONTRACTOR = "contractor", _("施工单位")


class Light(models.TextChoices):
    """The state of a step or project: always shown as a shape and a word."""

    NORMAL = "normal", _("正常")
    WARNING = "warning", _("预警")
    LATE = "late", _("滞后")
    DONE = "done", _("完成")
    NOT_DUE = "not_due", _("未到期")
    EXCUSED = "excused", _("免责")


class SlipCause(models.TextChoices):
    """Why a date moved; an assessment is replayed over these."""

    OWNER = "owner", _("项目单位")
    OFFICE = "office", _("审批部门")
    NEIGHBOUR = "neighbour", _("相邻工程")
    DESIGN = "design", _("设计变更")
    WEATHER = "weather", _("天气")
    EXCUSED = "excused", _("经批准的客观原因")
    PLAN = "plan", _("计划编制")


class LimitKind(models.TextChoices):
    """What a meeting may decide of a step."""

    FINISH_BY = "finish_by", _("不晚于某日完成")
    START_AFTER = "start_after", _("不早于某日开始")
    DURATION_CAP = "duration_cap", _("工期不超过若干天")


class LimitState(models.TextChoices):
    IN_FORCE = "in_force", _("有效")
    REPLACED = "replaced", _("已由新的议定代替")
    LIFTED = "lifted", _("已解除")
