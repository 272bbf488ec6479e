"""What the sheets machinery can say: stable codes, each with a Chinese and an English sentence.

A code never changes its meaning once released: people search for it and programs act on it. The sentence says
what is wrong and what to do next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Progress = Callable[[int, int], None]
"""Called with (done, total); total is 0 while it is not known."""
StopCheck = Callable[[], bool]
"""Returns True when the work should stop; `Stopped` is then raised and nothing is left half-written."""

REFUSALS: dict[str, tuple[str, str]] = {
    "file.empty": ("文件是空的。请选择有内容的文件。", "The file is empty. Choose a file with content."),
    "file.too_large": (
        "文件有 {size_mb} MB，超过 {limit_mb} MB 的上限。请删去图片或分成几个文件。",
        "The file has {size_mb} MB, above the limit of {limit_mb} MB. Remove pictures or split it.",
    ),
    "file.wrong_type": (
        "这是{found}，不是表格文件。请上传 .xlsx 或 .csv。",
        "This is {found}, not a table. Upload .xlsx or .csv.",
    ),
    "file.legacy_xls": (
        "这是旧的 .xls 文件。请在 Excel 或 WPS 中“另存为”.xlsx 后再上传。",
        "This is an old .xls file. Save it as .xlsx in Excel or WPS and upload that.",
    ),
    "file.binary_workbook": (
        "这是二进制工作簿 .xlsb。请“另存为”.xlsx 后再上传。",
        "This is a binary .xlsb workbook. Save it as .xlsx and upload that.",
    ),
    "file.open_document": (
        "这是 .ods 文件。请“另存为”.xlsx 后再上传。",
        "This is an .ods file. Save it as .xlsx and upload that.",
    ),
    "file.html_table": (
        "这是改了扩展名的网页，不是工作簿。请用 Excel 或 WPS 打开，“另存为”.xlsx 后再上传。",
        "This is a web page under another name, not a workbook. Open it and save it as .xlsx.",
    ),
    "file.encrypted": (
        "文件设有打开密码。请去掉密码后再上传。",
        "The file is protected by a password. Remove the password and upload it again.",
    ),
    "file.macros": (
        "文件含有宏。请“另存为”不含宏的 .xlsx 后再上传。",
        "The file contains macros. Save it as .xlsx without macros and upload that.",
    ),
    "file.external_links": (
        "文件引用了外部文件或数据连接（{part}）。请在“数据—编辑链接”中断开链接后再上传。",
        "The file refers to other files or data connections ({part}). Break the links and upload it again.",
    ),
    "file.document_type": (
        "文件内部（{part}）声明了 DTD 或外部实体，可能有害。请用 Excel 或 WPS 重新保存后再上传。",
        "A part of the file ({part}) declares a DTD or entities, possibly harmful. Save it anew and retry.",
    ),
    "file.bomb": (
        "文件展开后过大（{part}：{detail}），可能有害，没有打开。",
        "The file expands beyond the limit ({part}: {detail}) and may be harmful; it was not opened.",
    ),
    "file.too_many_cells": (
        "表格约有 {cells} 个单元格，超过 {limit} 个的上限。请删去多余的空行空列，或分成几个文件。",
        "The tables hold about {cells} cells, above the limit of {limit}. Remove empty rows or split it.",
    ),
    "file.damaged": (
        "文件已损坏或不完整（{detail}）。请重新保存或重新下载后再上传。",
        "The file is damaged or incomplete ({detail}). Save or download it again and retry.",
    ),
    "file.encoding": (
        "认不出文本的编码（第 {position} 字节处）。请保存为 UTF-8 或 GB18030 编码的 CSV。",
        "The text encoding is not recognised (at byte {position}). Save the CSV as UTF-8 or GB18030.",
    ),
    "file.csv_broken": (
        "第 {row} 行的 CSV 写法有误：{detail}。请检查引号是否成对。",
        "Line {row} of the CSV is malformed: {detail}. Check that the quotes are paired.",
    ),
    "document.wrong_type": (
        "这是{found}，不能当作办事指南读取。请上传 Word（.docx）、PDF 或 Excel（.xlsx）。",
        "This is {found}, which cannot be read as a document. Upload Word (.docx), PDF or Excel (.xlsx).",
    ),
    "document.legacy_doc": (
        "这是旧的 .doc 文件。请在 Word 或 WPS 中“另存为”.docx 后再上传。",
        "This is an old .doc file. Save it as .docx in Word or WPS and upload that.",
    ),
    "document.macros": (
        "文件含有宏。请“另存为”不含宏的 .docx 后再上传。",
        "The file contains macros. Save it as .docx without macros and upload that.",
    ),
    "document.encrypted_pdf": (
        "PDF 设有打开密码。请去掉密码后再上传。",
        "The PDF is protected by a password. Remove the password and upload it again.",
    ),
    "document.no_text": (
        "PDF 里没有文字（共 {pages} 页，多半是扫描件）。请上传能选中文字的 PDF 或原来的 Word。",
        "The PDF has no text ({pages} pages, probably a scan). Upload one with selectable text.",
    ),
    "document.too_long": (
        "文件有 {pages} 页，超过 {limit} 页的上限。请分成几个文件。",
        "The file has {pages} pages, above the limit of {limit}. Split it into several files.",
    ),
    "document.empty": (
        "文件里没有文字。请选择有内容的文件。",
        "The file holds no text. Choose a file with content.",
    ),
    "document.no_guide": (
        "没有认出办事指南的任何要素。请用“事项名称、受理条件、申请材料……”这样的标签写明后再上传。",
        "No element of a guide was recognised. Use labels such as 事项名称, 受理条件 and retry.",
    ),
    "document.unreadable": (
        "读取这个 PDF 用的时间或内存超过上限，没有继续。请用 Word 或 WPS 重新导出 PDF，或上传 .docx。",
        "Reading this PDF took more time or memory than allowed. Export it anew, or upload the .docx.",
    ),
    "sheet.missing": (
        "工作簿里没有名为“{name}”的工作表。现有：{present}。",
        "The workbook has no sheet named “{name}”. It has: {present}.",
    ),
    "sheet.no_header": (
        "在工作表“{name}”的前 {rows} 行里找不到表头。请对照模板检查列名。",
        "No header was found in the first {rows} rows of sheet “{name}”. Compare it with the template.",
    ),
    "mapping.unknown_key": ("没有名为“{key}”的字段。", "There is no field named “{key}”."),
    "mapping.unknown_column": ("表头里没有第 {column} 列。", "The header has no column {column}."),
    "mapping.unknown_unit": (
        "“{unit}”不能换算成“{stored}”。",
        "“{unit}” cannot be converted into “{stored}”.",
    ),
}

FAULTS: dict[str, tuple[str, str]] = {
    "value.required": ("“{title}”必填。", "“{title}” is required."),
    "value.column_missing": (
        "文件里没有必填的“{title}”列。请补上这一列，或在对应页面指定。",
        "The file has no column for the required “{title}”. Add it, or assign one on the mapping page.",
    ),
    "value.too_long": (
        "“{title}”有 {length} 个字，最多 {limit} 个。",
        "“{title}” has {length} characters; at most {limit} are allowed.",
    ),
    "value.not_integer": (
        "“{value}”不是整数。请只填数字。",
        "“{value}” is not a whole number. Enter digits only.",
    ),
    "value.not_number": (
        "“{value}”不是数。请只填数字，单位写在表头。",
        "“{value}” is not a number. Enter digits only; the unit belongs in the header.",
    ),
    "value.number_too_large": (
        "“{value}”超出可存的范围。",
        "“{value}” is beyond the range that can be stored.",
    ),
    "value.rounded": (
        "“{value}”的小数超过 {places} 位，按 {stored} 存入。",
        "“{value}” has more than {places} decimal places and is stored as {stored}.",
    ),
    "value.digits_lost": (
        "“{value}”超过 15 位，Excel 已丢失末位数字。请把单元格设为“文本”后重填。",
        "“{value}” has more than 15 digits, so Excel has lost some. Format the cell as text and retype.",
    ),
    "value.not_date": (
        "“{value}”不是日期。请写成 2025-04-01 或 2025年4月1日。",
        "“{value}” is not a date. Write it as 2025-04-01 or 2025年4月1日.",
    ),
    "value.date_without_year": (
        "“{value}”没有年份。请补上年份。",
        "“{value}” has no year. Add the year.",
    ),
    "value.date_incomplete": (
        "“{value}”只有年份。请写到月或日。",
        "“{value}” has only a year. Give the month or the day.",
    ),
    "value.month_ambiguous": (
        "数字 {value} 分不清是 {year} 年 1 月还是 10 月，按 1 月读入。请改写成 {year}-01 或 {year}-10。",
        "The number {value} may mean January or October; read as January. Write {year}-01 or {year}-10.",
    ),
    "value.not_boolean": (
        "“{value}”看不出是或否。请填“是”或“否”。",
        "“{value}” is neither yes nor no. Enter 是 or 否.",
    ),
    "value.choice_unknown": (
        "“{value}”不在“{title}”的选项里。{hint}",
        "“{value}” is not one of the options of “{title}”. {hint}",
    ),
    "value.reference_unknown": (
        "找不到名为“{value}”的{title}。{hint}",
        "No {title} is named “{value}”. {hint}",
    ),
    "value.reference_ambiguous": (
        "叫“{value}”的{title}有 {count} 个，分不清是哪一个。请写全称或代码。",
        "{count} entries of {title} are named “{value}”. Give the full name or the code.",
    ),
    "value.cell_error": (
        "单元格显示错误 {value}。请改正公式后重填。",
        "The cell shows the error {value}. Correct the formula.",
    ),
    "value.not_calculated": (
        "公式还没有算出结果。请用 Excel 或 WPS 打开并保存一次，或改填数值。",
        "The formula has no stored result. Open and save the file in Excel or WPS, or enter the value.",
    ),
    "value.merged_number": (
        "数值写在合并单元格里，只记在第一行，其余各行为空。",
        "The number stands in merged cells; it counts for the first row only, the others stay empty.",
    ),
    "row.duplicate_key": (
        "“{value}”与第 {first_row} 行重复。请只保留一行。",
        "“{value}” repeats row {first_row}. Keep one of them.",
    ),
    "row.total_differs": (
        "“{title}”合计行写 {value}，各行之和是 {stored}。请核对。",
        "The totals row gives {value} for “{title}”, the rows add up to {stored}. Please check.",
    ),
}

CATALOG: dict[str, tuple[str, str]] = {**REFUSALS, **FAULTS}


def say(code: str, params: Mapping[str, Any] | None = None, language: str = "zh") -> str:
    """The sentence of a code in Chinese (`zh`) or English (`en`). Raises KeyError for an unknown code."""
    chinese, english = CATALOG[code]
    values = dict(params or {})
    if isinstance(values.get("title"), tuple):
        values["title"] = values["title"][0 if language.startswith("zh") else 1]
    if isinstance(values.get("hint"), tuple):
        values["hint"] = values["hint"][0 if language.startswith("zh") else 1]
    return (chinese if language.startswith("zh") else english).format(**values)


class Refusal(Exception):
    """A whole file (or sheet) is refused. `code` is stable; `message(language)` is for people."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code}: {say(code, params, 'en')}")

    def message(self, language: str = "zh") -> str:
        return say(self.code, self.params, language)


