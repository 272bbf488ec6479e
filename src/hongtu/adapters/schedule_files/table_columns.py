"""Columns of a schedule table under the names people give them, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from hongtu.engines.schedule.model import ConstraintKind

from .link_text import plain

# Field -> names as `_key` leaves them: no blanks, brackets, or punctuation, lower case.
_NAMES: dict[str, str] = {
    "row": "序号 id 标识号 行号 no 编号 任务编号 任务序号 作业编号 作业代码 工序编号 工作编号 代码 序 "
    "activityid taskid number",
    "wbs": "wbs wbs编码 wbs编号 大纲数字 大纲编号 outlinenumber 层级编码",
    "level": "大纲级别 级别 层级 outlinelevel level",
    "name": "任务名称 名称 作业名称 工作名称 工序名称 工作内容 事项 "
    "节点名称 环节 任务 工作 工序 工作事项 节点 "
    "name taskname task activityname activity description",
    "duration": "工期 持续时间 计划工期 原定工期 历时 天数 工作日 所需时间 duration originalduration days",
    "optimistic": "乐观工期 最乐观工期 乐观 最乐观 最短工期 乐观时间 "
    "optimistic optimisticduration minduration minimumduration best bestcase",
    "most_likely": "最可能工期 最可能 可能工期 最可能时间 "
    "mostlikely mostlikelyduration likely likelyduration",
    "pessimistic": "悲观工期 最悲观工期 悲观 最悲观 最长工期 悲观时间 "
    "pessimistic pessimisticduration maxduration maximumduration worst worstcase",
    "predecessors": "前置任务 前置作业 前置 前置工作 前置工序 紧前工作 紧前任务 紧前工序 紧前 依赖 依赖任务 "
    "predecessors predecessor dependencies dependson",
    "start": "开始 开始时间 开始日期 计划开始 计划开始时间 计划开始日期 起始时间 起始日期 "
    "开工时间 开工日期 start startdate startson plannedstart",
    "finish": "完成 完成时间 完成日期 计划完成 计划完成时间 计划完成日期 结束 结束时间 结束日期 "
    "计划结束 计划结束时间 计划结束日期 截至时间 竣工时间 竣工日期 finish "
    "finishdate end enddate plannedfinish",
    "actual_start": "实际开始 实际开始时间 实际开始日期 实际开工 actualstart",
    "actual_finish": "实际完成 实际完成时间 实际完成日期 实际结束 actualfinish actualend",
    "remaining": "剩余工期 剩余 remainingduration remaining",
    "percent": "完成百分比 完成率 进度 完成进度 完成比例 complete percentcomplete progress",
    "constraint": "限制类型 约束类型 约束 限制 constrainttype constraint",
    "constraint_date": "限制日期 约束日期 constraintdate",
    "deadline": "最后期限 期限 截止日期 截止时间 办结时限 deadline duedate due",
    "calendar": "日历 任务日历 作业日历 calendar taskcalendar",
    "resources": "资源名称 资源 责任人 负责人 责任单位 牵头单位 resourcenames resources owner",
    "milestone": "里程碑 milestone",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split()}

CONSTRAINT_NAMES: dict[str, ConstraintKind] = {
    "越晚越好": ConstraintKind.AS_LATE_AS_POSSIBLE,
    "aslateaspossible": ConstraintKind.AS_LATE_AS_POSSIBLE,
    "alap": ConstraintKind.AS_LATE_AS_POSSIBLE,
    "必须开始于": ConstraintKind.MUST_START_ON,
    "muststarton": ConstraintKind.MUST_START_ON,
    "mso": ConstraintKind.MUST_START_ON,
    "必须完成于": ConstraintKind.MUST_FINISH_ON,
    "mustfinishon": ConstraintKind.MUST_FINISH_ON,
    "mfo": ConstraintKind.MUST_FINISH_ON,
    "不得早于开始": ConstraintKind.START_NO_EARLIER_THAN,
    "不得早于...开始": ConstraintKind.START_NO_EARLIER_THAN,
    "startnoearlierthan": ConstraintKind.START_NO_EARLIER_THAN,
    "snet": ConstraintKind.START_NO_EARLIER_THAN,
    "不得晚于开始": ConstraintKind.START_NO_LATER_THAN,
    "startnolaterthan": ConstraintKind.START_NO_LATER_THAN,
    "snlt": ConstraintKind.START_NO_LATER_THAN,
    "不得早于完成": ConstraintKind.FINISH_NO_EARLIER_THAN,
    "finishnoearlierthan": ConstraintKind.FINISH_NO_EARLIER_THAN,
    "fnet": ConstraintKind.FINISH_NO_EARLIER_THAN,
    "不得晚于完成": ConstraintKind.FINISH_NO_LATER_THAN,
    "finishnolaterthan": ConstraintKind.FINISH_NO_LATER_THAN,
    "fnlt": ConstraintKind.FINISH_NO_LATER_THAN,
}
NO_CONSTRAINT = {"", "越早越好", "assoonaspossible", "asap", "无"}
# Words in the header of the duration column, and the unit they give to bare numbers.
_SUFFIXES = {
    "日历": "日历天",
    "自然": "日历天",
    "calendar": "ed",
    "月": "月",
    "month": "mo",
    "周": "周",
    "week": "w",
    "小时": "小时",
    "hour": "h",
}


@dataclass(frozen=True)
class Header:
    """Where the table begins and which field stands in which column."""

    row: int
    """Index of the last header line; data follow."""
    columns: dict[str, int] = field(default_factory=dict)
    duration_suffix: str = ""
    """The unit that the header gives to bare numbers: `工期（月）`, `工期(日历天)`."""

    def usable(self) -> bool:
        """A name, and something that gives dates."""
        dated = "duration" in self.columns or {"start", "finish"} <= self.columns.keys()
        return "name" in self.columns and dated

    def names(self) -> str:
        """Recognised fields, for messages."""
        return ", ".join(self.columns) or "none"


def key_of(text: object) -> str:
    """A header or keyword without blanks, brackets' content, and punctuation, in lower case."""
    return re.sub(r"[\s_*:.%/\-]+", "", re.sub(r"[(\[].*?[)\]]", "", plain(text))).lower()


