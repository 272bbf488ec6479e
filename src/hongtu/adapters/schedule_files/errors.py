"""Faults of schedule files: stable code, place, what is wrong and what to do, in English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass

# code -> (English, Chinese). Each says what is wrong, then what to do next.
MESSAGES: dict[str, tuple[str, str]] = {
    "schedule-file.missing": (
        "The file does not exist or cannot be read. Check the path and the permission.",
        "文件不存在或无法读取。请检查路径和权限。",
    ),
    "schedule-file.empty": (
        "The file is empty. Export it again from the program that made it.",
        "文件是空的。请从原软件重新导出。",
    ),
    "schedule-file.too-large": (
        "The file has {size} bytes, more than the {limit} that are accepted. "
        "Export one project instead of a whole portfolio, without time-phased data and baselines.",
        "文件有 {size} 字节，超过允许的 {limit} 字节。请只导出一个项目，不含按时段数据和基线。",
    ),
    "schedule-file.type-unknown": (
        "This is not a schedule file that is known here ({found}). "
        "Accepted: MSPDI XML, Primavera XER or PMXML, .mpp, and .xlsx tables.",
        "不是可识别的进度计划文件（{found}）。可接受：MSPDI XML、Primavera XER 或 PMXML、.mpp、.xlsx 表格。",
    ),
    "schedule-file.type-mismatch": (
        "The name ends in {suffix}, but the content is {found}. "
        "Save it again from the program that made it, or give the file its right name.",
        "文件名后缀是 {suffix}，内容却是{found}。请从原软件重新保存，或改成正确的文件名。",
    ),
    "schedule-file.xml-broken": (
        "The XML ends early or is damaged: {detail}. Export the file again and copy it whole.",
        "XML 不完整或已损坏：{detail}。请重新导出并完整复制文件。",
    ),
    "schedule-file.encoding-wrong": (
        "The text is not in the encoding that it declares ({encoding}; byte {at}). "
        "Save it again from its program, or as UTF-8, and do not change the encoding in an editor.",
        "文字编码与文件声明的{encoding}不符（第 {at} 个字节）。请从原软件重新保存，或另存为 UTF-8，"
        "不要用编辑器改动编码。",
    ),
    "schedule-file.xml-unsafe": (
        "The XML declares a document type or entities ({detail}),"
        " which can make a program read other files or "
        "fill its memory. No schedule program writes them; the file is refused.",
        "XML 含有文档类型或实体声明（{detail}），"
        "可能读取其他文件或耗尽内存。进度软件不会写出这种内容，文件被拒绝。",
    ),
    "schedule-file.xml-too-deep": (
        "The XML is nested more than {limit} levels deep, "
        "which no schedule program writes; the file is refused.",
        "XML 嵌套超过 {limit} 层，进度软件不会写出这种内容，文件被拒绝。",
    ),
    "schedule-file.too-many-records": (
        "The file holds more than {limit} records of kind {kind}. Export one project, not a whole portfolio.",
        "文件中 {kind} 记录超过 {limit} 条。请只导出一个项目。",
    ),
    "schedule-file.archive-unsafe": (
        "The workbook unpacks to {size} bytes ({ratio} times its size); at most {limit} are accepted. "
        "Save the table alone in a new workbook.",
        "工作簿解压后有 {size} 字节（膨胀 {ratio} 倍），最多允许 {limit} 字节。请把表格单独另存为新工作簿。",
    ),
    "schedule-file.archive-broken": (
        "The workbook is damaged: {detail}. Open it in a spreadsheet program and save it again.",
        "工作簿已损坏：{detail}。请用表格软件打开后重新保存。",
    ),
    "schedule-file.workbook-macros": (
        "The workbook contains macros, which are not accepted. Save it as .xlsx without macros.",
        "工作簿含有宏，不予接受。请另存为不含宏的 .xlsx。",
    ),
    "schedule-file.table-missing": (
        "The table {table} is missing. "
        "Export the whole project from Primavera, with activities and calendars.",
        "缺少数据表 {table}。请从 Primavera 导出完整项目，包含作业和日历。",
    ),
    "schedule-file.field-missing": (
        "The field {field} is missing. Export the file again with this field.",
        "缺少字段 {field}。请重新导出并包含该字段。",
    ),
    "schedule-file.value-wrong": (
        "The value “{value}” of {field} is not {expected}. Correct it in the file and import again.",
        "{field} 的值“{value}”不是{expected}。请改正后重新导入。",
    ),
    "schedule-file.duplicate-id": (
        "The identifier “{value}” stands for more than one activity. Give every activity its own.",
        "编号“{value}”被多个任务使用。请让每个任务的编号唯一。",
    ),
    "schedule-file.predecessor-unknown": (
        "The predecessor “{value}” does not exist in the file. Correct the reference or add the activity.",
        "前置任务“{value}”在文件中不存在。请改正引用或补上该任务。",
    ),
    "schedule-file.calendar-unknown": (
        "The calendar “{value}” is not defined in the file. Export the file together with its calendars.",
        "文件中没有定义日历“{value}”。请连同日历一起导出。",
    ),
    "schedule-file.calendar-empty": (
        "The calendar “{value}” has no working time at all. Give it working days and hours.",
        "日历“{value}”没有任何工作时间。请设置工作日和工作时段。",
    ),
    "schedule-file.no-activities": (
        "The file holds no activity. Check that the right project was exported.",
        "文件中没有任何任务。请确认导出的项目是否正确。",
    ),
    "schedule-file.project-ambiguous": (
        "The file holds {count} projects ({names}); say which one with the option for the project.",
        "文件包含 {count} 个项目（{names}）。请用“项目”选项指明是哪一个。",
    ),
    "schedule-file.project-unknown": (
        "The file holds no project “{value}”; it holds: {names}.",
        "文件中没有项目“{value}”，只有：{names}。",
    ),
    "schedule-file.columns-missing": (
        "No row looks like the header of a schedule: found "
        "{found}, needed at least a name and a duration or "
        "two dates. Name the columns, e.g. 序号, 任务名称, 工期, 前置任务.",
        "找不到进度表的表头：识别出 {found}，至少需要任务名称和工期（或开始、完成）。"
        "请写明列名，如 序号、任务名称、工期、前置任务。",
    ),
    "schedule-file.java-missing": (
        "This file type needs Java 17 or newer and none was found ({detail}). Install it (Debian: "
        "apt install openjdk-17-jre-headless) or save the schedule as XML from Microsoft Project.",
        "读取这种文件需要 Java 17 或更新版本，但没有找到（{detail}）。"
        "请安装（Debian：apt install openjdk-17-jre-headless），或在 Microsoft Project 中另存为 XML。",
    ),
    "schedule-file.extra-missing": (
        "This file type needs the optional extra: pip install 'hongtu[schedules]' ({detail}); "
        "or save the schedule as XML from Microsoft Project.",
        "读取这种文件需要安装可选组件：pip install 'hongtu[schedules]'（{detail}）；"
        "或在 Microsoft Project 中另存为 XML。",
    ),
    "schedule-file.conversion-failed": (
        "The file could not be converted: {detail}. "
        "It may be damaged or protected by a password: remove it, or save the schedule as XML.",
        "文件无法转换：{detail}。文件可能已损坏或有密码保护：请去掉密码，或另存为 XML。",
    ),
    "schedule-file.conversion-timeout": (
        "The conversion did not end within {seconds} seconds and was "
        "stopped. Save the schedule as XML instead.",
        "转换在 {seconds} 秒内没有完成，已停止。请另存为 XML。",
    ),
    "schedule-file.conversion-memory": (
        "The conversion needed more than {megabytes} MB of memory and was "
        "stopped. Save the schedule as XML instead.",
        "转换所需内存超过 {megabytes} MB，已停止。请另存为 XML。",
    ),
    "schedule-file.model-refused": ("{detail}", "{detail}"),
}


@dataclass(eq=False)
class ScheduleFileError(Exception):
    """A schedule file that is refused whole.

    `code` is stable and a key of `MESSAGES`; `file` its name; `place` the table, row, element or field;
    `values` fill the message. Nothing has been imported when it is raised.
    """

    code: str
    file: str = ""
    place: str = ""
    values: dict[str, object] | None = None

    def text(self, language: str = "en") -> str:
        """What is wrong and what to do, in English (`en`) "
        "or Chinese (`zh`), with file and place in front."""
        template = MESSAGES[self.code][1 if language.startswith("zh") else 0]
        where = " · ".join(part for part in (self.file, self.place) if part)
        text = template.format(**(self.values or {}))
        return f"{where}: {text}" if where else text

    @property
    def message(self) -> str:
        """What is wrong and what to do, in English."""
        return self.text("en")

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def refuse(code: str, *, file: str = "", place: str = "", **values: object) -> ScheduleFileError:
    """The error to raise for `code`; keyword arguments fill its message."""
    return ScheduleFileError(code, file, place, values)