class Stopped(Exception):
    """The caller's stop check asked for an end; nothing was written."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a converter or validator has against one value.

    A validator of a domain brings its own sentences in `zh` and `en`; our own codes use the catalog.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    zh: str = ""
    en: str = ""
    level: str = "error"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault with its place. `row` counts from 1 as in the sheet; `column` is the letter, "" if absent."""

    sheet: str
    row: int
    column: str
    field: str
    code: str
    params: Mapping[str, Any]
    value: str
    level: str = "error"
    zh: str = ""
    en: str = ""

    @property
    def cell(self) -> str:
        return f"{self.column}{self.row}" if self.column and self.row else ""

    def message(self, language: str = "zh") -> str:
        own = self.zh if language.startswith("zh") else self.en
        return own or say(self.code, self.params, language)


class Ticker:
    """Reports progress and checks for a stop every `every` steps, so that the inner loops stay cheap."""

    def __init__(
        self, progress: Progress | None, stop: StopCheck | None, total: int = 0, every: int = 500
    ) -> None:
        self.progress, self.stop, self.total, self.every = progress, stop, total, every

    def step(self, done: int) -> None:
        if done % self.every == 0:
            self.now(done)

    def now(self, done: int) -> None:
        if self.stop is not None and self.stop():
            raise Stopped(f"stopped after {done} of {self.total or '?'}")
        if self.progress is not None:
            self.progress(done, self.total)