def find_header(rows: Sequence[Sequence[object]]) -> Header:
    """The most telling header among the first rows, in one line or in two (merged above single cells)."""
    best = Header(0)
    for at in range(len(rows)):
        for lines in (1, 2):
            found = _header(rows, at, lines)
            if (found.usable(), len(found.columns)) > (best.usable(), len(best.columns)):
                best = found
    return best


def _header(rows: Sequence[Sequence[object]], at: int, lines: int) -> Header:
    if at + lines > len(rows):
        return Header(at)
    upper = list(rows[at])
    lower = list(rows[at + 1]) if lines == 2 else []
    columns: dict[str, int] = {}
    suffix = ""
    group = ""
    for column in range(max(len(upper), len(lower))):
        above = upper[column] if column < len(upper) else None
        below = lower[column] if column < len(lower) else None
        group = plain(above) or (group if lines == 2 and below else "")
        found = _field(group, plain(below)) if lines == 2 else _field("", plain(above))
        if found and found not in columns:
            columns[found] = column
            said = plain(above) + plain(below)
            if found == "duration":
                suffix = next((unit for word, unit in _SUFFIXES.items() if word in said.lower()), "")
    return Header(at + lines - 1, columns, suffix)


def _field(group: str, name: str) -> str | None:
    """The field of a header cell; in two lines the group speaks too (`计划` over `开始`)."""
    if group and name and (joined := _FIELDS.get(key_of(group + name))):
        return joined
    if name:
        return _FIELDS.get(key_of(name))
    return _FIELDS.get(key_of(group)) if group else None
